"""A few people whose score leaves them no choice: not shown, nor what gives it back, nor does its silence tell."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prongsai.analysis.as_json import analysis_json, shown_sheet_json
from prongsai.analysis.disclosure import may_show_error, may_show_score, shown_score
from prongsai.analysis.explain import explain
from prongsai.analysis.next_level import next_level
from prongsai.analysis.pinned import pinned
from prongsai.analysis.ranking import by_component
from prongsai.analysis.trend import trend
from prongsai.framework import for_year
from prongsai.scoring.score import ScoreSheet
from result_sample import options, sheet, tallies

K = 10
OIT = {f"o{number}": "disclosed" for number in range(1, 29)} | {"o6": "not_disclosed"}
MANY = tallies(2568, "EIT", {0: 30, 1: 10, 2: 3})


def group(counts: dict[int, int], **more: object) -> ScoreSheet:
    """IIT by a small group; EIT by many, OIT inspected with one item failed."""
    assume = ("eit-mean-of-parts", "oit-2568-fit")
    return sheet(2568, assume, tallies={**tallies(2568, "IIT", counts), **MANY}, verdicts=OIT, **more)


def test_three_who_gave_only_best_answers_have_no_score_but_a_level() -> None:
    found = group({0: 3})
    assert pinned(found) == {"IIT", "overall"}
    for node in ("IIT", "overall"):
        ruling = may_show_score(found, node)
        assert not ruling.shown
        assert str(K) in ruling.th
        assert str(K) in ruling.en
        assert shown_score(found, node) is None
        assert not may_show_error(found, node).shown
    for node in ("EIT", "EIT.1", "OIT", "e1", "9"):
        assert may_show_score(found, node).shown, "what others answered stays"
    assert found.level.names


def test_who_chose_differently_and_who_are_many_are_shown() -> None:
    """The controls: the same score of k people, and another score of the same few."""
    assert not pinned(group({0: K}))
    assert not pinned(group({0: 1, 1: 1, 2: 1}))
    assert pinned(group({5: 3})), "the worst end leaves as little choice as the best"


def test_a_part_closes_its_instrument_and_the_total_and_not_its_sister() -> None:
    few = {item: {"EIT.1": {next(iter(both["EIT.1"])): 2}, "EIT.2": both["EIT.2"]} for item, both in MANY.items()}
    found = sheet(2568, ("eit-mean-of-parts",), tallies={**tallies(2568, "IIT", {0: 30, 1: 9}), **few})
    assert pinned(found) == {"EIT.1", "EIT", "overall"}
    assert may_show_score(found, "EIT.2").shown


@cache
def nearest(people: int, best: bool) -> Fraction:
    """The score of a group all at one end, but for one person with the next answer where that moves it most."""
    framework = for_year(2568)
    counts = {0 if best else 5: people}
    scores = []
    for code in tallies(2568, "IIT", counts):
        keys = options(framework, code)
        end, beside = (keys[0], keys[1]) if best else (keys[-1], keys[-2])
        moved = {end: people - 1, beside: 1}
        scores.append(sheet(2568, tallies={**tallies(2568, "IIT", counts), code: moved}).score("IIT"))
    known = [score for score in scores if score is not None]
    return min(known) if best else max(known)


@pytest.mark.parametrize("best", [True, False])
def test_one_person_apart_is_hidden_with_the_rest_so_that_silence_does_not_tell(best: bool) -> None:
    """Were only all alike hidden, to be hidden would say so."""
    framework, codes = for_year(2568), list(tallies(2568, "IIT", {0: 3}))
    largest = next(code for code in codes if len(options(framework, code)) == 2)
    keys = options(framework, largest)[:: 1 if best else -1]
    for apart, hidden in (({keys[0]: 2, keys[1]: 1}, True), ({keys[0]: 1, keys[1]: 2}, False)):
        found = sheet(2568, tallies={**tallies(2568, "IIT", {0 if best else 5: 3}), largest: apart})
        assert ("IIT" in pinned(found)) == hidden
        if hidden:
            assert found.score("IIT") == nearest(3, best)


@settings(max_examples=30)
@given(st.integers(1, K - 1), st.booleans(), st.lists(st.tuples(st.integers(1, 15), st.integers(0, 2)), max_size=3))
def test_hidden_is_what_lies_no_further_from_the_end_than_one_person(
    people: int, best: bool, changes: list[tuple[int, int]]
) -> None:
    """Against scores of groups made by hand: whatever is hidden could be such a group, for any question's answer."""
    counts = tallies(2568, "IIT", {0 if best else 5: people})
    for number, step in changes:
        keys = options(for_year(2568), code := f"i{number}")
        end, other = (keys[0], keys[min(step, len(keys) - 1)]) if best else (keys[-1], keys[max(-1 - step, -len(keys))])
        counts[code] = {end: people} if end == other else {end: people - 1, other: 1}
    found = sheet(2568, tallies=counts)
    score = found.score("IIT")
    assert score is not None
    near = score >= nearest(people, True) or score <= nearest(people, False)
    assert ("IIT" in pinned(found)) == near


