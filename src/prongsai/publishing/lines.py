"""A published round agency by agency: everything that is published of one, as plain data that fits into one record."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from prongsai.json_text import read_json
from prongsai.national.book import upper
from prongsai.publishing import tables as about
from prongsai.publishing.round import PublishedRound

_KEY = "agency_code"


@dataclass(frozen=True)
class Line:
    """One agency of one published revision. Numbers are text as they are shown; what is not published is not there.

    ``scores``: node → low, high (equal where the score is known; both None where there is none), origin.
    ``errors``: node → standard error, low and high of the 95 % interval. ``respondents``: survey or part → sheets.
    ``counts``: item row → option → respondents. ``verdicts``: item → verdict. ``levels``: those still possible.
    """

    code: str
    name: str
    kind: str | None
    province: str | None
    levels: tuple[str, ...]
    scores: dict[str, tuple[str | None, str | None, str]]
    errors: dict[str, tuple[str, str | None, str | None]]
    respondents: dict[str, int]
    counts: dict[str, dict[str, int]]
    verdicts: dict[str, str]

    def as_json(self) -> str:
        """One compact text."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def of_json(cls, text: str | bytes) -> Line:
        """The line that ``as_json`` wrote."""
        found: dict[str, Any] = read_json(text)
        for name in ("scores", "errors"):
            found[name] = {node: tuple(values) for node, values in found[name].items()}
        return cls(**found | {"levels": tuple(found["levels"])})


def lines(published: PublishedRound) -> Iterator[Line]:
    """Every agency of a round, in the order of its table."""
    frames = {
        "scores": published.scores,
        "errors": published.uncertainty,
        "respondents": published.respondents,
        "counts": published.distributions,
        "verdicts": published.verdicts,
    }
    parts = {name: _by_agency(frame) for name, frame in frames.items()}
    for agency in published.agencies.iter_rows(named=True):
        rows = {name: part.get(agency[_KEY], []) for name, part in parts.items()}
        yield Line(
            agency[_KEY],
            agency["agency_name_th"],
            agency["kind"],
            agency["province"],
            tuple((agency["levels_possible"] or "").split("|")) if agency["levels_possible"] else (),
            {row["node"]: (_text(row["low"]), _text(row["high"]), row["origin"]) for row in rows["scores"]},
            {
                row["node"]: (str(row["standard_error"]), _text(row["low95"]), _text(row["high95"]))
                for row in rows["errors"]
            },
            {row["node"]: row["respondents"] for row in rows["respondents"]},
            {row["node"]: _chosen(row) for row in rows["counts"]},
            {row["node"]: row["verdict"] for row in rows["verdicts"]},
        )


def heads(published: PublishedRound) -> list[str]:
    """The nodes that stand at the head of an agency: the total, instruments, parts."""
    return upper(published.framework)


def _by_agency(frame: pl.DataFrame) -> dict[str, list[dict[str, Any]]]:
    return {key[0]: part.to_dicts() for key, part in frame.partition_by(_KEY, as_dict=True).items()}


def _chosen(row: dict[str, Any]) -> dict[str, int]:
    start = len(about.OPTION)
    return {name[start:]: count for name, count in row.items() if name.startswith(about.OPTION) and count is not None}


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
