"""Distribution: how far agencies lie apart, altogether and by kind, province or ministry."""

from __future__ import annotations

from typing import Any

import numpy as np
from django.http import QueryDict

from prongsai.site.base.text import T, pick
from prongsai.site.nation import draw
from prongsai.site.nation.overview import province_name
from prongsai.site.nation.reading import Reading
from prongsai.site.nation.table import Cell, Column, Table, between, points, share, whole

GROUPS = {"kind": T("ประเภท", "Kind"), "province": T("จังหวัด", "Province"), "ministry": T("กระทรวงหรือสังกัด", "Ministry")}
_FIVE = ("least", "q1", "median", "q3", "most")
_MEANS = ("mean", "weighted")


def build(reading: Reading, asked: QueryDict) -> dict[str, Any]:
    """A histogram of one score over some agencies, and a box for each group."""
    node, by, kind = reading.node(asked), asked.get("by", "kind"), asked.get("kind", "")
    by = by if by in GROUPS else "kind"
    kind = kind if kind in reading.kinds else ""
    rows = list(reading.book.groups_by(by))
    spreads = [reading.book.spread(by, row["group"], node) or {} for row in rows]
    axis = draw.axis_for([spread.get(end) for spread in spreads for end in ("least_low", "most_high")])
    table = _table(reading, node, by, rows, spreads)
    boxes = [draw.box(axis, [_middle(spread, key) for key in _FIVE]) for spread in spreads]
    counts, edges, known, all_of = _histogram(reading, node, kind)
    name = reading.name(node)
    said = pick(f"จำนวนหน่วยงานตามช่วง{name}", f"Agencies by {name}")
    return {
        "node": node,
        "by": by,
        "groups": GROUPS,
        "kind": kind,
        "histogram": draw.histogram(counts, edges, said),
        "bins": [(f"{low:g}–{high:g}", count) for low, high, count in zip(edges, edges[1:], counts, strict=False)],
        "known": known,
        "all_of": all_of,
        "axis": axis,
        "table": table,
        "lines": list(zip(table.rows, boxes, strict=True)),
    }


def _middle(spread: dict[str, Any], key: str) -> float | None:
    low, high = spread.get(f"{key}_low"), spread.get(f"{key}_high")
    return None if low is None or high is None else (low + high) / 2


def _histogram(reading: Reading, node: str, kind: str) -> tuple[list[int], list[float], int, int]:
    """Counts, edges, agencies whose score is exactly known, all agencies."""
    values = reading.book.lines("value", [node])[0]
    if kind:
        values = values[(reading.book.agencies["kind"] == kind).to_numpy()]
    known = values[~np.isnan(values)]
    low = min(draw.axis_for(known.tolist()).low, 95) if len(known) else 0.0
    step = 1.0 if low >= 75 else 2.5
    edges = np.arange(low, 100 + step / 2, step)
    counts, _ = np.histogram(known, edges)
    return counts.tolist(), edges.tolist(), len(known), len(values)


def group_name(reading: Reading, by: str, group: str) -> str:
    """What a group is called; a group without a name says so."""
    if by == "province":
        return province_name(group)
    if by == "kind":
        return reading.kinds.get(group, "") or pick("ไม่ระบุประเภท", "No kind named")
    return group or pick("ไม่ระบุสังกัด", "No ministry named")


def _table(reading: Reading, node: str, by: str, rows: list[dict[str, Any]], spreads: list[dict[str, Any]]) -> Table:
    columns = (
        Column(str(GROUPS[by])),
        Column(pick("หน่วยงาน", "Agencies"), right=True),
        Column(pick("มีคะแนน", "With score"), right=True),
        Column(pick("ค่าเฉลี่ย", "Mean"), right=True),
        Column(pick("ถ่วงน้ำหนักผู้ตอบ", "By respondents"), right=True),
        Column(pick("ส่วนเบี่ยงเบน", "Deviation"), right=True),
        Column(pick("ต่ำสุด", "Lowest"), right=True),
        Column(pick("ควอร์ไทล์ 1", "Quartile 1"), right=True),
        Column(pick("มัธยฐาน", "Median"), right=True),
        Column(pick("ควอร์ไทล์ 3", "Quartile 3"), right=True),
        Column(pick("สูงสุด", "Highest"), right=True),
        Column(pick("95 ขึ้นไป", "95 or more"), right=True),
        Column(pick("ผ่านแน่นอน", "Surely pass"), right=True),
        Column(pick("อาจผ่าน", "May pass"), right=True),
    )
    lines = []
    for row, spread in zip(rows, spreads, strict=True):
        ends = {
            key: between(spread.get(f"{key}_low"), spread.get(f"{key}_high")) for key in (*_FIVE, "mean", "weighted")
        }
        query = {by: row["group"]} if by in ("kind", "province") and row["group"] else {}
        lines.append(
            (
                Cell(
                    group_name(reading, by, row["group"]),
                    href=reading.address("league", score=node, **query) if query else "",
                ),
                whole(row["agencies"]),
                whole(spread.get("scored", 0)),
                ends["mean"],
                ends["weighted"],
                points(spread.get("sd")),
                *(ends[key] for key in _FIVE),
                share(spread.get("high_surely", 0), spread.get("scored", 0)),
                share(row["surely"], row["agencies"]),
                share(row["possibly"], row["agencies"]),
            )
        )
    name = reading.name(node)
    caption = pick(f"การกระจายของ{name} ตาม{GROUPS[by]}", f"Distribution of {name} by {str(GROUPS[by]).lower()}")
    return Table(caption, columns, lines)
