"""Walks from any number down to its sources, in Thai words, as far as disclosure allows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from prongsai.analysis.disclosure import may_show_score, may_show_tally
from prongsai.errors import InputError, Problem
from prongsai.framework.model import Confidence
from prongsai.scoring.interval import Interval, shown
from prongsai.scoring.score import ScoreSheet, Step, Value, label
from prongsai.thai.codes import read_code

CONFIDENCE_TH = {
    Confidence.CONFIRMED: "ยืนยันแล้ว",
    Confidence.INFERRED: "อนุมานจากหลักฐาน",
    Confidence.RECALLED: "จากความจำ ยังไม่พบแหล่งอ้างอิง",
    Confidence.UNKNOWN: "ไม่ทราบ",
}
_RULE_TH = {"mean": "ค่าเฉลี่ยของ", "weights": "ผลรวมถ่วงน้ำหนักของ", "unknown": "รวมโดยน้ำหนักที่ไม่ได้เผยแพร่"}


@dataclass(frozen=True)
class Line:
    """One sentence of the walk; ``below`` are the sentences it rests on."""

    node: str
    th: str
    below: tuple[Line, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """Nested: ``node``, ``text_th``, ``below``."""
        return {"node": self.node, "text_th": self.th, "below": [line.as_json() for line in self.below]}

    def flat(self, depth: int = 0) -> Iterator[tuple[int, Line]]:
        """The lines in reading order with their depth."""
        yield depth, self
        for line in self.below:
            yield from line.flat(depth + 1)


def explain(sheet: ScoreSheet, name: str, depth: int = 9) -> Line:
    """How one number came about. ``name`` as people type it: ``level``, ``overall``, ``IIT``, ``9``, ``ข้อ i๑๒``.

    Raises ``InputError`` for a node that the framework does not have.
    """
    if name.strip().lower() in ("level", "ระดับ"):
        return _level(sheet, depth)
    return _line(sheet, sheet.values[_find(sheet, name)], depth)


def _find(sheet: ScoreSheet, name: str) -> str:
    plain = name.strip()
    code, _, part = plain.partition("@")
    # ข้อ ๑ without its letter could be i1, e1 or o1: never taken for indicator 1.
    item_of_any_instrument = plain.startswith("ข้อ") and read_code(plain).isdigit()
    for candidate in (plain, plain.upper(), read_code(plain), f"{read_code(code)}@{part.upper()}"):
        if candidate in sheet.values and not item_of_any_instrument:
            return candidate
    if plain in ("รวม", "คะแนนรวม"):
        return "overall"
    codes = [node.id for node in sheet.structure.of_kind("instrument", "indicator", "item")]
    raise InputError(
        Problem(
            "explain.node",
            name,
            f"ไม่มี “{name}” ในกรอบการประเมิน {sheet.framework.id}",
            f"no node {name!r}; nodes are level, overall, {codes[0]} … {codes[-1]}",
            "โปรดระบุเป็น level, overall, รหัสเครื่องมือ เลขตัวชี้วัด หรือรหัสข้อ เช่น i12",
        )
    )


def _level(sheet: ScoreSheet, depth: int) -> Line:
    levels = sheet.framework.levels
    text = "ระดับ: " + " หรือ ".join(sheet.level.names)
    lines = []
    for band in levels.bands:
        needs = f"คะแนนรวมตั้งแต่ {band.overall_min}"
        if band.component_min is not None:
            needs += f" และทุกองค์ประกอบ ({', '.join(levels.components)}) ตั้งแต่ {band.component_min}"
        mark = "← เข้าเกณฑ์" if band.name in sheet.level.names else ""
        lines.append(Line(f"level:{band.name}", f"{band.name}: {needs} {mark}".strip()))
    below = [_line(sheet, sheet.values[name], 1) for name in levels.components]
    source = _source(levels.source, levels.confidence)
    return Line("level", f"{text} ({source})", (*lines, _line(sheet, sheet.values["overall"], depth - 1), *below))


def _line(sheet: ScoreSheet, value: Value, depth: int) -> Line:
    ruling = may_show_score(sheet, value.node.id)
    name = label(value.node)
    if not ruling.shown:
        return Line(value.node.id, f"{name}: {ruling.th}")
    title = "" if value.node.kind == "overall" else f" {value.node.title}"
    head = f"{name}{title}: {_number(value.interval, value)}"
    tally = sheet.results.tallies.get(value.node.id)
    if tally is not None and value.node.leaf is not None:
        return Line(value.node.id, head, _tally(sheet, value))
    if value.origin == "given":
        head += " (คะแนนตามผลที่ได้รับ)"
    below = [
        line for step in value.steps if value.informative for line in _step(sheet, value, step, depth) if depth > 0
    ]
    return Line(value.node.id, head, tuple(below))


def _number(interval: Interval, value: Value) -> str:
    if value.origin == "absent":
        return "ไม่มีผู้ตอบหรือไม่เข้าข่ายประเมิน ไม่นับรวมในตัวหาร"
    if value.origin == "unknown":
        return "ไม่ทราบคะแนน (0.00–100.00)"
    if interval.exact:
        return str(shown(interval.low))
    return f"อยู่ระหว่าง {shown(interval.low)} ถึง {shown(interval.high)}"


def _step(sheet: ScoreSheet, value: Value, step: Step, depth: int) -> Iterator[Line]:
    rule = step.way.rule
    for child in step.children:
        ruling = may_show_score(sheet, child)
        if not ruling.shown:
            yield Line(f"{value.node.id}:{rule.kind}", f"{_RULE_TH[rule.kind]}: {ruling.th}")
            return
    named = dict(zip(step.way.children, step.way.names, strict=True))
    known = [child for child in step.children if sheet.values[child].informative]
    silent = [named[child] for child in step.children if not sheet.values[child].informative]
    if step.hypothesis:
        how = f"ตามสมมติฐาน {step.hypothesis.name} ({step.hypothesis.title.th})"
    else:
        how = _RULE_TH[rule.kind]
    terms = [_term(sheet.values[child], rule.weights.get(named[child])) for child in known]
    text = f"{how}: {', '.join(terms)}"
    text += f" และที่ยังไม่ทราบคะแนน {len(silent)} รายการ ({', '.join(silent)})" if silent else ""
    text += f" โดยไม่นับ {', '.join(step.absent)}" if step.absent else ""
    if not step.hypothesis:
        text += "".join(f"; ทราบว่า {' + '.join(s.of)} มีน้ำหนักรวม {s.percent}%" for s in rule.shares)
    text += f" ⇒ {_number(step.value, value)} ({_source(rule.source, rule.confidence)})"
    below = tuple(_line(sheet, sheet.values[child], depth - 1) for child in known) if depth > 1 else ()
    yield Line(f"{value.node.id}:{rule.kind}", text, below)


def _term(value: Value, weight: Decimal | None) -> str:
    return f"{value.node.code} = {_number(value.interval, value)}" + (f" × {weight}%" if weight is not None else "")


def _tally(sheet: ScoreSheet, value: Value) -> tuple[Line, ...]:
    ruling = may_show_tally(sheet, value.node.id)
    node = value.node
    if not ruling.shown:
        return (Line(f"{node.id}:tally", ruling.th),)
    if node.leaf is None or node.leaf.scale is None or node.leaf.polarity == "unknown":
        return (Line(f"{node.id}:tally", "ไม่ทราบตัวเลือก คะแนน หรือทิศทางของข้อนี้ จึงแปลงจำนวนผู้ตอบเป็นคะแนนไม่ได้"),)
    tally = sheet.results.tallies[node.id]
    lines = []
    for option in node.leaf.scale.options:
        count = tally.counts.get(option.key, 0)
        text = f"{option.label or 'ตัวเลือก ' + option.key}: {count} × {node.leaf.points(option.key)} คะแนน"
        if count:
            lines.append(Line(f"{node.id}:{option.key}", text))
    scale = node.leaf.scale
    total = f"รวม {tally.respondents} คำตอบ หารด้วย {tally.respondents}"
    lines.append(Line(f"{node.id}:n", f"{total} ({_source(scale.source, scale.confidence)})"))
    return tuple(lines)


def _source(names: tuple[str, ...], confidence: Confidence) -> str:
    sources = f"ที่มา: {', '.join(names)}; " if names else ""
    return f"{sources}{CONFIDENCE_TH[confidence]}"
