"""One agency against its peers: agencies of its kind, then all."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from numpy.typing import NDArray

from prongsai.national.book import STATES
from prongsai.site.base.text import T, pick
from prongsai.site.nation import draw
from prongsai.site.nation.items import items_of
from prongsai.site.nation.league import interval_text, level_text
from prongsai.site.nation.movers import change_of, no_change_reason
from prongsai.site.nation.overview import province_name
from prongsai.site.nation.reading import Reading
from prongsai.site.nation.table import Cell, Column, Table, between, known, points, whole

Numbers = dict[str, NDArray[Any]]  # what the book has of one agency, by node
_FIVE = ("least", "q1", "median", "q3", "most")
PEERS = {
    "kind": T("หน่วยงานประเภทเดียวกัน", "Agencies of its kind"),
    "province": T("หน่วยงานในจังหวัดเดียวกัน", "Agencies of its province"),
    "nation": T("ทุกหน่วยงาน", "All agencies"),
}
STATE_TEXT = {
    "absent": T("ไม่เข้าข่ายประเมิน", "not assessed"),
    "unknown": T("ยังไม่ทราบ", "not known"),
    "withheld": T("ไม่แสดง กลุ่มเล็ก", "withheld, small group"),
}


def build(reading: Reading, asked: QueryDict, code: str) -> dict[str, Any] | None:
    """What is known of one agency beside its peers; None where the result does not have it."""
    line = reading.book.places.get(code)
    if line is None:
        return None
    about, numbers = reading.book.row(line), reading.book.numbers_of(line)
    by = asked.get("peers", "kind") if asked.get("peers", "kind") in PEERS else "kind"
    group = "" if by == "nation" else about[by]
    above = [*reading.nodes, *reading.of_kind("indicator")]
    rows = [_Row(reading, numbers, node, (by, group)) for node in (*above, *items_of(reading, ""))]
    axis = draw.axis_for([end for row in rows[: len(above)] for end in row.drawn])
    peers = PEERS[by]
    caption = pick(f"คะแนนของ{about['name']} เทียบกับ{peers}", f"{about['name']} beside its peers ({str(peers).lower()})")
    changes = [change_of(reading, code, node) for node in reading.nodes]
    return {
        "about": about,
        "code": code,
        "kind_name": reading.kinds.get(about["kind"], ""),
        "province_name": province_name(about["province"]),
        "level": level_text(about["levels"]),
        "league_address": reading.address("league", province=about["province"]),
        "by": by,
        "peers": PEERS,
        "heads": [_head(reading, about, node, numbers) for node in reading.nodes],
        "table": Table(caption, _columns(), [row.cells for row in rows]),
        "lines": [(row.cells, row.drawing(axis), row.node in reading.nodes) for row in rows[: len(above)]],
        "items": [(row.cells, row.drawing(axis), False) for row in rows[len(above) :]],
        "axis": axis,
        "changes": [
            (reading.name(node), change, no_change_reason(reading, node))
            for node, change in zip(reading.nodes, changes, strict=True)
        ],
    }


def _head(reading: Reading, about: dict[str, Any], node: str, numbers: Numbers) -> dict[str, Any]:
    """One upper score: figure, interval by chance, ranks."""
    at = reading.book.line(node)
    state = STATES[numbers["state"][at]]
    low, high = known(numbers["low95"][at]), known(numbers["high95"][at])
    return {
        "node": node,
        "name": reading.name(node),
        "title": reading.title(node),
        "text": between(known(numbers["low"][at]), known(numbers["high"][at])).text,
        "why": STATE_TEXT.get(state, ""),
        "interval": interval_text(low, high, int(numbers["reason"][at])),
        "sampled": low != high,
        "ranks": [
            {
                "where": where,
                **{one: about[f"{one}{within} {node}"] for one in ("rank", "best", "worst", "of")},
            }
            for where, within in (
                (pick("ทั้งประเทศ", "in the nation"), ""),
                (pick("ประเภทเดียวกัน", "among its kind"), " in kind"),
            )
            if about[f"rank{within} {node}"]
        ],
    }


def _columns() -> tuple[Column, ...]:
    return (
        Column(pick("คะแนน", "Score of")),
        Column(pick("ชื่อ", "Name")),
        Column(pick("หน่วยงานนี้", "This agency"), right=True),
        Column(pick("ต่ำสุด 95 %", "Low 95%"), right=True),
        Column(pick("สูงสุด 95 %", "High 95%"), right=True),
        Column(pick("มัธยฐานของกลุ่ม", "Peers’ median"), right=True),
        Column(pick("ควอร์ไทล์ 1", "Quartile 1"), right=True),
        Column(pick("ควอร์ไทล์ 3", "Quartile 3"), right=True),
        Column(pick("กลุ่มเทียบ", "Peers"), right=True),
    )


class _Row:
    """One score of the agency, and the same score over its peers."""

    def __init__(self, reading: Reading, numbers: Numbers, node: str, peers: tuple[str, str]) -> None:
        book, at = reading.book, reading.book.line(node)
        self.node = node
        self.spread = book.spread(*peers, node) or {}
        self.low, high = known(numbers["low"][at]), known(numbers["high"][at])
        self.value = known(numbers["value"][at])
        own = between(self.low, high)
        if self.low is None:
            own = Cell(str(STATE_TEXT.get(STATES[numbers["state"][at]], "–")))
        ends = {key: between(self.spread.get(f"{key}_low"), self.spread.get(f"{key}_high")) for key in _FIVE}
        self.cells = (
            Cell(reading.name(node)),
            Cell(reading.title(node)),
            own,
            points(known(numbers["low95"][at])),
            points(known(numbers["high95"][at])),
            ends["median"],
            ends["q1"],
            ends["q3"],
            whole(self.spread.get("scored", 0)),
        )

    @property
    def five(self) -> list[float | None]:
        """The peers' box; none where it is known as intervals only."""
        exact = all(self.spread.get(f"{key}_low") == self.spread.get(f"{key}_high") for key in _FIVE)
        return [self.spread.get(f"{key}_low") for key in _FIVE] if exact else []

    @property
    def drawn(self) -> list[float | None]:
        """What must lie on the axis: the middle half of the peers, and this agency."""
        return [*self.five[1:4], self.value]

    def drawing(self, axis: draw.Axis) -> Any:
        """The peers' box, this agency as a diamond."""
        return draw.box(axis, self.five, self.value)
