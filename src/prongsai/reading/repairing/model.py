"""What a repair says: changes with their glyphs and evidence, numbers in question, alternatives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from prongsai.analysis.respondents import Implied
from prongsai.reading.glyphs import Glyph
from prongsai.reading.repairing.equations import Equation
from prongsai.thai.digits import to_arabic

DECIDED = 0.9  # the share of the evidence from which a number counts as decided
WORTH_NAMING = 0.01


@dataclass(frozen=True)
class Misprint:
    """One printed text that differs from the number proposed. ``glyphs`` is None where they are no confusion."""

    text: str
    times: int
    meant: str
    glyphs: tuple[Glyph, ...] | None


@dataclass(frozen=True)
class Choice:
    """A number that a node may show, with its share of the evidence; ``number`` None: another one altogether."""

    number: Decimal | None
    share: float


@dataclass(frozen=True)
class Change:
    """A node whose printed numbers do not all stand.

    ``number`` is the best proposal, None where the printed number is a wrong one that no confusion of glyphs
    explains. ``decided`` says whether the proposal is safe; if not, ``choices`` are the numbers in question.
    ``implied``: for a wrong number, the scores (shown) that its children imply. ``covered``: some equation in which
    every score was printed holds the node; without one nothing is decided.
    """

    node: str
    printed: tuple[str, ...]
    number: Decimal | None
    decided: bool
    choices: tuple[Choice, ...]
    misprints: tuple[Misprint, ...]
    evidence: tuple[str, ...]
    implied: tuple[Decimal, Decimal] | None = None
    covered: bool = True

    def stands(self, number: Decimal | None) -> bool:
        """Whether a number is one of those printed."""
        return any(Decimal(to_arabic(text)) == number for text in self.printed)

    def as_json(self) -> dict[str, Any]:
        """The shape of a finding's ``repair``, below the node's id."""
        shape: dict[str, Any] = {
            "from": list(self.printed),
            "to": f"{self.number:f}" if self.number is not None and self.decided else None,
            "decided": self.decided,
            "glyphs": [
                {"text": m.text, "meant": m.meant, "place": g.place + 1, "from": g.printed, "to": g.meant}
                for m in self.misprints
                for g in m.glyphs or ()
            ],
            "evidence": list(self.evidence),
        }
        if not self.decided:
            shape["candidates"] = [
                {"value": f"{c.number:f}" if c.number is not None else None, "share": round(c.share, 3)}
                for c in self.choices
            ]
        return shape


@dataclass(frozen=True)
class Alternative:
    """Another set of changes that makes the equations hold, dearer than the best by ``more`` decibans."""

    more: int
    numbers: Mapping[str, Decimal | None]


@dataclass(frozen=True)
class Repair:
    """What repairing a set of printed scores came to.

    ``numbers``: the best number of every printed node, changed or not (None: given up). ``broken``: nodes
    that do not follow from what is printed below them. ``unsolved``: tops of trees too tangled to mend.
    ``cost``: decibans, 0 when all holds as printed.
    """

    cost: int = 0
    changes: tuple[Change, ...] = ()
    numbers: Mapping[str, Decimal | None] = field(default_factory=dict)
    broken: tuple[str, ...] = ()
    equations: tuple[Equation, ...] = ()
    respondents: Mapping[str, Implied] = field(default_factory=dict)
    alternatives: tuple[Alternative, ...] = ()
    unsolved: tuple[str, ...] = ()

    @property
    def decided(self) -> tuple[Change, ...]:
        """The changes that are safe."""
        return tuple(change for change in self.changes if change.decided)

    @property
    def undecided(self) -> tuple[Change, ...]:
        """The changes that are not decidable; each names its candidates."""
        return tuple(change for change in self.changes if not change.decided)

    def as_json(self) -> dict[str, Any]:
        """All changes by node."""
        return {change.node: change.as_json() for change in self.changes}
