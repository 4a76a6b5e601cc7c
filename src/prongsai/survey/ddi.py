"""A questionnaire as DDI-Codebook 2.5, the XML that data archives keep beside the answers.

One variable per line, with its question word for word in every language and the label of every option. It describes
the columns that ``sheets.write_sheets`` writes; it holds no answer and no count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree as XML

from prongsai.survey.questionnaire import ELIGIBLE, THAI, Line, Question, Questionnaire, option_node

NAMESPACE = "ddi:codebook:2_5"
_LANGUAGE = "xml:lang"  # the prefix xml is bound in every document
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def ddi_codebook(form: Questionnaire) -> bytes:
    """The codebook of a questionnaire, UTF-8. Texts that a language lacks are left out, not repeated in Thai.

    Raises ``InputError`` where wordings or scales are unknown: a codebook says what was asked.
    """
    form.require_askable()
    root = XML.Element("codeBook", {"xmlns": NAMESPACE, "version": "2.5", _LANGUAGE: THAI})
    _study(XML.SubElement(root, "stdyDscr"), form)
    data = XML.SubElement(root, "dataDscr")
    _groups(data, form)
    for number, (question, line) in enumerate(_lines(form), start=1):
        _variable(data, form, question, line).find("qstn").set("seqNo", str(number))  # type: ignore[union-attr]
    XML.indent(root)
    return bytes(XML.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _lines(form: Questionnaire) -> Iterator[tuple[Question, Line]]:
    return ((question, line) for question in form.questions for line in question.lines)


def _study(study: XML.Element, form: Questionnaire) -> None:
    citation = XML.SubElement(study, "citation")
    title = XML.SubElement(citation, "titlStmt")
    texts = _texts(form, "title")
    first = THAI if THAI in texts else next(iter(texts), "")
    _text(title, "titl", texts.get(first, form.id), first or None)
    for language, text in texts.items():
        if language != first:
            _text(title, "parTitl", text, language)
    _text(title, "IDNo", form.id)
    _text(XML.SubElement(citation, "verStmt"), "version", form.version)
    summary = XML.SubElement(XML.SubElement(study, "stdyInfo"), "sumDscr")
    for language, text in _texts(form, ELIGIBLE).items():
        _text(summary, "universe", text, language)
    _text(study, "notes", f"framework {form.framework} version {form.framework_version}")
    if form.drafts:
        _text(study, "notes", f"draft translations: {', '.join(sorted(form.drafts))}")


def _groups(data: XML.Element, form: Questionnaire) -> None:
    """Indicators, and items that have rows; the format wants all groups before the first variable."""
    members: dict[str, list[str]] = {}
    for question, line in _lines(form):
        members.setdefault(question.indicator, []).append(line.code)
    for number, codes in members.items():
        _group(data, form, "section", number, codes)
    for question in form.questions:
        if question.has_rows:
            _group(data, form, "grid", question.code, [line.code for line in question.lines])


def _group(data: XML.Element, form: Questionnaire, kind: str, node: str, codes: list[str]) -> None:
    group = XML.SubElement(data, "varGrp", ID=f"{kind}_{node}", type=kind, name=node, var=" ".join(codes))
    for language, text in _texts(form, node).items():
        _text(group, "labl", text, language)


def _variable(data: XML.Element, form: Questionnaire, question: Question, line: Line) -> XML.Element:
    nature = "nominal" if len(line.options) == 2 else "ordinal"
    variable = XML.SubElement(data, "var", ID=line.code, name=line.code, intrvl="discrete", nature=nature)
    _text(variable, "labl", form.text(line.code) or line.code, THAI)
    asked = XML.SubElement(variable, "qstn", responseDomainType="category")
    if question.has_rows:
        for language, text in _texts(form, question.code).items():
            _text(asked, "preQTxt", text, language)
    for language, text in _texts(form, line.code).items():
        _text(asked, "qstnLit", text, language)
    for key in line.options:
        category = XML.SubElement(variable, "catgry")
        _text(category, "catValu", key)
        for language, text in _texts(form, option_node(line.scale, key)).items():
            _text(category, "labl", text, language)
    XML.SubElement(variable, "varFormat", type="character")
    _text(variable, "notes", f"polarity: {line.polarity}")
    return variable


def _texts(form: Questionnaire, node: str) -> dict[str, str]:
    languages = sorted(form.texts, key=lambda language: (language != THAI, language))
    return {language: form.texts[language][node] for language in languages if node in form.texts[language]}


def _text(parent: XML.Element, name: str, text: str, language: str | None = None) -> None:
    element = XML.SubElement(parent, name, {_LANGUAGE: language} if language else {})
    element.text = _NOT_XML.sub("", text)
