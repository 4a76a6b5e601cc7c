"""A questionnaire as XLSForm, the spreadsheet that ODK, KoboToolbox and others read.

It asks for no time, device, place or name of its own. What the other tool adds (a time of sending, an instance id)
is beyond this file: a survey of staff belongs in Prongsai, where codes and answers are kept apart.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from prongsai.survey.questionnaire import ELIGIBLE, THAI, Question, Questionnaire, option_node

_NAMES = {THAI: "ไทย", "en": "English", "ms": "Melayu", "ms-Latn": "Melayu Rumi", "ms-Arab": "Melayu Jawi ملايو"}
_YES_NO = "eligible_answer"
# Our own words, by language.
WORDS = {
    "yes": {THAI: "ใช่", "en": "Yes", "ms-Latn": "Ya", "ms-Arab": "يا"},
    "no": {THAI: "ไม่ใช่", "en": "No", "ms-Latn": "Tidak", "ms-Arab": "تيدق"},
    "end": {
        THAI: "แบบสอบถามนี้สำหรับบุคคลกลุ่มดังกล่าวเท่านั้น ขอขอบคุณ",
        "en": "This questionnaire is for the persons named only. Thank you.",
        "ms-Latn": "Soal selidik ini hanya untuk orang yang disebut. Terima kasih.",
        "ms-Arab": "سوءال سليديق اين هاڽ اونتوق اورڠ يڠ دسبوت. تريما كاسيه.",
    },
    "required": {
        THAI: "โปรดเลือกคำตอบหนึ่งข้อ",
        "en": "Please choose one answer.",
        "ms-Latn": "Sila pilih satu jawapan.",
        "ms-Arab": "سيلا ڤيليه ساتو جواڤن.",
    },
}
_Row = dict[str, str]


def xlsform(form: Questionnaire) -> bytes:
    """The form: sheets ``survey``, ``choices``, ``settings``; one label column per language of the questionnaire.

    A text that a language lacks is given in Thai, and drafts are named as such. Raises ``InputError`` where wordings
    or scales are unknown: nobody should be asked half a question.
    """
    form.require_askable()
    import xlsxwriter

    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        _sheet(book, "survey", _survey(form))
        _sheet(book, "choices", _choices(form))
        _sheet(book, "settings", [_settings(form)])
    return target.getvalue()


def write_xlsform(path: Path, form: Questionnaire) -> None:
    """Write the form to a file. Raises ``InputError`` as ``xlsform``, with nothing written."""
    path.write_bytes(xlsform(form))


def column_language(form: Questionnaire, language: str) -> str:
    """The name of a language in column headings; a draft says so.

    XLSForm wants the code in brackets, and knows the language's own part of it only, not the script.
    """
    name = f"{_NAMES.get(language, language)} ({language.partition('-')[0]})"
    return f"ร่าง draft {name}" if language in form.drafts else name


def _languages(form: Questionnaire) -> list[str]:
    return [THAI, *sorted(set(form.texts) - {THAI})]


def _labels(form: Questionnaire, node: str) -> _Row:
    return {
        f"label::{column_language(form, language)}": form.text(node, language) or "" for language in _languages(form)
    }


def _own(form: Questionnaire, word: str, column: str = "label") -> _Row:
    """One of our own words in every language of the questionnaire; Thai where we have none."""
    known = WORDS[word]
    return {
        f"{column}::{column_language(form, language)}": known.get(language, known[THAI])
        for language in _languages(form)
    }


def _required(form: Questionnaire) -> _Row:
    # The choices are all that can be answered, so there is nothing left for a constraint to refuse.
    return {"required": "yes", **_own(form, "required", "required_message")}


def _survey(form: Questionnaire) -> list[_Row]:
    rows: list[_Row] = [
        {"type": f"select_one {_YES_NO}", "name": ELIGIBLE, **_labels(form, ELIGIBLE), **_required(form)},
        {"type": "note", "name": "not_eligible", **_own(form, "end"), "relevant": f"${{{ELIGIBLE}}} = 'no'"},
        {"type": "begin_group", "name": "questions", "relevant": f"${{{ELIGIBLE}}} = 'yes'"},
    ]
    heading = None
    for question in form.questions:
        if question.indicator != heading:
            rows += [{"type": "end_group"}] if heading else []
            heading = question.indicator
            rows.append({"type": "begin_group", "name": f"indicator_{heading}", **_labels(form, heading)})
        rows += _question(form, question)
    return [*rows, {"type": "end_group"}, {"type": "end_group"}]


def _question(form: Questionnaire, question: Question) -> list[_Row]:
    # Line codes are the names, dots and all: the columns of the answers are then those that scoring reads.
    lines = [
        {"type": f"select_one {line.scale}", "name": line.code, **_labels(form, line.code), **_required(form)}
        for line in question.lines
    ]
    if not question.has_rows:
        return lines
    opening = {"type": "begin_group", "name": question.code, **_labels(form, question.code), "appearance": "field-list"}
    return [opening, *lines, {"type": "end_group"}]


def _choices(form: Questionnaire) -> list[_Row]:
    scales = {line.scale: line.options for line in form.lines if line.scale}
    rows = [{"list_name": _YES_NO, "name": word, **_own(form, word)} for word in ("yes", "no")]
    return rows + [
        {"list_name": scale, "name": key, **_labels(form, option_node(scale, key))}
        for scale, keys in scales.items()
        for key in keys
    ]


def _settings(form: Questionnaire) -> _Row:
    return {
        "form_title": form.text("title") or form.id,
        "form_id": form.id.replace("/", "-"),
        "version": form.version,
        "default_language": column_language(form, THAI),
    }


def _sheet(book: Any, name: str, rows: list[_Row]) -> None:
    sheet = book.add_worksheet(name)
    columns = list(dict.fromkeys(column for row in rows for column in row))
    for number, values in enumerate([dict(zip(columns, columns, strict=True)), *rows]):
        for position, column in enumerate(columns):
            if values.get(column):
                # As text, also where it begins with = or looks like a number or an address.
                sheet.write_string(number, position, values[column])
