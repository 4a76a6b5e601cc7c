"""The figures of the service-point summary: scores by unit and item, with what may not be shown left out for good.

Pages are made of ``Figures`` alone, so a hidden number cannot reach one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from prongsai.analysis.disclosure import beside_their_total
from prongsai.errors import InputError, Problem
from prongsai.framework import Framework
from prongsai.scoring.results import Results
from prongsai.scoring.results_file import Agency
from prongsai.scoring.score import ScoreSheet, score
from prongsai.scoring.structure import Structure, structure
from prongsai.scoring.tally import Tally

Half = Literal[1, 2]


@dataclass(frozen=True)
class UnitAnswers:
    """The answers given at one unit (counter): tallies by item code, or by row (``s3.2``)."""

    name: str
    tallies: Mapping[str, Tally]


@dataclass(frozen=True)
class Period:
    """Half a fiscal year (1: October to March, 2: April to September) of ``year`` (B.E.)."""

    year: int
    half: Half
    units: tuple[UnitAnswers, ...]


@dataclass(frozen=True)
class Figures:
    """One line of the tables: respondents, overall score and scores by item, None where not shown or not asked."""

    name: str
    shown: bool
    respondents: int | None = None
    overall: Fraction | None = None
    items: Mapping[str, Fraction | None] | None = None

    def item(self, code: str) -> Fraction | None:
        """The score of an item."""
        return (self.items or {}).get(code)


@dataclass(frozen=True)
class PeriodFigures:
    """What may be shown of a period: every unit in the order given, and all units together."""

    units: tuple[Figures, ...]
    total: Figures

    def unit(self, name: str) -> Figures | None:
        """A unit by name."""
        return next((unit for unit in self.units if unit.name == name), None)


def figures(framework: Framework, period: Period) -> PeriodFigures:
    """The figures of a period under the framework's k.

    Raises ``InputError`` for units named twice, items or options that the framework does not have.
    """
    tree = structure(framework)
    _check(tree, period)
    counts = {unit.name: {node: tally.respondents for node, tally in unit.tallies.items()} for unit in period.units}
    ruling = beside_their_total(counts, framework.disclosure.k)
    units = tuple(
        Figures(unit.name, False) if unit.name in ruling.hidden else _line(framework, unit.name, unit.tallies)
        for unit in period.units
    )
    pooled: dict[str, Tally] = {}
    for unit in period.units:
        for node, tally in unit.tallies.items():
            pooled[node] = pooled.get(node, Tally({})) + tally
    gone = {node.partition(".")[0] for node in ruling.totals}  # an item goes with any of its rows
    kept = {node: tally for node, tally in pooled.items() if node.partition(".")[0] not in gone}
    total = _line(framework, "รวม", kept)
    if not ruling.overall:
        total = Figures("รวม", bool(kept), None, None, total.items)
    return PeriodFigures(units, total)


def year_scores(framework: Framework, periods: tuple[Period, ...]) -> dict[str, Fraction]:
    """The overall score of each unit over all periods, of units shown in every one: else a half could be subtracted."""
    shown = [{line.name for line in figures(framework, period).units if line.shown} for period in periods]
    found: dict[str, Fraction] = {}
    for unit in periods[0].units:
        if all(unit.name in names for names in shown):
            pooled: dict[str, Tally] = {}
            for period in periods:
                answers = next(other for other in period.units if other.name == unit.name)
                for node, tally in answers.tallies.items():
                    pooled[node] = pooled.get(node, Tally({})) + tally
            overall = _sheet(framework, unit.name, pooled).score("overall")
            if overall is not None:
                found[unit.name] = overall
    return found


def _sheet(framework: Framework, name: str, tallies: Mapping[str, Tally]) -> ScoreSheet:
    return score(Results(Agency(name=name), framework, tallies=dict(tallies)))


def _line(framework: Framework, name: str, tallies: Mapping[str, Tally]) -> Figures:
    answered = {node: tally for node, tally in tallies.items() if tally.respondents}
    if not answered:
        return Figures(name, False)
    sheet = _sheet(framework, name, answered)
    items = {node.id: sheet.score(node.id) for node in structure(framework).of_kind("item")}
    most = max(tally.respondents for tally in answered.values())
    return Figures(name, True, most, sheet.score("overall"), items)


def _check(tree: Structure, period: Period) -> None:
    problems: list[Problem] = []
    names = [unit.name for unit in period.units]
    where = f"{period.year}/{period.half}"
    if not names or len(set(names)) < len(names):
        problems.append(Problem("documents.units", where, "ต้องมีหน่วยบริการอย่างน้อยหนึ่งหน่วย และชื่อต้องไม่ซ้ำกัน",
                                "expected units with different names", "โปรดตรวจสอบชื่อหน่วยบริการ"))  # fmt: skip
    for unit in period.units:
        for name, tally in unit.tallies.items():
            leaf = tree.nodes[name].leaf if name in tree.nodes else None
            if leaf is None or any(leaf.points(option) is None for option in tally.counts):
                problems.append(Problem("documents.tallies", f"{where} {unit.name} {name}",
                                        "ข้อคำถามหรือตัวเลือกไม่มีในกรอบการประเมิน",
                                        "the framework has no such item, row or option", ""))  # fmt: skip
    if problems:
        raise InputError(problems)
