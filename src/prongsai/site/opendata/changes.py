"""What a new revision changes against the one that is public: what the assessor reads before it is published."""

from __future__ import annotations

import io

import polars as pl

from prongsai.framework import Framework
from prongsai.publishing.round import PublishedRound
from prongsai.scoring.structure import structure
from prongsai.site.base.text import T, pick
from prongsai.site.nation.table import Cell, Column, Table
from prongsai.site.results.show import name_of

KINDS = {
    "added": T("หน่วยงานที่เพิ่ม", "Agencies added"),
    "removed": T("หน่วยงานที่ไม่มีแล้ว", "Agencies no longer there"),
    "renamed": T("ชื่อหน่วยงานที่เปลี่ยน", "Names changed"),
    "level": T("ระดับที่เปลี่ยน", "Levels changed"),
    "score": T("คะแนนที่เปลี่ยน", "Scores changed"),
    "withheld": T("ไม่แสดงเพราะมีฉบับก่อน", "Withheld beside earlier revisions"),
}
_SCHEMA = dict.fromkeys(("what", "code", "name", "node", "before", "after"), pl.String)
_TOP = ("overall", "instrument", "part", "indicator")


def changes(new: PublishedRound, old: PublishedRound | None, before_rule: PublishedRound) -> pl.DataFrame:
    """A line per change: ``what`` (``KINDS``), agency, node, both texts. ``old`` None: nothing is public.

    ``before_rule``: the new one as it would be if nothing had been published earlier. Scores down to the indicators.
    """
    found = [_withheld(new, before_rule)]
    if old is not None:
        found += [_coming(new, old, "added"), _coming(old, new, "removed")]
        found += [_agencies(new, old, "renamed", "agency_name_th"), _agencies(new, old, "level", "levels_possible")]
        found.append(_scores(new, old))
    order = pl.Series(list(KINDS))
    together = pl.concat([_finished(one) for one in found])
    return together.sort(pl.col("what").replace_strict(order, range(len(order))), "code", maintain_order=True)


def as_file(found: pl.DataFrame) -> bytes:
    """To keep."""
    out = io.BytesIO()
    found.write_parquet(out, statistics=False)
    return out.getvalue()


def of_file(data: bytes) -> pl.DataFrame:
    """Kept changes."""
    return pl.read_parquet(io.BytesIO(data))


def as_table(found: pl.DataFrame, framework: Framework) -> Table:
    """Changes as a page and a file show them."""
    tree = structure(framework).nodes
    columns = [
        Column(pick("การเปลี่ยนแปลง", "Change")),
        Column(pick("รหัส", "Code")),
        Column(pick("หน่วยงาน", "Agency")),
        Column(pick("คะแนนของ", "Score of")),
        Column(pick("ฉบับที่เผยแพร่อยู่", "Public now"), right=True),
        Column(pick("ฉบับใหม่", "New"), right=True),
    ]
    rows = [
        (
            Cell(str(KINDS[one["what"]])),
            Cell(one["code"]),
            Cell(one["name"]),
            Cell(name_of(tree[one["node"]]) if one["node"] else "–"),
            Cell(one["before"] or "–"),
            Cell(one["after"] or "–"),
        )
        for one in found.iter_rows(named=True)
    ]
    return Table(pick("สิ่งที่เปลี่ยนจากฉบับที่เผยแพร่อยู่", "What changes against the revision that is public"), columns, rows)


def _finished(frame: pl.DataFrame) -> pl.DataFrame:
    missing = [pl.lit(None, pl.String).alias(name) for name in _SCHEMA if name not in frame.columns]
    return frame.with_columns(missing).select(list(_SCHEMA)).cast(_SCHEMA)  # type: ignore[arg-type]


def _named(one: PublishedRound) -> pl.DataFrame:
    return one.agencies.select(code="agency_code", name="agency_name_th")


def _coming(one: PublishedRound, other: PublishedRound, what: str) -> pl.DataFrame:
    return _named(one).join(_named(other), on="code", how="anti").with_columns(what=pl.lit(what))


def _agencies(new: PublishedRound, old: PublishedRound, what: str, column: str) -> pl.DataFrame:
    """Agencies of both whose column says something else."""

    def told(one: PublishedRound, as_: str) -> pl.DataFrame:
        text = pl.col(column).str.replace_all("|", " / ", literal=True) if column == "levels_possible" else column
        return one.agencies.select("agency_code", "agency_name_th", pl.lit(what).alias("what"), _text(text, as_))

    both = told(new, "after").join(told(old, "before").drop("agency_name_th", "what"), on="agency_code")
    changed = both.filter(pl.col("after").ne_missing(pl.col("before")))
    return changed.rename({"agency_code": "code", "agency_name_th": "name"})


def _text(expression: pl.Expr | str, name: str) -> pl.Expr:
    return (pl.col(expression) if isinstance(expression, str) else expression).alias(name)


def _scores(new: PublishedRound, old: PublishedRound) -> pl.DataFrame:
    nodes = [node.id for node in structure(new.framework).nodes.values() if node.kind in _TOP]
    keys = ["agency_code", "node"]

    def told(one: PublishedRound, as_: str) -> pl.DataFrame:
        single = pl.col("low") == pl.col("high")
        low, high = (pl.col(name).cast(pl.String) for name in ("low", "high"))
        text = pl.when(single).then(low).otherwise(pl.concat_str(low, high, separator="–"))
        return one.scores.filter(pl.col("node").is_in(nodes)).select(*keys, text.alias(as_))

    both = told(new, "after").join(told(old, "before"), on=keys, maintain_order="left")
    changed = both.filter(pl.col("after").ne_missing(pl.col("before")))
    return changed.rename({"agency_code": "code"}).join(_named(new), on="code").with_columns(what=pl.lit("score"))


def _withheld(new: PublishedRound, before_rule: PublishedRound) -> pl.DataFrame:
    """Surveys of agencies of which the new one shows less only because of what was published earlier."""
    keys = ["agency_code", "node"]
    closed = new.scores.filter(pl.col("origin") == "withheld").select(keys)
    shown = before_rule.scores.filter(pl.col("origin") != "withheld").select(keys)
    tree = structure(new.framework).nodes
    part = {name: node.part or node.instrument or name for name, node in tree.items()}
    lost = closed.join(shown, on=keys).with_columns(
        pl.col("node").replace_strict(part, return_dtype=pl.String).alias("node")
    )
    instruments = [one.code for one in new.framework.instruments if one.parts]  # said by their parts
    found = lost.unique().filter(~pl.col("node").is_in(instruments)).sort(keys)
    return found.rename({"agency_code": "code"}).join(_named(new), on="code").with_columns(what=pl.lit("withheld"))
