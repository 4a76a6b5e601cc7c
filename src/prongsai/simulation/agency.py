"""One invented agency: answer sheets drawn from a latent level, inspector's verdicts, and the truth behind both.

The truth of an item is the score that endless respondents would give it; the sheets are one draw from it.
"""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass, field
from fractions import Fraction
from io import StringIO
from pathlib import Path
from typing import Any

from prongsai.framework import Framework
from prongsai.scoring.results import Results
from prongsai.scoring.results_file import Agency
from prongsai.scoring.sheets import Sheet, count
from prongsai.scoring.structure import Leaf, Node, Structure, at_part, structure
from prongsai.scoring.tally import Moments, Tally
from prongsai.yaml_file import dump

_PLACES = ("ดอนสมมติ", "บ้านตัวอย่าง", "หนองจำลอง", "ท่าทดลอง", "โคกสมมุติ", "เวียงจำลอง")


@dataclass(frozen=True)
class Spec:
    """What to simulate. ``quality`` 0–1: how good the answers are; ``spread``: how much people differ.

    ``staff`` is the head count, of which ``respondents`` answer each survey; ``disclosed`` is the chance that
    an OIT item passes; ``missing`` the chance that an answer is left out.
    """

    framework: Framework
    seed: int = 1
    staff: int = 120
    respondents: int = 60
    quality: float = 0.86
    spread: float = 0.16
    disclosed: float = 0.9
    missing: float = 0.01


@dataclass(frozen=True)
class Simulated:
    """An invented agency: its results as counted, the sheets they were counted from, the verdicts, the truth.

    ``truth`` is by node id of items and rows: the expected score, exact.
    """

    spec: Spec
    results: Results
    sheets: dict[str, list[Sheet]]
    verdicts: dict[str, str]
    truth: dict[str, Fraction] = field(default_factory=dict)

    def write(self, folder: Path) -> Path:
        """Write the results file, one CSV of sheets per survey, and the truth; returns the results file."""
        folder.mkdir(parents=True, exist_ok=True)
        for container, rows in self.sheets.items():
            (folder / f"{container}.csv").write_text(_csv(rows), encoding="utf-8-sig")
        data: dict[str, Any] = {
            "agency": self.results.agency.model_dump(exclude_none=True),
            "framework": self.spec.framework.id,
            "fiscal_year": self.spec.framework.fiscal_year,
            "sheets": {container: f"{container}.csv" for container in self.sheets},
            "verdicts": self.verdicts,
            "population": self.results.population,
            "source": f"ข้อมูลจำลอง (seed {self.spec.seed}) มิใช่ผลการประเมินของหน่วยงานจริง",
        }
        path = folder / "results.yaml"
        path.write_text(dump({key: value for key, value in data.items() if value}), encoding="utf-8")
        truth = {node: f"{float(value):.6f}" for node, value in self.truth.items()}
        (folder / "truth.yaml").write_text(dump(truth), encoding="utf-8")
        return path


def simulate(spec: Spec) -> Simulated:
    """Draw one agency. The same spec gives the same agency on every machine."""
    dice = random.Random(spec.seed)  # noqa: S311 - drawn the same on every machine; nothing secret
    tree = structure(spec.framework)
    agency_level = min(0.99, max(0.05, dice.gauss(spec.quality, 0.06)))
    sheets: dict[str, list[Sheet]] = {}
    tallies: dict[str, Tally] = {}
    moments: dict[str, Moments] = {}
    truth: dict[str, Fraction] = {}
    verdicts: dict[str, str] = {}
    for inst in spec.framework.instruments:
        if inst.kind == "checklist":
            drawn = _verdicts(tree, inst.code, spec, dice)
            verdicts |= drawn
            tallies |= {code: Tally({verdict: 1}) for code, verdict in drawn.items()}
            continue
        for container in [part.code for part in inst.parts] or [inst.code]:
            rows, expected = _survey(tree, container, spec, (dice, agency_level))
            sheets[container] = rows
            truth |= expected
            counted, moments[container] = count(rows, tree, container, f"{container}.csv")
            tallies |= counted
    results = Results(
        agency=Agency(name=f"หน่วยงานจำลอง{dice.choice(_PLACES)} {spec.seed}", kind="other", staff=spec.staff),
        framework=spec.framework,
        name=f"simulated-{spec.seed}",
        tallies=tallies,
        moments=moments,
        respondents={container: len(rows) for container, rows in sheets.items()},
        population={next(iter(sheets)): spec.staff} if sheets else {},
        source="ข้อมูลจำลอง",
    )
    return Simulated(spec, results, sheets, verdicts, truth)


