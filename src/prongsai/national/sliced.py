"""A large nation counted and scored some agencies at a time: the sums over pairs of one slice go before the next come.

The sums are what grows: four integers for each pair of rows and agency, a hundred times what the tally needs. What is
said of the agencies together (groups, ranks, changes) needs none of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from prongsai.errors import InputError
from prongsai.national.counted import Counted, changed
from prongsai.national.engines import Engine, count
from prongsai.national.nation import Nation
from prongsai.national.score import NationScores, score_nation
from prongsai.national.uncertain import Estimates, estimates

SLICE = 10_000  # agencies: more than a nation of ours has, so that an ordinary one is counted in one piece


@dataclass(frozen=True)
class Measured:
    """A nation's scores, the tally they come from (without sums over pairs), and their errors, where asked for."""

    scores: NationScores
    counted: dict[str, Counted]
    estimates: Estimates | None


def measured(
    nation: Nation, engine: Engine, assume: Iterable[str] = (), *, errors: bool, agencies: int = SLICE
) -> Measured:
    """Count and score a nation, ``agencies`` at a time, with standard errors and intervals if ``errors``.

    Raises ``InputError`` as the engines and ``score_nation`` do, and where not all sheets were counted.
    """
    assumed = tuple(assume)
    parts = [_measured(mine, engine, assumed, errors) for mine in nation.slices(agencies)]
    counted = {name: _counted([part.counted[name] for part in parts], nation) for name in nation.surveys}
    for name, survey in nation.surveys.items():
        if (sheets := int(counted[name].sheets.sum())) != survey.sheets:
            raise InputError(changed(f"{name} had {survey.sheets} sheets, {sheets} were counted"))
    found = [part.estimates for part in parts if part.estimates]
    return Measured(_scores([part.scores for part in parts], nation), counted, _estimates(found) if found else None)


def _measured(mine: Nation, engine: Engine, assumed: tuple[str, ...], errors: bool) -> Measured:
    counted = count(mine, engine, moments=errors)
    scores = score_nation(mine, counted, assumed)
    found = estimates(scores, counted) if errors else None
    return Measured(scores, {name: replace(one, pairs=None) for name, one in counted.items()}, found)


def _counted(parts: list[Counted], nation: Nation) -> Counted:
    sheets, counts = (np.concatenate([getattr(part, name) for part in parts]) for name in ("sheets", "counts"))
    return Counted(parts[0].layout, nation.numbers, sheets, counts)


def _scores(parts: list[NationScores], nation: Nation) -> NationScores:
    arrays: dict[str, Any] = {
        name: np.concatenate([getattr(part, name) for part in parts], axis=-1)
        for name in ("low", "high", "shown_low", "shown_high", "exact", "state", "levels")
    }
    sheets = {name: np.concatenate([part.sheets[name] for part in parts]) for name in parts[0].sheets}
    starts = np.cumsum([0, *(len(part.nation.numbers) for part in parts)])
    again = np.concatenate([part.again + start for part, start in zip(parts, starts, strict=False)])
    return replace(parts[0], nation=nation, sheets=sheets, again=again, **arrays)


def _estimates(parts: list[Estimates]) -> Estimates:
    names = [field.name for field in fields(Estimates) if field.name != "nodes"]
    arrays: dict[str, Any] = {name: np.concatenate([getattr(part, name) for part in parts], axis=1) for name in names}
    return replace(parts[0], **arrays)
