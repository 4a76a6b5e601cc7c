"""Numbers beside the official score, for the assessor alone: shrunk estimates, and the assessor's own adjusted score.

Neither is the official score or decides a level, and the page and its files say so.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from django.core.paginator import Paginator
from django.http import QueryDict
from numpy.typing import NDArray

from prongsai.national.adjusted import NOT_OFFICIAL_EN, NOT_OFFICIAL_TH, Adjusted, Basis, adjustment_of
from prongsai.national.adjusted import Column as Ends
from prongsai.national.adjusted import adjusted as adjusted_by
from prongsai.national.book import WITHHELD, Book
from prongsai.national.columns import ABSENT, TOP, UNIT
from prongsai.national.small_area import Shrunk, shrink
from prongsai.national.uncertain import Estimates
from prongsai.scoring.interval import Interval, shown
from prongsai.scoring.structure import structure
from prongsai.site.base.text import T, pick
from prongsai.site.files.models import Stored
from prongsai.site.nation.models import NationAdjustment
from prongsai.site.nation.reading import Reading, kept
from prongsai.site.nation.table import Cell, Column, Lazy, Row, Table, between, points
from prongsai.yaml_file import YamlFile, parse

PAGE = 50
WHAT = {"shrunk": T("ค่าประมาณแบบหดเข้าหาประเภท", "Shrunk estimates"), "adjusted": T("คะแนนปรับ", "Adjusted score")}


def build(reading: Reading, asked: QueryDict) -> dict[str, Any]:
    """One of the two, agencies with the highest first."""
    what = asked.get("what", "") if asked.get("what", "") in WHAT else "shrunk"
    found = _shrunk(reading, asked) if what == "shrunk" else _adjusted(reading)
    rows = found["rows"]
    page = Paginator(rows, PAGE).get_page(asked.get("page"))
    not_official = pick(NOT_OFFICIAL_TH, NOT_OFFICIAL_EN) if what == "adjusted" else ""
    caption = pick(f"{WHAT[what]} (มิใช่คะแนนทางการ)", f"{WHAT[what]} (not official)")
    return {
        **found,
        "what": what,
        "whats": WHAT,
        "not_official": not_official,
        "page": page,
        "shown": Table(caption, found["columns"], list(page)),
        "table": Table(caption, found["columns"], rows) if len(rows) else None,
    }


# --- shrunk estimates


def _shrunk(reading: Reading, asked: QueryDict) -> dict[str, Any]:
    every = shrunk_of(reading)
    usual = next(iter(every), "")
    node = asked.get("score", "") if asked.get("score", "") in every else usual
    columns = (
        Column(pick("หน่วยงาน", "Agency")),
        Column(pick("ประเภท", "Kind")),
        Column(pick("คะแนนจริง", "Score itself"), right=True),
        Column(pick("ค่าประมาณแบบหด", "Shrunk estimate"), right=True),
        Column(pick("รากของค่าคลาดเคลื่อนกำลังสองเฉลี่ย", "Root mean squared error"), right=True),
        Column(pick("ค่าคาดหมายของประเภท", "Expected of its kind"), right=True),
        Column(pick("น้ำหนักของคะแนนจริง", "Weight of the score"), right=True),
    )
    lines: list[int] = []
    if node:
        order = np.argsort(-np.nan_to_num(every[node].shrunk, nan=-1), kind="stable")
        lines = [int(line) for line in order if not np.isnan(every[node].shrunk[line])]

    def row(line: int) -> Row:
        one, about = every[node], reading.book.row(line)
        return (
            Cell(about["name"], href=reading.address("agency", about["code"], score=node)),
            Cell(reading.kinds.get(about["kind"], "")),
            *(points(float(values[line])) for values in (one.direct, one.shrunk, one.rmse, one.expected)),
            Cell(f"{100 * one.kept[line]:.1f} %", round(100 * float(one.kept[line]), 1)),
        )

    nodes = [(name, reading.name(name)) for name in every]
    return {"node": node, "nodes": nodes, "columns": columns, "rows": Lazy(row, lines), "adjustment": None}


def shrunk_of(reading: Reading) -> dict[str, Shrunk]:
    """The shrunk estimates of each upper score that rests on a sample, in a result where they can be made."""
    return _shrunk_of((reading.file.sha256, reading.file.pk), tuple(reading.nodes))


@lru_cache(maxsize=4)
def _shrunk_of(file: tuple[str, int], nodes: tuple[str, ...]) -> dict[str, Shrunk]:
    book = kept(*file)
    kinds = book.agencies["kind"].rank("dense").to_numpy().astype(np.int64)
    found = {}
    for node in nodes:
        value, se = book.lines("value", [node]), book.lines("se", [node])
        nothing = np.full_like(value, np.nan)
        reason = book.reason[[book.line(node)]].astype(np.int8)
        one = shrink(Estimates((node,), value, se, nothing, nothing, nothing, reason), node, kinds)
        if np.isfinite(one.variance):  # a checklist is no sample
            found[node] = one
    return found


# --- the adjusted score


def _adjusted(reading: Reading) -> dict[str, Any]:
    kept_file = reading.round.nation_adjustments.select_related("file", "by").first()
    columns = (
        Column(pick("หน่วยงาน", "Agency")),
        Column(pick("คะแนนทางการ", "Official score"), right=True),
        Column(pick("การรับรู้", "Perception"), right=True),
        Column(pick("ความพยายาม", "Effort"), right=True),
        Column(pick("หักคะแนน", "Deducted"), right=True),
        Column(pick("คะแนนปรับ (มิใช่คะแนนทางการ)", "Adjusted (not official)"), right=True),
        Column(pick("เหตุที่หักคะแนน", "Reasons")),
    )
    empty: dict[str, Any] = {"nodes": [], "node": "", "columns": columns, "rows": [], "adjustment": kept_file}
    if kept_file is None:
        return empty
    found = adjusted_of(reading, kept_file)
    at = reading.book.line("overall")

    def row(line: int) -> Row:
        one, about, numbers = found[line], reading.book.row(line), reading.book
        reasons = " · ".join(f"{each.points} {each.reason} ({each.source})" for each in one.reasons)
        return (
            Cell(about["name"], href=reading.address("agency", about["code"])),
            between(_known(numbers.low[at, line]), _known(numbers.high[at, line])),
            *(_ends(value) for value in (one.perception, one.effort)),
            points(float(one.deducted)) if one.deducted else Cell("–"),
            _ends(one.score),
            Cell(reasons),
        )

    order = sorted(range(len(found)), key=lambda line: (found[line].score is None, -_upper(found[line])))
    return {**empty, "rows": Lazy(row, order), "known": sum(one.score is not None for one in found)}


def adjusted_of(reading: Reading, adjustment: NationAdjustment) -> list[Adjusted]:
    """The adjusted score of every agency, in the order of the result."""
    file, own = reading.file, adjustment.file
    return list(_adjusted_of((file.sha256, file.pk), (own.sha256, own.pk)))


@lru_cache(maxsize=4)
def _adjusted_of(file: tuple[str, int], adjustment: tuple[str, int]) -> tuple[Adjusted, ...]:
    book, stored = kept(*file), Stored.objects.get(pk=adjustment[1])
    told = adjustment_of(as_yaml(stored.read(), stored.name), structure(book.framework), book.agencies["code"])
    return tuple(adjusted_by(told, basis_of(book)))


def as_yaml(data: bytes, name: str) -> YamlFile:
    """The text of an adjustment; what is no UTF-8 was not taken in."""
    return parse(data.decode("utf-8-sig"), name)


def basis_of(book: Book) -> Basis:
    """What an adjustment is reckoned from: all digits where the score is known, else the two that are shown."""

    def column(node: str) -> Ends:
        value, low, high = (book.lines(name, [node])[0] for name in ("value", "low", "high"))
        state = book.state[book.line(node)]
        ends = (_units(value, low, 0), _units(value, high, TOP))
        return Ends(*ends, state == ABSENT, state == WITHHELD)

    return Basis(book.agencies["code"].to_list(), column)


def _units(value: NDArray[np.float64], end: NDArray[np.float64], unknown: int) -> NDArray[np.int64]:
    """Units of a score. Where it is known, a float of the file is away from it by some units (10⁻¹² of a point)."""
    exact = np.rint(np.nan_to_num(value) * UNIT).astype(np.int64)
    about = np.rint(np.nan_to_num(end) * 100).astype(np.int64) * (UNIT // 100)
    return np.where(~np.isnan(value), exact, np.where(np.isnan(end), unknown, about))


def _ends(value: Interval | None) -> Cell:
    return Cell("–") if value is None else between(float(shown(value.low)), float(shown(value.high)))


def _upper(one: Adjusted) -> float:
    return float(one.score.high) if one.score else 0.0


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
