"""Revisions beside each other: what the difference of two would tell about a few people is not published again.

A corrected round is published whole, and the earlier one stays. Whoever lays both side by side sees those whose
answers came or went: a group like any other, and shown only where it is large enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from prongsai.errors import InputError, Problem
from prongsai.framework import Framework
from prongsai.publishing import tables as about
from prongsai.publishing.round import PublishedRound
from prongsai.scoring.structure import structure

WHOLE = ("overall", "instrument", "part")


def beside_earlier(new: PublishedRound, earlier: Sequence[PublishedRound]) -> PublishedRound:
    """The round with what may not be shown beside any of the earlier revisions left out.

    Of each agency and survey of which an earlier revision showed more than the instrument: nothing changed in its rows,
    or k people or more came (or went), not all with the same answer; else the new one shows only the instrument.
    Raises ``InputError`` for revisions of another round.
    """
    for old in earlier:
        if old.framework.id != new.framework.id or old.revision >= new.revision:
            raise InputError(
                Problem(
                    "publish.revision",
                    old.name,
                    f"{old.name} ไม่ใช่ฉบับก่อนหน้าของ {new.name}",
                    f"{old.name} is no earlier revision of {new.name}",
                    "โปรดเลือกฉบับก่อนหน้าของการประเมินเดียวกัน",
                )
            )
    close = pl.concat([_telling(new, old) for old in earlier]).unique() if earlier else None
    return new if close is None or close.is_empty() else _closed(new, close)


def _telling(new: PublishedRound, old: PublishedRound) -> pl.DataFrame:
    """Agencies and surveys whose two revisions give a few people's answers back."""
    keys, options = ["agency_code", "node"], [about.OPTION + key for key in new.options]
    k = max(new.framework.disclosure.k, old.framework.disclosure.k)
    both = _zeros(new, options).join(_zeros(old, options), on=keys, how="full", suffix="_old", coalesce=True)
    changed = both.select(*keys, *(pl.col(name) - pl.col(f"{name}_old") for name in options))
    came = pl.sum_horizontal(pl.col(name).clip(0) for name in options)
    went = -pl.sum_horizontal(pl.col(name).clip(upper_bound=0) for name in options)
    ways = pl.sum_horizontal((pl.col(name) != 0).cast(pl.Int64) for name in options)
    many = ((came >= k) & (went == 0)) | ((went >= k) & (came == 0))
    rows = changed.select(
        *keys,
        pl.col(options[0]).is_null().alias("one_sided"),  # shown in one of the two only
        ((came == 0) & (went == 0)).alias("same"),
        (many & (ways > 1)).alias("many"),
    ).join(_containers(new.framework), on="node")
    one_sided = pl.col("one_sided")
    of_survey = rows.group_by("agency_code", "container").agg(
        (pl.col("same") & ~one_sided).all(), (pl.col("same") | pl.col("many") | one_sided).all().alias("enough")
    )
    both_sheets = _sheets(new).join(_sheets(old), on=["agency_code", "container"], how="full", coalesce=True)
    surveys = both_sheets.join(of_survey, on=["agency_code", "container"], how="left").with_columns(
        (pl.col("respondents").fill_null(0) - pl.col("respondents_right").fill_null(0)).abs().alias("change"),
        pl.col("same", "enough").fill_null(True),
    )
    fine = ((pl.col("change") == 0) & pl.col("same")) | ((pl.col("change") >= k) & pl.col("enough"))
    telling = surveys.filter(~fine).select("agency_code", "container")
    return telling.join(_shown_below(old), on=["agency_code", "container"], how="semi")


def _zeros(one: PublishedRound, options: list[str]) -> pl.DataFrame:
    return one.distributions.select("agency_code", "node", *(pl.col(name).fill_null(0) for name in options))


def _sheets(one: PublishedRound) -> pl.DataFrame:
    return one.respondents.select("agency_code", pl.col("node").alias("container"), "respondents")


def _shown_below(one: PublishedRound) -> pl.DataFrame:
    """Agencies and surveys of which anything below the instrument or part is shown."""
    shown = one.scores.filter(pl.col("low").is_not_null()).join(_containers(one.framework), on="node")
    return shown.select("agency_code", "container").unique()


def _containers(framework: Framework) -> pl.DataFrame:
    """Each node below a survey (or its part) with it."""
    surveys = {inst.code for inst in framework.instruments if inst.kind == "survey"}
    lines = [
        (node.id, node.part or node.instrument)
        for node in structure(framework).nodes.values()
        if node.instrument in surveys and node.kind not in WHOLE
    ]
    return pl.DataFrame(lines, schema={"node": pl.String, "container": pl.String}, orient="row")


def _closed(new: PublishedRound, close: pl.DataFrame) -> PublishedRound:
    """Nothing below the instrument of these agencies and surveys; nor below the whole of an instrument with parts."""
    tree = structure(new.framework)
    instrument = {name: node.instrument for name, node in tree.nodes.items()}
    whole = close.with_columns(pl.col("container").replace_strict(instrument, return_dtype=pl.String))
    both = pl.concat([close, whole]).unique()
    below = _containers(new.framework).join(both, on="container").select("agency_code", "node", cut=pl.lit(True))
    keys = ["agency_code", "node"]
    marked = new.scores.join(below, on=keys, how="left", maintain_order="left")
    kept = pl.col("cut").is_null()
    scores = marked.with_columns(
        *(pl.when(kept).then(name).alias(name) for name in ("score", "low", "high")),
        pl.when(kept).then("origin").otherwise(pl.lit("withheld")).alias("origin"),
    ).drop("cut")
    return replace(
        new,
        scores=scores,
        distributions=new.distributions.join(below, on=keys, how="anti", maintain_order="left"),
        # An error says something of those who came, too; nothing that the survey is part of has one.
        uncertainty=new.uncertainty.join(_touched(new.framework, close), on=keys, how="anti", maintain_order="left"),
    )


def _touched(framework: Framework, close: pl.DataFrame) -> pl.DataFrame:
    """Agencies and nodes of which these surveys are part: all of their instrument, and the total."""
    tree = structure(framework)
    lines = [
        (name, container)
        for container in close["container"].unique()
        for name, node in tree.nodes.items()
        if node.kind == "overall" or node.instrument == tree.nodes[container].instrument
    ]
    nodes = pl.DataFrame(lines, schema={"node": pl.String, "container": pl.String}, orient="row")
    return close.join(nodes, on="container").select("agency_code", "node").unique()
