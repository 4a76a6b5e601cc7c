"""Heat map: indicators against kinds of agency, provinces or ministries, each cell with its mean."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from prongsai.national.book import upper
from prongsai.site.base.text import T, pick
from prongsai.site.nation import draw
from prongsai.site.nation.reading import Reading
from prongsai.site.nation.spread import GROUPS, group_name
from prongsai.site.nation.table import Cell, Column, Table, between

WHAT = {"indicator": T("ตัวชี้วัด", "Indicators"), "instrument": T("เครื่องมือและส่วน", "Instruments and parts")}


def build(reading: Reading, asked: QueryDict) -> dict[str, Any]:
    """The means of all indicators in each group, in five shades."""
    by, what = asked.get("by", "kind"), asked.get("what", "indicator")
    whats = WHAT | {
        part: pick(f"ตัวชี้วัดของ {reading.name(part)}", f"Indicators of {reading.name(part)}") for part in reading.parts
    }
    by, what = by if by in GROUPS else "kind", what if what in whats else "indicator"
    nodes = _nodes(reading, what)
    rows = list(reading.book.groups_by(by))
    every = [_line(reading, by, row["group"], nodes) for row in rows]
    nation = _line(reading, "nation", "", nodes)
    limits = draw.shades([middle for line in every for middle, _ in line])
    name = str(whats[what])
    columns = (
        Column(str(GROUPS[by])),
        Column(pick("หน่วยงาน", "Agencies"), right=True),
        *(Column(_short(reading, node), right=True) for node in nodes),
    )
    lines = [
        _cells(group_name(reading, by, row["group"]), row["agencies"], line, limits)
        for row, line in zip(rows, every, strict=True)
    ]
    whole_row = next(reading.book.groups_by("nation"))
    lines.insert(0, _cells(pick("ทั้งประเทศ", "Nation"), whole_row["agencies"], nation, limits))
    by_name = GROUPS[by]
    caption = pick(
        f"ค่าเฉลี่ยของหน่วยงาน: {name} ตาม{by_name}", f"Means of agencies: {name.lower()} by {str(by_name).lower()}"
    )
    return {
        "by": by,
        "groups": GROUPS,
        "what": what,
        "whats": whats,
        "names": [(node, _short(reading, node), reading.title(node)) for node in nodes],
        "legend": draw.legend(limits),
        "table": Table(caption, columns, lines),
    }


def _nodes(reading: Reading, what: str) -> list[str]:
    if what == "instrument":
        return [node for node in upper(reading.book.framework) if node != "overall"]
    return reading.of_kind("indicator", part=None if what == "indicator" else what)


def _short(reading: Reading, node: str) -> str:
    """A column's head; which part it is of stands in the choice above."""
    return reading.name(node).partition(" (")[0]


def _line(reading: Reading, by: str, group: str, nodes: list[str]) -> list[tuple[float | None, Cell]]:
    """For each node what its shade follows and what its cell says."""
    found = []
    for node in nodes:
        spread = reading.book.spread(by, group, node) or {}
        low, high = spread.get("mean_low"), spread.get("mean_high")
        found.append((None if low is None or high is None else (low + high) / 2, between(low, high)))
    return found


def _cells(name: str, agencies: int, line: list[tuple[float | None, Cell]], limits: list[float]) -> tuple[Cell, ...]:
    means = (Cell(cell.text, cell.number, tone=f"s{draw.shade(middle, limits)}") for middle, cell in line)
    return (Cell(name), Cell(f"{agencies:,}", agencies), *means)
