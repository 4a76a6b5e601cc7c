"""How many must answer: the sentence of FY2562-2566 as numbers, at every edge."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prongsai.errors import InputError
from prongsai.framework import by_id, load
from prongsai.framework.catalog import catalog
from prongsai.framework.model import Confidence
from prongsai.survey.sample import required

WITH_RULE = [
    (entry.id, one.of)
    for entry in catalog()
    for one in by_id(entry.id).sampling
    if one.rule and entry.id != "rehearsal"
]


def test_the_years_whose_sentence_is_known_have_the_rule() -> None:
    both = [(f"ita-{year}", of) for year in range(2562, 2566) for of in ("IIT", "EIT")]
    assert [*both, ("ita-2566", "IIT")] == WITH_RULE


@pytest.mark.parametrize(("framework_id", "of"), WITH_RULE)
@pytest.mark.parametrize(
    ("heads", "needed"),
    [
        *((1, 1), (29, 29), (30, 30), (31, 30), (299, 30), (300, 30), (301, 31), (310, 31), (311, 32)),
        *((3990, 399), (3991, 400), (4000, 400), (4001, 400), (100_000, 400)),
    ],
)
def test_every_edge(framework_id: str, of: str, heads: int, needed: int) -> None:
    found = required(by_id(framework_id), of, heads=heads)
    assert found.respondents == needed
    assert found.confidence is Confidence.INFERRED  # less sure than who is eligible
    assert found.source == f"{framework_id} sampling {of}"


@given(st.integers(1, 10_000))
def test_never_more_than_there_are_and_never_fewer_than_ten_in_a_hundred(heads: int) -> None:
    needed = required(by_id("ita-2564"), "IIT", heads=heads).respondents
    assert 1 <= needed <= heads
    if heads <= 4000:
        assert needed * 10 >= heads
        assert (needed - 1) * 10 < heads or needed in (heads, 30)
    assert required(by_id("rehearsal"), "R", heads=heads).respondents == heads  # everybody


def test_a_rule_of_ones_own_changes_above_its_limit_and_not_at_it() -> None:
    framework = by_id("rehearsal")
    data = framework.model_dump()
    data["sampling"][0]["rule"] |= {"above": 100, "respondents": 60}
    own = type(framework).model_validate(data)
    assert [required(own, "R", heads=heads).respondents for heads in (99, 100, 101, 900)] == [99, 100, 60, 60]


@pytest.mark.parametrize("heads", [None, 0, -5])
def test_a_rule_without_a_head_count_says_what_it_needs(heads: int | None) -> None:
    with pytest.raises(InputError) as caught:
        required(by_id("ita-2564"), "IIT", heads=heads)
    assert [problem.code for problem in caught.value.problems] == ["sample.heads"]


@pytest.mark.parametrize(
    ("framework_id", "container"),
    [("ita-2569", "IIT"), ("ita-2568", "EIT.2"), ("ita-2566", "EIT.1"), ("service-point", "S")],
)
def test_an_unknown_rule_is_still_unknown(framework_id: str, container: str) -> None:
    with pytest.raises(InputError) as caught:
        required(by_id(framework_id), container, heads=300)
    assert [problem.code for problem in caught.value.problems] == ["sample.unknown_rule"]


def test_the_table_stays_as_it_is() -> None:
    assert required(by_id("ita-2567"), "EIT.1", "อบต.", "M").respondents == 40
    with pytest.raises(InputError, match="not published"):
        required(by_id("ita-2567"), "EIT.1", "อบต.", "XXL", 500)


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("{percent: 0, confidence: unknown}", "percent"),
        ("{percent: 101, confidence: unknown}", "percent"),
        ("{percent: 10, least: 30, confidence: unknown}", "least"),
        ("{percent: 10, at_least: 30}", "confidence"),
        ("{percent: 10, above: 4000, confidence: unknown}", "belong together"),
        ("{percent: 10, respondents: 400, confidence: unknown}", "belong together"),
        ("{percent: 10, above: 400, respondents: 4000, confidence: unknown}", "expected at_least"),
        ("{percent: 10, at_least: 30, above: 40, respondents: 20, confidence: unknown}", "expected at_least"),
        ("{percent: 10, source: [nowhere], confidence: unknown}", "nowhere"),
    ],
)
def test_an_odd_rule_is_refused(tmp_path, rule: str, says: str) -> None:
    text = next(entry.path for entry in catalog() if entry.id == "rehearsal").read_text(encoding="utf-8")
    path = tmp_path / "own.yaml"
    path.write_text(text.replace("{percent: 100, source: [prongsai], confidence: confirmed}", rule), encoding="utf-8")
    with pytest.raises(InputError, match=says):
        load(path)


def test_numbers_without_their_sentence_are_refused(tmp_path) -> None:
    text = next(entry.path for entry in catalog() if entry.id == "rehearsal").read_text(encoding="utf-8")
    path = tmp_path / "own.yaml"
    path.write_text(text.replace("minimum: ทุกคน แต่ไม่น้อยกว่า 10 คนจึงจะแสดงผล", "minimum: null"), encoding="utf-8")
    with pytest.raises(InputError, match="needs the sentence"):
        load(path)
