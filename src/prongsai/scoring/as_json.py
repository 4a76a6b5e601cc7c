"""The one stable JSON shape of a score sheet. Scores are strings with two decimals."""

from __future__ import annotations

from typing import Any

from prongsai.scoring.interval import written
from prongsai.scoring.score import ScoreSheet, Value
from prongsai.scoring.structure import at_part


def sheet_json(sheet: ScoreSheet) -> dict[str, Any]:
    """``agency``, ``fiscal_year``, ``framework``, ``overall``, ``components``, … of a score sheet."""
    values, tree = sheet.values, sheet.structure
    components = sheet.framework.levels.components
    return {
        "agency": sheet.results.agency.model_dump(exclude_none=True),
        "fiscal_year": sheet.results.fiscal_year,
        "framework": {"id": sheet.framework.id, "version": sheet.framework.version},
        "overall": {**values["overall"].interval.as_json(), **sheet.level.as_json()},
        "components": _known(sheet, list(components)),
        "instruments": _known(sheet, [node.id for node in tree.of_kind("instrument")]),
        "indicators": _known(sheet, [node.id for node in tree.of_kind("indicator")]),
        "sub_indicators": _known(sheet, [node.id for node in tree.of_kind("sub_indicator")]),
        "items": {
            node.id: item
            for node in tree.of_kind("item")
            if (item := _item(sheet, node.id, node.instrument)) is not None
        },
        "assumed": list(sheet.assumed),
        "unknown": [
            {
                "node": found.node,
                "reason": found.reason,
                "message_th": found.th,
                **(found.interval.as_json() if found.interval else {}),
            }
            for found in sheet.unknown
        ],
        "disagreements": [
            {
                "node": found.node,
                "kind": found.kind,
                "given": found.found,
                "computed": found.computed,
                "rule": found.rule,
                "confidence": str(found.confidence),
                "message_th": found.th,
            }
            for found in sheet.disagreements
        ],
    }


def _known(sheet: ScoreSheet, nodes: list[str]) -> dict[str, Any]:
    return {node: _value(sheet.values[node]) for node in nodes if sheet.values[node].informative}


def _value(value: Value) -> dict[str, Any]:
    result: dict[str, Any] = {**value.interval.as_json(), "origin": value.origin}
    if value.given is not None and value.origin != "given":
        result["given"] = written(value.given)
    return result


def _item(sheet: ScoreSheet, code: str, instrument: str | None) -> dict[str, Any] | None:
    whole = sheet.values[code]
    parts = {
        part.code: _value(sheet.values[at_part(code, part.code)])
        for inst in sheet.framework.instruments
        if inst.code == instrument
        for part in inst.parts
        if sheet.values[at_part(code, part.code)].informative
    }
    if whole.origin == "absent":
        return {"absent": True}
    known = _value(whole) if whole.informative else {}
    return {**known, **({"parts": parts} if parts else {})} or None
