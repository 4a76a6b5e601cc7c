"""Small groups are protected everywhere: below k no item, no indicator, no tally, and nothing by subtraction."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prongsai.analysis.disclosure import may_show_score, may_show_tally, respondents, shown_score
from prongsai.framework import for_year
from prongsai.scoring.score import ScoreSheet
from result_sample import sheet, tallies

K = 10


def iit(counts: dict[int, int], **changed: dict[str, int]) -> ScoreSheet:
    return sheet(2568, tallies={**tallies(2568, "IIT", counts), **changed})


def shown_nodes(found: ScoreSheet) -> set[str]:
    return {node.id for node in found.structure.nodes.values() if may_show_score(found, node.id).shown}


def below(instrument: str, found: ScoreSheet) -> set[str]:
    return {
        n.id
        for n in found.structure.nodes.values()
        if n.instrument == instrument and n.kind not in ("instrument", "part")
    }


def test_the_smallest_group_shown_is_ten() -> None:
    assert {for_year(year).disclosure.k for year in range(2562, 2570)} == {K}


def test_ten_answers_are_shown_and_nine_are_not() -> None:
    ten, nine = iit({0: 9, 1: 1}), iit({0: 8, 1: 1})
    assert shown_nodes(ten) >= below("IIT", ten)
    assert not shown_nodes(nine) & below("IIT", nine)
    assert may_show_tally(ten, "i12").shown
    assert not may_show_tally(nine, "i12").shown
    for node in ("IIT", "overall"):
        assert may_show_score(nine, node).shown, "the trace ends at the instrument, not above it"
    assert str(K) in may_show_score(nine, "i12").th
    assert shown_score(nine, "i12") is None
    assert shown_score(ten, "i12") == ten.score("i12") == Fraction(98)


def test_one_small_item_hides_its_neighbours_too() -> None:
    """The instrument's score minus what is shown would give the hidden item back."""
    found = iit({0: 30, 1: 5}, i12={"5": 2, "0": 3})
    assert not shown_nodes(found) & below("IIT", found)
    node = found.structure.nodes["i1"]
    assert respondents(found, node) == 5


@given(st.lists(st.integers(0, 25), min_size=15, max_size=15))
def test_no_hidden_item_can_be_computed_from_shown_scores(sizes: list[int]) -> None:
    codes = [f"i{number}" for number in range(1, 16)]
    counts = {code: dict.fromkeys(list(tally)[:1], n) for (code, tally), n in zip(
        tallies(2568, "IIT", {0: 1}).items(), sizes, strict=True)}  # fmt: skip
    found = sheet(2568, tallies=counts)
    small = [code for code, size in zip(codes, sizes, strict=True) if 0 < size < K]
    visible = shown_nodes(found)
    for code in small:
        assert code not in visible
    if small:
        counted = {name for name, value in found.values.items() if value.origin == "counted"}
        assert not visible & below("IIT", found) & counted


def test_nobody_answering_hides_nobody() -> None:
    found = iit({0: 30, 1: 5}, i12={})
    assert may_show_score(found, "i11").shown
    assert may_show_score(found, "4").shown


def test_equal_answers_hide_the_tally() -> None:
    found = iit({0: 40})
    assert may_show_score(found, "i12").shown
    ruling = may_show_tally(found, "i12")
    assert not ruling.shown
    assert "เหมือนกัน" in ruling.th
    assert may_show_tally(iit({0: 39, 1: 1}), "i12").shown


def test_parts_are_judged_apart_and_the_whole_by_its_smallest() -> None:
    both = {"EIT.1": {"5": 40, "4": 2}, "EIT.2": {"5": 4, "4": 1}}
    found = sheet(2568, ("eit-mean-of-parts",), tallies=dict.fromkeys(("e1", "e2"), both))
    assert may_show_score(found, "e1@EIT.1").shown
    assert not may_show_score(found, "e1@EIT.2").shown
    assert found.score("e1") is not None
    assert not may_show_score(found, "e1").shown, "with one part it would give the other back"
    assert may_show_score(found, "EIT.2").shown


def test_official_scores_were_published_and_are_shown() -> None:
    found = sheet(2568, scores={"items": {"i1": 90}, "indicators": {"4": 88}}, respondents={"IIT": 5})
    assert may_show_score(found, "i1").shown
    assert may_show_score(found, "4").shown


def test_a_small_tally_stays_hidden_beside_an_official_score() -> None:
    found = sheet(2566, scores={"items": {"i1": 90}}, tallies={"i1": {"4": 2, "3": 1}})
    assert found.values["i1"].origin == "given", "the options of this item are not known"
    assert may_show_score(found, "i1").shown
    assert not may_show_tally(found, "i1").shown


@pytest.mark.parametrize("stated", [{"IIT": 9}, {"IIT": 3}])
def test_a_stated_number_of_respondents_counts_too(stated: dict[str, int]) -> None:
    found = sheet(2568, tallies=tallies(2568, "IIT", {0: 30, 1: 2}), respondents=stated)
    assert not may_show_score(found, "i1").shown


def test_verdicts_are_public() -> None:
    found = sheet(2568, verdicts={"o1": "disclosed", "o6": "not_disclosed"})
    for node in ("o1", "o6", "9", "OIT"):
        assert may_show_score(found, node).shown
        assert may_show_tally(found, node).shown
