"""Translations that come with Prongsai, and wording files to fill in."""

from __future__ import annotations

import re

import pytest

from prongsai.errors import InputError
from prongsai.framework import by_id
from prongsai.framework.catalog import catalog
from prongsai.survey import wording
from prongsai.survey.questionnaire import ELIGIBLE, THAI, Questionnaire, containers, questionnaire
from prongsai.survey.shipped import FOLDER, shipped, shipped_files, wording_template
from prongsai.yaml_file import parse

FORMS = {
    form.id: form
    for form in (questionnaire(by_id(entry.id), code) for entry in catalog() for code in containers(by_id(entry.id)))
}
FILES = sorted(FOLDER.rglob("*.yaml"))
LANGUAGES = ("en", "ms-Arab", "ms-Latn")


def of(path) -> Questionnaire:
    return FORMS[f"{path.parent.parent.name}/{path.parent.name}"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_every_file_is_a_draft_of_exactly_what_is_published_in_thai(path) -> None:
    form = of(path)
    found = wording.load(path, form)
    assert (found.language, found.status) == (path.stem, "draft")
    official = set(form.texts.get(found.language, {}))  # names that the framework has in English
    assert set(found.texts) | official == set(form.texts[THAI])
    assert not set(found.texts) & official


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_every_file_is_written_in_the_script_of_its_language(path) -> None:
    for text in wording.load(path, of(path)).texts.values():
        words = text.replace("E-Service", "")
        assert bool(re.search("[\u0600-\u06ff]", words)) == (path.stem == "ms-Arab"), text
        assert bool(re.search("[A-Za-z]", words)) == (path.stem != "ms-Arab"), text
        assert not re.search("[\u0e00-\u0e7f]", text)


def test_questions_stay_questions_in_every_translation() -> None:
    for form in map(FORMS.__getitem__, ("ita-2569/IIT", "ita-2569/EIT.1", "rehearsal/R")):
        whole = shipped(form)
        for line in form.lines:
            asks = {text[-1] in "?؟" for language in LANGUAGES if (text := whole.texts[language].get(line.code))}
            assert len(asks) == 1, line.code


def test_what_ships_can_be_asked_in_four_languages() -> None:
    assert {path.parent.parent.name for path in FILES} == {"rehearsal", "service-point", "ita-2569"}
    assert len(FILES) == 15
    for name in ("rehearsal/R", "service-point/S"):
        form = shipped(FORMS[name])
        assert form.languages == (THAI, *LANGUAGES)
        assert form.drafts == set(LANGUAGES)
        assert form.version != FORMS[name].version
        form.require_askable()
    year = shipped(FORMS["ita-2569/IIT"])
    assert set(year.missing("ms-Arab")) == set(FORMS["ita-2569/IIT"].missing())  # labels that nobody published
    assert shipped_files(FORMS["ita-2562/IIT"]) == ()
    assert shipped(FORMS["ita-2562/IIT"]).version == FORMS["ita-2562/IIT"].version


def test_a_wording_of_the_assessor_is_not_replaced() -> None:
    form = FORMS["rehearsal/R"]
    own = wording.Wording(form.id, "en", "reviewed", {node: f"own {node}" for node in form.missing("en")})
    mine = wording.with_wording(form, own)
    assert shipped(mine).texts["en"] == mine.texts["en"]
    assert "en" not in shipped(mine).drafts


@pytest.mark.parametrize("name", ["ita-2569/EIT.2", "ita-2568/IIT", "rehearsal/R"])
@pytest.mark.parametrize("language", [THAI, "ms-Latn", "lo"])
def test_the_template_comes_back_filled_in(name: str, language: str) -> None:
    form = FORMS[name]
    template = wording_template(form, language)
    asked = parse(template, "w.yaml").data["texts"]
    assert set(form.missing(language)) <= set(asked)
    if asked:
        with pytest.raises(InputError) as caught:  # an empty text is not taken for an answer
            wording.from_yaml(parse(template, "w.yaml"), form)
        assert len(caught.value.problems) == len(asked)
    filled = re.sub(r'^  "(.+)": ""$', r'  "\1": "ถ้อยคำ \1"', template, flags=re.MULTILINE)
    whole = wording.with_wording(form, wording.from_yaml(parse(filled, "w.yaml"), form))
    assert not whole.missing(language)
    assert set(parse(wording_template(whole, language), "w.yaml").data["texts"]) == set()
    if language == THAI:
        whole.require_askable()
        assert whole.drafts == set()
        assert whole.text(ELIGIBLE)
    else:
        assert whole.drafts == {language}


def test_the_template_says_what_is_known() -> None:
    template = wording_template(FORMS["ita-2569/EIT.2"])
    assert "ส่วนที่ 2 ผู้ประเมินเก็บข้อมูลจากผู้รับบริการ" in template.partition('"eligible"')[0]
    assert "ตัวเลือกที่ 6 จาก 6" in template.partition('"six_level:5"')[0].splitlines()[-2]
    assert "e1" not in parse(template, "w.yaml").data["texts"]  # an official wording is not up for change
    malay = wording_template(FORMS["ita-2569/IIT"], "ms")
    assert "# th: เจ้าหน้าที่ในหน่วยงานของท่าน มีการเรียกรับสินบน" in malay
