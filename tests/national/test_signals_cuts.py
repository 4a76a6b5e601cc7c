"""Tails, handicaps and the one cut, learnt from nations whose truth is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm

from prongsai.national.signals import readers
from prongsai.national.signals.cuts import CLASSES, FALSE_ALARMS, Cuts, Lesson, cuts, learn

AGENCIES = 6000


def _lesson(seed: int, faulty: float = 0.05) -> Lesson:
    """Three signals in two surveys: one sees the fault, one is noise, one has a heavy tail."""
    dice = np.random.default_rng(seed)
    value = dice.normal(0, 1, (3, 2, AGENCIES))
    value[2] *= 1 + dice.exponential(1, (2, AGENCIES))
    ill = dice.random(AGENCIES) < faulty
    value[0, 1, ill] += 5
    value[1, 0, :100] = np.nan
    classes = dice.integers(0, CLASSES, (2, AGENCIES))
    kinds = {"planted": (ill, 1.0)} if faulty else {}
    return Lesson(("sees", "noise", "heavy"), (False,) * 3, value, classes, ~ill, kinds)


def test_no_nation_has_more_false_alarms_than_wanted_by_all_signals_together() -> None:
    lessons = [_lesson(1), replace(one := _lesson(2, faulty=0.0), value=1.2 * one.value)]
    found = learn(lessons)
    shares = []
    for one in lessons:
        strength = found.strength(one.names, one.value, one.classes)
        shares.append(float((np.nan_to_num(strength, nan=-9).max(axis=(0, 1)) >= 0)[one.clean].mean()))
    assert max(shares) == pytest.approx(FALSE_ALARMS, abs=0.002)
    assert min(shares) < FALSE_ALARMS / 2  # the odder nation sets the cut


def test_the_signal_that_tells_faults_from_chance_gets_more_of_them_and_travels() -> None:
    found = learn([_lesson(1)])
    assert found.handicap["sees"] < found.handicap["noise"]
    other = _lesson(3)
    flagged = np.nan_to_num(found.strength(other.names, other.value, other.classes), nan=-9).max(axis=(0, 1)) >= 0
    assert flagged[other.clean].mean() <= 2 * FALSE_ALARMS
    assert flagged[~other.clean].mean() >= 0.9


def test_rareness_is_the_chance_among_clean_agencies() -> None:
    found = learn([_lesson(1), _lesson(4)])
    clean = _lesson(5, faulty=0.0)
    rareness = found.rareness(clean.names, clean.value, clean.classes)
    assert np.isnan(rareness[1, 0, :100]).all()
    for line in range(3):
        known = rareness[line][np.isfinite(rareness[line])]
        assert np.mean(known >= 2) == pytest.approx(0.01, abs=0.005)


def test_a_value_never_seen_among_clean_agencies_is_rare_but_not_impossible() -> None:
    one = Cuts({"x": ((1.0, 0.001, 0.5),) * CLASSES}, {}, 0.0)
    value, classes = np.array([[[0.0, 1.0, 1.5, 3.0]]]), np.zeros((1, 4), np.int64)
    np.testing.assert_allclose(
        one.rareness(["x"], value, classes)[0, 0], [0, 0, 3 + 1 / np.log(10), 3 + 4 / np.log(10)], rtol=1e-9
    )
    assert np.isnan(one.rareness(["unknown"], value, classes)).all()


def test_what_simulated_people_never_do_is_no_rarer_than_its_deviate() -> None:
    silent = np.full((1, 2, AGENCIES), -6.0)
    classes, clean = np.zeros((2, AGENCIES), np.int64), np.ones(AGENCIES, bool)
    tails = {
        answers: learn([Lesson(("lines",), (answers,), silent, classes, clean, {})]).tails["lines"][0]
        for answers in (True, False)
    }
    begins, chance, _ = tails[True]
    assert chance == pytest.approx(norm.sf(begins), abs=1e-4)
    assert tails[False][1] < 0.001


def test_every_signal_has_its_tail() -> None:
    """A signal without one marks nothing: run ``python bench/signals.py --tune`` after adding a signal."""
    assert {reader.SIGNAL.name for reader in readers()} <= cuts().tails.keys()
    assert all(len(tail) == CLASSES for tail in cuts().tails.values())
