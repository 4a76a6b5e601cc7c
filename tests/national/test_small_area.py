"""Shrunk estimates: R's numbers, the likelihood maximised directly, and that the error is what it says."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from test_change import reference
from test_ranks import estimates

from prongsai.analysis import uncertainty
from prongsai.national.small_area import fay_herriot, shrink
from prongsai.national.uncertain import REASONS


def drawn(seed: int, agencies: int = 200, between: float = 4.0):
    """True scores about the mean of their kind, what was found of them, and standard errors."""
    dice = np.random.default_rng(seed)
    kind = dice.integers(0, 5, agencies)
    true = np.array([92.0, 88, 95, 90, 85])[kind] + dice.normal(0, np.sqrt(between), agencies)
    se = dice.uniform(0.3, 5, agencies)
    return true, true + dice.normal(0, se), se, kind


def test_as_r_fits_the_model() -> None:
    """metafor's REML; its prediction error takes the variance as known, so 2·g3 is what is added here."""
    known = reference("small")
    variance = known.pop(0)["variance"]
    y, se, kind, expected, shrunk, error = (
        np.array([one[name] for one in known.values()])
        for name in ("y", "sampling", "kind", "expected", "shrunk", "known")
    )
    found = fay_herriot(y, se, kind.astype(int))
    assert found.variance == pytest.approx(variance, rel=1e-8)
    np.testing.assert_allclose(found.expected, expected, rtol=1e-9)
    np.testing.assert_allclose(found.shrunk, shrunk, rtol=1e-9)
    total = variance + se**2
    third = se**4 / total**3 * 2 / np.sum(total**-2)
    np.testing.assert_allclose(found.rmse**2, error**2 + 2 * third, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_the_restricted_likelihood_has_its_maximum_there(seed: int) -> None:
    """Straight from the definition, with matrices."""
    _, y, se, kind = drawn(seed, 60)
    x = np.eye(5)[kind]

    def loss(between: float) -> float:
        weight = np.diag(1 / (between + se**2))
        inner = x.T @ weight @ x
        rest = y - x @ np.linalg.solve(inner, x.T @ weight @ y)
        return float(np.sum(np.log(between + se**2)) + np.linalg.slogdet(inner)[1] + rest @ weight @ rest)

    best = minimize_scalar(loss, bounds=(0, 60), method="bounded", options={"xatol": 1e-10})
    found = fay_herriot(y, se, kind)
    assert found.variance == pytest.approx(best.x, abs=1e-4)
    assert loss(found.variance) <= best.fun + 1e-10


def test_errors_are_smaller_and_as_large_as_said() -> None:
    kept, direct, said = [], [], []
    for seed in range(60):
        true, y, se, kind = drawn(100 + seed)
        found = fay_herriot(y, se, kind)
        kept.append(np.mean((found.shrunk - true) ** 2))
        direct.append(np.mean((y - true) ** 2))
        said.append(np.mean(found.rmse**2))
    assert np.mean(kept) < 0.5 * np.mean(direct)
    assert np.mean(said) == pytest.approx(np.mean(kept), rel=0.05)


def test_a_spread_that_chance_explains_leaves_the_mean_of_the_kind() -> None:
    found = fay_herriot(np.array([90.0, 91, 90, 91]), np.full(4, 5.0), np.zeros(4, int))
    assert found.variance == 0
    np.testing.assert_allclose(found.shrunk, 90.5)
    assert (found.rmse > 0).all()


def test_who_answered_whole_keeps_the_score_and_who_has_no_error_gets_none() -> None:
    reasons = np.array([0, 0, 0, REASONS.index(uncertainty.ALL_EQUAL), REASONS.index(uncertainty.ALL_ANSWERED), 0])
    found = estimates([80, 90, 85, 100, 60, 95], [3, 4, np.nan, 0, 0, 2], 9, reasons)
    shrunk = shrink(found, "overall", np.zeros(6, int))
    assert np.isnan(shrunk.shrunk).tolist() == [False, False, True, True, False, False]
    assert (shrunk.shrunk[4], shrunk.rmse[4], shrunk.kept[4]) == (60, 0, 1)
    assert (shrunk.kept[[0, 1, 5]] < 1).all()
    assert shrunk.kept[5] > shrunk.kept[0] > shrunk.kept[1]


def test_too_few_agencies_give_nothing() -> None:
    found = fay_herriot(np.array([90.0, 91]), np.ones(2), np.arange(2))
    assert np.isnan(found.shrunk).all()
    assert np.isnan(found.variance)