def test_rows_that_are_not_known_do_not_open_what_the_ends_of_the_span_tell() -> None:
    """One item is missing, so the instrument lies in a span, whose lower end is that of all best in the others."""
    counts = tallies(2568, "IIT", {0: 3})
    del counts["i15"]
    found = sheet(2568, tallies=counts)
    assert not found.values["IIT"].interval.exact
    assert "IIT" in pinned(found)
    some = tallies(2568, "IIT", {0: 1, 1: 1, 2: 1})
    del some["i15"]
    assert not pinned(sheet(2568, tallies=some))


def test_official_numbers_are_published_already_and_stay() -> None:
    given = {"overall": 95.5, "components": {"IIT": 100}}
    assert not pinned(sheet(2568, scores=given, respondents={"IIT": 3}))
    counted = sheet(2568, tallies=tallies(2568, "IIT", {0: 3}), scores={"overall": 95.5, "components": {"OIT": 90}})
    assert counted.values["overall"].origin == "given"
    assert pinned(counted) == {"IIT"}
    assert shown_score(counted, "overall") == Fraction("95.5")


@pytest.mark.parametrize("assume", [(), ("eit-mean-of-parts", "oit-2568-fit")])
def test_no_sentence_no_gap_and_no_json_has_the_number(assume: tuple[str, ...]) -> None:
    """All that is made of a sheet; the control is the same answers by k people, which show it everywhere."""
    said = []
    for people in (3, K):
        counts = {**tallies(2568, "IIT", {0: people}), "i1": {"5": people - 1, "4": 1}, **MANY}
        found = sheet(2568, assume, tallies=counts, verdicts=OIT)
        ahead = next_level(found)
        assert ahead is not None
        assert bool(ahead.what_if) == (people == K), "what it would be, less the gain, is what it is"
        assert [gap.node for gap in ahead.withheld] == (["overall", "IIT"] if people == 3 else [])
        assert all(gap.score is None and gap.reached is None and gap.points is None for gap in ahead.withheld)
        assert not set(ahead.not_known) & set(ahead.withheld)
        numbers = {node: found.values[node].interval.as_json() for node in ("IIT", "overall")}
        wanted = {text for shape in numbers.values() for text in shape.values() if text not in ("0.00", "100.00")}
        assert wanted
        texts = [str(shown_sheet_json(found)), str(analysis_json(found))]
        texts += [str(explain(found, node).as_json()) for node in ("overall", "IIT", "level", "EIT")]
        texts += [str(change) for change in trend(found, sheet(2567, tallies=MANY)).indicators]
        said.append([number in text for text in texts[:2] for number in wanted])
        assert any(number in text for number in wanted for text in texts) == (people == K)
        heads = {one.id: one.score for one in by_component(found)}
        assert (heads["IIT"] is None) == (people == 3)
        shown = shown_sheet_json(found)
        assert ("withheld" in shown["overall"]) == ("withheld" in shown["components"]["IIT"]) == (people == 3)
        assert "level" in shown["overall"] or "levels" in shown["overall"]
    assert not any(said[0])
    assert all(said[1])
