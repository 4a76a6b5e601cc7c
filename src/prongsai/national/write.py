"""A nation's scores as files: Parquet for programs, CSV for people, JSON for both. All of them or none.

``scores.parquet`` has one line per agency and node: ``low`` and ``high`` as shown (equal where the score is known),
``exact``, ``origin``; empty with origin ``withheld`` where the group is too small to be shown. ``agencies.csv`` has one
line per agency: level, overall, components, instruments. ``nation.json`` is the summary.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from prongsai.errors import InputError, Problem
from prongsai.national.columns import UNIT, Mask
from prongsai.national.counted import Counted, Integers
from prongsai.national.disclosed import withheld
from prongsai.national.score import ORIGINS, NationScores
from prongsai.scoring.interval import shown
from prongsai.scoring.wide import AGENCY

WITHHELD = "withheld"
_SCORE = pl.Decimal(5, 2)


def check_target(folder: Path) -> None:
    """Raise ``InputError`` where the results cannot be written, before anything is counted."""
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        th, en, then = "มีไฟล์หรือโฟลเดอร์ที่ไม่ว่างชื่อนี้อยู่แล้ว", "the folder exists and is not empty", "โปรดระบุชื่อโฟลเดอร์ใหม่"
    elif not folder.absolute().parent.is_dir():
        th, en = f"ไม่มีโฟลเดอร์ “{folder.parent}”", "the folder to write in does not exist"
        then = "โปรดสร้างโฟลเดอร์ก่อน หรือแก้ไขตำแหน่งใน -o"
    else:
        return
    raise InputError(Problem("output.refused", f"-o {folder}", th, en, then))


def write_scores(folder: Path, scores: NationScores, counted: dict[str, Counted], engine: str) -> None:
    """Write the three files into a new folder, which appears only when they are whole."""
    check_target(folder)
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.absolute().parent))
    try:
        hidden = withheld(scores, counted)
        _long(scores, hidden).write_parquet(beside / "scores.parquet")
        _wide(scores, counted).write_csv(beside / "agencies.csv", include_bom=True)
        text = json.dumps(summary(scores, counted, engine), ensure_ascii=False, indent=2)
        (beside / "nation.json").write_text(text + "\n", encoding="utf-8")
        beside.chmod(0o755)
        beside.replace(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def summary(scores: NationScores, counted: dict[str, Counted], engine: str) -> dict[str, Any]:
    """The nation in one page. ``mean`` is the mean of agencies; levels that are not determined count as such."""
    framework = scores.nation.framework
    bands = framework.levels.bands
    one = scores.levels.sum(axis=0) == 1
    passes = np.array([band.passes for band in bands])
    may_pass = scores.levels[passes].any(axis=0) if len(bands) else one
    must_pass = may_pass & ~scores.levels[~passes].any(axis=0)
    levels = Counter(scores.level_names(int(line))[0] for line in np.flatnonzero(one))
    return {
        "framework": {"id": framework.id, "version": framework.version},
        "fiscal_year": framework.fiscal_year,
        "engine": engine,
        "agencies": len(scores.nation.numbers),
        "sheets": {name: int(found.sheets.sum()) for name, found in counted.items()},
        "agencies_without_sheets": {name: int((found.sheets == 0).sum()) for name, found in counted.items()},
        "mean_of_agencies": {name: _mean(scores, name) for name in _upper(scores)},
        "levels": {band.name: levels[band.name] for band in bands},
        "level_not_determined": int((~one).sum()),
        "passing": {"surely": int(must_pass.sum()), "possibly": int(may_pass.sum())},
        "assumed": list(scores.assumed),
        "scored_by_fractions": len(scores.again),
    }


def _upper(scores: NationScores) -> list[str]:
    """The overall score, then each instrument with its parts."""
    instruments = [(one.code, *(part.code for part in one.parts)) for one in scores.nation.framework.instruments]
    return ["overall", *(name for names in instruments for name in names)]


def _mean(scores: NationScores, node: str) -> dict[str, str] | None:
    """The mean over agencies in which the node has not left the denominator."""
    place = scores.line(node)
    present = scores.state[place] > 0
    count = int(present.sum())
    if not count:
        return None
    low, high = (
        str(shown(Fraction(int(end[place][present].astype(object).sum()), count * UNIT)))
        for end in (scores.low, scores.high)
    )
    return {"score": low} if bool(scores.exact[place][present].all()) else {"low": low, "high": high}


def _long(scores: NationScores, hidden: Mask) -> pl.DataFrame:
    """One line per agency and node, agencies together."""
    agencies, nodes = len(scores.nation.numbers), len(scores.nodes)
    informative = (scores.state >= 2) & ~hidden
    origins = np.array([ORIGINS[state] for state in range(len(ORIGINS))])[scores.state]
    origin = np.where(hidden & (scores.state >= 2), WITHHELD, origins)
    kept = pl.Series(informative.T.ravel())
    table = pl.DataFrame(
        {
            AGENCY: np.repeat(scores.nation.numbers.astype(np.int32), nodes),
            "node": pl.Series(np.tile(np.arange(nodes), agencies)).cast(pl.UInt32),
            "low": _decimals(scores.shown_low.T.ravel()),
            "high": _decimals(scores.shown_high.T.ravel()),
            "exact": scores.exact.T.ravel(),
            "origin": pl.Series(origin.T.ravel(), dtype=pl.Enum([*ORIGINS.values(), WITHHELD])),
        }
    )
    names = pl.Series(scores.nodes, dtype=pl.Enum(list(scores.nodes)))
    return table.with_columns(
        names.gather(table["node"]).alias("node"),
        *(pl.when(kept).then(pl.col(name)).alias(name) for name in ("low", "high", "exact")),
    )


def _wide(scores: NationScores, counted: dict[str, Counted]) -> pl.DataFrame:
    """One line per agency. A score that is known stands in both columns."""
    about = scores.nation.agencies
    lines = range(len(about))
    table = about.select("code", "name", "kind", "province").with_columns(
        pl.Series("level", [" หรือ ".join(scores.level_names(line)) for line in lines])
    )
    columns = [pl.Series(f"sheets_{name}", found.sheets) for name, found in counted.items()]
    for node in _upper(scores):
        place = scores.line(node)
        known = pl.Series(scores.state[place] >= 2)
        for end, values in (("low", scores.shown_low), ("high", scores.shown_high)):
            score = _decimals(values[place])
            columns.append(pl.select(pl.when(known).then(score).alias(f"{node}_{end}")).to_series())
    return table.with_columns(columns)


def _decimals(hundredths: Integers) -> pl.Series:
    wide = pl.Series(hundredths).cast(pl.Decimal(12, 2)) * pl.Series([Decimal("0.01")], dtype=pl.Decimal(12, 2))
    return wide.cast(_SCORE)
