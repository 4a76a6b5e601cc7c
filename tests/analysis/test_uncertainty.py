"""Standard errors against R `survey` (golden figures A and B, eight digits)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from prongsai.analysis.uncertainty import Uncertainty, combine, estimate, may_differ, uncertainty, unfiltered
from prongsai.framework import for_year
from prongsai.scoring.score import score
from prongsai.scoring.sheets import count
from prongsai.scoring.structure import structure
from prongsai.scoring.tally import Moments
from prongsai.scoring.wide import layout
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


def test_the_bound_of_equal_answers_is_exact_at_its_edge() -> None:
    """19 of 20: one who differs is missed with a chance of exactly 1/20; a root of floats could fall on either side."""
    assert may_differ(19, 20) == 1 / 20
    assert may_differ(19, 20, Fraction(51, 1000)) == 0
    assert may_differ(10, None) == pytest.approx(1 - 0.05**0.1)


def test_unanswered_items_weaken_the_bound() -> None:
    """Ten sheets of forty, but only four answered: four said the same, not ten."""
    sums = Moments(("i1",))
    for answer in [{"i1": 100}] * 4 + [{}] * 6:
        sums.add(answer)
    found = estimate("i1", single("i1"), sums, 40)
    assert found
    assert found.low == pytest.approx(100 - 100 * may_differ(4, 40))
    assert may_differ(4, 40) > may_differ(10, 40)


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


def test_several_surveys_are_independent() -> None:
    """Variances add; the interval is that of the surveys together; what is certain adds nothing."""
    first = estimate("a", INDICATOR, moments(GOLDEN_A), 24)
    second = estimate("b", INDICATOR, moments(GOLDEN_B), 40)
    assert first
    assert second
    share = Fraction(3, 10)
    value = share * first.estimate + share * second.estimate + Fraction(2, 5) * 90
    both = combine(value, [(share, first), (share, second)])
    assert (both.se, both.low, both.high) == pytest.approx(
        (
            0.3 * (8.54106173**2 + 8.29721367**2) ** 0.5,
            float(value) - 0.3 * ((70.83333333 - 47.74476788) ** 2 + (67.61904762 - 46.98095924) ** 2) ** 0.5,
            float(value) + 0.3 * ((86.58643812 - 70.83333333) ** 2 + (83.11146145 - 67.61904762) ** 2) ** 0.5,
        ),
        abs=1e-7,
    )
    # Satterthwaite by hand: (V1 + V2)² / (V1²/7 + V2²/9)
    v1, v2 = 8.54106173**2, 8.29721367**2
    assert both.degrees == pytest.approx((v1 + v2) ** 2 / (v1**2 / 7 + v2**2 / 9), abs=1e-6)
    assert (both.sheets, both.population, both.reason) == (18, 64, None)


def test_one_survey_without_error_leaves_the_whole_without() -> None:
    certain, alone = of([80, 60, 100, 40], 4), of([80], 10)
    assert combine(Fraction(75), [(Fraction(1, 2), certain), (Fraction(1, 2), certain)]).reason == certain.reason
    both = combine(Fraction(75), [(Fraction(1, 2), certain), (Fraction(1, 2), alone)])
    assert (both.se, both.reason) == (None, alone.reason)


def test_the_overall_score_where_all_weights_are_known() -> None:
    """IIT 30, EIT 30, OIT 40 are known in fiscal year 2565; how EIT's parts weigh in 2568 is not, unless assumed."""
    sheet = score(simulate(Spec(for_year(2565), seed=5)).results)
    found, iit, eit = (uncertainty(sheet, name) for name in ("overall", "IIT", "EIT"))
    assert found
    assert iit
    assert eit
    assert iit.se
    assert eit.se
    assert found.estimate == sheet.score("overall")
    assert found.se == pytest.approx(0.3 * (iit.se**2 + eit.se**2) ** 0.5)
    later = simulate(Spec(for_year(2568), seed=5)).results
    assert uncertainty(score(later), "EIT") is None
    parts = [uncertainty(score(later), name) for name in ("EIT.1", "EIT.2")]
    together = uncertainty(score(later, ("eit-mean-of-parts",)), "EIT")
    assert together
    assert together.se == pytest.approx(sum((0.5 * (part.se or 0)) ** 2 for part in parts if part) ** 0.5)


@pytest.mark.parametrize(("sheets", "shown"), [(9, False), (10, True)])
def test_nothing_of_a_few_people(sheets: int, shown: bool) -> None:
    """A mean and a standard error of two people are the answers of both; k is 10."""
    tree = structure(for_year(2568))
    rows = [
        {row.code: row.options[(n + k) % 2] for k, row in enumerate(layout(tree, "IIT").rows)} for n in range(sheets)
    ]
    tallies, sums = count(rows, tree, "IIT", "test")
    results = replace(
        simulate(Spec(for_year(2568), seed=5)).results,
        tallies=tallies,
        moments={"IIT": sums},
        respondents={"IIT": sheets},
    )
    sheet = score(results)
    assert [uncertainty(sheet, node) is not None for node in ("IIT", "1", "i1")] == [shown] * 3
    assert unfiltered(sheet, "IIT")


def test_that_all_answered_alike_is_not_told_by_an_error_of_zero() -> None:
    tree = structure(for_year(2568))
    rows = [{row.code: row.options[1 if k else 0] for k, row in enumerate(layout(tree, "IIT").rows)} for _ in range(12)]
    tallies, sums = count(rows, tree, "IIT", "test")
    results = replace(
        simulate(Spec(for_year(2568), seed=5)).results, tallies=tallies, moments={"IIT": sums}, respondents={"IIT": 12}
    )
    sheet = score(results)
    assert [sheet.score(node) for node in ("i1", "i2")] == [0, 20]
    assert [uncertainty(sheet, node) is not None for node in ("i1", "i2", "IIT")] == [True, False, True]
