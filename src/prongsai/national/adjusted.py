"""An adjusted score beside the official one: perception, effort, and deductions for what came to light.

The practice is Korea's: since 2022 its commission weighs what people perceive against what an agency did, and deducts
points for cases of corruption and for acts that undermine the assessment (acrc.go.kr, list_no=42032; Practical Guide to
Integrity Assessment). Thailand's rules have no such score. So nothing here has a number of its own: weights, efforts,
deductions, their limit, their reasons and sources stand in a file that the assessor writes and answers for. The result
is never the official score, never decides a level, and says so wherever it stands.

::

    title: คะแนนปรับเพื่อการศึกษา
    decided_by: คณะทำงาน … ตามมติเมื่อ …
    perception: {weight: 60, of: {IIT: 50, EIT: 50}}
    effort: {weight: 40, of: {OIT: 100}}            # or scores: {CODE: 82.5, …} with its source
    deductions:
      most: 10
      agencies:
        CODE: [{points: 2.5, reason: …, source: …}]
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from pydantic import Field, ValidationError

from prongsai.errors import InputError, Problem
from prongsai.framework.load import shape_problems
from prongsai.framework.model import Number, Strict
from prongsai.national.columns import ABSENT, UNIT
from prongsai.national.score import NationScores
from prongsai.scoring.interval import Interval, weighted
from prongsai.yaml_file import YamlFile, read

NOT_OFFICIAL_TH = "มิใช่คะแนนทางการ จัดทำตามน้ำหนักและการหักคะแนนที่ผู้ประเมินกำหนดเอง"
NOT_OFFICIAL_EN = "Not the official score: weights and deductions are the assessor's own"
_WHOLE = ("instrument", "part")  # what is below may be withheld, and would come back from a sum


class Side(Strict):
    """Perception or effort. ``of``: instruments or parts and what each weighs; or ``scores`` by code of agency."""

    weight: Number = Field(ge=0, le=100)
    of: dict[str, Number] = Field(default_factory=dict)
    scores: dict[str, Number] = Field(default_factory=dict)
    source: str | None = None


class Deduction(Strict):
    """Points taken off one agency, why, and where that can be read."""

    points: Number = Field(gt=0, le=100)
    reason: str = Field(min_length=1)
    source: str = Field(min_length=1)


class Deductions(Strict):
    """``most``: what one agency can lose at the most; None: no limit."""

    most: Number | None = Field(default=None, gt=0, le=100)
    agencies: dict[str, tuple[Deduction, ...]] = Field(default_factory=dict)


class Adjustment(Strict):
    """What the assessor decided."""

    title: str = Field(min_length=1)
    decided_by: str = Field(min_length=1)
    perception: Side
    effort: Side
    deductions: Deductions = Deductions()


@dataclass(frozen=True)
class Adjusted:
    """One agency. A side is None where nothing of it applies or was given; then there is no ``score`` either."""

    code: str
    perception: Interval | None
    effort: Interval | None
    deducted: Decimal
    score: Interval | None
    reasons: tuple[Deduction, ...]


def read_adjustment(path: Path, scores: NationScores) -> Adjustment:
    """Read the assessor's file and check it against a nation.

    Raises ``InputError`` with file, line and key: unknown keys, weights that do not add up to 100, instruments that the
    framework lacks, agencies that the nation lacks, efforts without a source.
    """
    file = read(path)
    try:
        found = Adjustment.model_validate(file.data)
    except ValidationError as error:
        raise InputError(shape_problems(error, file, "adjusted.shape")) from error
    problems = _problems(found, file, scores)
    if problems:
        raise InputError(problems)
    return found


def adjusted(adjustment: Adjustment, scores: NationScores) -> list[Adjusted]:
    """The adjusted score of every agency, exact or as an interval, in the order of the nation."""
    places = {node: scores.line(node) for node in (*adjustment.perception.of, *adjustment.effort.of)}
    return [
        _one(adjustment, scores, places, line, code)
        for line, code in enumerate(scores.nation.agencies["code"].to_list())
    ]


def _one(adjustment: Adjustment, scores: NationScores, places: dict[str, int], line: int, code: str) -> Adjusted:
    sides = []
    for side in (adjustment.perception, adjustment.effort):
        if side.scores:
            sides.append(Interval.exactly(side.scores[code]) if code in side.scores else None)
            continue
        parts = [
            (Fraction(weight), _interval(scores, places[node], line))
            for node, weight in side.of.items()
            if weight and scores.state[places[node], line] != ABSENT
        ]
        sides.append(weighted(parts) if parts else None)
    weights = (Fraction(adjustment.perception.weight), Fraction(adjustment.effort.weight))
    both = [(weight, value) for weight, value in zip(weights, sides, strict=True) if weight]
    reasons = adjustment.deductions.agencies.get(code, ())
    points = sum((one.points for one in reasons), Decimal(0))
    if adjustment.deductions.most is not None:
        points = min(points, adjustment.deductions.most)
    known = [(weight, value) for weight, value in both if value is not None]
    score = None
    if len(known) == len(both):
        before = weighted(known)
        low, high = (max(end - Fraction(points), Fraction(0)) for end in (before.low, before.high))
        score = Interval(low, high)
    return Adjusted(code, sides[0], sides[1], points, score, reasons)


def _interval(scores: NationScores, place: int, line: int) -> Interval:
    return Interval(Fraction(int(scores.low[place, line]), UNIT), Fraction(int(scores.high[place, line]), UNIT))


def _problems(found: Adjustment, file: YamlFile, scores: NationScores) -> list[Problem]:
    tree, codes = scores.nation.tree, set(scores.nation.agencies["code"].to_list())
    nodes = {name for name, node in tree.nodes.items() if node.kind in _WHOLE}
    sides = {"perception": found.perception, "effort": found.effort}
    problems = []

    def say(code: str, key: tuple[str, ...], th: str, en: str, then: str) -> None:
        problems.append(Problem(f"adjusted.{code}", file.where(key), th, en, then))

    if (total := found.perception.weight + found.effort.weight) != 100:
        th, en = f"น้ำหนักรวมได้ {total} ต้องเป็น 100", f"weights add up to {total}; expected 100"
        say("weights", ("perception", "weight"), th, en, "โปรดแก้ไข weight ของ perception และ effort")
    for name, side in sides.items():
        if bool(side.of) == bool(side.scores):
            th, en = "ต้องระบุ of หรือ scores อย่างใดอย่างหนึ่ง", "expected either of or scores"
            say("side", (name,), th, en, "โปรดระบุเครื่องมือใน of หรือคะแนนรายหน่วยงานใน scores")
        if side.of and (total := sum(side.of.values(), Decimal(0))) != 100:
            th, en = f"น้ำหนักรวมได้ {total} ต้องเป็น 100", f"weights add up to {total}; expected 100"
            say("weights", (name, "of"), th, en, "โปรดแก้ไขน้ำหนักของเครื่องมือ")
        if side.scores and not side.source:
            th, en = "คะแนนที่ระบุเองต้องมีที่มา", "scores need their source"
            say("source", (name,), th, en, "โปรดเพิ่มคีย์ source")
        for node in sorted(set(side.of) - nodes):
            th, en = "ไม่มีเครื่องมือนี้ในกรอบการประเมิน", f"expected one of {', '.join(sorted(nodes))}"
            say("node", (name, "of", node), th, en, "โปรดระบุเครื่องมือหรือส่วนของเครื่องมือ")
        for node, weight in side.of.items():
            if weight < 0:
                say("weights", (name, "of", node), "น้ำหนักติดลบ", "a negative weight", "โปรดแก้ไขน้ำหนัก")
        for code in sorted(set(side.scores) - codes):
            say("agency", (name, "scores", code), "ไม่มีหน่วยงานรหัสนี้", "no such agency", "โปรดตรวจสอบรหัสหน่วยงาน")
        for code, score in side.scores.items():
            if not 0 <= score <= 100:
                th, en = f"{score} ไม่ใช่คะแนน", f"{score} is no score; expected 0 to 100"
                say("score", (name, "scores", code), th, en, "โปรดระบุตัวเลขตั้งแต่ 0 ถึง 100")
    for code in sorted(set(found.deductions.agencies) - codes):
        say("agency", ("deductions", "agencies", code), "ไม่มีหน่วยงานรหัสนี้", "no such agency", "โปรดตรวจสอบรหัสหน่วยงาน")
    return problems
