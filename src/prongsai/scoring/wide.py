"""The wide layout of many answer sheets: one row per respondent, one column per item row, options as positions.

A cell holds the position of the chosen option in its scale, from 0 (as packed answers do), or null for no answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from prongsai.framework import Framework
from prongsai.scoring.sheets import integer_points
from prongsai.scoring.structure import Structure

ABSENT = -1  # a verdict's cell where the item does not apply


@dataclass(frozen=True)
class WideRow:
    """One item row: the node it counts for, its option keys in the scale's order, and ``scale`` times their points."""

    code: str
    node: str
    options: tuple[str, ...]
    points: tuple[int, ...]


@dataclass(frozen=True)
class Layout:
    """The columns of one survey, part or checklist. ``scale``: the factor that makes all points integers.

    ``all_rows`` are the codes of every row of the container, in the order of ``Moments``; ``rows`` those whose
    scale and polarity are known, which are the columns.
    """

    container: str
    kind: str
    rows: tuple[WideRow, ...]
    scale: int
    all_rows: tuple[str, ...]

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Where each row's options begin when the options of all rows stand side by side; one more: their number."""
        places = [0]
        for row in self.rows:
            places.append(places[-1] + len(row.options))
        return tuple(places)

    @cached_property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """All pairs of different rows, by position, k < l."""
        count = len(self.rows)
        return tuple((one, other) for one in range(count) for other in range(one + 1, count))


def layout(tree: Structure, container: str) -> Layout:
    """The wide layout of an instrument or part. Raises ``KeyError`` for what is neither."""
    node = tree.nodes[container]
    part = container if node.kind == "part" else None
    instrument = node.instrument or container
    found = [n for n in tree.nodes.values() if n.leaf and n.instrument == instrument and n.part == part]
    points, scale = integer_points({n.code: n.leaf for n in found if n.leaf})
    kind = next(inst.kind for inst in tree.framework.instruments if inst.code == instrument)
    rows = tuple(
        WideRow(n.code, n.id, keys, tuple(points[n.code][key] for key in keys))
        for n in found
        if n.leaf and n.leaf.scale and (keys := tuple(option.key for option in n.leaf.scale.options)) and points[n.code]
    )
    return Layout(container, kind, rows, scale, tuple(n.code for n in found))


def containers(framework: Framework, kind: str) -> tuple[str, ...]:
    """What is collected apart: the parts of an instrument, or the instrument itself (``survey``, ``checklist``)."""
    return tuple(
        code
        for inst in framework.instruments
        if inst.kind == kind
        for code in ([part.code for part in inst.parts] or [inst.code])
    )


# A nation's folder: these columns beside the rows, and these keys in the metadata of every file of sheets.
AGENCY, RESPONDENT = "agency", "respondent"
NATION_FILE, AGENCIES_FILE = "nation.yaml", "agencies.parquet"


def marks(framework: Framework, container: str) -> dict[str, str]:
    """What a file of sheets or verdicts says of itself, so that two versions are never mixed."""
    return {
        "prongsai.framework": framework.id,
        "prongsai.version": str(framework.version),
        "prongsai.container": container,
    }
