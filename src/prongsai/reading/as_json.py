"""A reading in the shape of ``score --json``, each value with how and where it was printed; and as results to score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from prongsai.errors import InputError, Problem
from prongsai.reading.model import Printed, Reading, Word
from prongsai.scoring.interval import written
from prongsai.scoring.results import Results
from prongsai.scoring.results_file import Agency
from prongsai.scoring.structure import Structure, at_part, structure

MOST = 100  # of a score
# Where a value stands tells how much it is meant: a result is stated in a table, a chart repeats it.
_ROLES = ("table", "title", "text", "ranking", "chart")


def chosen(values: Iterable[Printed]) -> Printed | None:
    """The one of a node's printed values to go on with: the one printed most often, then in a table, then first.

    Values on the instrument's own scale (25.04 of 30) come last, before them misread ones that no score can be
    (108.00). The others stay beside it as printed.
    """
    found = list(values)
    if not found:
        return None
    often = Counter((value.value, value.of) for value in found)
    return min(
        found,
        key=lambda v: (v.of is not None, v.value > MOST, -often[(v.value, v.of)], _ROLES.index(v.role), found.index(v)),
    )


def reading_json(reading: Reading) -> dict[str, Any]:
    """The shape of one result: keys as ``scoring.as_json.sheet_json``, with ``printed`` and ``where`` on each value."""
    tree = structure(reading.framework) if reading.framework else None
    by_node: dict[str, list[Printed]] = {}
    for value in reading.values:
        by_node.setdefault(value.node, []).append(value)
    components = list(reading.framework.levels.components) if reading.framework else []
    return {
        "file": reading.source.name,
        "agency": _agency(reading),
        "fiscal_year": reading.fiscal_year,
        "action_year": reading.action_year,
        "framework": {"id": reading.framework.id, "version": reading.framework.version} if reading.framework else None,
        "overall": {**_value(by_node.get("overall", [])), **_levels(reading)},
        "components": _known(by_node, components),
        "instruments": _instruments(reading, by_node, tree),
        "indicators": _with_parts(by_node, tree, "indicator"),
        "sub_indicators": _with_parts(by_node, tree, "sub_indicator"),
        "items": _items(reading, by_node, tree),
        "respondents": {
            value.node: {"count": int(value.value), "printed": value.text, "where": str(value.where)}
            for value in reading.respondents
        },
        "statements": [
            {
                "kind": said.kind,
                "indicator": said.indicator,
                "aspect": said.aspect,
                "items": list(said.items),
                "cited": list(said.cited),
                "text": said.text,
                "where": str(said.where),
            }
            for said in reading.statements
        ],
        "aspects": {str(number): list(codes) for number, codes in sorted(reading.aspects.items())},
        "routing": [
            {"position": said.position, "ticked": said.ticked, "text": said.text, "where": str(said.where)}
            for said in reading.routing
        ],
        "plan": reading.plan.model_dump(mode="json") if reading.plan else None,
        "progress": reading.progress.model_dump(mode="json") if reading.progress else None,
        "unread": unread_json(reading),
    }


def unread_json(reading: Reading) -> list[dict[str, str]]:
    """What looked as if it mattered and was not understood."""
    return [{"text": one.text, "where": str(one.where), "why": one.why} for one in reading.unread]


def readings_json(readings: Iterable[Reading], problems: Iterable[Problem] = ()) -> dict[str, Any]:
    """What ``prongsai read --json`` prints: all results, the first plan and progress, and all that was not read."""
    found = list(readings)
    results = [reading_json(reading) for reading in found]
    return {
        "results": results,
        "plan": next((result["plan"] for result in results if result["plan"]), None),
        "progress": next((result["progress"] for result in results if result["progress"]), None),
        "unread": [unread for result in results for unread in result["unread"]],
        "errors": [problem.as_json() for problem in problems],
    }


def _agency(reading: Reading) -> dict[str, Any]:
    known = {
        "name": reading.agency.text if reading.agency else None,
        "kind": reading.kind,
        "district": reading.district,
        "province": reading.province,
        "where": str(reading.agency.where) if reading.agency else None,
    }
    return {key: value for key, value in known.items() if value is not None}


def _value(values: list[Printed]) -> dict[str, Any]:
    """``score``, all printed texts in reading order and their places; ``of`` and ``other_scores`` where there are."""
    best = chosen(values)
    if best is None:
        return {}
    others = dict.fromkeys(written(v.value) for v in values if (v.value, v.of) != (best.value, best.of))
    return {
        "score": written(best.value),
        **({"of": f"{best.of:f}"} if best.of is not None else {}),
        **({"other_scores": list(others)} if others else {}),
        "printed": [value.text for value in values],
        "where": [str(value.where) for value in values],
    }


def _levels(reading: Reading) -> dict[str, Any]:
    names = list(dict.fromkeys(word.text for word in reading.levels))
    if not names:
        return {}
    level: dict[str, Any] = {"level": names[0]} if len(names) == 1 else {"levels": names}
    return {**level, "level_where": [str(word.where) for word in reading.levels]}


def _known(by_node: dict[str, list[Printed]], nodes: Iterable[str]) -> dict[str, Any]:
    return {node: _value(by_node[node]) for node in nodes if node in by_node}


def _instruments(reading: Reading, by_node: dict[str, list[Printed]], tree: Structure | None) -> dict[str, Any]:
    nodes = [node.id for node in tree.of_kind("instrument")] if tree else []
    found = _known(by_node, nodes)
    for level in reading.node_levels:
        if level.code in nodes:
            found.setdefault(level.code, {})["level"] = level.text
    return found


def _with_parts(by_node: dict[str, list[Printed]], tree: Structure | None, kind: str) -> dict[str, Any]:
    """Values of nodes, and of the same nodes within each part below ``parts``."""
    if tree is None:
        return {}
    parts = [node.id for node in tree.nodes.values() if node.kind == "part"]
    found: dict[str, Any] = {}
    for node in tree.nodes.values():
        if node.kind != kind or node.part is not None:
            continue
        value = _value(by_node.get(node.id, []))
        inside = {part: _value(by_node[at_part(node.id, part)]) for part in parts if at_part(node.id, part) in by_node}
        if value or inside:
            found[node.id] = {**value, **({"parts": inside} if inside else {})}
    return found


def _items(reading: Reading, by_node: dict[str, list[Printed]], tree: Structure | None) -> dict[str, Any]:
    found = {**_with_parts(by_node, tree, "item"), **_with_parts(by_node, tree, "row")}
    for wording in reading.wordings:
        if tree and wording.code in tree.nodes:
            found.setdefault(wording.code, {}).setdefault("wording", wording.text)
    return found


def results_of(reading: Reading) -> Results:
    """A reading as results that can be scored: one value for each node as given, all of them as printed.

    Values on an instrument's own scale and above 100 are kept as printed nowhere: results are scores of 100. Raises
    ``InputError`` where the report's year has no framework.
    """
    if reading.framework is None:
        raise InputError(
            Problem(
                "reading.no_framework",
                reading.source.name,
                "ไม่ทราบปีงบประมาณของผลการประเมินในไฟล์นี้ จึงคำนวณคะแนนไม่ได้",
                "the fiscal year of the results in this file is not known, so nothing can be scored",
                "โปรดตรวจสอบว่าไฟล์ระบุปีงบประมาณของผลการประเมิน",
            )
        )
    nodes = structure(reading.framework).nodes
    given: dict[str, Decimal] = {}
    printed: dict[str, tuple[Decimal, ...]] = {}
    for node in dict.fromkeys(value.node for value in reading.values if value.node in nodes):
        values = [value for value in reading.printed(node) if value.of is None and value.value <= MOST]
        best = chosen(values)
        if best is None:
            continue
        given[node] = best.value
        different = tuple(dict.fromkeys(value.value for value in values))
        if len(different) > 1:
            printed[node] = different
    bands = {band.name for band in reading.framework.levels.bands}
    level = next((word.text for word in reading.levels if word.text in bands), None)
    agency = reading.agency or Word("ไม่ระบุหน่วยงาน", reading.source.blocks[0].where)
    return Results(
        agency=Agency(name=agency.text, kind=reading.kind, district=reading.district, province=reading.province),
        framework=reading.framework,
        name=reading.source.name,
        given=given,
        level=level,
        respondents={value.node: int(value.value) for value in reading.respondents if value.node in nodes},
        printed=printed,
        source=reading.source.title or reading.source.name,
    )
