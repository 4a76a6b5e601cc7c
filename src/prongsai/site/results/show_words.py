"""What the numbers say, in plain sentences of both languages: the next level, contradictions, what is not known."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from prongsai.analysis.as_json import may_tell, uncertainty_json
from prongsai.analysis.disclosure import may_show_score, shown_score
from prongsai.analysis.next_level import Gap, WhatIf, next_level
from prongsai.scoring.interval import Interval, shown, written
from prongsai.scoring.level import meets
from prongsai.scoring.score import Disagreement, ScoreSheet, Unknown
from prongsai.site.base.text import T, pick
from prongsai.site.results.show import YearResult

CONFIDENCE = {
    "confirmed": T("ยืนยันแล้ว", "Confirmed"),
    "inferred": T("อนุมานจากหลักฐาน", "Inferred from evidence"),
    "recalled": T("จากความจำ ยังไม่พบแหล่งอ้างอิง", "Recalled, no source found yet"),
    "unknown": T("ไม่ทราบ", "Not known"),
}


def interval_text(interval: Interval) -> str:
    """``92.89`` or ``3.61–98.61``."""
    return str(shown(interval.low)) if interval.exact else f"{shown(interval.low)}–{shown(interval.high)}"


def level_text(names: tuple[str, ...]) -> str:
    """One level, or the levels still possible."""
    return pick(" หรือ ", " or ").join(names)


@dataclass(frozen=True)
class Condition:
    """One thing the next level asks for. ``reached`` None: the score is not known, so nobody can say."""

    node: str
    name: str
    threshold: Decimal
    reached: bool | None
    text: str


@dataclass(frozen=True)
class Ahead:
    """The next level: what it asks, what is missing, and what passing failed items would bring."""

    level: str
    conditions: tuple[Condition, ...]
    what_ifs: tuple[str, ...]
    vague: bool

    @property
    def missing(self) -> list[Condition]:
        """What is known not to be reached."""
        return [one for one in self.conditions if one.reached is False]

    @property
    def not_known(self) -> list[Condition]:
        """What cannot be said."""
        return [one for one in self.conditions if one.reached is None]


def ahead_of(year: YearResult) -> Ahead | None:
    """The way to the next level; None at the top."""
    found = next_level(year.sheet)
    if found is None:
        return None
    conditions = tuple(_condition(year, gap) for gap in (found.overall, *found.components))
    what_ifs = tuple(_what_if(option, year.sheet.level.names) for option in found.what_if)
    vague = any(not option.overall.exact for option in found.what_if)
    return Ahead(found.band.name, conditions, what_ifs, vague)


def _condition(year: YearResult, gap: Gap) -> Condition:
    name = year.name(gap.node)
    asked = written(gap.threshold)
    if gap.withheld:
        ruling = may_show_score(year.sheet, gap.node)
        text = pick(
            f"{name} ต้องได้ตั้งแต่ {asked} แต่{ruling.th}",
            f"{name} must be {asked} or more. {ruling.en}",
        )
    elif gap.score is None:
        text = pick(
            f"{name} ต้องได้ตั้งแต่ {asked} แต่ยังไม่ทราบคะแนน จึงบอกไม่ได้ว่าถึงเกณฑ์หรือไม่",
            f"{name} must be {asked} or more; its score is not known, so this cannot be said.",
        )
    elif gap.reached:
        text = pick(
            f"{name} ได้ {shown(gap.score)} ถึงเกณฑ์ {asked} แล้ว", f"{name} is {shown(gap.score)} and reaches {asked}."
        )
    else:
        lack = max(gap.threshold - shown(gap.score), Decimal(0))  # between two shown numbers, as the reader sees them
        text = pick(
            f"{name} ได้ {shown(gap.score)} ต้องได้ตั้งแต่ {asked} ยังขาดอีก {lack:.2f} คะแนน",
            f"{name} is {shown(gap.score)}; {asked} or more is needed: {lack:.2f} points are missing.",
        )
    return Condition(gap.node, name, gap.threshold, gap.reached, text)


def _what_if(option: WhatIf, now: tuple[str, ...]) -> str:
    items, score = ", ".join(option.items), interval_text(option.overall)
    if option.levels == now:
        levels, level_en = "ระดับคงเดิม", "the level would stay as it is"
    else:
        levels, level_en = f"ระดับ {level_text(option.levels)}", f"level {level_text(option.levels)}"
    if len(option.items) == 1:
        return pick(
            f"หากข้อ {items} ได้คะแนนเต็ม คะแนนรวมจะเป็น {score} {levels}",
            f"If item {items} passed, the overall score would be {score}, {level_en}.",
        )
    return pick(
        f"หากข้อ {items} ได้คะแนนเต็มทุกข้อ คะแนนรวมจะเป็น {score} {levels}",
        f"If items {items} all passed, the overall score would be {score}, {level_en}.",
    )


def passes(year: YearResult) -> bool | None:
    """Whether the level is one that passes; None where the levels still possible differ in that."""
    found = {band.passes for band in year.sheet.framework.levels.bands if band.name in year.sheet.level.names}
    return found.pop() if len(found) == 1 else None


def target_sentence(year: YearResult) -> tuple[bool, str] | None:
    """Whether the overall score reaches the target set for agencies; None where either is unknown or not shown."""
    target, score = year.sheet.framework.target, shown_score(year.sheet, "overall")
    if target is None or score is None:
        return None
    reached = meets(year.sheet.framework, score, target.overall_min)
    asked = written(target.overall_min)
    if reached:
        return True, pick(f"คะแนนรวมถึงค่าเป้าหมาย {asked}", f"The overall score reaches the target of {asked}.")
    return False, pick(f"คะแนนรวมต่ำกว่าค่าเป้าหมาย {asked}", f"The overall score is below the target of {asked}.")


def disagreement_text(year: YearResult, found: Disagreement) -> str:
    """A contradiction between two numbers, in one sentence."""
    if found.kind == "level":
        computed = level_text(tuple(found.computed) if isinstance(found.computed, list) else (str(found.computed),))
        return pick(found.th, f"Level “{found.found}” is given, but by the rules it is “{computed}”.")
    name = year.name(found.node)
    follows = _span(found.computed)
    if found.kind == "printed":
        return pick(
            f"{found.th} แต่ใช้ {follows}", f"{name} is printed elsewhere as {found.found}, while {follows} is used."
        )
    if found.kind == "ways":
        return pick(found.th, f"{name} follows in two ways that differ.")
    return pick(found.th, f"{name} is given as {found.found} but follows as {follows}.")


def _span(computed: Any) -> str:
    if isinstance(computed, dict):
        return computed.get("score") or f"{computed['low']}–{computed['high']}"
    return str(computed)


_WHY_EN = {
    "points": "the points or the direction of its options are not known",
    "part": "the item scores do not say which part they are of, so they cannot be compared",
    "missing": "scores below it are missing",
    "rule": "the framework does not publish how the scores below it are weighted",
    "below": "scores below it are not certain",
    "level": "scores that the level rests on are not known",
}


def unknown_text(year: YearResult, found: Unknown) -> str:
    """A number that cannot be known, its interval, and why."""
    if found.node == "level":
        names = level_text(year.sheet.level.names)
        return pick(found.th, f"Several levels are still possible ({names}): {_WHY_EN['level']}.")
    span = f" lies between {shown(found.interval.low)} and {shown(found.interval.high)}" if found.interval else ""
    if found.reason == "part":
        span = " cannot be checked"
    en = f"{year.name(found.node)}{span or ' is not known'}: {_WHY_EN.get(found.reason, found.reason)}."
    return pick(_without_command(found.th), en)


def _without_command(text: str) -> str:
    """Advice for the command line (``--assume``) has no place on a page."""
    head, _, tail = text.partition(" (")
    return head if "--assume" in tail else text


def doubts(year: YearResult, node: str) -> list[str]:
    """What the reader of one number must know of it: contradictions, and why it is not certain."""
    found = [disagreement_text(year, one) for one in year.disagreements if one.node == node]
    return found + [unknown_text(year, one) for one in year.unknown if one.node == node]


@dataclass(frozen=True)
class Sure:
    """The 95 % interval of one score."""

    node: str
    name: str
    text: str
    score: str
    se: str
    interval: str
    sheets: int


def uncertainty_of(year: YearResult) -> tuple[list[Sure], str]:
    """Intervals of instruments, parts and indicators where answers were given; and what is missing elsewhere."""
    measured = uncertainty_json(year.sheet)
    rows = []
    for node, one in measured["scores"].items():
        kind = year.sheet.values[node].node.kind
        if "@" in node or kind not in ("instrument", "part", "indicator"):
            continue
        interval = f"{one['low']}–{one['high']}" if one["low"] else one["message_th"]
        rows.append(
            Sure(node, year.name(node), year.title(node), one["score"], one["se"] or "–", interval, one["sheets"])
        )
    return rows, _no_sheets(year.sheet, rows)


def _no_sheets(sheet: ScoreSheet, rows: list[Sure]) -> str:
    if not sheet.results.moments:
        return pick(
            "ผลนี้ไม่มีคำตอบรายชุด จึงบอกค่าคลาดเคลื่อนและช่วงความเชื่อมั่นไม่ได้",
            "This result has no single answer sheets, so no standard error or interval can be given.",
        )
    if rows:
        return ""
    return pick("ไม่มีช่วงความเชื่อมั่นที่แสดงได้", "There is no interval that may be shown.")


@dataclass(frozen=True)
class AuditLine:
    """One finding of the audit of an imported report."""

    rule: str
    severity: str
    text: str
    where: str
    printed: str
    computed: str
    repair: str
    confidence: Any


SEVERITIES = {"error": T("ผิดพลาด", "Error"), "warning": T("ควรตรวจ", "Warning"), "note": T("ข้อสังเกต", "Note")}


def audit_lines(year: YearResult) -> list[AuditLine]:
    """What the audit of the imported report found, as it was found when the report came in."""
    lines = []
    for found in year.result.findings:
        repair = found.get("repair") or {}
        if any(not may_tell(year.sheet, node) for node in repair):
            continue
        fixed = "; ".join(f"{year.name(node)}: {_repair_text(change)}" for node, change in repair.items())
        lines.append(
            AuditLine(
                found.get("rule", ""),
                found.get("severity", "note"),
                pick(found.get("message_th", ""), found.get("message_en") or found.get("message_th", "")),
                "; ".join(found.get("where") or ()),
                ", ".join(str(one) for one in found.get("printed") or ()),
                str(found.get("computed") or ""),
                fixed,
                CONFIDENCE.get(found.get("confidence", ""), ""),
            )
        )
    return lines


def _repair_text(change: Any) -> str:
    """A proposed repair in words: what was printed, what was meant, or between which numbers nothing decides.

    ``change`` has the shape of ``reading.repairing.model.Change.as_json``.
    """
    if not isinstance(change, dict):
        return str(change)
    printed = " / ".join(change.get("from") or ()) or pick("ไม่ได้พิมพ์", "not printed")
    if change.get("decided"):
        if change.get("to") is None:
            return pick(f"{printed} ผิด แต่คำนวณค่าที่ถูกไม่ได้", f"{printed} is wrong; the right number cannot be told")
        return pick(f"{printed} ควรเป็น {change['to']}", f"{printed} should be {change['to']}")
    values = [one["value"] for one in change.get("candidates") or () if one.get("value") is not None]
    if not values:
        return pick(f"{printed} น่าสงสัย โปรดดูต้นฉบับ", f"{printed} is in doubt: see the original")
    return pick(
        f"{printed} น่าสงสัย อาจเป็น {' หรือ '.join(values)} โปรดดูต้นฉบับ",
        f"{printed} is in doubt and may be {' or '.join(values)}: see the original",
    )
