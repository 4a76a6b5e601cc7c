"""Answers from a latent level: the year, the agency, the item's difficulty, the person and chance, cut into options.

Inside this room an answer is a *rank*: 0 earns least, the last one most, -1 is no answer. Files hold positions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from prongsai.framework import Framework
from prongsai.scoring.structure import structure
from prongsai.scoring.wide import ABSENT, Layout, containers, layout
from prongsai.simulation.population import made_of

Ranks = NDArray[np.int8]
Floats = NDArray[np.float64]
_STEP, _MIDDLE = 0.4, -0.8  # where the scale is cut, in units of the latent level


@dataclass(frozen=True)
class Difficulty:
    """What answers are drawn from: standard deviations of the latent level, habits of respondents (``nation.yaml``).

    ``mean`` replaces the year's published national mean; ``careless`` is the share of honest people who mark one option
    all the way down; ``gatherings`` the share of agencies where much of a survey is honestly answered on one day.
    """

    agency: float
    year: float
    survey: float
    item: float
    agency_item: float
    person: float
    answer: float
    interview: float
    missing: float
    empty: float
    mean: float | None = None
    careless: float = 0.0
    gatherings: float = 0.0


@cache
def difficulty(name: str = "usual") -> Difficulty:
    """The figures of ``nation.yaml``, with those changed that it lists under the name. Raises ``KeyError``."""
    figures = made_of()
    usual = {key: float(value) for key, value in figures["latent"].items() if key != "source"}
    habits = {key: float(figures[key]) for key in ("interview", "missing", "empty")}
    changed = {key: float(value) for key, value in figures["difficulties"][name].items()}
    return replace(Difficulty(**usual, **habits), **changed)


@dataclass(frozen=True)
class Form:
    """One survey, part or checklist with what its answers are drawn from.

    ``position_of`` and ``rank_of`` turn ranks into positions in the scale and back (rows × options); ``levels`` is
    the latent level of every row in an average agency; ``cuts`` are padded with infinity.
    """

    layout: Layout
    order: int
    best: Ranks
    position_of: Ranks
    rank_of: Ranks
    points: Floats
    cuts: Floats
    levels: Floats
    difficulty: Difficulty

    def positions(self, ranks: Ranks) -> Ranks:
        """Positions in the scale; -1 stays -1."""
        found = np.take_along_axis(self.position_of, np.maximum(ranks, 0).T.astype(np.int64), axis=1).T
        return np.where(ranks < 0, np.int8(-1), found)


def forms(framework: Framework, seed: int, drawn_from: Difficulty | None = None) -> tuple[list[Form], list[Form]]:
    """The surveys (inside first) and checklists of a framework, calibrated to the year's published national mean."""
    drawn_from = drawn_from or difficulty()
    mean = framework.national.mean if framework.national and framework.national.mean else made_of()["mean"]
    if drawn_from.mean is not None:
        mean = drawn_from.mean
    tree = structure(framework)

    def made(kind: str) -> list[Form]:
        found = [layout(tree, container) for container in containers(framework, kind)]
        return [_form(one, order, (float(mean), seed), drawn_from) for order, one in enumerate(found) if one.rows]

    return made("survey"), made("checklist")


def _form(found: Layout, order: int, towards: tuple[float, int], drawn_from: Difficulty) -> Form:
    """``towards``: the national mean and the seed."""
    mean, seed = towards
    width = max(len(row.options) for row in found.rows)
    shape = (len(found.rows), width)
    position_of, rank_of = np.zeros(shape, np.int8), np.zeros(shape, np.int8)
    points, cuts = np.zeros(shape), np.full((shape[0], width - 1), np.inf)
    for k, row in enumerate(found.rows):
        by_points = np.argsort(row.points, kind="stable")
        size = len(by_points)
        position_of[k, :size] = by_points
        rank_of[k, by_points] = np.arange(size)
        rank_of[k, size:] = rank_of[k, size - 1]  # a straight line past the end of a short scale takes its last option
        points[k, :size] = np.sort(row.points) / found.scale
        points[k, size:] = points[k, size - 1]
        cuts[k, : size - 1] = _MIDDLE + _STEP * (np.arange(size - 1) - (size - 2) / 2)
    sd = drawn_from
    items = np.array([np.random.default_rng([seed, crc32(row.code.encode())]).normal(0, sd.item) for row in found.rows])
    best = np.array([len(row.options) - 1 for row in found.rows], np.int8)
    form = Form(found, order, best, position_of, rank_of, points, cuts, items, sd)
    around = np.sqrt(sum(one**2 for one in (sd.agency, sd.year, sd.survey, sd.agency_item, sd.person, sd.answer)))
    low, high = -5.0, 9.0
    for _ in range(60):
        middle = (low + high) / 2
        at = float(expected(form, items + middle, float(around)).mean())
        low, high = (middle, high) if at < mean else (low, middle)
    return replace(form, levels=items + low)


def expected(form: Form, levels: Floats, sd: float | None = None) -> Floats:
    """The score of every row that endless respondents at these latent levels would give."""
    sd = sd or float(np.hypot(form.difficulty.person, form.difficulty.answer))
    above = ndtr((levels[:, None] - form.cuts) / sd)  # chance of passing each cut
    score: Floats = form.points[:, 0] + (above * np.diff(form.points, axis=1)).sum(axis=1)
    return score


def agency_levels(form: Form, agency: float, dice: np.random.Generator) -> Floats:
    """The latent level of every row in one agency: what is true of it, before anybody is asked."""
    own = agency + dice.normal(0, form.difficulty.survey)
    if form.layout.kind == "survey" and form.order >= 2:
        own += form.difficulty.interview
    levels: Floats = form.levels + own + dice.normal(0, form.difficulty.agency_item, len(form.levels))
    return levels


def sheets(form: Form, levels: Floats, count: int, dice: np.random.Generator) -> Ranks:
    """``count`` sheets (rows of ranks) of one agency."""
    sd, rows = form.difficulty, len(levels)
    person = dice.normal(0, sd.person, (count, 1))
    latent = levels + person + dice.normal(0, sd.answer, (count, rows))
    ranks: Ranks = (latent[:, :, None] > form.cuts).sum(axis=2, dtype=np.int8)
    if sd.careless:  # the same option whatever the question asks, mostly one of the upper ones
        line = form.rank_of.T[dice.binomial(form.rank_of.shape[1] - 1, 0.75, count)]
        ranks = np.where(dice.random((count, 1)) < sd.careless, line, ranks)
    left_out = dice.random((count, rows)) < sd.missing
    left_out |= dice.random((count, 1)) < sd.empty
    ranks[left_out] = -1
    return ranks


def verdicts(form: Form, levels: Floats, dice: np.random.Generator) -> Ranks:
    """One row of positions: an inspector's verdicts; ``ABSENT`` where an item does not apply."""
    ranks = (levels[:, None] + dice.normal(0, 1, (len(levels), 1)) > form.cuts).sum(axis=1, dtype=np.int8)
    found: Ranks = form.positions(ranks[None, :])[0]
    found[dice.random(len(levels)) < float(made_of()["not_applicable"])] = ABSENT
    return found
