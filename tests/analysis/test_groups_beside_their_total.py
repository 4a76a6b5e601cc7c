"""Groups shown beside their total: whatever is shown, nothing of a small group comes back by subtraction."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from prongsai.analysis.disclosure import beside_their_total

K = 10
COUNTS = st.dictionaries(
    st.sampled_from("abcdefg"),
    st.dictionaries(st.sampled_from(["s1", "s2", "s3"]), st.integers(0, 40), min_size=1),
    min_size=1,
)


def test_a_small_group_takes_the_smallest_other_with_it() -> None:
    counts = {"a": {"s1": 30}, "b": {"s1": 4}, "c": {"s1": 20}, "d": {"s1": 12}}
    ruling = beside_their_total(counts, K)
    assert ruling.hidden == {"b", "d"}
    assert not ruling.totals
    assert ruling.overall


def test_two_small_groups_that_are_k_together_need_no_third() -> None:
    assert beside_their_total({"a": {"s1": 6}, "b": {"s1": 5}, "c": {"s1": 30}}, K).hidden == {"a", "b"}
    assert beside_their_total({"a": {"s1": 4}, "b": {"s1": 5}, "c": {"s1": 30}}, K).hidden == {"a", "b", "c"}


def test_a_group_nobody_answered_in_looks_like_a_small_one_and_costs_nothing() -> None:
    assert beside_their_total({"a": {"s1": 30}, "b": {"s1": 0}, "c": {}}, K).hidden == {"b", "c"}


def test_one_question_skipped_by_many_hides_the_group() -> None:
    ruling = beside_their_total({"a": {"s1": 30, "s2": 3}, "b": {"s1": 30, "s2": 30}, "c": {"s1": 40, "s2": 40}}, K)
    assert ruling.hidden == {"a", "b"}


def test_a_small_whole_has_no_total() -> None:
    ruling = beside_their_total({"a": {"s1": 4}, "b": {"s1": 3}}, K)
    assert ruling.totals == {"s1"}
    assert not ruling.overall


@settings(max_examples=500, deadline=None)
@given(COUNTS)
def test_what_is_left_of_a_total_is_many_people_of_several_groups(counts: dict[str, dict[str, int]]) -> None:
    ruling = beside_their_total(counts, K)
    for name, asked in counts.items():
        if name not in ruling.hidden:
            assert any(asked.values())
            assert all(count >= K for count in asked.values() if count)
    for question in {question for asked in counts.values() for question in asked} - ruling.totals:
        left = [asked.get(question, 0) for name, asked in counts.items() if name in ruling.hidden]
        left = [count for count in left if count]
        assert not left or (len(left) > 1 and sum(left) >= K)


@settings(max_examples=200, deadline=None)
@given(COUNTS)
def test_large_groups_among_large_ones_are_all_shown(counts: dict[str, dict[str, int]]) -> None:
    large = {name: {question: count + K for question, count in asked.items()} for name, asked in counts.items()}
    assert not beside_their_total(large, K).hidden
