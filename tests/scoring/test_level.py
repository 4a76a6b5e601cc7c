"""Which level scores earn, and the set of levels still possible where something is not known."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prongsai.framework import for_year
from prongsai.scoring.interval import Interval
from prongsai.scoring.level import decide
from result_sample import sheet

TOP, GOOD, PASS, IMPROVE, URGENT = "ผ่านดีเยี่ยม", "ผ่านดี", "ผ่าน", "ต้องปรับปรุง", "ต้องปรับปรุงโดยด่วน"
NAMES = ("IIT", "EIT.1", "EIT.2", "OIT")
Number = str | tuple[str, str]


def interval(number: Number) -> Interval:
    low, high = (number, number) if isinstance(number, str) else number
    return Interval(Fraction(low), Fraction(high))


def levels(overall: Number, components: list[Number], year: int = 2568) -> tuple[str, ...]:
    return decide(
        for_year(year), interval(overall), {n: interval(c) for n, c in zip(NAMES, components, strict=False)}
    ).names


ALL = ("0", "100")


@pytest.mark.parametrize(
    ("overall", "components", "expected"),
    [
        ("95", ["95", "95", "95", "95"], [TOP]),
        ("96", ["96", "94.99", "97", "100"], [GOOD]),
        ("94.99", ["95", "95", "95", "95"], [GOOD]),
        ("94.995", ["95", "95", "95", "95"], [TOP]),  # shown as 95.00
        ("94.9949", ["95", "95", "95", "95"], [GOOD]),
        ("95", ["95", "94.995", "95", "95"], [TOP]),
        ("85", ["85", "85", "85", "85"], [GOOD]),
        ("92.89", ["99.10", "99", "99", "83.25"], [PASS]),
        ("84.99", ["99", "99", "99", "50"], [IMPROVE]),
        ("84.995", ["99", "99", "99", "50"], [PASS]),
        ("70", ["70", "70", "70", "70"], [IMPROVE]),
        ("69.99", ["100", "100", "100", "0"], [URGENT]),
        ("0", ["0", "0", "0", "0"], [URGENT]),
        # sets: every level that some score within the intervals would get
        ("96", ["96", ALL, ALL, "96"], [TOP, GOOD, PASS]),
        ("96", ["96", ("85", "94"), "96", "96"], [GOOD]),
        ("96", ["96", ("85", "96"), "96", "96"], [TOP, GOOD]),
        ("96", ["90", ALL, "96", "96"], [GOOD, PASS]),
        ("96", ["80", ALL, ALL, ALL], [PASS]),
        (("84", "86"), ["90", "90", "90", "90"], [GOOD, IMPROVE]),
        (("84", "86"), ["90", "84", "90", "90"], [PASS, IMPROVE]),
        (("84", "96"), ["97", "97", "97", "97"], [TOP, GOOD, IMPROVE]),
        (("84", "96"), ["97", ("80", "97"), "97", "97"], [TOP, GOOD, PASS, IMPROVE]),
        (ALL, [ALL, ALL, ALL, ALL], [TOP, GOOD, PASS, IMPROVE, URGENT]),
        (("60", "72"), [ALL, ALL, ALL, ALL], [IMPROVE, URGENT]),
    ],
)
def test_levels_by_words(overall: Number, components: list[Number], expected: list[str]) -> None:
    assert list(levels(overall, components)) == expected


@pytest.mark.parametrize(
    ("overall", "expected"),
    [
        ("100", ["AA"]),
        ("95", ["AA"]),
        ("94.99", ["A"]),
        ("94.995", ["AA"]),
        ("85", ["A"]),
        ("84.99", ["B"]),
        ("75", ["B"]),
        ("74.99", ["C"]),
        ("65", ["C"]),
        ("64.99", ["D"]),
        ("55", ["D"]),
        ("54.99", ["E"]),
        ("50", ["E"]),
        ("49.99", ["F"]),
        ("0", ["F"]),
        (("74", "86"), ["A", "B", "C"]),
        (ALL, ["AA", "A", "B", "C", "D", "E", "F"]),
    ],
)
def test_levels_by_letters(overall: Number, expected: list[str]) -> None:
    assert list(levels(overall, [], 2563)) == expected


SCORES = st.integers(0, 10_000).map(lambda cents: Fraction(cents, 100))


@given(st.lists(st.tuples(SCORES, SCORES), min_size=5, max_size=5), st.data())
def test_the_set_holds_the_level_of_every_score_within(
    pairs: list[tuple[Fraction, Fraction]], data: st.DataObject
) -> None:
    intervals = [Interval(min(pair), max(pair)) for pair in pairs]
    inside = [
        Interval.exactly(data.draw(st.fractions(i.low, i.high, max_denominator=100) | st.sampled_from([i.low, i.high])))
        for i in intervals
    ]
    framework = for_year(2568)

    def names(found: list[Interval]) -> tuple[str, ...]:
        return decide(framework, found[0], dict(zip(NAMES, found[1:], strict=True))).names

    assert len(names(inside)) == 1
    assert set(names(inside)) <= set(names(intervals))


@given(st.lists(st.tuples(SCORES, SCORES), min_size=3, max_size=3))
def test_the_set_holds_no_level_that_no_score_within_would_get(pairs: list[tuple[Fraction, Fraction]]) -> None:
    framework = for_year(2568)
    borders = [Fraction(n) for band in framework.levels.bands for n in (band.overall_min, band.component_min) if n]
    near = [border - step for border in borders for step in (Fraction(0), Fraction(1, 100))]
    intervals = [Interval(min(pair), max(pair)) for pair in pairs]
    inside = [sorted({i.low, i.high, *(n for n in near if i.low <= n <= i.high)}) for i in intervals]
    reached: set[str] = set()
    for numbers in product(*inside):
        exact = [Interval.exactly(number) for number in numbers]
        reached |= set(decide(framework, exact[0], {"IIT": exact[1], "OIT": exact[2]}).names)
    assert set(decide(framework, intervals[0], {"IIT": intervals[1], "OIT": intervals[2]}).names) == reached


@given(st.lists(SCORES, min_size=5, max_size=5))
def test_no_score_is_without_a_level(numbers: list[Fraction]) -> None:
    found = [Interval.exactly(number) for number in numbers]
    assert decide(for_year(2568), found[0], dict(zip(NAMES, found[1:], strict=True))).name


def test_a_component_that_was_not_assessed_is_not_asked_for() -> None:
    components = {"IIT": interval("96"), "OIT": interval("96")}
    assert decide(for_year(2568), interval("96"), components).name == TOP


def test_the_official_level_settles_what_scores_leave_open_but_not_what_they_rule_out() -> None:
    scores = {"instruments": {"IIT": 96, "EIT": 96, "OIT": 96}}
    open_ = sheet(2568, scores=scores)
    assert open_.level.as_json() == {"levels": [TOP, GOOD, PASS]}
    assert "level" in {found.node for found in open_.unknown}
    settled = sheet(2568, scores={**scores, "level": GOOD})
    assert settled.level.as_json() == {"level": GOOD}
    assert not settled.disagreements
    ruled_out = sheet(2568, scores={**scores, "level": URGENT})
    assert ruled_out.level.as_json() == {"levels": [TOP, GOOD, PASS]}
    assert [(d.node, d.found, d.computed) for d in ruled_out.disagreements] == [("level", URGENT, [TOP, GOOD, PASS])]
