"""Printed scores for tests of repair: those of the examples, and consistent ones of invented agencies."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

from prongsai.framework import Framework, for_year
from prongsai.reading.glyphs import usual_costs
from prongsai.reading.repair import Change, Repair, Shown, repair_prints
from prongsai.reading.repairing.equations import binding_equations
from prongsai.scoring.interval import shown
from prongsai.scoring.results import load_results
from prongsai.scoring.score import score
from prongsai.simulation import Spec, simulate
from prongsai.thai.digits import to_arabic, to_thai

EXAMPLES = Path(__file__).parents[2] / "examples"
Texts = Mapping[str, str | Sequence[str]]


def mend(year: int, texts: Texts, level: str | None = None, *, learn: bool = True) -> Repair:
    """Repair texts by node, several where several were printed."""
    prints = [Shown(n, text) for n, found in texts.items() for text in ([found] if isinstance(found, str) else found)]
    return repair_prints(for_year(year), prints, level, learn=learn)


def example(name: str) -> tuple[Framework, dict[str, list[str]], str | None]:
    """The printed numbers of an example, in Thai digits, and its level."""
    results = load_results(EXAMPLES / name / "results.yaml")
    texts = {node: [to_thai(f"{value:.2f}")] for node, value in results.given.items()}
    texts |= {node: [to_thai(f"{value:.2f}") for value in values] for node, values in results.printed.items()}
    return results.framework, texts, results.level


def to(repaired: Repair) -> dict[str, str]:
    """Decided changes as node → number."""
    return {change.node: str(change.number) for change in repaired.decided}


def change(repaired: Repair, node: str) -> Change:
    [found] = [change for change in repaired.changes if change.node == node]
    return found


@cache
def consistent(year: int, seed: int, *, respondents: int = 60, thai: bool = True) -> dict[str, str]:
    """All scores that a report of an invented agency would print; what no rule gives is invented as well."""
    framework = for_year(year)
    drawn = simulate(Spec(framework, seed=seed, respondents=respondents, missing=0.0)).results
    parts = [h.name for i in framework.instruments if i.rules.parts for h in i.rules.parts.hypotheses][:1]
    sheet = score(drawn, parts)
    parted = {i.code for i in framework.instruments if i.parts}
    exact: dict[str, Fraction] = {}
    for node in sheet.structure.nodes.values():
        value = sheet.values[node.id].score
        inside = node.part is not None and node.kind != "part"
        if value is None or inside or node.kind == "row" or (node.kind == "item" and node.instrument in parted):
            continue
        exact[node.id] = value
    if "overall" not in exact:  # nobody knows how the items of the checklist weigh
        dice = random.Random(seed)
        exact |= {number: Fraction(dice.choice((10_000, 9_500, 8_650, 8_000)), 100) for number in ("9", "10")}
        exact["OIT"] = (exact["9"] + exact["10"]) / 2
        exact["overall"] = (3 * exact["IIT"] + 3 * exact["EIT"] + 4 * exact["OIT"]) / 10
    texts = {node: str(shown(value)) for node, value in exact.items()}
    return {node: to_thai(text) for node, text in texts.items()} if thai else texts


@dataclass(frozen=True)
class Planted:
    """Consistent scores with some digits confused."""

    year: int
    true: dict[str, str]
    printed: dict[str, str]

    @property
    def nodes(self) -> set[str]:
        """The nodes that were spoiled."""
        return {node for node in self.true if self.true[node] != self.printed[node]}


def planted(year: int, seed: int, count: int, *, respondents: int = 60) -> Planted:
    """Confuse one glyph in each of some numbers that equations cover, common confusions more often."""
    true = consistent(year, seed, respondents=respondents)
    dice = random.Random(seed * 100 + count)
    equations = binding_equations(for_year(year), true.keys())
    covered = sorted({node for e in equations if not e.unprinted for node in e.nodes})
    printed = dict(true)
    while sum(printed[node] != true[node] for node in printed) < count:
        node = dice.choice(covered)
        text = true[node]
        place = dice.choice([place for place, glyph in enumerate(text) if glyph != "."])
        options = usual_costs().alternatives(text[place])
        glyph = dice.choices([g for g, _ in options], [10 ** (-cost / 10) for _, cost in options])[0]
        new = text[:place] + glyph + text[place + 1 :]
        plain = to_arabic(new)
        if Decimal(plain) <= 100 and (plain[0] != "0" or plain[1] == "."):
            printed[node] = new
    return Planted(year, true, printed)
