"""From any number down to its source: the nodes above, how it came about in words and digits, what it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls.converters import StringConverter

from prongsai.analysis.disclosure import may_show_score, may_show_tally
from prongsai.analysis.explain import explain
from prongsai.framework.model import Confidence, Rule
from prongsai.scoring.interval import written
from prongsai.scoring.score import ScoreSheet, Step, Value
from prongsai.site.base.text import T, pick
from prongsai.site.results.show import Figure, YearResult
from prongsai.site.results.show_words import CONFIDENCE, interval_text

_RULES = {
    "mean": T("ค่าเฉลี่ยของคะแนนต่อไปนี้", "The mean of these scores"),
    "weights": T("ผลรวมของคะแนนต่อไปนี้ถ่วงด้วยน้ำหนัก", "The weighted sum of these scores"),
    "unknown": T(
        "คะแนนต่อไปนี้รวมกันด้วยน้ำหนักที่ไม่ได้เผยแพร่ จึงทราบเพียงช่วงที่คะแนนต้องอยู่",
        "These scores are combined by weights that are not published, so only an interval is known",
    ),
}


class NodeConverter(StringConverter):
    """A node in an address: ``i12``, ``9.1``, ``EIT.1``; within a part ``EIT.1/e1`` for the node ``e1@EIT.1``."""

    regex = r"[A-Za-z0-9.]+(?:/[A-Za-z0-9.]+)?"

    def to_python(self, value: str) -> str:
        """``EIT.1/e1`` → ``e1@EIT.1``."""
        part, _, code = value.rpartition("/")
        return f"{code}@{part}" if part else value

    def to_url(self, value: str) -> str:
        """``e1@EIT.1`` → ``EIT.1/e1``."""
        code, _, part = value.partition("@")
        return f"{part}/{code}" if part else value


@dataclass(frozen=True)
class Place:
    """A node as a link."""

    node: str
    name: str
    title: str


@dataclass(frozen=True)
class Term:
    """One score that a number rests on, with its weight in percent where the rule has weights."""

    place: Place
    figure: Figure
    weight: Decimal | None = None


@dataclass(frozen=True)
class Source:
    """One source of the framework, and what it is."""

    key: str
    text: str


@dataclass(frozen=True)
class Walk:
    """One way in which a number follows: the rule in words and digits, its terms, and where the rule comes from.

    ``withheld``: why the terms are not shown; nothing else is told then.
    """

    how: str
    withheld: str = ""
    terms: tuple[Term, ...] = ()
    left_out: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    formula: str = ""
    result: str = ""
    sources: tuple[Source, ...] = ()
    confidence: Any = ""
    note: str = ""


@dataclass(frozen=True)
class Choice:
    """How many chose an option, and the points it earns."""

    label: str
    count: int
    points: Decimal | None


@dataclass(frozen=True)
class Trace:
    """A number with everything it rests on, one step down; ``lines`` is the whole walk down to the answers."""

    place: Place
    figure: Figure
    crumbs: tuple[Place, ...]
    walks: tuple[Walk, ...]
    choices: tuple[Choice, ...]
    choices_withheld: str
    scale: Walk | None
    given: str
    printed: tuple[str, ...]
    note: str
    lines: tuple[tuple[int, str], ...]


def trace(year: YearResult, node: str) -> Trace | None:
    """How one number came about; None where the framework has no such node."""
    sheet = year.sheet
    value = sheet.values.get(node)
    if value is None:
        return None
    ruling = may_show_score(sheet, node)
    open_ = ruling.shown
    choices, withheld = _choices(sheet, value) if open_ else ((), "")
    leaf = node in sheet.results.tallies
    scale = value.node.leaf.scale if value.node.leaf else None
    return Trace(
        place(year, node),
        year.figure(node),
        tuple(place(year, above) for above in _above(sheet, node)),
        tuple(_walk(year, step) for step in value.steps) if open_ and value.informative and not leaf else (),
        choices,
        withheld,
        _scale_walk(sheet, scale) if open_ and leaf and scale else None,
        written(value.given) if open_ and value.given is not None else "",
        tuple(written(one) for one in sheet.results.printed.get(node, ())) if open_ else (),
        _absent() if value.origin == "absent" else "",
        tuple((depth, line.th) for depth, line in explain(sheet, node).flat() if depth),
    )


def place(year: YearResult, node: str) -> Place:
    """A node as a link."""
    return Place(node, year.name(node), year.title(node))


def _absent() -> str:
    return pick(
        "ไม่มีผู้ตอบหรือไม่เข้าข่ายประเมิน จึงไม่นับรวมในตัวหาร",
        "Nobody answered or it does not apply, so it has left the denominator.",
    )


def _above(sheet: ScoreSheet, node: str) -> list[str]:
    """The nodes from the overall score down to this one; within a part the way leads through the part."""
    path: list[str] = []
    at = node
    while at != "overall":
        part = sheet.structure.nodes[at].part
        parents = [
            found.id for found in sheet.structure.nodes.values() if any(at in way.children for way in found.ways)
        ]
        if not parents:
            # A sub-indicator that no score rests on is only a grouping of its indicator.
            parents = [at.partition(".")[0]] if sheet.structure.nodes[at].kind == "sub_indicator" else ["overall"]
        at = next((one for one in parents if sheet.structure.nodes[one].part == part), parents[0])
        path.append(at)
    return path[::-1]


def _walk(year: YearResult, step: Step) -> Walk:
    sheet, rule = year.sheet, step.way.rule
    how = str(_RULES[rule.kind])
    if step.hypothesis:
        title = pick(step.hypothesis.title.th, step.hypothesis.title.en or step.hypothesis.title.th)
        how = pick(f"ตามสมมติฐานที่เลือก: {title}", f"By the chosen hypothesis: {title}")
    for child in step.children:
        ruling = may_show_score(sheet, child)
        if not ruling.shown:
            return Walk(how, withheld=pick(ruling.th, ruling.en))
    named = dict(zip(step.way.children, step.way.names, strict=True))
    terms = tuple(Term(place(year, child), year.figure(child), _weight(step, named[child])) for child in step.children)
    left_out = tuple(year.name(child) for child in step.absent)
    known = () if step.hypothesis else tuple(_shares(rule))
    return Walk(
        how, "", terms, left_out, known, _formula(step, terms), interval_text(step.value),
        _sources(sheet, rule.source), CONFIDENCE[rule.confidence.value], rule.note or "",
    )  # fmt: skip


def _weight(step: Step, name: str) -> Decimal | None:
    if step.hypothesis:
        return (step.hypothesis.weights or {}).get(name)
    return step.way.rule.weights.get(name)


def _shares(rule: Rule) -> Iterator[str]:
    for share in rule.shares:
        names = " + ".join(share.of)
        yield pick(f"ทราบว่า {names} มีน้ำหนักรวม {share.percent}%", f"{names} together weigh {share.percent}%")


def _formula(step: Step, terms: tuple[Term, ...]) -> str:
    """The rule in digits, with the numbers as they are shown; none where weights are not known."""
    weighted = all(term.weight is not None for term in terms)
    if weighted and terms:
        total = sum((term.weight for term in terms if term.weight is not None), Decimal(0))
        return f"({' + '.join(f'{_digits(t)} × {t.weight:f}' for t in terms)}) ÷ {total:f}"
    pooled = step.hypothesis is not None and step.hypothesis.pooled
    if pooled or (step.way.rule.kind == "unknown" and step.hypothesis is None):
        return ""
    return f"({' + '.join(_digits(term) for term in terms)}) ÷ {len(terms)}"


def _digits(term: Term) -> str:
    return term.figure.text if term.figure.known else "?"


def _sources(sheet: ScoreSheet, keys: tuple[str, ...]) -> tuple[Source, ...]:
    return tuple(Source(key, sheet.framework.sources.get(key, "")) for key in keys)


def _choices(sheet: ScoreSheet, value: Value) -> tuple[tuple[Choice, ...], str]:
    node = value.node
    tally = sheet.results.tallies.get(node.id)
    if tally is None:
        return (), ""
    ruling = may_show_tally(sheet, node.id)
    if not ruling.shown:
        return (), pick(ruling.th, ruling.en)
    if node.leaf is None or node.leaf.scale is None:
        return (), pick("ไม่ทราบตัวเลือกของข้อนี้", "The options of this item are not known.")
    return tuple(
        Choice(
            option.label or pick(f"ตัวเลือก {option.key}", f"Option {option.key}"),
            tally.counts.get(option.key, 0),
            node.leaf.points(option.key),
        )
        for option in node.leaf.scale.options
    ), ""


def _scale_walk(sheet: ScoreSheet, scale: Any) -> Walk:
    how = pick("ตัวเลือกและคะแนนของแต่ละตัวเลือก", "The options and their points")
    confidence: Confidence = scale.confidence
    return Walk(
        how, sources=_sources(sheet, scale.source), confidence=CONFIDENCE[confidence.value], note=scale.note or ""
    )


def level_walk(year: YearResult) -> tuple[list[dict[str, Any]], Walk]:
    """The bands of the level, which of them fits, and where the rules come from."""
    levels = year.sheet.framework.levels
    bands = [
        {
            "name": band.name,
            "overall": written(band.overall_min),
            "component": written(band.component_min) if band.component_min is not None else "",
            "fits": band.name in year.sheet.level.names,
            "passes": band.passes,
            "confidence": CONFIDENCE[band.confidence.value],
        }
        for band in levels.bands
    ]
    how = pick("ระดับแรกจากบนที่เข้าเกณฑ์คือผล", "The first level from the top whose conditions are met is the result")
    sources = _sources(year.sheet, levels.source)
    return bands, Walk(how, sources=sources, confidence=CONFIDENCE[levels.confidence.value], note=levels.note or "")
