"""Frameworks: what every node means, how it follows from others, what answers earn, which rules make a level."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router, Schema

from prongsai.framework import Framework, by_id
from prongsai.publishing import framework_tables as tables
from prongsai.site.api.envelope import Envelope, address, answer
from prongsai.site.api.errors import Near, plain
from prongsai.site.opendata import reading

router = Router(tags=["frameworks"])
FrameworkId = Annotated[
    str,
    Path(
        max_length=60,
        pattern=r"^[a-z0-9][a-z0-9-]*$",
        description="รหัสกรอบการประเมิน | Id of the framework, as in /frameworks",
    ),
]


class FrameworkOut(Schema):
    """A framework that published results rest on. ``smallest_group``: fewer respondents are not shown in detail."""

    id: str
    version: int
    fiscal_year_be: int | None
    title_th: str
    title_en: str | None
    smallest_group: int
    instruments: list[str]
    links: dict[str, str]


class Child(Schema):
    """A node that another follows from. ``weight``: percent; null where it is a plain mean or not published."""

    node: str
    weight: str | None


class NodeOut(Schema):
    """What a node is. ``rule``: mean, weights, or unknown (not published); null at the leaves."""

    node: str
    kind: str
    instrument: str | None
    part: str | None
    title_th: str
    title_en: str | None
    rule: str | None
    children: list[Child]
    source: str | None
    confidence: str | None


class OptionOut(Schema):
    """An option of an item and the points that it earns there; null where they are not known."""

    node: str
    option: str
    label_th: str | None
    points: str | None


class LevelOut(Schema):
    """A level, in the order in which they are tried: the first that fits is the result."""

    position: int
    level: str
    overall_min: str
    component_min: str | None
    components: list[str]
    passes: bool
    decided_on: str
    source: str | None
    confidence: str | None


@router.get("/frameworks", response={200: Envelope[list[FrameworkOut]]}, summary="Frameworks of published results")
def list_frameworks(request: HttpRequest) -> HttpResponse:
    """Newest first."""
    return answer(request, [_framework(one) for one in _published()])


@router.get("/frameworks/{id}", response={200: Envelope[FrameworkOut]}, summary="One framework")
def get_framework(request: HttpRequest, id: FrameworkId) -> HttpResponse:
    """Its name, version, instruments, and the smallest group that is shown in detail."""
    return answer(request, _framework(_named(id)))


@router.get(
    "/frameworks/{id}/nodes", response={200: Envelope[list[NodeOut]]}, summary="Every node, its rule and weights"
)
def list_nodes(request: HttpRequest, id: FrameworkId) -> HttpResponse:
    """Instruments, parts, indicators, items and their rows, with the source of each rule and wording."""
    return answer(request, _nodes(_named(id).id))


@router.get("/frameworks/{id}/options", response={200: Envelope[list[OptionOut]]}, summary="Options of each item")
def list_options(request: HttpRequest, id: FrameworkId) -> HttpResponse:
    """What may be answered, and the points it earns."""
    return answer(request, _options(_named(id).id))


@router.get("/frameworks/{id}/levels", response={200: Envelope[list[LevelOut]]}, summary="Rules of the levels")
def list_levels(request: HttpRequest, id: FrameworkId) -> HttpResponse:
    """Thresholds of the total and of every component, best level first."""
    return answer(request, _levels(_named(id).id))


def _published() -> list[Framework]:
    names = dict.fromkeys(one.framework_id for one in reading.current())
    return [by_id(name) for name in names]


def _named(name: str) -> Framework:
    there = _published()
    for one in there:
        if one.id == name:
            return one
    error = plain(404, "path.id", name, ("กรอบของผลที่เผยแพร่แล้ว", "a framework of published results"))
    error.problems[0].near = [
        Near(value=one.id, name=one.title.th, href=address("frameworks", one.id)) for one in there
    ]
    raise error


def _framework(framework: Framework) -> dict[str, Any]:
    here = address("frameworks", framework.id)
    return {
        "id": framework.id,
        "version": framework.version,
        "fiscal_year_be": framework.fiscal_year,
        "title_th": framework.title.th,
        "title_en": framework.title.en,
        "smallest_group": framework.disclosure.k,
        "instruments": [one.code for one in framework.instruments],
        "links": {"self": here, **{name: f"{here}/{name}" for name in ("nodes", "options", "levels")}},
    }


@cache
def _nodes(name: str) -> list[dict[str, Any]]:
    made = []
    for row in tables.nodes(by_id(name)).to_dicts():
        children, weights = (row["children"] or "").split(), (row.pop("weights") or "").split()
        pairs = zip(children, weights or [None] * len(children), strict=True)
        made.append({**row, "children": [{"node": node, "weight": weight} for node, weight in pairs]})
    return made


@cache
def _options(name: str) -> list[dict[str, Any]]:
    return [{**row, "points": _text(row["points"])} for row in tables.options(by_id(name)).to_dicts()]


@cache
def _levels(name: str) -> list[dict[str, Any]]:
    return [
        {
            **row,
            "overall_min": _text(row["overall_min"]),
            "component_min": _text(row["component_min"]),
            "components": (row["components"] or "").split(),
        }
        for row in tables.levels(by_id(name)).to_dicts()
    ]


def _text(value: object) -> str | None:
    return None if value is None else str(value)
