"""What an import would change, node by node, with what the audit found beside it; and what has to be decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from prongsai.analysis.disclosure import may_show_score
from prongsai.scoring.interval import shown, written
from prongsai.scoring.score import ScoreSheet, label
from prongsai.scoring.structure import Node
from prongsai.site.base.text import T, pick

SEVERITIES = {"error": T("ผิด", "Error"), "warning": T("ควรตรวจ", "Check"), "note": T("หมายเหตุ", "Note")}
_MARKS = {"error": "bad", "warning": "warn", "note": "brand"}
_ORDER = ("overall", "instrument", "part", "indicator", "sub_indicator", "item", "row")


@dataclass
class Line:
    """One node: what it was, what it would be. ``old`` and ``new`` are as shown; ``beside`` are numbers of findings."""

    node: str
    name: str
    old: str
    new: str
    detail: bool = False  # an item or a row of one: many, and shown last
    beside: list[int] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether the number shown changes."""
        return self.old != self.new


def lines(old: ScoreSheet | None, new: ScoreSheet, findings: list[dict[str, Any]]) -> list[Line]:
    """Every node that is known before or after, the overall score first and the level after it."""
    beside: dict[str, list[int]] = {}
    for number, finding in enumerate(findings, start=1):
        for node in finding.get("nodes", []):
            beside.setdefault(node, []).append(number)
    found = []
    for node in sorted(new.structure.nodes.values(), key=lambda one: _ORDER.index(one.kind)):
        texts = _text(old, node.id), _text(new, node.id)
        line = Line(node.id, name(node), *texts, node.kind in ("item", "row"), beside.get(node.id, []))
        if node.kind == "overall":
            found += [line, Line("level", pick("ระดับ", "Level"), _level(old), _level(new))]
        elif texts != ("–", "–") or line.beside:
            found.append(line)
    return found


def name(node: Node) -> str:
    """``ข้อ i1 …``: what a node is called, with its title."""
    if node.kind == "overall":
        return pick("คะแนนรวม", "Overall score")
    called = pick(label(node), node.id)
    title = node.title if node.title not in (node.code, node.id) else ""
    return f"{called} {title}".strip()


def _text(sheet: ScoreSheet | None, node: str) -> str:
    value = sheet.values.get(node) if sheet else None
    if sheet is None or value is None or value.origin == "unknown":
        return "–"
    if value.origin == "absent":
        return pick("ไม่เข้าข่ายประเมิน", "not assessed")
    if not may_show_score(sheet, node).shown:
        return pick("ไม่แสดง (กลุ่มเล็ก)", "withheld (small group)")
    low, high = written(shown(value.interval.low)), written(shown(value.interval.high))
    return low if low == high else pick(f"{low} ถึง {high}", f"{low} to {high}")


def _level(sheet: ScoreSheet | None) -> str:
    return pick(" หรือ ", " or ").join(sheet.level.names) or "–" if sheet else "–"


def findings_shown(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Findings in the reader's language, numbered as ``Line.beside`` names them."""
    return [
        {
            "number": number,
            "severity": SEVERITIES.get(one["severity"], one["severity"]),
            "mark": _MARKS.get(one["severity"], ""),
            "text": pick(one["message_th"], one["message_en"]),
            "where": one.get("where", []),
            "computed": one.get("computed"),
            "repairs": [text for node, change in (one.get("repair") or {}).items() if (text := _repair(node, change))],
        }
        for number, one in enumerate(findings, start=1)
    ]


def _repair(node: str, change: Mapping[str, Any]) -> str:
    printed = ", ".join(change.get("from", []))
    if change.get("decided") and change.get("to"):
        return pick(
            f"{node}: พิมพ์ว่า {printed} น่าจะเป็น {change['to']}", f"{node}: printed {printed}, probably {change['to']}"
        )
    numbers = [one["value"] for one in change.get("candidates", []) if one["value"]][:3]
    if not numbers:
        return ""
    th, en = " หรือ ".join(numbers), " or ".join(numbers)
    return pick(f"{node}: พิมพ์ว่า {printed} อาจเป็น {th}", f"{node}: printed {printed}, perhaps {en}")


def choices_shown(choices: dict[str, Any], sheet: ScoreSheet, chosen: Mapping[str, str]) -> list[dict[str, Any]]:
    """What has to be decided, with what is ticked now."""
    found = []
    for node, choice in choices.items():
        place = sheet.structure.nodes.get(node)
        now = chosen.get(node, choice["default"])
        found.append(
            {
                "node": node,
                "name": name(place) if place else pick("ระดับ", "Level"),
                "open": now is None,
                "options": [{**option, "now": option["value"] == now} for option in choice["options"]],
            }
        )
    return found
