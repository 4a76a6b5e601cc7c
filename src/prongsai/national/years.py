"""A year to compare with: from a nation just scored, or read back from the folder that ``national.write`` wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from prongsai.analysis import uncertainty
from prongsai.errors import InputError, Problem
from prongsai.framework import Framework, by_id
from prongsai.json_text import read_json
from prongsai.national.change import Year
from prongsai.national.score import NationScores
from prongsai.national.uncertain import REASONS, Estimates
from prongsai.scoring.wide import AGENCY

SUMMARY_FILE, SCORES_FILE, AGENCIES_CSV = "nation.json", "scores.parquet", "agencies.csv"
_CERTAIN = (uncertainty.ALL_ANSWERED.code, uncertainty.NO_SAMPLE.code)  # no sampling error
_COLUMNS = {AGENCY, "node", "low", "exact", "se", "degrees", "reason"}


def year_of(scores: NationScores, found: Estimates) -> Year:
    """The year of a nation. ``found``: estimates as they may be shown."""
    codes = np.array([reason.code if reason else "" for reason in REASONS])[found.reason]
    names = tuple(scores.nation.agencies["code"].to_list())
    framework = scores.nation.framework
    return Year(framework, names, found.nodes, found.value, _errors(found.se, codes), found.degrees, scores.assumed)


def is_result(folder: Path) -> bool:
    """Whether a folder holds results, and not answers."""
    return (folder / SUMMARY_FILE).is_file()


def read_year(folder: Path) -> Year:
    """A year from its results; scores have the two decimals that were written.

    Raises ``InputError`` where files are missing, broken, or without standard errors.
    """
    try:
        about = read_json((folder / SUMMARY_FILE).read_text(encoding="utf-8"))
        table = pl.read_parquet(folder / SCORES_FILE)
        agencies = pl.read_csv(folder / AGENCIES_CSV, columns=[AGENCY, "code"], schema_overrides={"code": pl.String})
        framework, assumed = by_id(about["framework"]["id"]), tuple(about["assumed"])
    except InputError:
        raise
    except Exception as error:  # whatever the libraries say of a missing or broken file
        raise InputError(_unusable(folder, str(error).splitlines()[0] if str(error) else repr(error))) from error
    if missing := sorted(_COLUMNS - set(table.columns)):
        raise InputError(_unusable(folder, f"{SCORES_FILE} lacks {', '.join(missing)}"))
    if about["framework"].get("version") != framework.version:
        says = f"made for version {about['framework'].get('version')} of {framework.id}; expected {framework.version}"
        raise InputError(_unusable(folder, says))
    return _year(folder, framework, assumed, table, agencies)


def _year(
    folder: Path, framework: Framework, assumed: tuple[str, ...], table: pl.DataFrame, agencies: pl.DataFrame
) -> Year:
    nodes = table["node"].cast(pl.String).unique(maintain_order=True).to_list()
    if len(table) != len(nodes) * len(agencies) or agencies[AGENCY].n_unique() != len(agencies):
        raise InputError(_unusable(folder, f"{len(table)} lines; expected {len(nodes)} for each of {len(agencies)}"))
    shape = (len(agencies), len(nodes))
    numbers = table[AGENCY].to_numpy().reshape(shape)
    if not (numbers == agencies[AGENCY].to_numpy()[:, None]).all():
        raise InputError(_unusable(folder, f"agencies of {SCORES_FILE} and {AGENCIES_CSV} differ"))

    def array(column: pl.Expr) -> NDArray[Any]:
        return table.select(column).to_series().to_numpy().reshape(shape).T

    value = array(pl.when("exact").then(pl.col("low").cast(pl.Float64)).fill_null(np.nan))
    se, degrees = (array(pl.col(name).cast(pl.Float64).fill_null(np.nan)) for name in ("se", "degrees"))
    certain = array(pl.col("reason").cast(pl.String).fill_null("").is_in(_CERTAIN))
    equal = array(pl.col("reason").cast(pl.String).fill_null("") == uncertainty.ALL_EQUAL.code)
    codes = np.where(certain, _CERTAIN[0], np.where(equal, uncertainty.ALL_EQUAL.code, ""))
    return Year(framework, tuple(agencies["code"]), tuple(nodes), value, _errors(se, codes), degrees, assumed)


def _errors(se: NDArray[np.float64], reason: NDArray[np.str_]) -> NDArray[np.float64]:
    """Standard errors to test with: 0 where nothing was sampled, none where answers are equal by chance."""
    return np.where(np.isin(reason, _CERTAIN), 0.0, np.where(reason == uncertainty.ALL_EQUAL.code, np.nan, se))


def _unusable(folder: Path, says: str) -> Problem:
    return Problem(
        "national.before",
        str(folder),
        "ใช้ผลของปีก่อนในโฟลเดอร์นี้ไม่ได้",
        f"cannot use these results of the year before: {says}",
        "โปรดระบุโฟลเดอร์คำตอบของปีก่อน หรือคำนวณผลของปีก่อนใหม่ด้วย prongsai national",
    )
