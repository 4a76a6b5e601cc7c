"""Answers: checked, packed, unpacked, counted like scoring counts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prongsai.errors import InputError
from prongsai.framework import by_id
from prongsai.scoring.sheets import count, read_sheets
from prongsai.scoring.structure import structure
from prongsai.survey.answers import Answer, answer, read_answer, unpack
from prongsai.survey.questionnaire import Questionnaire, questionnaire
from prongsai.survey.sheets import sheets, tallies, write_sheets
from prongsai.thai.digits import to_thai

FORMS = {
    (framework_id, container): questionnaire(by_id(framework_id), container)
    for framework_id, container in [
        ("ita-2568", "IIT"),
        ("ita-2568", "EIT.1"),
        ("ita-2568", "EIT.2"),
        ("ita-2564", "IIT"),
        ("service-point", "S"),
    ]
}


@st.composite
def given_answers(draw: st.DrawFn) -> tuple[Questionnaire, list[dict[str, str]]]:
    form = draw(st.sampled_from(list(FORMS.values())))
    one = st.fixed_dictionaries({}, optional={line.code: st.sampled_from(line.options) for line in form.lines})
    return form, draw(st.lists(one, max_size=6))


@settings(deadline=None)
@given(given_answers())
def test_packed_and_unpacked_is_the_same(case: tuple[Questionnaire, list[dict[str, str]]]) -> None:
    form, people = case
    packed = [answer(form, person, all_needed=False) for person in people]
    assert [unpack(one, form) for one in packed] == people
    assert [read_answer(str(one), form) for one in packed] == packed
    assert len({len(str(one)) for one in packed}) <= 1


@settings(deadline=None)
@given(given_answers())
def test_tallies_are_those_of_scoring(case: tuple[Questionnaire, list[dict[str, str]]]) -> None:
    form, people = case
    packed = [answer(form, person, all_needed=False) for person in people]
    tree = structure(by_id(form.framework))
    counted, moments = count(sheets(packed, form), tree, form.container, "sheets")
    if people:
        assert tallies(packed, form) == counted
        assert list(tallies(packed, form)) == list(counted)
    assert moments.sheets == len(people)


def full(form: Questionnaire, option: int = 0) -> dict[str, str]:
    return {line.code: line.options[option] for line in form.lines}


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.id)
def test_the_csv_is_what_scoring_reads(form: Questionnaire, tmp_path: Path) -> None:
    people = [answer(form, full(form, option)) for option in (0, -1, 0, 1)]
    path = tmp_path / "sheets.csv"
    assert write_sheets(path, people, form) == 4
    counted, _ = read_sheets(path, structure(by_id(form.framework)), form.container)
    assert counted == tallies(people, form)
    again = tmp_path / "again.csv"
    write_sheets(again, people[::-1], form)
    assert path.read_bytes() == again.read_bytes()  # the order of answers does not show


def test_a_packed_answer_holds_version_part_and_answers_only() -> None:
    form = FORMS["ita-2568", "EIT.1"]
    one = answer(form, {**full(form), "e1": to_thai("3")})
    assert str(one) == f"{form.version}/EIT.1/{one.packed}"
    assert one.packed[0] == "3"
    assert len(one.packed) == len(form.lines) == 9


def problems(form: Questionnaire, given: dict[str, str]) -> Iterator[tuple[str, str]]:
    with pytest.raises(InputError) as caught:
        answer(form, given)
    assert all(problem.next_th for problem in caught.value.problems)
    return ((problem.code, problem.where) for problem in caught.value.problems)


def test_a_wrong_answer_is_refused_with_every_reason_in_thai() -> None:
    form = FORMS["ita-2568", "IIT"]
    good = full(form)
    assert set(problems(form, {**good, "i1": "9", "i2": ""})) == {
        ("answer.option", "ข้อ i1"),
        ("answer.missing", "ข้อ i2"),
    }
    assert list(problems(form, {**good, "i99": "1", "i98": "1"})) == [("answer.line", "แบบสอบถาม")]
    assert len(list(problems(form, {}))) == 15
    with pytest.raises(InputError) as caught:
        answer(form, {**good, "i1": "ความลับ"})
    assert "ความลับ" not in str(caught.value.problems)


def test_answers_of_another_version_or_broken_ones_are_refused() -> None:
    form, other = FORMS["ita-2568", "EIT.1"], FORMS["ita-2568", "EIT.2"]
    one = answer(form, full(form))
    with pytest.raises(InputError, match="not for"):
        read_answer(str(one), other)
    for packed in (one.packed[:-1], one.packed + "0", "z" + one.packed[1:], "!" + one.packed[1:], ""):
        broken = Answer(one.version, one.container, packed)
        with pytest.raises(InputError):
            unpack(broken, form)
        with pytest.raises(InputError):
            read_answer(str(broken), form)
    for text in ("", "/", str(one) + "/x", "nonsense"):
        with pytest.raises(InputError):
            read_answer(text, form)
