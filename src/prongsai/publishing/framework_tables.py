"""A framework as tables: what every node of a round means, which points options earn, which rules make a level."""

from __future__ import annotations

from typing import Any

import polars as pl

from prongsai.framework import Framework
from prongsai.framework.model import Band, Rule, Sourced
from prongsai.publishing import tables as about
from prongsai.scoring import wide
from prongsai.scoring.structure import Node, structure

NOT_APPLICABLE = "not_applicable"


def survey_options(framework: Framework) -> tuple[str, ...]:
    """The option keys of all survey items, in the order in which the framework's scales first name them."""
    tree = structure(framework)
    surveys = {inst.code for inst in framework.instruments if inst.kind == "survey"}
    used = {
        option.key
        for node in tree.nodes.values()
        if node.instrument in surveys and node.leaf and node.leaf.scale
        for option in node.leaf.scale.options
    }
    ordered = dict.fromkeys(option.key for scale in framework.scales.values() for option in scale.options)
    return tuple(key for key in ordered if key in used)


def nodes(framework: Framework) -> pl.DataFrame:
    """Every node: its name, and the first way in which it follows, with source and confidence."""
    tree, said = structure(framework), _said(framework)
    lines = []
    for node in tree.nodes.values():
        way = node.ways[0] if node.ways else None
        rule = way.rule if way else None
        sourced = rule or said.get(node.code)
        lines.append(
            {
                "node": node.id,
                "kind": node.kind,
                "instrument": node.instrument,
                "part": node.part,
                "title_th": node.title,
                "title_en": _english(framework).get(node.code),
                "rule": rule.kind if rule else None,
                "children": " ".join(way.children) if way else None,
                "weights": _weights(rule, way.names) if rule and way else None,
                "source": "; ".join(sourced.source) if sourced else None,
                "confidence": str(sourced.confidence) if sourced else None,
            }
        )
    return _framed(about.NODES, lines)


def options(framework: Framework) -> pl.DataFrame:
    """Every option of every leaf and the points that it earns there."""
    lines = []
    for node in structure(framework).nodes.values():
        if node.leaf and node.leaf.scale:
            lines += [
                {
                    "node": node.id,
                    "option": option.key,
                    "label_th": option.label,
                    "points": node.leaf.points(option.key),
                }
                for option in node.leaf.scale.options
            ]
            if _checklist(framework, node):
                lines.append({"node": node.id, "option": NOT_APPLICABLE, "label_th": None, "points": None})
    return _framed(about.OPTIONS, lines)


def levels(framework: Framework) -> pl.DataFrame:
    """The bands in the order in which they are tried."""
    return _framed(
        about.LEVELS, [_band(framework, place, band) for place, band in enumerate(framework.levels.bands, 1)]
    )


def _band(framework: Framework, place: int, band: Band) -> dict[str, Any]:
    asked = band.component_min is not None
    return {
        "position": place,
        "level": band.name,
        "overall_min": band.overall_min,
        "component_min": band.component_min,
        "components": " ".join(framework.levels.components) if asked else None,
        "passes": band.passes,
        "decided_on": framework.levels.decided_on,
        "source": "; ".join(band.source) or None,
        "confidence": str(band.confidence),
    }


def containers(framework: Framework) -> tuple[str, ...]:
    """The surveys and parts that people answer, as nodes."""
    return wide.containers(framework, "survey")


def _checklist(framework: Framework, node: Node) -> bool:
    return any(inst.code == node.instrument and inst.kind == "checklist" for inst in framework.instruments)


def _weights(rule: Rule, names: tuple[str, ...]) -> str | None:
    if rule.kind != "weights":
        return None
    return " ".join(f"{rule.weights[name]:f}" for name in names)


def _english(framework: Framework) -> dict[str, str]:
    found = {"overall": framework.title.en}
    for inst in framework.instruments:
        found[inst.code] = inst.name.en
        found |= {part.code: part.name.en for part in inst.parts}
        for indicator in inst.indicators:
            found[indicator.number] = indicator.name.en
            found |= {sub.number: sub.name.en for sub in indicator.sub_indicators}
    return {code: name for code, name in found.items() if name}


def _said(framework: Framework) -> dict[str, Sourced]:
    """Items and rows by code: where their wording comes from."""
    found: dict[str, Sourced] = {}
    for inst in framework.instruments:
        for indicator in inst.indicators:
            for item in indicator.items:
                found[item.code] = item
                found |= {f"{item.code}.{row.number}": row for row in item.rows}
    return found


def _framed(table: about.Table, lines: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(lines, schema=table.schema)
