"""Questionnaires from framework versions: complete, unchanging, honest about what is not known."""

from __future__ import annotations

import dataclasses

import pytest

from prongsai.errors import InputError
from prongsai.framework import by_id
from prongsai.framework.catalog import catalog
from prongsai.scoring.structure import structure
from prongsai.survey import questionnaire as q
from prongsai.survey import wording
from prongsai.yaml_file import parse

ALL = [(entry.id, code) for entry in catalog() for code in q.containers(by_id(entry.id))]
SIX = ["ไม่มีเลย", "น้อยมาก", "น้อย", "ปานกลาง", "มาก", "มากที่สุด"]


def words(form: q.Questionnaire, language: str, texts: dict[str, str], status: str = "draft") -> q.Questionnaire:
    lines = "\n".join(f'  "{node}": "{text}"' for node, text in texts.items())
    head = f"questionnaire: {form.id}\nlanguage: {language}\nstatus: {status}\ntexts:\n{lines}\n"
    return wording.with_wording(form, wording.from_yaml(parse(head, "w.yaml"), form))


def assessors_words(form: q.Questionnaire) -> q.Questionnaire:
    """What an assessor must add before the year can be asked: labels that were never published."""
    texts = {node: f"ถ้อยคำของผู้ประเมิน {node}" for node in form.missing()}
    return words(form, "th", texts, "reviewed")


@pytest.mark.parametrize(("framework_id", "container"), ALL)
def test_the_lines_are_those_that_scoring_counts(framework_id: str, container: str) -> None:
    framework = by_id(framework_id)
    form = q.questionnaire(framework, container)
    tree = structure(framework)
    part = container if tree.nodes[container].kind == "part" else None
    instrument = tree.nodes[container].instrument
    leaves = {n.code: n.leaf for n in tree.nodes.values() if n.leaf and (n.instrument, n.part) == (instrument, part)}
    assert [line.code for line in form.lines] == list(leaves)
    for line in form.lines:
        leaf = leaves[line.code]
        assert leaf is not None
        assert line.polarity == leaf.polarity
        assert line.options == (tuple(option.key for option in leaf.scale.options) if leaf.scale else ())


def test_the_parts_of_a_year() -> None:
    framework = by_id("ita-2568")
    assert q.containers(framework) == ("IIT", "EIT.1", "EIT.2")
    form = q.questionnaire(framework, "IIT")
    assert (len(form.lines), form.id) == (15, "ita-2568/IIT")
    assert {line.code for line in form.lines if line.polarity == "negative"} >= {"i3"}
    assert "ไม่น้อยกว่า 1 ปี" in str(form.text(q.ELIGIBLE))
    assert len({q.questionnaire(framework, code).version for code in q.containers(framework)}) == 3
    with pytest.raises(InputError, match=r"there are: IIT, EIT\.1, EIT\.2"):
        q.questionnaire(framework, "OIT")


def test_rows_stand_below_their_question() -> None:
    form = q.questionnaire(by_id("ita-2564"), "IIT")
    with_rows = [question for question in form.questions if question.has_rows]
    assert len(form.questions) == 30
    assert len(with_rows) == 12
    assert all(form.text(line.code) for question in with_rows for line in question.lines)
    form.require_askable()


def test_a_row_may_have_a_scale_of_its_own() -> None:
    framework = by_id("ita-2564")
    data = framework.model_dump()
    items = [item for part in data["instruments"][0]["indicators"] for item in part["items"] if item["rows"]]
    items[0]["rows"][0]["scale"] = next(name for name in ("yes_no", "four_level") if name != items[0]["scale"])
    form = q.questionnaire(type(framework).model_validate(data), "IIT")
    own, other = next(question for question in form.questions if question.code == items[0]["code"]).lines[:2]
    assert own.scale != other.scale
    assert own.options != other.options


def test_what_is_not_published_is_said_and_never_made_up() -> None:
    form = q.questionnaire(by_id("ita-2568"), "IIT")
    assert set(form.missing()) == {*(f"six_level:{n}" for n in range(6)), "yes_no:yes", "yes_no:no"}
    with pytest.raises(InputError) as caught:
        form.require_askable()
    assert {problem.code for problem in caught.value.problems} == {"questionnaire.no_text"}
    assert form.languages == ()
    whole = assessors_words(form)
    whole.require_askable()
    assert whole.languages == ("th",)
    assert q.ELIGIBLE in q.questionnaire(by_id("ita-2568"), "EIT.2").missing()
    with pytest.raises(InputError) as caught:
        assessors_words(q.questionnaire(by_id("ita-2566"), "IIT")).require_askable()
    assert {problem.code for problem in caught.value.problems} == {"questionnaire.unknown_scale"}


