"""Standard errors against R `survey` (golden figures A and B, eight digits)."""

from __future__ import annotations

from fractions import Fraction

import pytest

from prongsai.analysis.uncertainty import Uncertainty, estimate, uncertainty
from prongsai.framework import for_year
from prongsai.scoring.score import score
from prongsai.scoring.tally import Moments
from prongsai.simulation import Spec, simulate

GOLDEN_A = {
    "i1": "100 80 60 100 40 80 100 20",
    "i2": "80 80 60 100 20 100 80 40",
    "i3": "100 60 80 100 40 80 100 0",
}
GOLDEN_B = {
    "i1": "100 80 . 60 100 40 80 . 20 100",
    "i2": "80 . 60 60 100 20 . . 40 80",
    "i3": "100 60 80 . 80 40 60 . 20 100",
}
THIRD = Fraction(1, 3)
INDICATOR = {"i1": THIRD, "i2": THIRD, "i3": THIRD}


def moments(columns: dict[str, str]) -> Moments:
    answers = {row: column.split() for row, column in columns.items()}
    result = Moments(tuple(answers))
    for values in zip(*answers.values(), strict=True):
        result.add({row: int(value) for row, value in zip(answers, values, strict=True) if value != "."})
    return result


def single(row: str) -> dict[str, Fraction]:
    return {row: Fraction(1)}


@pytest.mark.parametrize(
    ("columns", "people", "weights", "value", "se", "low", "high"),
    [
        (GOLDEN_A, 24, single("i1"), 72.5, 8.69455221, 48.45575724, 88.08590602),
        (GOLDEN_A, 24, single("i2"), 70.0, 8.16496581, 48.19861203, 85.40446147),
        (GOLDEN_A, 24, single("i3"), 70.0, 10.23532631, 42.42839361, 88.07768572),
        (GOLDEN_A, 24, INDICATOR, 70.83333333, 8.54106173, 47.74476788, 86.58643812),
        (GOLDEN_B, 40, single("i1"), 72.5, 9.09298035, 48.44272700, 88.09138011),
        (GOLDEN_B, 40, single("i2"), 62.85714286, 8.59407439, 42.39415906, 79.55645263),
        (GOLDEN_B, 40, single("i3"), 67.5, 8.50091907, 46.36361666, 83.30622834),
        (GOLDEN_B, 40, INDICATOR, 67.61904762, 8.29721367, 46.98095924, 83.11146145),
    ],
)
def test_agrees_with_r_survey(
    columns: dict[str, str], people: int, weights: dict[str, Fraction], value: float, se: float, low: float, high: float
) -> None:
    found = estimate("x", weights, moments(columns), people)
    assert found is not None
    assert float(found.estimate) == pytest.approx(value, abs=1e-8)
    assert (found.se, found.low, found.high) == pytest.approx((se, low, high), abs=1e-8)


def test_the_empty_sheet_counts() -> None:
    """Golden B has one: without it (n = 9) the standard error would be another one."""
    sums = moments(GOLDEN_B)
    assert sums.sheets == 10
    sums.sheets = 9
    found = estimate("x", single("i1"), sums, 40)
    assert found is not None
    assert found.se != pytest.approx(9.09298035, abs=1e-6)


def of(answers: list[int], people: int | None = None) -> Uncertainty:
    sums = Moments(("i1",))
    for answer in answers:
        sums.add({"i1": answer})
    found = estimate("i1", single("i1"), sums, people)
    assert found is not None
    return found


def test_one_respondent_has_no_standard_error() -> None:
    found = of([80], 10)
    assert found.se is None
    assert "คนเดียว" in (found.reason_th or "")


def test_more_sheets_than_people_is_said() -> None:
    assert "มากกว่า" in (of([80, 60, 40], 2).reason_th or "")


def test_equal_answers_get_the_bound_of_those_who_did_not_answer() -> None:
    """10 of 40 all said 100: up to 9 others may still differ with a chance of 5 %."""
    found = of([100] * 10, 40)
    assert found.se == 0
    assert found.high == 100
    assert found.low == pytest.approx(100 - 100 * 9 / 40)


def test_a_census_of_equal_answers_is_the_point_itself() -> None:
    found = of([80] * 12, 12)
    assert (found.low, found.high) == (80, 80)


def test_a_census_has_no_sampling_error() -> None:
    assert of([80, 60, 100, 40], 4).se == 0


def test_moments_can_be_merged() -> None:
    first, second = (
        moments({k: " ".join(v.split()[:4]) for k, v in GOLDEN_A.items()}),
        moments({k: " ".join(v.split()[4:]) for k, v in GOLDEN_A.items()}),
    )
    assert first + second == moments(GOLDEN_A)


def test_the_whole_instrument_of_a_simulated_agency_and_none_where_rules_are_unknown() -> None:
    sheet = score(simulate(Spec(for_year(2568), seed=5)).results)
    found = uncertainty(sheet, "IIT")
    assert found is not None
    assert found.se is not None
    assert found.estimate == sheet.score("IIT")
    assert uncertainty(sheet, "OIT") is None
