from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from prongsai.evidence.agreement import CUT, ENOUGH, Mark, agreement, by_inspector, by_item

YES, NO, PART = "disclosed", "not_disclosed", "partly"
VERDICTS = st.sampled_from([YES, NO, PART])
PAIRS = st.lists(st.tuples(VERDICTS, VERDICTS), max_size=40)


def table(yes_yes: int, yes_no: int, no_yes: int, no_no: int) -> list[tuple[str, str]]:
    return [(YES, YES)] * yes_yes + [(YES, NO)] * yes_no + [(NO, YES)] * no_yes + [(NO, NO)] * no_no


def test_a_golden_figure_worked_by_hand() -> None:
    """50 pairs: observed (20 + 15) / 50 = 7/10; first marks yes 25/50, second marks yes 30/50, so expected
    1/2 · 3/5 + 1/2 · 2/5 = 1/2; kappa = (7/10 − 1/2) / (1 − 1/2) = 2/5.
    """
    found = agreement(table(20, 5, 10, 15))
    assert (found.pairs, found.same, found.single) == (50, 35, 0)
    assert (found.observed, found.expected, found.kappa) == (Fraction(7, 10), Fraction(1, 2), Fraction(2, 5))
    assert found.low


def test_three_verdicts_by_hand() -> None:
    """6 pairs: 3 alike; first marks 2 2 2, second 3 2 1 of 6: expected (6 + 4 + 2) / 36 = 1/3; kappa = 1/4."""
    pairs = [(YES, YES), (YES, NO), (NO, YES), (NO, NO), (PART, YES), (PART, PART)]
    assert agreement(pairs).expected == Fraction(1, 3)
    assert agreement(pairs).kappa == Fraction(1, 4)


def test_worse_than_chance_is_negative() -> None:
    assert agreement(table(0, 10, 10, 0)).kappa == -1


def test_all_equal_marks_are_undefined_and_not_flagged() -> None:
    found = agreement([(YES, YES)] * 50)
    assert (found.observed, found.expected, found.kappa, found.low) == (1, 1, None, False)


def test_nothing_and_missing_pairs() -> None:
    assert agreement([]) == agreement(())
    assert agreement([]).observed is None
    found = agreement([(YES, None), (None, NO), (YES, YES), (NO, YES)])
    assert (found.pairs, found.single, found.same) == (2, 2, 1)
    assert agreement([(YES, None)]).kappa is None


def test_the_cut_and_the_least_number_of_pairs() -> None:
    assert agreement(table(5, 5, 4, 5)).pairs == ENOUGH - 1
    assert not agreement(table(5, 5, 4, 5)).low
    assert agreement(table(5, 5, 5, 5)).low
    assert not agreement(table(10, 1, 1, 10)).low
    just = agreement(table(161, 39, 39, 161))  # observed 161/200, expected 1/2: kappa 61/100
    assert just.kappa == CUT
    assert not just.low


@given(PAIRS)
def test_what_must_hold_of_every_table(pairs: list[tuple[str, str]]) -> None:
    found = agreement(pairs)
    assert found == agreement(list(reversed(pairs)))
    turned = agreement([(second, first) for first, second in pairs])
    assert turned.kappa == found.kappa
    renamed = agreement([(f"x{first}", f"x{second}") for first, second in pairs])
    assert renamed.kappa == found.kappa
    assert agreement([*pairs, *pairs]).kappa == found.kappa
    if found.kappa is not None:
        assert -1 <= found.kappa <= 1
        assert isinstance(found.kappa, Fraction)
        assert (found.kappa == 1) == (found.same == found.pairs)
        assert (found.kappa == 0) == (found.observed == found.expected)
    else:
        assert len({verdict for pair in pairs for verdict in pair}) <= 1


@given(PAIRS)
def test_perfect_agreement_is_one_or_undefined(pairs: list[tuple[str, str]]) -> None:
    found = agreement([(first, first) for first, _ in pairs])
    assert found.kappa == (1 if len({first for first, _ in pairs}) > 1 else None)


def marks(item: str, rows: list[tuple[str, str, str, str]]) -> list[Mark]:
    """Rows: first inspector, verdict, second inspector, verdict; one agency each."""
    found = []
    for number, (one, first, other, second) in enumerate(rows):
        found.append(Mark(item, f"agency {number}", one, first))
        if other:
            found.append(Mark(item, f"agency {number}", other, second))
    return found


def test_per_item_the_first_two_inspectors_count() -> None:
    given_marks = marks("o1", [("a", YES, "b", YES), ("a", NO, "c", YES), ("b", NO, "a", NO), ("a", YES, "", "")])
    given_marks += [Mark("o1", "agency 1", "d", NO), Mark("o1", "agency 1", "a", YES)]  # settles; a changed mind
    given_marks += marks("o2", [("a", YES, "b", YES)])
    found = by_item(given_marks)
    assert list(found) == ["o1", "o2"]
    assert found["o1"] == agreement([(YES, YES), (NO, YES), (NO, NO), (YES, None)])
    assert found["o2"].kappa is None


def test_per_inspector_the_own_mark_stands_first() -> None:
    found = by_inspector(
        marks("o1", [("a", YES, "b", NO), ("b", YES, "a", YES), ("c", NO, "a", YES), ("a", NO, "", "")])
    )
    assert found["a"] == agreement([(YES, NO), (YES, YES), (YES, NO), (NO, None)])
    assert found["b"] == agreement([(NO, YES), (YES, YES)])
    assert found["c"] == agreement([(NO, YES)])


@given(st.lists(st.tuples(st.sampled_from("ab"), VERDICTS, VERDICTS), max_size=30))
def test_two_inspectors_agree_with_each_other_equally(rows: list[tuple[str, str, str]]) -> None:
    found = by_inspector(marks("o1", [(one, first, "b" if one == "a" else "a", second) for one, first, second in rows]))
    if rows:
        assert found["a"].kappa == found["b"].kappa
