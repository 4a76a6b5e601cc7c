"""What holds for every result, whatever the numbers: scores that break a law cannot be official."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from prongsai.framework import catalog, for_year
from prongsai.scoring.as_json import sheet_json
from prongsai.scoring.interval import Interval, shown, written
from prongsai.scoring.score import ScoreSheet, score
from prongsai.scoring.sheets import count
from prongsai.scoring.structure import Node, structure
from prongsai.scoring.tally import Moments, Tally
from result_sample import results, sheet

YEARS = [entry.fiscal_year for entry in catalog() if entry.fiscal_year]
YEAR = st.sampled_from(YEARS)
SCORE = st.integers(0, 10_000).map(lambda cents: Decimal(cents) / 100)


def leaves(year: int) -> list[Node]:
    """Everything that is counted directly and whose points are known."""
    return [
        n for n in structure(for_year(year)).nodes.values() if n.leaf and n.leaf.scale and n.leaf.polarity != "unknown"
    ]


def keys(node: Node) -> list[str]:
    """Option keys from worst to best for the agency."""
    assert node.leaf
    assert node.leaf.scale
    found = [(points, o.key) for o in node.leaf.scale.options if (points := node.leaf.points(o.key)) is not None]
    return [key for _, key in sorted(found)]


@st.composite
def tallied(draw: st.DrawFn, most: int = 40) -> tuple[int, dict[str, dict[str, int]]]:
    """A year and tallies of some of its leaves, by node id."""
    year = draw(YEAR)
    nodes = draw(st.lists(st.sampled_from(leaves(year)), max_size=12, unique_by=lambda node: node.id))
    # Whole items of an instrument with parts are left out: their parts are counted, as in real results.
    parted = {inst.code for inst in for_year(year).instruments if inst.parts}
    nodes = [node for node in nodes if node.part or node.instrument not in parted]
    return year, {node.id: {key: draw(st.integers(0, most)) for key in keys(node)} for node in nodes}


def scored(year: int, tallies: dict[str, dict[str, int]], **given_keys: Any) -> ScoreSheet:
    """A score sheet of tallies by node id."""
    found = results(year, **given_keys)
    found.tallies.update({node: Tally(dict(counts)) for node, counts in tallies.items()})
    return score(found)


@given(tallied(), st.data())
def test_a_better_answer_never_lowers_a_score(case: tuple[int, dict[str, dict[str, int]]], data: st.DataObject) -> None:
    year, tallies = case
    nodes = {node.id: node for node in leaves(year)}
    moves = [
        (node, low, high)
        for node, counts in tallies.items()
        for low, high in pairwise(keys(nodes[node]))
        if counts[low]
    ]
    assume(moves)
    node, low, high = data.draw(st.sampled_from(moves))
    before = scored(year, tallies)
    better = {**tallies, node: {**tallies[node], low: tallies[node][low] - 1, high: tallies[node][high] + 1}}
    after = scored(year, better)
    for name, value in before.values.items():
        assert after.values[name].interval.low >= value.interval.low, name
        assert after.values[name].interval.high >= value.interval.high, name
    assert after.values[node].interval.low > before.values[node].interval.low
    names = [band.name for band in before.framework.levels.bands]
    assert names.index(after.level.names[0]) <= names.index(before.level.names[0])
    assert names.index(after.level.names[-1]) <= names.index(before.level.names[-1])


@given(tallied(), st.data())
def test_what_is_hidden_leaves_an_interval_that_holds_the_truth(
    case: tuple[int, dict[str, dict[str, int]]], data: st.DataObject
) -> None:
    year, tallies = case
    tallies = {node: counts for node, counts in tallies.items() if any(counts.values())}
    assume(tallies)
    hidden = data.draw(st.sets(st.sampled_from(sorted(tallies)), min_size=1))
    full = scored(year, tallies)
    part = scored(year, {node: counts for node, counts in tallies.items() if node not in hidden})
    for name, value in full.values.items():
        found = part.values[name].interval
        assert found.low <= value.interval.low <= value.interval.high <= found.high, name
    assert set(full.level.names) <= set(part.level.names)


@given(st.sampled_from([y for y in YEARS if y != 2566]), st.data())
def test_all_that_is_known_gives_one_score_inside_every_interval(year: int, data: st.DataObject) -> None:
    framework = for_year(year)
    numbers = [ind.number for inst in framework.instruments for ind in inst.indicators]
    known = {number: data.draw(SCORE) for number in numbers}
    hidden = data.draw(st.sets(st.sampled_from(numbers)))
    full = sheet(year, scores={"indicators": known})
    part = sheet(year, scores={"indicators": {n: s for n, s in known.items() if n not in hidden}})
    exact = full.score("overall")
    assert exact is not None
    interval = part.values["overall"].interval
    assert interval.low <= exact <= interval.high
    assert interval.exact == (not hidden)


@given(tallied())
def test_the_order_of_tallies_and_options_is_irrelevant(case: tuple[int, dict[str, dict[str, int]]]) -> None:
    year, tallies = case
    turned = {node: dict(reversed(counts.items())) for node, counts in reversed(tallies.items())}
    assert sheet_json(scored(year, tallies)) == sheet_json(scored(year, turned))


COUNTS = st.dictionaries(st.sampled_from("012345"), st.integers(0, 10**6), max_size=6)


@given(COUNTS, COUNTS, COUNTS)
def test_tallies_add_up_in_any_order(first: dict[str, int], second: dict[str, int], third: dict[str, int]) -> None:
    a, b, c = Tally(first), Tally(second), Tally(third)
    node = next(node for node in leaves(2568) if node.id == "i1")
    assert node.leaf
    assert (a + b).respondents == a.respondents + b.respondents
    for left, right in ((a + b, b + a), ((a + b) + c, a + (b + c)), (a + Tally({}), a)):
        assert left.score(node.leaf) == right.score(node.leaf)
    if a.respondents and b.respondents:
        score_a, score_b, both = a.score(node.leaf), b.score(node.leaf), (a + b).score(node.leaf)
        assert score_a is not None
        assert score_b is not None
        assert both == (score_a * a.respondents + score_b * b.respondents) / (a.respondents + b.respondents)


@st.composite
def sheets(draw: st.DrawFn) -> tuple[int, list[dict[str, str]]]:
    """Single answer sheets of the IIT of one year, with gaps; some sheets are empty."""
    year = draw(st.sampled_from([2563, 2568]))
    nodes = [node for node in leaves(year) if node.instrument == "IIT"][:6]
    cell = {node.code: st.sampled_from(["", *keys(node)]) for node in nodes}
    return year, draw(st.lists(st.fixed_dictionaries(cell), max_size=15))


@given(sheets())
def test_counting_sheets_equals_tallying_by_hand(case: tuple[int, list[dict[str, str]]]) -> None:
    year, rows = case
    tree = structure(for_year(year))
    counted, moments = count(rows, tree, "IIT", "คำตอบ.csv")
    by_hand: dict[str, dict[str, int]] = {}
    for row in rows:
        for code, option in row.items():
            by_hand.setdefault(code, {})
            if option:
                by_hand[code][option] = by_hand[code].get(option, 0) + 1
    assert {node: tally.counts for node, tally in counted.items()} == by_hand
    assert sheet_json(scored(year, {n: t.counts for n, t in counted.items()})) == sheet_json(scored(year, by_hand))
    assert moments.sheets == len(rows)
    for node, tally in counted.items():
        assert moments.n.get((node, node), 0) == tally.respondents
        leaf = tree.nodes[node].leaf
        if leaf and tally.respondents:
            assert Fraction(moments.first[(node, node)], moments.scale * tally.respondents) == tally.score(leaf)


@given(sheets(), st.data())
def test_moments_merge_like_the_sheets_they_come_from(
    case: tuple[int, list[dict[str, str]]], data: st.DataObject
) -> None:
    year, rows = case
    cut = data.draw(st.integers(0, len(rows)))
    tree = structure(for_year(year))

    def moments(part: list[dict[str, str]]) -> Moments:
        return count(part, tree, "IIT", "คำตอบ.csv")[1]

    merged, whole = moments(rows[:cut]) + moments(rows[cut:]), moments(rows)
    assert merged == whole
    for pair in whole.n:
        assert whole.product[pair] ** 2 <= square(whole, pair[0]) * square(whole, pair[1])


def square(moments: Moments, row: str) -> int:
    return moments.product[(row, row)]


@given(st.fractions(0, 100))
def test_scores_are_shown_half_up(value: Fraction) -> None:
    found = shown(value)
    assert found.as_tuple().exponent == -2
    assert -Fraction(1, 200) < value - Fraction(found) + Fraction(1, 10**12) <= Fraction(1, 200) + Fraction(1, 10**12)
    assert abs(value - Fraction(found)) <= Fraction(1, 200)


@given(st.integers(0, 100_000))
def test_shown_agrees_with_decimal_at_every_half(thousandths: int) -> None:
    exact = Decimal(thousandths) / 1000
    assert shown(Fraction(exact)) == exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


@pytest.mark.parametrize(
    ("number", "text"), [("100", "100.00"), ("99.4", "99.40"), ("84.995", "84.995"), ("0", "0.00"), ("1E+1", "10.00")]
)
def test_given_numbers_are_written_with_two_decimals_at_least(number: str, text: str) -> None:
    assert written(Decimal(number)) == text


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize(("position", "value"), [(-1, 100), (0, 0)])
def test_all_best_is_100_and_all_worst_is_0_everywhere(year: int, position: int, value: int) -> None:
    tallies = {node.id: {keys(node)[position]: 12} for node in leaves(year)}
    found = scored(year, tallies)
    known = [v for v in found.values.values() if v.informative and v.score is not None]
    assert all(v.score == value for v in known)
    overall = found.values["overall"].interval
    assert overall.low <= value <= overall.high
    bands = [band.name for band in found.framework.levels.bands]
    assert (bands[0] if value else bands[-1]) in found.level.names
    if year != 2566:  # in 2566 most of the questionnaire is not known
        assert overall == Interval.exactly(value)
        assert found.level.name in (bands[0], bands[-1])


@given(st.sampled_from([y for y in YEARS if y < 2566]), st.data())
def test_what_nobody_answered_leaves_the_denominator(year: int, data: st.DataObject) -> None:
    indicator = for_year(year).instruments[0].indicators[3]  # items without rows
    counts = {item.code: data.draw(st.integers(0, 20)) for item in indicator.items}
    nodes = {node.id: node for node in leaves(year)}
    tallies = {code: {keys(nodes[code])[-1]: n, keys(nodes[code])[0]: n} if n else {} for code, n in counts.items()}
    value = scored(year, tallies).values[indicator.number]
    if any(counts.values()):
        assert value.score == 50  # the items that were answered, not dragged down by those that were not
    else:
        assert value.origin == "absent"
        assert value.score is None


@given(SCORE, st.integers(-3, 3))
def test_given_and_computed_are_compared_to_a_hundredth(value: Decimal, cents: int) -> None:
    other = value + Decimal(cents) / 100
    assume(0 <= other <= 100)
    found = sheet(2564, scores={"instruments": {"IIT": other}, "indicators": {str(n): value for n in range(1, 6)}})
    assert [d.node for d in found.disagreements] == (["IIT"] if abs(cents) > 1 else [])
    assert found.score("IIT") == Fraction(other), "the official number stays"
    for disagreement in found.disagreements:
        assert disagreement.found == written(other)
        assert disagreement.computed == {"score": str(shown(Fraction(value)))}


@given(st.data())
def test_an_unknown_weighting_never_claims_more_than_it_knows(data: st.DataObject) -> None:
    """Any true weights of the OIT items of 2568 that keep the known shares lie inside the interval."""
    indicator = next(i for inst in for_year(2568).instruments for i in inst.indicators if i.number == "9")
    assert indicator.rule
    shares = {frozenset(share.of): Fraction(share.percent) for share in indicator.rule.shares}
    shared = frozenset(code for group in shares for code in group)
    codes = [item.code for item in indicator.items]
    shares[frozenset(codes) - shared] = 100 - sum(shares.values(), Fraction(0))
    weights: dict[str, Fraction] = {}
    for group, percent in shares.items():
        parts = {code: data.draw(st.integers(0, 9)) for code in sorted(group)}
        total = sum(parts.values())
        assume(total)
        weights |= {code: percent * part / total for code, part in parts.items()}
    verdicts = {c: data.draw(st.sampled_from(["disclosed", "not_disclosed", "not_applicable"])) for c in codes}
    present = {code: weights[code] for code, verdict in verdicts.items() if verdict != "not_applicable"}
    assume(sum(present.values(), Fraction(0)))
    passed = sum((weight for code, weight in present.items() if verdicts[code] == "disclosed"), Fraction(0))
    truth = 100 * passed / sum(present.values(), Fraction(0))
    interval = sheet(2568, verdicts=verdicts).values["9"].interval
    assert interval.low <= truth <= interval.high


def test_with_a_part_of_a_share_gone_its_weight_is_known_by_its_limit_only() -> None:
    verdicts = {f"o{number}": "disclosed" for number in range(1, 29)} | {"o6": "not_disclosed"}
    whole = sheet(2568, verdicts=verdicts).values["9"].interval
    assert whole == Interval(Fraction("86.5"), Fraction(100)), "o6 and o15 share 13.50"
    gone = sheet(2568, verdicts={**verdicts, "o15": "not_applicable"}).values["9"].interval
    assert gone == Interval(Fraction("86.5"), Fraction(100)), "o6 may have any of the 13.50, o15 the rest"
    other = sheet(2568, verdicts={**verdicts, "o15": "disclosed", "o1": "not_applicable"}).values["9"].interval
    assert other == Interval(Fraction(0), Fraction(100)), "o1 may have had all of the other 86.50"


def test_a_pooled_hypothesis_is_used_only_with_known_respondents() -> None:
    scores = {"components": {"EIT.1": 90, "EIT.2": 100}}
    name = "eit-pooled-respondents"
    without = sheet(2568, (name,), scores=scores)
    assert (without.values["EIT"].interval.low, without.values["EIT"].interval.high) == (90, 100)
    assert all(step.hypothesis is None for step in without.values["EIT"].steps)
    assert "EIT" in {found.node for found in without.unknown if found.reason == "rule"}
    pooled = sheet(2568, (name,), scores=scores, respondents={"EIT.1": 60, "EIT.2": 20})
    assert pooled.score("EIT") == Fraction(90 * 60 + 100 * 20, 80)
    assert [step.hypothesis.name for step in pooled.values["EIT"].steps if step.hypothesis] == [name]
    assert sheet(2568, ("eit-mean-of-parts",), scores=scores).score("EIT") == 95
