"""What intervals are for: that they hold the truth as often as they say. Small; bench/coverage.py prints the table."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest

from scripts import script

SAMPLES = 400  # enough to tell .95 from .85


@pytest.fixture(scope="module")
def coverage() -> ModuleType:
    return script("bench/coverage.py")


@pytest.mark.parametrize(("items", "mean", "n"), [(1, 99, 10), (1, 99, 30), (15, 94, 10), (15, 99, 5)])
def test_the_rule_holds_the_truth_where_the_plain_interval_does_not(
    coverage: ModuleType, items: int, mean: int, n: int
) -> None:
    one = coverage.drawn(np.random.default_rng(3), n, items, coverage.calibrated(mean, items), SAMPLES)
    plain, _, _, rule = coverage.covered(one).values()
    assert rule > plain + 0.05
    assert rule > 0.89


def test_away_from_the_ceiling_they_agree(coverage: ModuleType) -> None:
    one = coverage.drawn(np.random.default_rng(3), 100, 1, coverage.calibrated(80, 1), SAMPLES)
    assert all(0.92 < share < 0.98 for share in coverage.covered(one).values())


def test_two_surveys_together(coverage: ModuleType) -> None:
    shift, random = coverage.calibrated(99, 15), np.random.default_rng(3)
    pair = [coverage.endless(random, n, 15, shift, SAMPLES) for n in (5, 30)]
    plain, satterthwaite, own = coverage.covered_together(*pair).values()
    assert own > satterthwaite > plain
    assert own > 0.93
