"""One respondent's answer: checked against its questionnaire and packed, one character per line.

A packed answer is ``VERSION/CONTAINER/CHARACTERS``. It holds no time, language, place, number or person, and all
packed answers of one questionnaire have the same length, so that its size under encryption tells nothing either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from prongsai.errors import InputError, Problem
from prongsai.survey.questionnaire import Questionnaire
from prongsai.thai.digits import to_arabic

# The character of an option is its position in the scale; databases unpack by position too.
CHARACTERS = "0123456789abcdefghijklmnopqrstuvwxyz"
NO_ANSWER = "-"


@dataclass(frozen=True)
class Answer:
    """A checked answer. ``packed`` has one character per line of the questionnaire of this version."""

    version: str
    container: str
    packed: str

    def __str__(self) -> str:
        return f"{self.version}/{self.container}/{self.packed}"


def answer(form: Questionnaire, given: Mapping[str, str], *, all_needed: bool = True) -> Answer:
    """Check what a respondent gave (line code → option key) and pack it.

    ``all_needed=False`` is for imports from elsewhere, where lines may be empty. Raises ``InputError`` with every
    problem, in words for the respondent; nothing of a wrong answer is used, and what was given is not repeated.
    """
    codes = {line.code for line in form.lines}
    problems = [
        Problem(
            "answer.line",
            "แบบสอบถาม",
            "มีคำตอบของข้อที่ไม่อยู่ในแบบสอบถามนี้",
            "an answer to a line that is not in this questionnaire",
            "โปรดเปิดแบบสอบถามใหม่อีกครั้ง",
        )
        for _ in [code for code in given if code not in codes][:1]
    ]
    packed = ""
    for line in form.lines:
        option = to_arabic(given.get(line.code, "")).strip()
        if option in line.options:
            packed += CHARACTERS[line.options.index(option)]
        elif option:
            problems.append(
                Problem(
                    "answer.option",
                    f"ข้อ {line.code}",
                    "ไม่มีตัวเลือกนี้",
                    f"no such option; expected one of {', '.join(line.options)}",
                    "โปรดเลือกคำตอบจากตัวเลือกที่แสดง",
                )
            )
        else:
            packed += NO_ANSWER
            if all_needed:
                problems.append(
                    Problem(
                        "answer.missing",
                        f"ข้อ {line.code}",
                        "ยังไม่ได้ตอบข้อนี้",
                        "no answer to this line",
                        "โปรดเลือกคำตอบหนึ่งข้อ",
                    )
                )
    if problems:
        raise InputError(problems)
    return Answer(form.version, form.container, packed)


def read_answer(text: str, form: Questionnaire) -> Answer:
    """The answer in its packed text, checked. Raises ``InputError`` where it is broken or of another version."""
    version, _, rest = text.partition("/")
    container, _, packed = rest.partition("/")
    found = Answer(version, container, packed)
    if (version, container) != (form.version, form.container):
        raise InputError(
            Problem(
                "answer.version",
                form.id,
                "คำตอบนี้เป็นของแบบสอบถามฉบับอื่น",
                f"packed for {container} {version[:16]}, not for {form.container} {form.version}",
                "โปรดใช้แบบสอบถามฉบับเดียวกับที่ผู้ตอบใช้",
            )
        )
    unpack(found, form)
    return found


def unpack(found: Answer, form: Questionnaire) -> dict[str, str]:
    """Line code → option key, without the lines that were not answered. Raises ``InputError`` where it is broken."""
    if (found.version, found.container) != (form.version, form.container) or len(found.packed) != len(form.lines):
        raise InputError(_broken(form))
    given = {}
    for line, character in zip(form.lines, found.packed, strict=True):
        if character == NO_ANSWER:
            continue
        position = CHARACTERS.find(character)
        if not 0 <= position < len(line.options):
            raise InputError(_broken(form))
        given[line.code] = line.options[position]
    return given


def _broken(form: Questionnaire) -> Problem:
    return Problem(
        "answer.broken",
        form.id,
        "คำตอบที่บันทึกไว้ไม่สมบูรณ์ หรือไม่ตรงกับแบบสอบถามฉบับนี้",
        f"the packed answer does not fit version {form.version} ({len(form.lines)} lines)",
        "โปรดแจ้งผู้ดูแลระบบ",
    )
