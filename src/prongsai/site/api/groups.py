"""Groups of agencies, by kind, province or ministry, as the published national pages say them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema

from prongsai.site.api.envelope import Envelope, address, answer
from prongsai.site.api.errors import plain
from prongsai.site.api.read import RoundSlug, release_of
from prongsai.site.api.shapes import Points
from prongsai.site.nation.reading import Reading

router = Router(tags=["groups"])
By = Literal["nation", "kind", "province", "ministry"]
_ENDS = ("mean", "weighted", "least", "q1", "median", "q3", "most")
_COUNTS = ("scored", "unknown", "withheld", "respondents", "high_surely", "high_possibly")


class Figure(Schema):
    """A number, or the range it lies in where scores are ranges."""

    score: Points | None = None
    low: Points | None = None
    high: Points | None = None


class Spread(Schema):
    """One node in a group. ``scored``: agencies it rests on; ``withheld``: left out, too few answered.

    ``unknown``: agencies of which nothing is known. ``mean``: each agency counts once; ``weighted``: by respondents.
    ``sd``: root mean squared distance from the mean; null where scores are ranges.
    ``high_surely``, ``high_possibly``: agencies of 95 points or more.
    """

    node: str
    scored: int
    unknown: int
    withheld: int
    respondents: int
    mean: Figure | None
    weighted: Figure | None
    least: Figure | None
    q1: Figure | None
    median: Figure | None
    q3: Figure | None
    most: Figure | None
    sd: Points | None
    high_surely: int
    high_possibly: int


class Group(Schema):
    """Some agencies. ``name`` is null for those of which the kind, province or ministry is not said.

    ``surely_pass``, ``possibly_pass``: agencies whose level passes whatever is not known, and those whose level may.
    """

    by: By
    name: str | None
    name_th: str | None
    agencies: int
    surely_pass: int
    possibly_pass: int
    spreads: list[Spread]
    links: dict[str, str]


@router.get(
    "/rounds/{round}/groups/{by}",
    response={200: Envelope[list[Group]]},
    summary="The nation, kinds, provinces or ministries",
)
def list_groups(
    request: HttpRequest,
    round: RoundSlug,
    by: Annotated[By, Path(description="nation, kind, province, ministry")],
    node: Annotated[
        str | None,
        Query(
            max_length=40,
            pattern=r"^[0-9A-Za-z.@]+$",
            description="คะแนนใด (ไม่ระบุ: รวม เครื่องมือ ส่วน) | Which node; total, instruments and parts if none",
        ),
    ] = None,
) -> HttpResponse:
    """Means, quartiles and how many pass. Agencies whose score is withheld are counted and left out."""
    release = release_of(round)
    if release.result.public_file_id is None:
        raise plain(
            404, "path.round", round, ("การประเมินที่เผยแพร่ผลระดับประเทศ", "a round with published national figures")
        )
    book = Reading(release.result, public=True)
    if node is not None and node not in book.book.nodes:
        raise plain(404, "query.node", node, ("รหัสคะแนนของกรอบนี้", "a node of this framework"))
    nodes = [node] if node else book.nodes
    return answer(request, [_group(book, by, row, nodes) for row in book.book.groups_by(by)], release=release)


def _group(reading: Reading, by: str, row: dict[str, Any], nodes: list[str]) -> dict[str, Any]:
    name, slug = row["group"] or None, reading.round.slug
    question = {by: name} if name and by != "nation" else {}
    links = {"agencies": address("agencies", round=slug, **question)} if question or by == "nation" else {}
    found = ((node, reading.book.spread(by, row["group"], node)) for node in nodes)
    return {
        "by": by,
        "name": name,
        "name_th": reading.kinds.get(name, name) if name and by == "kind" else name,
        "agencies": row["agencies"],
        "surely_pass": row["surely"],
        "possibly_pass": row["possibly"],
        "spreads": [_spread(node, spread) for node, spread in found if spread],
        "links": links,
    }


def _spread(node: str, row: dict[str, Any]) -> dict[str, Any]:
    ends = {name: _figure(row[f"{name}_low"], row[f"{name}_high"]) for name in _ENDS}
    return {"node": node, **{name: row[name] for name in _COUNTS}, **ends, "sd": _points(row["sd"])}


def _figure(low: float | None, high: float | None) -> dict[str, str] | None:
    if low is None or high is None:
        return None
    return {"score": f"{low:.2f}"} if low == high else {"low": f"{low:.2f}", "high": f"{high:.2f}"}


def _points(value: float | None) -> str | None:
    return None if value is None else f"{value:.2f}"
