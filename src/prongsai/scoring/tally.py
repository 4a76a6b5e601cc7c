"""What scoring needs from a survey: how many chose each option, and the sums that standard errors need."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from prongsai.scoring.structure import Leaf


@dataclass(frozen=True)
class Tally:
    """Respondents per option of one item row. An empty tally: nobody answered, or the item does not apply."""

    counts: dict[str, int]

    @property
    def respondents(self) -> int:
        """How many answered."""
        return sum(self.counts.values())

    @property
    def unanimous(self) -> bool:
        """Whether all answers are equal, so that a score gives every single answer away."""
        return sum(1 for count in self.counts.values() if count) == 1

    def score(self, leaf: Leaf) -> Fraction | None:
        """The exact mean of the points of the chosen options; None where nobody answered.

        Raises ``LookupError`` where the framework does not know the points of an option.
        """
        total = Fraction(0)
        for option, count in self.counts.items():
            points = leaf.points(option)
            if points is None:
                raise LookupError(option)
            total += Fraction(points) * count
        return total / self.respondents if self.respondents else None

    def __add__(self, other: Tally) -> Tally:
        keys = [*self.counts, *(key for key in other.counts if key not in self.counts)]
        return Tally({key: self.counts.get(key, 0) + other.counts.get(key, 0) for key in keys})


@dataclass
class Moments:
    """Sums over the sheets of one agency and instrument part; mergeable, never published.

    ``sheets`` counts every sheet, an empty one too. For each pair of item rows k ≤ l, over the sheets that
    answered both: how many (``n``), Σx_k (``first``), Σx_l (``second``), Σx_k·x_l (``product``). Points are
    integers (``scale`` times the points). Formulas: survey statistics, one-pass integer form.
    """

    rows: tuple[str, ...]
    scale: int = 1
    sheets: int = 0
    n: dict[tuple[str, str], int] = field(default_factory=dict)
    first: dict[tuple[str, str], int] = field(default_factory=dict)
    second: dict[tuple[str, str], int] = field(default_factory=dict)
    product: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, sheet: dict[str, int]) -> None:
        """Add one sheet: row → integer points, unanswered rows left out."""
        self.sheets += 1
        answered = [row for row in self.rows if row in sheet]
        for position, k in enumerate(answered):
            for l in answered[position:]:  # noqa: E741 - k and l are the names of the formula
                pair = (k, l)
                self.n[pair] = self.n.get(pair, 0) + 1
                self.first[pair] = self.first.get(pair, 0) + sheet[k]
                self.second[pair] = self.second.get(pair, 0) + sheet[l]
                self.product[pair] = self.product.get(pair, 0) + sheet[k] * sheet[l]

    def as_data(self) -> dict[str, Any]:
        """Plain data of the sums, for keeping; ``of_data`` gives the same moments."""
        pairs = [[k, l, self.n[k, l], self.first[k, l], self.second[k, l], self.product[k, l]] for k, l in self.n]  # noqa: E741
        return {"rows": list(self.rows), "scale": self.scale, "sheets": self.sheets, "pairs": pairs}

    @classmethod
    def of_data(cls, data: dict[str, Any]) -> Moments:
        """What ``as_data`` wrote."""
        made = cls(tuple(data["rows"]), data["scale"], data["sheets"])
        for k, l, n, first, second, product in data["pairs"]:  # noqa: E741 - as in the formula
            pair = (k, l)
            made.n[pair], made.first[pair], made.second[pair], made.product[pair] = n, first, second, product
        return made

    def __add__(self, other: Moments) -> Moments:
        if self.rows != other.rows or self.scale != other.scale:
            raise ValueError("moments of different rows cannot be added")
        merged = Moments(self.rows, self.scale, self.sheets + other.sheets)
        for name in ("n", "first", "second", "product"):
            mine, theirs = getattr(self, name), getattr(other, name)
            setattr(merged, name, {p: mine.get(p, 0) + theirs.get(p, 0) for p in {**mine, **theirs}})
        return merged
