"""The sheets that R and we compute on: ``python tests/national/r/sheets.py > tests/national/r/sheets.csv``.

A small nation of one survey with a frame (IIT: 15 items, staff known) and one without (EIT.1: 9 items), as in the
framework of fiscal year 2568: 40 agencies from a latent level, half of them near the ceiling, then one agency for each
pitfall, then the golden examples A and B (as indicator 2, whose items have six options), which were worked out twice
elsewhere. Cells are points; an empty cell is no answer; a line without cells is an empty sheet.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator

import numpy as np

SEED, PLAIN = 11, 40
ITEMS = {"IIT": 15, "EIT.1": 9}
YES_NO = (3, 9)  # of both; the others have six options
GOLDEN = {
    "golden A": (24, "100 80 60 100 40 80 100 20", "80 80 60 100 20 100 80 40", "100 60 80 100 40 80 100 0"),
    "golden B": (
        40, "100 80 . 60 100 40 80 . 20 100", "80 . 60 60 100 20 . . 40 80", "100 60 80 . 80 40 60 . 20 100",
    ),
}  # fmt: skip
Sheets = list[list[int | None]]


def main() -> None:
    """Write the CSV to standard output."""
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["survey", "agency", "case", "people", *(f"q{item}" for item in range(1, max(ITEMS.values()) + 1))])
    for agency, (case, people, sheets) in enumerate(cases(), start=1):
        for survey, found in sheets.items():
            frame = people if survey == "IIT" else ""
            for sheet in found:
                cells = ["" if value is None else value for value in sheet]
                out.writerow([survey, agency, case, frame, *cells, *[""] * (max(ITEMS.values()) - len(cells))])


def cases() -> Iterator[tuple[str, int, dict[str, Sheets]]]:
    """Each agency's case, number of staff, and sheets by survey."""
    random = np.random.default_rng(SEED)
    for turn in range(PLAIN):
        people = int(random.integers(8, 60))
        n = max(4, int(people * random.uniform(0.1, 0.7)))
        mean = random.normal(1.6 if turn % 2 else 0.4, 0.3)
        yield "plain", people, {name: drawn(random, n, items, mean) for name, items in ITEMS.items()}

    def some(n: int) -> dict[str, Sheets]:
        return {name: drawn(random, n, items, 0.6) for name, items in ITEMS.items()}

    yield "one sheet", 9, some(1)
    yield "two sheets", 9, some(2)
    yield "everybody", 14, some(14)
    yield "more sheets than people", 7, some(9)
    yield "all best", 30, {name: [[100] * items] * 12 for name, items in ITEMS.items()}
    yield "all equal", 30, {name: [level(80, items)] * 12 for name, items in ITEMS.items()}
    for case, answers in (("nobody answered q2", 0), ("q2 answered once", 1)):
        sheets = some(11)
        for found in sheets.values():
            for sheet in found[answers:]:
                sheet[1] = None
            if answers:
                found[0][1] = 60
        yield case, 25, sheets
    for case, (people, *columns) in GOLDEN.items():
        rows = zip(*(column.split() for column in columns), strict=True)
        golden = [[None if cell == "." else int(cell) for cell in row] for row in rows]
        yield case, people, {"IIT": [[*[None] * 3, *row, *[None] * 9] for row in golden]}


def level(points: int, items: int) -> list[int | None]:
    """A sheet of the same answer throughout, as far as an item has it."""
    return [100 if item in YES_NO else points for item in range(1, items + 1)]


def drawn(random: np.random.Generator, n: int, items: int, mean: float) -> Sheets:
    """Answers of n people: a level of their own for each person and item, cut into 0, 20 … 100; 3 % missing."""
    latent = mean + random.normal(0, 0.8, (n, 1)) + random.normal(0, 0.3, items) + random.normal(0, 0.6, (n, items))
    points = np.clip(np.floor(latent * 40 + 50) // 20 * 20, 0, 100).astype(int)
    for item in YES_NO:
        points[:, item - 1] = np.where(latent[:, item - 1] > 0, 100, 0)
    missing = random.random((n, items)) < 0.03
    missing[n - 1] |= n > 9  # an empty sheet
    return [
        [None if gone else int(x) for x, gone in zip(*row, strict=True)] for row in zip(points, missing, strict=True)
    ]


if __name__ == "__main__":
    main()
