"""Items of the checklist that were passed though their links are dead."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from prongsai.errors import InputError
from prongsai.national.counted import Integers
from prongsai.national.signals.sight import Floats, Sight, Signal, refused
from prongsai.national.signals.tails import deviate, spread_binomial, usual
from prongsai.scoring.wide import containers

SIGNAL = Signal(
    "links",
    "ผ่านการตรวจแต่ลิงก์เปิดไม่ได้",
    "Passed though links are dead",
    "the checklist's own rule: what is disclosed must be found at its link. Links of honest agencies die, too, so the "
    "rate is taken from peers (Koehler, W. (1999). An analysis of Web page and Web site constancy and permanence. "
    "Journal of the American Society for Information Science, 50(2), 162-180)",
    "ข้อที่ได้ผลการตรวจดีที่สุดทั้งที่ลิงก์ทุกรายการที่ตรวจแล้วเปิดไม่ได้ ซึ่งมีมากกว่าที่การเสื่อมของลิงก์ตามปกติอธิบายได้",
    "items with the best verdict all of whose checked links are dead, more than link rot explains",
    "disclosure",
)
_COLUMNS = {"container": pl.String(), "item": pl.String(), "host": pl.String(), "dead": pl.Boolean()}
_AWAY = 3  # links on a host that are dead together before the host itself counts as away


@dataclass(frozen=True, eq=False)
class Passed:
    """By agency: passed items with a checked link, those of them that are dead, items failed, links on hosts away."""

    of: Floats
    dead: Floats
    failed: Integers
    away: Integers


def evidence(sight: Sight) -> dict[str, Floats]:
    """The normal deviate of so many dead items at the rate, and with the spread, of all agencies."""
    found = {}
    for name in sight.nation.verdicts:
        if (told := _passed(sight, name)) is not None:
            chance = spread_binomial(told.dead, told.of, *usual(told.dead, told.of))
            found[name] = np.where(told.of > 0, deviate(chance), np.nan)
    return found


def _passed(sight: Sight, name: str) -> Passed | None:
    return sight.once(("links", name), lambda: _find(sight, name))


def _find(sight: Sight, name: str) -> Passed | None:
    table = sight.beside("links", _COLUMNS)
    if table is None:
        return None
    layout, verdicts = sight.nation.verdicts[name]
    codes = pl.DataFrame({"item": [row.code for row in layout.rows]}, schema={"item": pl.String}).with_row_index(
        "column"
    )
    if unknown := set(table["container"]) - set(containers(sight.nation.framework, "checklist")):
        raise InputError(refused("links.parquet container", "มีเครื่องมือที่ไม่รู้จัก", f"no checklists: {sorted(unknown)}"))
    here = table.filter(pl.col("container") == name)
    if unknown := set(here["item"]) - set(codes["item"]):
        raise InputError(refused("links.parquet item", "มีข้อที่ไม่รู้จัก", f"no items of {name}: {sorted(unknown)[:5]}"))
    here = here.filter(pl.col("dead").is_not_null())
    if here.is_empty():
        return None
    best = np.array([int(np.argmax(row.points)) for row in layout.rows])
    passed = verdicts == best
    # A host that is away takes all its links along: one misfortune, counted once and told, not an item each.
    host = here.group_by("line", "host").agg(pl.len().alias("links"), pl.col("dead").all().alias("all"))
    host = host.with_columns((pl.col("all") & (pl.col("links") >= _AWAY)).alias("away"))
    here = here.join(host.select("line", "host", "away"), on=["line", "host"])
    item = here.group_by("line", "item").agg(
        pl.col("dead").all(), (pl.col("dead") & pl.col("away")).all().alias("away")
    )
    item = item.join(codes, on="item")
    line, column = item["line"].to_numpy(), item["column"].to_numpy()
    counted = passed[line, column]
    dead, away = item["dead"].to_numpy() & counted, item["away"].to_numpy() & counted
    agencies = len(verdicts)

    def per_agency(which: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Integers:
        found: Integers = np.bincount(line[which], minlength=agencies).astype(np.int64)
        return found

    gone = per_agency(away)
    return Passed(
        per_agency(counted).astype(np.float64),
        (per_agency(dead & ~away) + (gone > 0)).astype(np.float64),
        ((verdicts >= 0) & ~passed).sum(axis=1),
        gone,
    )


def reason(sight: Sight, container: str, line: int) -> tuple[str, str]:
    """How many passed items have no link that opens, and whether a host was away."""
    told = _passed(sight, container)
    assert told is not None
    gone, of = int(told.away[line]), int(told.of[line])
    dead = int(told.dead[line]) - (gone > 0)
    rate = 100 * usual(told.dead, told.of)[0]
    th = f"{dead:,} จาก {of:,} ข้อที่ผ่านการตรวจไม่มีลิงก์ใดเปิดได้ (ปกติร้อยละ {rate:.1f})"
    en = f"{dead:,} of {of:,} passed items have no link that opens (usually {rate:.1f} %)"
    if not told.failed[line]:
        th, en = "ผ่านครบทุกข้อ แต่ " + th, "every item passed, yet " + en
    if gone:
        th += f" นอกจากนี้อีก {gone:,} ข้ออยู่บนเครื่องแม่ข่ายที่ติดต่อไม่ได้ทั้งเครื่อง ควรตรวจซ้ำก่อน"
        en += f"; {gone:,} more lie on a host that did not answer at all and should be checked again first"
    return th, en
