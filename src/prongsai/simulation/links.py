"""Links under which invented agencies disclose, as a later check found them: most open, some dead, some hosts away."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from prongsai.scoring.wide import AGENCY, Layout
from prongsai.simulation.answers import Ranks
from prongsai.simulation.population import Place, made_of

_SHARED = ("files.example", "video.example", "social.example")  # where agencies put what their own site does not hold
SCHEMA = {AGENCY: pl.Int32, "container": pl.String, "item": pl.String, "host": pl.String, "dead": pl.Boolean}


@dataclass(frozen=True)
class Links:
    """The links of one agency: the item (by position) and host of each; ``dead`` 1, 0, or -1 where nobody checked."""

    place: Place
    item: NDArray[np.int64]
    host: NDArray[np.str_]
    dead: NDArray[np.int8]


def perfect(layout: Layout, verdicts: Ranks) -> bool:
    """Whether every item that applies got the best verdict."""
    best = np.array([int(np.argmax(row.points)) for row in layout.rows])
    return bool(((verdicts == best) | (verdicts < 0)).all() and (verdicts >= 0).any())


def links(layout: Layout, place: Place, verdicts: Ranks, dice: np.random.Generator, planted: bool) -> Links:
    """The links of one agency. ``planted``: from a third to most of them are dead."""
    figures = made_of()["links"]
    good = verdicts == np.array([int(np.argmax(row.points)) for row in layout.rows])
    applies = verdicts >= 0
    wanted = np.where(good, dice.choice([1, 2, 3], len(good), p=[0.75, 0.2, 0.05]), dice.integers(0, 2, len(good)))
    item = np.repeat(np.arange(len(good)), np.where(applies, wanted, 0))
    own = f"{place.code}.example"
    host = np.where(dice.random(len(item)) < 0.8, own, dice.choice(_SHARED, len(item)))
    rate = float(dice.beta(0.6, 0.6 / float(figures["dead"]) - 0.6))  # some agencies tend their pages, others do not
    if planted:
        rate = float(dice.uniform(0.3, 0.8))
    dead = (dice.random(len(item)) < rate).astype(np.int8)
    away = dice.random() < float(figures["away"])
    if away and not planted:
        dead[host == own] = 1
    dead[dice.random(len(item)) < float(figures["unchecked"])] = -1
    return Links(place, item, host, dead)


def table(layout: Layout, found: list[Links]) -> pl.DataFrame:
    """All links, one a line, in the agencies' order."""
    if not found:
        return pl.DataFrame(schema=SCHEMA)
    codes = np.array([row.code for row in layout.rows])
    dead = np.concatenate([one.dead for one in found])
    return pl.DataFrame(
        {
            AGENCY: np.repeat([one.place.number for one in found], [len(one.item) for one in found]),
            "container": pl.repeat(layout.container, len(dead), eager=True),
            "item": codes[np.concatenate([one.item for one in found])],
            "host": np.concatenate([one.host for one in found]),
            "dead": pl.Series(dead == 1).set(pl.Series(dead < 0), None),
        }
    ).cast(SCHEMA)  # type: ignore[arg-type]
