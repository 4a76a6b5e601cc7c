"""The null model that signals of the answers rest on, against slow and plain arithmetic."""

from __future__ import annotations

import numpy as np
import pytest
from signal_sample import by_hand

from prongsai.national.signals import agreement as subject
from prongsai.national.signals.fit import _lowest, excess
from prongsai.national.signals.level import fitted
from prongsai.national.signals.straight import lines

ROWS = 9


@pytest.fixture(scope="module")
def sheets():
    dice = np.random.default_rng(3)
    people = dice.normal(0, 1, (400, 1)) + 0.8 * dice.normal(0, 1, (400, ROWS)) + 1
    positions = np.clip(np.round(people * 1.2 + 2.5), 0, 5).astype(np.int8)
    positions[dice.random(positions.shape) < 0.02] = -1
    return by_hand(np.split(positions, [30, 90, 91, 250]), (False,) * ROWS)


def test_ranks_turn_falling_rows_round_and_levels_follow_them() -> None:
    sheets = by_hand([np.array([[5, 0], [0, 0], [-1, 3], [-1, -1]])], (False, True))
    assert sheets.ranks.tolist() == [[5, 5], [0, 5], [-1, 2], [-1, -1]]
    found = fitted(sheets)
    np.testing.assert_allclose(found.level, [1, 0.5, 0.4, np.nan])
    assert found.band[0] == found.bands - 1  # best throughout
    assert found.band[3] == -1  # empty
    assert sheets.falls.tolist() == [False, True]


def test_curves_are_the_shares_of_the_nation(sheets) -> None:
    found = fitted(sheets)
    width = 7
    for k in range(ROWS):
        np.testing.assert_allclose(found.chance[:, k * width : (k + 1) * width].sum(axis=1), 1)
    band, row = 4, 2
    here = sheets.ranks[found.band == band, row]
    counts = np.bincount(here + 1, minlength=width) + 0.5 / width
    np.testing.assert_allclose(found.chance[band, row * width : (row + 1) * width], counts / counts.sum())


def _plainly(found, sheet: int, colleagues: np.ndarray, may_differ: int) -> float:
    """The expected number of colleagues who agree, one by one: the number of equal rows as a sum of coins."""
    ranks, first = found.sheets.ranks, found.first
    total = 0.0
    for other in colleagues:
        agree = np.array([1.0])
        for k in range(ROWS):
            own = ranks[sheet, k]
            p = 0.0 if own < 0 else max(found.chance[found.band[other], first[k] + 1 + own], 1e-6)
            agree = np.convolve(agree, [1 - p, p])
        total += agree[ROWS - may_differ :].sum()
    return total


def test_expected_agreement_is_that_of_independent_rows_given_the_levels(sheets) -> None:
    model = fitted(sheets)
    found = subject._agreement(model)
    assert found.may_differ == (0, 1, 2, 3)
    for place in (0, 7, 60, len(found.which) - 1):
        sheet = found.which[place]
        colleagues = found.which[(found.owner == found.owner[place]) & (found.which != sheet)]
        for line, few in enumerate((0, 1, 2)):
            assert found.expected[line, place] == pytest.approx(_plainly(model, sheet, colleagues, few), rel=2e-3)
        near = _plainly(model, sheet, colleagues, 3)
        assert found.expected[3, place] == pytest.approx(near, rel=0.5, abs=0.3)  # the normal tail stands for it


def test_agreement_is_counted_exactly_and_gaps_agree_with_nobody(sheets) -> None:
    found = subject._agreement(fitted(sheets))
    ranks = sheets.ranks
    for place in range(0, len(found.which), 17):
        others = found.which[(found.owner == found.owner[place]) & (found.which != found.which[place])]
        same = ((ranks[others] == ranks[found.which[place]]) & (ranks[others] >= 0)).sum(axis=1)
        assert found.seen[:, place].tolist() == [(same >= ROWS - few).sum() for few in found.may_differ]


def test_sheets_best_throughout_and_straight_lines_are_set_apart() -> None:
    best, line = np.full((50, ROWS), 5), np.full((40, ROWS), 2)
    other = np.random.default_rng(1).integers(0, 6, (60, ROWS))
    found = subject._agreement(fitted(by_hand([best, line, other], (False,) * ROWS)))
    assert set(found.owner.tolist()) == {2}


def test_copies_surprise_and_strangers_do_not(sheets) -> None:
    positions = sheets.positions.copy()
    copied = slice(100, 110)
    positions[copied] = positions[95]
    parts = np.split(positions, [30, 90, 91, 250])
    changed = subject._agreement(fitted(by_hand(parts, (False,) * ROWS)))
    assert changed.surprise[np.isin(changed.which, np.arange(100, 110))].min() > 6
    assert np.median(changed.surprise[changed.owner == 0]) < 1


def test_a_straight_line_is_one_option_all_the_way_but_not_the_best() -> None:
    falls = (False, True, False, True)
    sheets = by_hand([np.array([[3, 3, 3, 3], [5, 5, 5, 5], [5, 0, 5, 0], [3, 3, -1, 3], [-1, -1, -1, -1]])], falls)
    assert lines(sheets).tolist() == [True, True, False, False, False]
    rising = by_hand([np.array([[5, 5, 5, 5], [4, 4, 4, 4]])], (False,) * 4)
    assert lines(rising).tolist() == [False, True]  # best throughout is an opinion that many hold


def test_excess_is_quiet_where_all_agencies_do_the_same_and_loud_for_one_that_stands_out() -> None:
    dice = np.random.default_rng(5)
    sheets = by_hand([dice.integers(0, 6, (40, 4)) for _ in range(200)], (False,) * 4)
    marked = dice.random(8000) < 0.05
    quiet = excess(sheets, marked)
    assert np.mean(quiet > 2.33) < 0.03
    marked[:12] = True
    assert excess(sheets, marked)[0] > 4


def test_the_lowest_of_each_band_are_marked(sheets) -> None:
    model = fitted(sheets)
    value = np.arange(400.0)
    marked = _lowest(value, model)
    for band in range(model.bands):
        here = np.flatnonzero(model.band == band)
        many = round(0.02 * len(here))
        assert marked[here].sum() == many
        assert marked[here[:many]].all()
