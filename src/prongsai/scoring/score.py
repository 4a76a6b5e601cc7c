"""Scores one agency exactly: fractions from the answers up, intervals where something is not known.

At every node three things may be known: what was counted below it, what was given for it, and what
follows from given values below it. Counted wins, then given, then computed; whatever was given and also
follows is compared, and a difference above 0.01 is reported, never silently mended.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Literal

from prongsai.errors import InputError, Problem
from prongsai.framework import Confidence, Framework
from prongsai.framework.model import Hypothesis, Part, Rule
from prongsai.scoring.interval import ANY, CENT, Group, Interval, between, mean, shown, weighted, written
from prongsai.scoring.level import LevelResult, decide
from prongsai.scoring.results import Results
from prongsai.scoring.structure import Node, Structure, Way, structure

Origin = Literal["counted", "given", "computed", "absent", "unknown"]
TOLERANCE = Fraction(CENT)


@dataclass(frozen=True)
class Step:
    """How a value followed: the way, the children that had a score, those that left, the hypothesis used."""

    way: Way
    children: tuple[str, ...]
    absent: tuple[str, ...]
    value: Interval
    hypothesis: Hypothesis | None = None


@dataclass(frozen=True)
class Value:
    """The score of one node and where it comes from.

    ``origin``: ``counted`` from answers or verdicts all the way, ``given`` as official number, ``computed``
    from given numbers, ``absent`` (nobody answered, or not applicable: it left the denominator), ``unknown``.
    """

    node: Node
    interval: Interval
    origin: Origin
    given: Decimal | None = None
    steps: tuple[Step, ...] = ()
    note: str | None = None

    @property
    def score(self) -> Fraction | None:
        """The exact score, or None where only an interval is known."""
        return self.interval.low if self.interval.exact and self.origin not in ("absent", "unknown") else None

    @property
    def informative(self) -> bool:
        """Whether anything at all is known of it."""
        return self.origin not in ("absent", "unknown")


@dataclass(frozen=True)
class Disagreement:
    """Two numbers for one node that differ by more than 0.01.

    ``kind``: ``given`` (the official number against what follows from below), ``printed`` (another number
    printed for the same node), ``ways`` (two ways of computing), ``level``.
    """

    node: str
    kind: Literal["given", "printed", "ways", "level"]
    found: str
    computed: dict[str, str] | str | list[str]
    rule: str
    confidence: Confidence
    th: str


@dataclass(frozen=True)
class Unknown:
    """A number that cannot be known, why, and what would settle it."""

    node: str
    reason: str
    th: str
    interval: Interval | None = None


@dataclass(frozen=True)
class ScoreSheet:
    """The exact scores of one agency at every level, each with its trace (สรุปผลคะแนนการประเมิน)."""

    results: Results
    values: dict[str, Value]
    level: LevelResult
    unknown: tuple[Unknown, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    assumed: tuple[str, ...] = ()
    structure: Structure = field(repr=False, default=None)  # type: ignore[assignment]

    @property
    def framework(self) -> Framework:
        """The framework scored by."""
        return self.results.framework

    @cached_property
    def smallest_groups(self) -> dict[tuple[str, str | None], int]:
        """The smallest number of people who answered anything, by instrument and part (None: all its parts)."""
        nodes = self.structure.nodes
        counts = [(name, tally.respondents) for name, tally in self.results.tallies.items() if tally.respondents]
        smallest: dict[tuple[str, str | None], int] = {}
        for name, count in [*counts, *self.results.respondents.items()]:
            node = nodes.get(name)
            if node is None or node.instrument is None:
                continue
            part = name if node.kind == "part" else node.part
            every_part = [other.code for other in self.parts_of(node.instrument)] if part is None else [part]
            for key in ((node.instrument, None), *((node.instrument, one) for one in every_part)):
                smallest[key] = min(count, smallest.get(key, count))
        return smallest

    def parts_of(self, instrument: str) -> tuple[Part, ...]:
        """The parts of an instrument; empty where it is collected as a whole."""
        return next((inst.parts for inst in self.framework.instruments if inst.code == instrument), ())

    def score(self, node: str) -> Fraction | None:
        """The exact score of a node, or None."""
        value = self.values.get(node)
        return value.score if value else None


def score(results: Results, assume: Iterable[str] = ()) -> ScoreSheet:
    """Score what is known of one agency.

    ``assume`` names hypotheses of the framework to use where its rules are unknown; the sheet says so.
    Raises ``InputError`` for a hypothesis that the framework does not have.
    """
    return _Evaluation(results, tuple(assume)).run()


def hypotheses(framework: Framework) -> dict[str, Hypothesis]:
    """All hypotheses a framework offers, by name."""
    found: dict[str, Hypothesis] = {}
    for node in structure(framework).nodes.values():
        for way in node.ways:
            found.update({hypothesis.name: hypothesis for hypothesis in way.rule.hypotheses})
    return found


class _Evaluation:
    def __init__(self, results: Results, assume: tuple[str, ...]) -> None:
        self.results = results
        self.tree = structure(results.framework)
        self.values: dict[str, Value] = {}
        self.disagreements: list[Disagreement] = []
        self.unknown: list[Unknown] = []
        self.assume = assume
        # Nodes that some score above rests on; sub-indicators without a known rule are only groupings.
        self.climbed = {child for node in self.tree.nodes.values() for way in node.ways for child in way.children}
        known = hypotheses(results.framework)
        for name in assume:
            if name not in known:
                offered = ", ".join(known) or "-"
                raise InputError(
                    Problem(
                        "score.assume",
                        f"--assume {name}",
                        f"กรอบ {results.framework.id} ไม่มีสมมติฐาน “{name}”",
                        f"{results.framework.id} has no hypothesis {name!r}; it offers: {offered}",
                        f"สมมติฐานที่เลือกได้: {offered}",
                    )
                )

    def run(self) -> ScoreSheet:
        for node in self.tree.nodes.values():
            self.values[node.id] = self._value(node)
        level = decide(
            self.results.framework,
            self.values["overall"].interval,
            {
                name: self.values[name].interval
                for name in self.results.framework.levels.components
                if self.values[name].origin != "absent"
            },
            self.results.level,
        )
        self._compare_level(level)
        self._compare_printed()
        return ScoreSheet(
            self.results,
            self.values,
            level,
            tuple(self.unknown),
            tuple(self.disagreements),
            self.assume,
            self.tree,
        )

    def _value(self, node: Node) -> Value:
        given = self.results.given.get(node.id)
        if node.id in self.results.tallies:
            return self._counted(node, given)
        steps = [step for way in node.ways if (step := self._step(way))]
        children = [self.values[child] for step in steps for child in step.children]
        informative = [step for step in steps if any(self.values[c].informative for c in step.children)]
        computed = self._meet(node, informative)
        if computed == ANY:
            if given is None and informative:
                self._say_interval(node, ANY, informative)
            computed = None  # nothing follows from what is known below
        if (
            computed
            and informative
            and all(self.values[c].origin == "counted" for step in informative for c in step.children)
            and computed.exact
        ):
            self._compare(node, given, computed, informative)
            return Value(node, computed, "counted", given, tuple(informative))
        if given is not None:
            if computed:
                self._compare(node, given, computed, informative)
            return Value(node, Interval.exactly(given), "given", given, tuple(informative))
        if computed:
            if not computed.exact:
                self._say_interval(node, computed, informative)
            return Value(node, computed, "computed", None, tuple(informative))
        if node.ways and steps and not children and any(step.absent for step in steps):
            return Value(node, ANY, "absent", None, tuple(steps))
        return Value(node, ANY, "unknown", None, tuple(steps))

    def _counted(self, node: Node, given: Decimal | None) -> Value:
        tally = self.results.tallies[node.id]
        assert node.leaf is not None
        try:
            exact = tally.score(node.leaf)
        except LookupError:
            self.unknown.append(
                Unknown(
                    node.id,
                    "points",
                    f"ไม่ทราบคะแนนของตัวเลือกหรือทิศทางของข้อ {node.code} จึงแปลงจำนวนผู้ตอบเป็นคะแนนไม่ได้",
                )
            )
            if given is not None:
                return Value(node, Interval.exactly(given), "given", given)
            return Value(node, ANY, "unknown")
        if exact is None:
            return Value(node, ANY, "absent", given, note="ไม่มีผู้ตอบหรือไม่เข้าข่ายประเมิน จึงไม่นับรวมในตัวหาร")
        interval = Interval.exactly(exact)
        self._compare(node, given, interval, [])
        return Value(node, interval, "counted", given)

    def _step(self, way: Way) -> Step | None:
        """The value that one way gives, from the children that have not left the denominator."""
        present = [
            (child, name)
            for child, name in zip(way.children, way.names, strict=True)
            if self.values[child].origin != "absent"
        ]
        absent = tuple(child for child in way.children if self.values[child].origin == "absent")
        if not present:
            return Step(way, (), absent, ANY)
        intervals = {name: self.values[child].interval for child, name in present}
        hypothesis = next((h for h in way.rule.hypotheses if h.name in self.assume), None)
        if hypothesis and hypothesis.pooled and not all(self.results.respondents.get(name) for name in intervals):
            hypothesis = None  # pooling needs the respondents of each part: say that it stays unknown
        gone = [name for name in way.names if name not in intervals]
        value = combine(way.rule, intervals, hypothesis, self.results.respondents, gone)
        return Step(way, tuple(child for child, _ in present), absent, value, hypothesis)

    def _meet(self, node: Node, steps: list[Step]) -> Interval | None:
        """What all ways say together; a contradiction between two ways is reported and the first one kept."""
        result: Interval | None = None
        for step in steps:
            if result is None:
                result = step.value
                continue
            both = result.meet(step.value)
            if both is None and not _near(result, step.value):
                self.disagreements.append(
                    Disagreement(
                        node.id,
                        "ways",
                        str(result.as_json()),
                        step.value.as_json(),
                        step.way.rule.kind,
                        step.way.rule.confidence,
                        f"{label(node)} คำนวณจากสองทางได้ไม่ตรงกัน",
                    )
                )
            result = both or result
        return result

    def _compare(self, node: Node, given: Decimal | None, computed: Interval, steps: list[Step]) -> None:
        if given is None or _near(Interval.exactly(given), computed):
            return
        if self._part_not_stated(node, steps):
            text = f"ค่าเฉลี่ยของข้อคือ {shown(computed.low)} แต่คะแนนรายข้อไม่ได้ระบุว่าเป็นของส่วนใด จึงเทียบกันไม่ได้"
            self.unknown.append(Unknown(node.id, "part", f"{label(node)} ระบุไว้ {written(given)} {text}", computed))
            return
        rule = steps[0].way.rule if steps else None
        if computed.exact:
            text = f"คำนวณได้ {shown(computed.low)}"
        else:
            text = f"คำนวณได้ระหว่าง {shown(computed.low)} ถึง {shown(computed.high)}"
        self.disagreements.append(
            Disagreement(
                node.id,
                "given",
                written(given),
                computed.as_json(),
                rule.kind if rule else "tally",
                rule.confidence if rule else Confidence.CONFIRMED,
                f"{label(node)} ระบุไว้ {written(given)} แต่{text}",
            )
        )

    def _part_not_stated(self, node: Node, steps: list[Step]) -> bool:
        """Whether a node was computed from item scores of an instrument with parts that name no part.

        How parts combine is not published, so such scores bind nothing above them.
        """
        parted = any(inst.parts for inst in self.results.framework.instruments if inst.code == node.instrument)
        children = [self.values[child] for step in steps for child in step.children]
        return parted and node.part is None and any(c.node.kind == "item" and c.origin == "given" for c in children)

    def _compare_printed(self) -> None:
        for name, printed in self.results.printed.items():
            value = self.values[name]
            for number in printed:
                if value.informative and not _near(Interval.exactly(number), value.interval):
                    self.disagreements.append(
                        Disagreement(
                            name,
                            "printed",
                            written(number),
                            value.interval.as_json(),
                            "printed",
                            Confidence.CONFIRMED,
                            f"{label(value.node)} พิมพ์ไว้อีกแห่งเป็น {written(number)}",
                        )
                    )

    def _compare_level(self, level: LevelResult) -> None:
        given = self.results.level
        if given and given not in level.computed:
            self.disagreements.append(
                Disagreement(
                    "level",
                    "level",
                    given,
                    list(level.computed),
                    "levels",
                    self.results.framework.levels.confidence,
                    f"ระบุระดับ “{given}” แต่ตามเกณฑ์ควรเป็น “{' หรือ '.join(level.computed)}”",
                )
            )
        if len(level.names) > 1:
            missing = [
                name for name in self.results.framework.levels.components if not self.values[name].interval.exact
            ]
            why = f"เพราะยังไม่ทราบคะแนน {', '.join(missing)}" if missing else "เพราะยังไม่ทราบคะแนนรวมที่แน่นอน"
            self.unknown.append(Unknown("level", "level", f"ระดับยังเป็นได้หลายระดับ ({', '.join(level.names)}) {why}"))

    def _say_interval(self, node: Node, computed: Interval, steps: list[Step]) -> None:
        if node.kind in ("item", "row") or (node.part is not None and node.kind != "part"):
            return  # said once, at the indicator or part above
        if node.id not in self.climbed and node.kind != "overall":
            return  # no score rests on it
        said = {found.node for found in self.unknown}
        missing = [c for s in steps for c in s.children if self.values[c].origin == "unknown" and c not in said]
        vague = [step.way.rule for step in steps if step.way.rule.kind == "unknown" and not step.hypothesis]
        span = f"ต้องอยู่ระหว่าง {shown(computed.low)} ถึง {shown(computed.high)}"
        if missing:
            why = f"ยังไม่มีคะแนน {', '.join(missing[:6])}{' …' if len(missing) > 6 else ''}"
            reason = "missing"
        elif vague:
            names = [h.name for rule in vague for h in rule.hypotheses]
            why = "กรอบการประเมินไม่ได้เผยแพร่น้ำหนักของคะแนนที่นำมารวม"
            why += f" (คำนวณตามสมมติฐานได้ด้วย --assume {' หรือ '.join(names)})" if names else ""
            reason = "rule"
        else:
            why = "คะแนนที่นำมารวมยังไม่แน่นอน"
            reason = "below"
        self.unknown.append(Unknown(node.id, reason, f"{label(node)} {span} เพราะ{why}", computed))


def combine(
    rule: Rule,
    values: dict[str, Interval],
    hypothesis: Hypothesis | None = None,
    respondents: dict[str, int] | None = None,
    absent: Collection[str] = (),
) -> Interval:
    """A rule applied to the children that have a score, by name; linear, so it holds for differences too.

    ``respondents`` by part is what a pooled hypothesis weighs with; without them it stays unknown. ``absent``
    names the children that left the denominator.
    """
    if hypothesis and hypothesis.pooled:
        counts = {name: (respondents or {}).get(name, 0) for name in values}
        if all(counts.values()):
            return weighted([(Fraction(counts[name]), value) for name, value in values.items()])
    elif hypothesis and hypothesis.weights:
        return weighted([(Fraction(hypothesis.weights[name]), value) for name, value in values.items()])
    elif hypothesis or rule.kind == "mean":
        return mean(list(values.values()))
    if rule.kind == "weights":
        return weighted([(Fraction(rule.weights[name]), value) for name, value in values.items()])
    groups: list[Group] = []
    rest = dict(values)
    left = Fraction(100)
    for share in rule.shares:
        percent = Fraction(share.percent)
        left -= percent
        members = [rest.pop(name) for name in share.of if name in rest]
        if members:
            # With a child that left the denominator went a part of the share that is not known.
            groups.append(Group(percent if len(members) == len(share.of) else Fraction(0), percent, members))
    if rest and left:
        shared = {name for share in rule.shares for name in share.of}
        whole = all(name in shared for name in absent)
        groups.append(Group(left if whole else Fraction(0), left, list(rest.values())))
    return between(groups)


def _near(first: Interval, second: Interval) -> bool:
    """Whether two intervals touch within the tolerance of two rounded numbers."""
    return first.low - second.high <= TOLERANCE and second.low - first.high <= TOLERANCE


_KIND_TH = {
    "instrument": "เครื่องมือ ",
    "part": "องค์ประกอบ ",
    "indicator": "ตัวชี้วัดที่ ",
    "sub_indicator": "ตัวชี้วัดย่อยที่ ",
    "item": "ข้อ ",
    "row": "ข้อย่อย ",
}


def label(node: Node) -> str:
    """How a node is called in a Thai sentence: คะแนนรวม, ตัวชี้วัดที่ 3, ข้อ i12 (EIT.1)."""
    if node.kind == "overall":
        return "คะแนนรวม"
    part = f" ({node.part})" if node.part and node.kind != "part" else ""
    return f"{_KIND_TH[node.kind]}{node.code}{part}"