def test_the_version_is_stable_and_any_change_makes_another() -> None:
    form = q.questionnaire(by_id("rehearsal"), "R")
    assert form.version == q.questionnaire(by_id("rehearsal"), "R").version == "80533c6d80821682"
    others = [
        words(form, "en", {"r1": "First question"}),
        words(form, "en", {"r1": "First question"}, "reviewed"),
        dataclasses.replace(form, framework_version=form.framework_version + 1),
        dataclasses.replace(form, questions=form.questions[::-1]),
        dataclasses.replace(
            form, questions=(dataclasses.replace(form.questions[0], indicator="9"), *form.questions[1:])
        ),
    ]
    assert len({form.version, *(other.version for other in others)}) == len(others) + 1
    assert q.same_shape([form, *others[:2]])
    assert not q.same_shape([form, others[3]])


def test_nothing_of_a_questionnaire_can_be_changed() -> None:
    form = q.questionnaire(by_id("rehearsal"), "R")
    with pytest.raises(dataclasses.FrozenInstanceError):
        form.container = "X"  # type: ignore[misc]
    with pytest.raises(TypeError):
        form.texts["th"]["r1"] = "อื่น"  # type: ignore[index]
    before = form.version
    assert words(form, "ms-Arab", {"r1": "ساتو"}).version != before
    assert form.version == before
    assert "ms-Arab" not in form.texts


def test_a_translation_falls_back_to_thai_and_a_draft_is_marked() -> None:
    form = q.questionnaire(by_id("rehearsal"), "R")
    malay = words(form, "ms-Latn", {"r1": "Soalan satu"})
    assert malay.text("r1", "ms-Latn") == "Soalan satu"
    assert malay.text("r2", "ms-Latn") == form.text("r2")
    assert malay.drafts == {"ms-Latn"}
    assert malay.languages == ("th",)
    whole = words(malay, "ms-Latn", {node: f"ms {node}" for node in malay.missing("ms-Latn")}, "reviewed")
    assert whole.languages == ("th", "ms-Latn")
    assert whole.text("r1", "ms-Latn") == "Soalan satu"
    assert not whole.drafts


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        ("questionnaire: rehearsal/R\nlanguage: en\nstatus: draft\ntexts: {r99: x}", "wording.node", "w.yaml:4"),
        ("questionnaire: rehearsal/R\nlanguage: en\nstatus: draft\ntexts: {r1: 7}", "wording.text", "w.yaml:4"),
        ("questionnaire: rehearsal/R\nlanguage: en\nstatus: draft\ntexts: {r1: ' '}", "wording.text", "w.yaml:4"),
        ("questionnaire: rehearsal/R\nlanguage: th\nstatus: draft\ntexts: {r1: อื่น}", "wording.official", "w.yaml:4"),
        ("questionnaire: ita-2568/IIT\nlanguage: en\nstatus: draft\ntexts: {}", "wording.other", "w.yaml:1"),
        ("questionnaire: rehearsal/R\nlanguage: English\nstatus: draft\ntexts: {}", "wording.language", "w.yaml:2"),
        ("questionnaire: rehearsal/R\nlanguage: en\nstatus: done\ntexts: {}", "wording.status", "w.yaml:3"),
        ("questionnaire: rehearsal/R\nlanguage: en\nstatus: draft\nby: me\ntexts: {}", "wording.key", "w.yaml:4"),
        ("- one", "wording.shape", "w.yaml"),
    ],
)
def test_a_wrong_wording_file_is_refused_with_file_and_line(text: str, code: str, where: str) -> None:
    form = q.questionnaire(by_id("rehearsal"), "R")
    with pytest.raises(InputError) as caught:
        wording.from_yaml(parse(text, "w.yaml"), form)
    assert [problem.code for problem in caught.value.problems] == [code]
    assert caught.value.problems[0].where.startswith(where)


def test_a_wording_is_not_laid_over_another_questionnaire() -> None:
    other = wording.Wording("ita-2568/IIT", "en", "draft", {"i1": "x"})
    with pytest.raises(InputError, match="written for"):
        wording.with_wording(q.questionnaire(by_id("rehearsal"), "R"), other)
