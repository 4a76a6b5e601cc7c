"""The DDI codebook, read back by another library and held against the order that the DDI 2.5 schema wants."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from prongsai.errors import InputError
from prongsai.framework import by_id
from prongsai.survey.ddi import NAMESPACE, ddi_codebook
from prongsai.survey.questionnaire import Questionnaire, questionnaire
from prongsai.survey.shipped import shipped
from prongsai.survey.wording import Wording, with_wording

D = f"{{{NAMESPACE}}}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
FORMS = [
    shipped(questionnaire(by_id(name), code))
    for name, code in (("rehearsal", "R"), ("service-point", "S"), ("ita-2564", "IIT"), ("ita-2565", "EIT"))
]
# The sequences of the schema (DDI-Codebook 2.5.1), as far as used; the schema itself is not kept here.
ORDER = {
    "codeBook": ["docDscr", "stdyDscr", "fileDscr", "dataDscr", "otherMat"],
    "stdyDscr": ["citation", "studyAuthorization", "stdyInfo", "studyDevelopment", "method", "dataAccs", "notes"],
    "citation": ["titlStmt", "rspStmt", "prodStmt", "distStmt", "serStmt", "verStmt", "biblCit", "holdings", "notes"],
    "titlStmt": ["titl", "subTitl", "altTitl", "parTitl", "IDNo"],
    "verStmt": ["version", "verResp", "notes"],
    "stdyInfo": ["studyBudget", "subject", "abstract", "sumDscr", "qualityStatement", "notes"],
    "sumDscr": ["universe"],
    "dataDscr": ["varGrp", "nCubeGrp", "var", "nCube", "notes"],
    "varGrp": ["labl", "txt", "concept", "defntn", "universe", "notes"],
    "var": ["location", "labl", "qstn", "valrng", "universe", "txt", "catgry", "concept", "varFormat", "notes"],
    "qstn": ["preQTxt", "qstnLit", "postQTxt", "ivuInstr"],
    "catgry": ["catValu", "labl", "txt", "catStat"],
}


@pytest.fixture(params=FORMS, ids=lambda form: form.id)
def book(request) -> tuple[Questionnaire, etree._Element]:
    return request.param, etree.fromstring(ddi_codebook(request.param))


def test_every_element_is_known_and_stands_in_the_order_of_the_schema(book) -> None:
    _, root = book
    assert root.tag == f"{D}codeBook"
    for element in root.iter():
        assert element.tag.startswith(D)
        names = [etree.QName(child).localname for child in element]
        if names:
            order = ORDER[etree.QName(element).localname]
            assert names == sorted(names, key=order.index)


def test_ids_are_unique_names_and_every_reference_leads_somewhere(book) -> None:
    form, root = book
    ids = [element.get("ID") for element in root.iter() if element.get("ID")]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]*", one) for one in ids)
    referred = [code for group in root.iter(f"{D}varGrp") for code in group.get("var").split()]
    assert set(referred) == {line.code for line in form.lines}
    sections = [group for group in root.iter(f"{D}varGrp") if group.get("type") == "section"]
    assert [code for group in sections for code in group.get("var").split()] == [line.code for line in form.lines]


def test_every_question_and_label_stands_in_every_language(book) -> None:
    form, root = book
    variables = {variable.get("name"): variable for variable in root.iter(f"{D}var")}
    assert list(variables) == [line.code for line in form.lines]
    for question in form.questions:
        for line in question.lines:
            variable = variables[line.code]
            asked = {one.get(LANG): one.text for one in variable.iterfind(f"{D}qstn/{D}qstnLit")}
            assert asked == {lang: texts[line.code] for lang, texts in form.texts.items() if line.code in texts}
            before = {one.get(LANG): one.text for one in variable.iterfind(f"{D}qstn/{D}preQTxt")}
            assert before.get("th") == (form.text(question.code) if question.has_rows else None)
            categories = variable.findall(f"{D}catgry")
            assert tuple(one.findtext(f"{D}catValu") for one in categories) == line.options
            for key, category in zip(line.options, categories, strict=True):
                labels = {one.get(LANG): one.text for one in category.iterfind(f"{D}labl")}
                node = f"{line.scale}:{key}"
                assert labels == {lang: texts[node] for lang, texts in form.texts.items() if node in texts}
            assert variable.findtext(f"{D}notes") == f"polarity: {line.polarity}"


def test_it_says_which_version_of_which_questionnaire_it_is(book) -> None:
    form, root = book
    citation = root.find(f"{D}stdyDscr/{D}citation")
    assert citation.findtext(f"{D}titlStmt/{D}IDNo") == form.id
    assert citation.findtext(f"{D}titlStmt/{D}titl") == form.text("title")
    assert citation.findtext(f"{D}verStmt/{D}version") == form.version
    notes = [one.text for one in root.iterfind(f"{D}stdyDscr/{D}notes")]
    assert (f"draft translations: {', '.join(sorted(form.drafts))}" in notes) == bool(form.drafts)


def test_odd_text_stays_text() -> None:
    form = questionnaire(by_id("rehearsal"), "R")
    odd = 'a < b & "c" ]]> \x07\u2028 <qstnLit>'
    book = etree.fromstring(ddi_codebook(with_wording(form, Wording(form.id, "en", "draft", {"r1": odd}))))
    assert odd.replace("\x07", "") in [one.text for one in book.iter(f"{D}qstnLit")]


def test_half_a_questionnaire_has_no_codebook() -> None:
    with pytest.raises(InputError, match="does not publish"):
        ddi_codebook(questionnaire(by_id("ita-2568"), "IIT"))
