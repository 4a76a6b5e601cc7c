"""All that is said of a nation beside its scores, computed once: errors, groups, ranks, changes, and what is optional.

Everything in here may be shown: what is withheld is left out before anything is computed from it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import isfinite

from prongsai.national.adjusted import Adjusted, Adjustment, adjusted, basis_of
from prongsai.national.aggregates import BY, Aggregate, By, aggregates, grouped
from prongsai.national.change import Changes, Year, changes
from prongsai.national.columns import Mask
from prongsai.national.counted import Counted
from prongsai.national.disclosed import shown_estimates, withheld
from prongsai.national.ranks import League, league
from prongsai.national.score import NationScores
from prongsai.national.small_area import Shrunk, shrink
from prongsai.national.uncertain import Estimates, estimates
from prongsai.national.years import year_of


@dataclass(frozen=True)
class Asked:
    """What to compute. ``uncertainty`` needs counts with moments; without it there is nothing but scores and groups."""

    uncertainty: bool = True
    before: Year | None = None
    small_area: bool = False
    adjustment: Adjustment | None = None


@dataclass(frozen=True)
class Compared:
    """A nation's scores and what was computed from them.

    ``hidden``: nodes × agencies, what the disclosure rule withholds. ``ranks``: by node of ``whole(scores)``, in the
    nation and among agencies of the same kind. What was not asked for is empty.
    """

    scores: NationScores
    counted: dict[str, Counted]
    engine: str
    hidden: Mask
    groups: dict[By, list[Aggregate]]
    estimates: Estimates | None = None
    ranks: dict[str, tuple[League, League]] = field(default_factory=dict)
    changes: Changes | None = None
    shrunk: dict[str, Shrunk] = field(default_factory=dict)
    adjustment: Adjustment | None = None
    adjusted: list[Adjusted] = field(default_factory=list)


def whole(scores: NationScores) -> list[str]:
    """The overall score, then each instrument with its parts: what is shown of every agency."""
    instruments = [(one.code, *(part.code for part in one.parts)) for one in scores.nation.framework.instruments]
    return ["overall", *(name for names in instruments for name in names)]


def compare(
    scores: NationScores,
    counted: dict[str, Counted],
    asked: Asked,
    engine: str = "",
    step: Callable[[str], None] = lambda _: None,
    *,
    every: Estimates | None = None,
) -> Compared:
    """Compute all that is asked. ``step`` is told (in Thai) what begins.

    ``every``: estimates that were made already (``sliced``); otherwise they are made of ``counted``.

    Raises ``InputError`` where the year before is not the one that the framework follows.
    """
    hidden = withheld(scores, counted)
    step("รวมเป็นระดับประเทศ ประเภท จังหวัด และกระทรวง")
    groups = {by: aggregates(scores, counted, by, hidden) for by in BY}
    found: Estimates | None = None
    ranks: dict[str, tuple[League, League]] = {}
    shrunk: dict[str, Shrunk] = {}
    change: Changes | None = None
    if asked.uncertainty:
        step("คำนวณความคลาดเคลื่อน")
        found = shown_estimates(every or estimates(scores, counted), scores, counted, hidden)
        step("จัดอันดับ")
        _, kind = grouped(scores, "kind")
        ranks = {node: (league(found, node), league(found, node, kind)) for node in whole(scores)}
        ranks = {node: both for node, both in ranks.items() if both[0].rank.any()}
        if asked.before:
            step("เปรียบเทียบกับปีก่อน")
            change = changes(asked.before, year_of(scores, found))
        if asked.small_area:
            drawn = {node: shrink(found, node, kind) for node in ranks}
            shrunk = {node: one for node, one in drawn.items() if isfinite(one.variance)}  # a checklist is no sample
    made = adjusted(asked.adjustment, basis_of(scores, hidden)) if asked.adjustment else []
    return Compared(scores, counted, engine, hidden, groups, found, ranks, change, shrunk, asked.adjustment, made)