def _verdicts(tree: Structure, instrument: str, spec: Spec, dice: random.Random) -> dict[str, str]:
    """A verdict for every item of a checklist: its best or its worst option."""
    drawn: dict[str, str] = {}
    for node in tree.of_kind("item"):
        if node.instrument != instrument or node.leaf is None or node.leaf.scale is None:
            continue
        ordered = sorted(node.leaf.scale.options, key=lambda option: option.points)
        drawn[node.code] = ordered[-1 if dice.random() < spec.disclosed else 0].key
    return drawn


def _survey(
    tree: Structure, container: str, spec: Spec, latent: tuple[random.Random, float]
) -> tuple[list[Sheet], dict[str, Fraction]]:
    """Sheets of one survey: a person's level moves all answers, an item's difficulty moves all people's."""
    dice, agency_level = latent
    part = container if tree.nodes[container].kind == "part" else None
    instrument = tree.nodes[container].instrument or container
    leaves = [n for n in tree.nodes.values() if n.leaf and n.instrument == instrument and n.part == part]
    chances = {node.code: _chances(node, agency_level + dice.gauss(0, 0.05)) for node in leaves}
    truth = {
        at_part(node.code, part): _expected(node.leaf, chances[node.code])
        for node in leaves
        if node.leaf and chances[node.code]
    }
    rows = []
    for _ in range(spec.respondents):
        shift = dice.gauss(0, spec.spread)
        row: Sheet = {}
        for code, options in chances.items():
            answered = bool(options) and dice.random() >= spec.missing
            row[code] = _draw(options, dice.random() - shift) if answered else ""
        rows.append(row)
    return rows, truth


def _chances(node: Node, level: float) -> list[tuple[str, float]]:
    """Options from the one that earns least to the one that earns most, with their chances at a level.

    Empty where scale or polarity is unknown: such items get no answers.
    """
    leaf = node.leaf
    if leaf is None or leaf.scale is None or leaf.polarity == "unknown":
        return []
    ordered = sorted(leaf.scale.options, key=lambda option: leaf.points(option.key) or 0)
    steps = len(ordered) - 1
    level = min(0.995, max(0.005, level))
    weights = [_binomial(steps, position, level) for position in range(steps + 1)]
    return [(option.key, weight) for option, weight in zip(ordered, weights, strict=True)]


def _binomial(n: int, k: int, p: float) -> float:
    ways = 1.0
    for step in range(k):
        ways = ways * (n - step) / (step + 1)
    return ways * p**k * (1 - p) ** (n - k)


def _draw(options: list[tuple[str, float]], luck: float) -> str:
    """The option at a point of the cumulated chances; a person's shift moves the point up or down."""
    total = 0.0
    for key, chance in options:
        total += chance
        if luck < total:
            return key
    return options[-1][0]


def _expected(leaf: Leaf, options: list[tuple[str, float]]) -> Fraction:
    return sum(
        (Fraction(leaf.points(key) or 0) * Fraction(chance).limit_denominator(10**9) for key, chance in options),
        Fraction(0),
    )


def _csv(rows: list[Sheet]) -> str:
    out = StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]) if rows else [])
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
