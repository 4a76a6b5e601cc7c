"""Ranges of ranks: against brute force, and that they hold together as often as they say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t as student

from prongsai.analysis import uncertainty
from prongsai.national.ranks import joint_confidence, joint_limits, league, ranks
from prongsai.national.uncertain import REASONS, Estimates

ENDS = st.tuples(st.integers(0, 12), st.integers(0, 5), st.booleans())


def estimates(value, se, degrees, reason=0) -> Estimates:
    """One node called ``overall``."""
    rows = [np.asarray(one, float)[None, :] for one in np.broadcast_arrays(value, se, np.nan, np.nan, degrees)]
    return Estimates(("overall",), *rows, np.broadcast_to(np.asarray(reason, np.int8), rows[0].shape))


@given(st.lists(ENDS, max_size=30), st.integers(1, 3))
def test_by_brute_force(drawn, groups: int) -> None:
    low = np.array([np.nan if unknown else float(start) for start, _, unknown in drawn])
    high = np.array([float(start + width) for start, width, _ in drawn])
    group = np.arange(len(drawn)) % groups
    for within, given_group in ((np.zeros(len(drawn), int), None), (group, group)):
        best, worst = ranks(low, high, given_group)
        for one in range(len(drawn)):
            if np.isnan(low[one]):
                assert (best[one], worst[one]) == (0, 0)
                continue
            others = [k for k in range(len(drawn)) if within[k] == within[one] and not np.isnan(low[k])]
            assert best[one] == 1 + sum(low[k] > high[one] for k in others)
            assert worst[one] == len(others) - sum(high[k] < low[one] for k in others)


def test_equal_scores_share_their_ranks() -> None:
    found = estimates([90, 90, 95, 80, np.nan], 0.0, 9, REASONS.index(uncertainty.ALL_ANSWERED))
    one = league(found, "overall")
    assert one.rank.tolist() == [2, 2, 1, 4, 0]
    assert one.best.tolist() == [2, 2, 1, 4, 0]
    assert one.worst.tolist() == [3, 3, 1, 4, 0]
    assert one.of.tolist() == [4, 4, 4, 4, 0]
    within = league(found, "overall", np.array([0, 1, 1, 0, 0]))
    assert within.rank.tolist() == [1, 2, 1, 2, 0]
    assert within.of.tolist() == [2, 2, 2, 2, 0]


def test_no_error_known_means_any_score_and_equal_answers_a_bound() -> None:
    reason = np.array([REASONS.index(uncertainty.ONE_SHEET), REASONS.index(uncertainty.ALL_EQUAL), 0])
    found = estimates([90, 100, 40.0], [np.nan, 0, 5], [np.nan, 19, 19], reason)
    low, high = joint_limits(found, "overall")
    chance = 1 - joint_confidence(3)
    assert (low[0], high[0]) == (0, 100)
    assert (low[1], high[1]) == (pytest.approx(100 * chance ** (1 / 20)), 100)
    one = league(found, "overall")
    assert (one.best[0], one.worst[0]) == (1, 3)
    assert one.best[2] == 2
    assert one.worst[2] == 3, "the agency of one sheet may lie behind"


def test_limits_of_one_agency_alone_are_its_own_interval() -> None:
    value, se, degrees = 72.5, 8.69455221, 7
    low, high = joint_limits(estimates([value], [se], [degrees]), "overall")
    assert (low[0], high[0]) == (pytest.approx(48.45575724, abs=1e-6), pytest.approx(88.08590602, abs=1e-6))


def test_all_ranks_hold_together_as_often_as_they_say() -> None:
    """60 agencies, 25 people each with 40 answers: all true ranks lie within, in 95 % of nations or more."""
    dice = np.random.default_rng(4)
    true = dice.uniform(40, 85, 60)
    rank = 1 + np.sum(true[None, :] > true[:, None], axis=1)
    held, jointly, narrow, rounds = 0, 0, [], 400
    for _ in range(rounds):
        sheets = dice.binomial(40, true[:, None] / 100, (60, 25)) * 2.5
        found = estimates(sheets.mean(axis=1), sheets.std(axis=1, ddof=1) / 5, 24)
        one = league(found, "overall")
        held += bool(((one.best <= rank) & (rank <= one.worst)).all())
        narrow.append(np.mean(one.worst - one.best + 1))
        low, high = joint_limits(found, "overall")
        jointly += bool(((low <= true) & (true <= high)).all())
    assert held / rounds >= 0.95, "ranks hold more often than their intervals"
    assert 0.92 < jointly / rounds < 0.99
    assert np.mean(narrow) < 30, "ranges that say nothing would hold, too"


def test_single_intervals_would_not_hold_together() -> None:
    """What the joint confidence is for: with 95 % each, 200 intervals hardly ever hold together."""
    assert joint_confidence(200) == pytest.approx(0.95 ** (1 / 200))
    assert joint_confidence(0) == joint_confidence(1) == 0.95
    wide = student.ppf(1 - (1 - joint_confidence(8325)) / 2, 29)
    assert 5 < wide < 6.5
    assert 0.95**200 < 0.0001
