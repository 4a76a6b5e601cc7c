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

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from pydantic import Field, ValidationError

from prongsai.errors import InputError, Problem
from prongsai.framework.load import shape_problems
from prongsai.framework.model import Number, Strict
from prongsai.national.columns import ABSENT, COMPUTED, UNIT, Mask
from prongsai.national.counted import Integers
from prongsai.national.score import NationScores
from prongsai.scoring.interval import Interval, weighted
from prongsai.scoring.structure import Structure
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
    """One agency. A side is None where nothing of it applies, was given or may be shown; then so is ``score``."""

    code: str
    perception: Interval | None
    effort: Interval | None
    deducted: Decimal
    score: Interval | None
    reasons: tuple[Deduction, ...]


@dataclass(frozen=True)
class Column:
    """One instrument or part, by agency: both ends in units of 1/``UNIT`` point, where it does not apply, and where it
    may not be shown and would come back from a sum.
    """

    low: Integers
    high: Integers
    absent: Mask
    hidden: Mask


@dataclass(frozen=True)
class Basis:
    """What an adjustment is reckoned from: the agencies' codes, and what gives the column of a node."""

    codes: list[str]
    column: Callable[[str], Column]


def basis_of(scores: NationScores, hidden: Mask) -> Basis:
    """A nation as it was scored. ``hidden``: nodes × agencies."""
    told = (scores.state >= COMPUTED) & hidden

    def column(node: str) -> Column:
        place = scores.line(node)
        return Column(scores.low[place], scores.high[place], scores.state[place] == ABSENT, told[place])

    return Basis(scores.nation.agencies["code"].to_list(), column)


def read_adjustment(path: Path, tree: Structure, codes: Iterable[str]) -> Adjustment:
    """Read the assessor's file and check it as ``adjustment_of`` does."""
    return adjustment_of(read(path), tree, codes)


def adjustment_of(file: YamlFile, tree: Structure, codes: Iterable[str]) -> Adjustment:
    """The assessor's file, checked against the framework's tree and the codes of all agencies.

    Raises ``InputError`` with file, line and key: unknown keys, weights that do not add up to 100, instruments that the
    framework lacks, agencies that the nation lacks, efforts without a source.
    """
    try:
        found = Adjustment.model_validate(file.data)
    except ValidationError as error:
        raise InputError(shape_problems(error, file, "adjusted.shape")) from error
    problems = _problems(found, file, tree, set(codes))
    if problems:
        raise InputError(problems)
    return found


def adjusted(adjustment: Adjustment, basis: Basis) -> list[Adjusted]:
    """The adjusted score of every agency, exact or as an interval, in the order of the basis."""
    columns = {node: basis.column(node) for node in (*adjustment.perception.of, *adjustment.effort.of)}
    return [_one(adjustment, columns, line, code) for line, code in enumerate(basis.codes)]


def _one(adjustment: Adjustment, columns: dict[str, Column], line: int, code: str) -> Adjusted:
    sides = [_side(side, columns, line, code) for side in (adjustment.perception, adjustment.effort)]
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


def _side(side: Side, columns: dict[str, Column], line: int, code: str) -> Interval | None:
    if side.scores:
        return Interval.exactly(side.scores[code]) if code in side.scores else None
    weighed = [(Fraction(weight), columns[node]) for node, weight in side.of.items() if weight]
    if any(one.hidden[line] for _, one in weighed):
        return None
    parts = [(weight, _interval(one, line)) for weight, one in weighed if not one.absent[line]]
    return weighted(parts) if parts else None


def _interval(column: Column, line: int) -> Interval:
    return Interval(Fraction(int(column.low[line]), UNIT), Fraction(int(column.high[line]), UNIT))


def _problems(found: Adjustment, file: YamlFile, tree: Structure, codes: set[str]) -> list[Problem]:
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
