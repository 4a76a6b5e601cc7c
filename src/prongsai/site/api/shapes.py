"""How numbers and agencies stand in answers: schemas for the document, and the plain data that fits them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from prongsai.scoring.agency_kinds import AGENCY_KINDS
from prongsai.site.api.envelope import address
from prongsai.site.opendata.models import PublishedAgency

Points = Annotated[str, Field(pattern=r"^\d{1,3}\.\d{2}$", examples=["92.89"])]
Origin = Literal["counted", "given", "computed", "absent", "unknown", "withheld"]
Ends = tuple[str | None, str | None, str]


class Score(Schema):
    """A number as it is shown: ``score`` where it is known; ``low`` and ``high`` where only a range is.

    Without a number ``origin`` says why: ``absent`` (does not apply), ``unknown``, ``withheld`` (too small a group).
    """

    origin: Origin
    score: Points | None = None
    low: Points | None = None
    high: Points | None = None


class StandardError(Schema):
    """How far chance may have moved a score: its standard error and the 95 % interval, in points."""

    standard_error: str
    low95: Points | None = None
    high95: Points | None = None


class NodeScore(Score):
    """The score of one node. ``error`` where it is known and may be shown."""

    node: str
    error: StandardError | None = None


class Respondents(Schema):
    """Answer sheets that a survey or part received."""

    node: str
    respondents: int


class Distribution(Schema):
    """Respondents per option of an item row. Rows of small groups, and those all answered alike, are not published."""

    node: str
    respondents: int
    options: dict[str, int]


class Verdict(Schema):
    """An inspector's decision on an item."""

    node: str
    verdict: str


class AgencyHead(Schema):
    """An agency in a round. ``level``: null where several are possible. ``scores``: total, instruments, parts."""

    code: str
    name: str
    kind: str | None
    kind_th: str | None
    province: str | None
    ministry: str | None
    round: str
    fiscal_year_be: int | None
    level: str | None
    scores: dict[str, Score]
    links: dict[str, str]


class AgencyInRound(AgencyHead):
    """With the levels that are still possible (one where it is determined)."""

    levels: list[str]
    respondents: list[Respondents]


class AgencyFull(AgencyInRound):
    """With every published number."""

    nodes: list[NodeScore]
    distributions: list[Distribution]
    verdicts: list[Verdict]


def score(ends: Ends) -> dict[str, str]:
    """``Score`` as plain data."""
    low, high, origin = ends
    if low is None or high is None:
        return {"origin": origin}
    return {"origin": origin, "score": low} if low == high else {"origin": origin, "low": low, "high": high}


def nodes(row: PublishedAgency) -> list[dict[str, Any]]:
    """Every score with its error."""
    line = row.line
    errors = {node: _error(*error) for node, error in line.errors.items()}
    made = [{"node": node, **score(ends)} for node, ends in line.scores.items()]
    return [{**one, "error": errors[one["node"]]} if one["node"] in errors else one for one in made]


def _error(error: str, low: str | None, high: str | None) -> dict[str, str]:
    if low is None or high is None:
        return {"standard_error": error}
    return {"standard_error": error, "low95": low, "high95": high}


def respondents(row: PublishedAgency) -> list[dict[str, Any]]:
    """Sheets by survey or part."""
    return [{"node": node, "respondents": count} for node, count in row.line.respondents.items()]


def distributions(row: PublishedAgency) -> list[dict[str, Any]]:
    """Respondents per option of each item row that is published."""
    return [
        {"node": node, "respondents": sum(chosen.values()), "options": chosen}
        for node, chosen in row.line.counts.items()
    ]


def verdicts(row: PublishedAgency) -> list[dict[str, Any]]:
    """Verdicts by item."""
    return [{"node": node, "verdict": verdict} for node, verdict in row.line.verdicts.items()]


def head(row: PublishedAgency, slug: str, year: int | None) -> dict[str, Any]:
    """``AgencyHead`` as plain data; asks the database for nothing."""
    here = address("agencies", row.code, "rounds", slug)
    return {
        "code": row.code,
        "name": row.name,
        "kind": row.kind or None,
        "kind_th": AGENCY_KINDS.get(row.kind),
        "province": row.province or None,
        "ministry": row.ministry or None,
        "round": slug,
        "fiscal_year_be": year,
        "level": row.level or None,
        "scores": {node: score((ends[0], ends[1], ends[2])) for node, ends in row.heads.items()},
        "links": {"self": here, "agency": address("agencies", row.code), "scores": f"{here}/scores"},
    }


def in_round(row: PublishedAgency, slug: str, year: int | None) -> dict[str, Any]:
    """``AgencyInRound`` as plain data."""
    return {**head(row, slug, year), "levels": list(row.line.levels), "respondents": respondents(row)}


def full(row: PublishedAgency, slug: str, year: int | None) -> dict[str, Any]:
    """``AgencyFull`` as plain data."""
    every = {"nodes": nodes(row), "distributions": distributions(row), "verdicts": verdicts(row)}
    return {**in_round(row, slug, year), **every}
