"""The first page: the nation in figures, its levels, and the provinces as tiles."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from django.http import QueryDict

from prongsai.site.base.text import pick
from prongsai.site.nation import draw
from prongsai.site.nation.reading import Reading
from prongsai.site.nation.table import Cell, Column, Table, between, share, whole
from prongsai.yaml_file import read


@lru_cache(maxsize=1)
def places() -> dict[str, tuple[int, int, str, str]]:
    """Province → column, row, sign, English name."""
    data = read(Path(__file__).parent / "provinces.yaml").data
    found = {}
    for row, line in enumerate(data["rows"]):
        for column, sign in enumerate(line.split()):
            if sign != ".":
                th, en = data["names"][sign]
                found[th] = (column, row, sign, en)
    return found


def province_name(name: str) -> str:
    """A province in the reader's language."""
    found = places().get(name)
    return pick(name, found[3] if found else name) or pick("ไม่ระบุจังหวัด", "No province named")


def build(reading: Reading, asked: QueryDict) -> dict[str, Any]:
    """Figures of one score for the nation and each province."""
    node = reading.node(asked)
    rows = {row["group"]: row for row in reading.book.groups_by("province")}
    spreads = {name: reading.book.spread("province", name, node) or {} for name in rows}
    means = {name: _middle(spread) for name, spread in spreads.items()}
    limits = draw.shades(list(means.values()))
    nation = reading.book.spread("nation", "", node) or {}
    whole_row = next(reading.book.groups_by("nation"))
    return {
        "node": node,
        "name": reading.name(node),
        "interval_only": node == reading.usual != "overall",
        "nation": {
            "mean": between(nation.get("mean_low"), nation.get("mean_high")).text,
            "weighted": between(nation.get("weighted_low"), nation.get("weighted_high")).text,
            "respondents": nation.get("respondents", 0),
            "scored": nation.get("scored", 0),
        },
        "surely": whole_row["surely"],
        "possibly": whole_row["possibly"],
        "agencies": whole_row["agencies"],
        "passing": _passing(whole_row),
        "levels": _levels(reading),
        "tiles": _tiles(reading, node, spreads, means, limits),
        "legend": draw.legend(limits),
        "table": _table(reading, node, rows, spreads),
    }


def _middle(spread: dict[str, Any]) -> float | None:
    """The mean, or the middle of the interval that it lies in: for a shade, never for a number."""
    low, high = spread.get("mean_low"), spread.get("mean_high")
    return None if low is None or high is None else (low + high) / 2


def _passing(row: dict[str, Any]) -> str:
    if not row["agencies"]:
        return "–"
    low, high = (100 * row[key] / row["agencies"] for key in ("surely", "possibly"))
    return f"{low:.1f} %" if row["surely"] == row["possibly"] else f"{low:.1f}–{high:.1f} %"


def _levels(reading: Reading) -> dict[str, Any]:
    """How many agencies have each level, and how many may still have several."""
    counts: dict[str, int] = {band.name: 0 for band in reading.book.framework.levels.bands}
    open_ = 0
    for names in reading.book.agencies["levels"].to_list():
        if len(names) == 1:
            counts[names[0]] += 1
        else:
            open_ += 1
    rows = [(name, count, f"level{place}") for place, (name, count) in enumerate(counts.items())]
    total = sum(counts.values()) + open_
    if open_:
        rows.append((pick("ยังเป็นได้หลายระดับ", "Several levels possible"), open_, "level-open"))
    said = ", ".join(f"{name} {count:,}" for name, count, _ in rows)
    return {
        "rows": [(name, f"{count:,}", share(count, total).text, tone) for name, count, tone in rows],
        "drawing": draw.parts([(tone, count) for _, count, tone in rows], said),
    }


def _tiles(
    reading: Reading, node: str, spreads: dict[str, Any], means: dict[str, float | None], limits: list[float]
) -> Any:
    found = []
    for name, (column, row, sign, _) in places().items():
        spread, mean = spreads.get(name) or {}, means.get(name)
        number = between(spread.get("mean_low"), spread.get("mean_high")).text
        count = spread.get("scored", 0)
        short = "–" if mean is None else f"{mean:.1f}"
        said = pick(
            f"{sign} {short} {name} ค่าเฉลี่ย {number} จาก {count:,} หน่วยงาน",
            f"{sign} {short} {province_name(name)}: mean {number}, {count:,} agencies",
        )
        found.append(
            draw.Tile(
                column,
                row,
                sign,
                short,
                said,
                reading.address("league", province=name, score=node),
                draw.shade(mean, limits),
            )
        )
    return draw.tiles(found, pick("จังหวัดเรียงตามที่ตั้งโดยประมาณ", "Provinces, roughly where they lie"))


def _table(reading: Reading, node: str, rows: dict[str, Any], spreads: dict[str, Any]) -> Table:
    name = reading.name(node)
    columns = (
        Column(pick("จังหวัด", "Province")),
        Column(pick("หน่วยงาน", "Agencies"), right=True),
        Column(pick("มีคะแนน", "With score"), right=True),
        Column(pick("ค่าเฉลี่ยหน่วยงาน", "Mean of agencies"), right=True),
        Column(pick("ถ่วงน้ำหนักผู้ตอบ", "By respondents"), right=True),
        Column(pick("มัธยฐาน", "Median"), right=True),
        Column(pick("ต่ำสุด", "Lowest"), right=True),
        Column(pick("สูงสุด", "Highest"), right=True),
        Column(pick("ผ่านแน่นอน", "Surely pass"), right=True),
        Column(pick("อาจผ่าน", "May pass"), right=True),
    )
    lines = []
    for group, row in rows.items():
        spread = spreads[group]
        ends = [between(spread.get(f"{key}_low"), spread.get(f"{key}_high")) for key in ("mean", "weighted", "median")]
        lines.append(
            (
                Cell(province_name(group), href=reading.address("league", province=group, score=node)),
                whole(row["agencies"]),
                whole(spread.get("scored", 0)),
                *ends,
                between(spread.get("least_low"), spread.get("least_high")),
                between(spread.get("most_low"), spread.get("most_high")),
                share(row["surely"], row["agencies"]),
                share(row["possibly"], row["agencies"]),
            )
        )
    caption = pick(f"{name} ตามจังหวัด ตัวหารคือหน่วยงานที่มีคะแนน", f"{name} by province; of the agencies with a score")
    return Table(caption, columns, lines)
