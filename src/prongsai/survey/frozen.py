"""A questionnaire as plain data and back, so that a database keeps exactly what was asked."""

from __future__ import annotations

from typing import Any

from prongsai.errors import InputError, Problem
from prongsai.survey.questionnaire import Line, Question, Questionnaire, frozen


def to_data(form: Questionnaire) -> dict[str, Any]:
    """JSON-ready data of a questionnaire; ``from_data`` gives one with the same version."""
    return {
        "framework": form.framework,
        "framework_version": form.framework_version,
        "container": form.container,
        "version": form.version,
        "questions": [
            {
                "code": question.code,
                "indicator": question.indicator,
                "lines": [[line.code, line.scale, list(line.options), line.polarity] for line in question.lines],
            }
            for question in form.questions
        ],
        "texts": {language: dict(texts) for language, texts in form.texts.items()},
        "drafts": sorted(form.drafts),
    }


def from_data(data: dict[str, Any]) -> Questionnaire:
    """The questionnaire that was kept. Raises ``InputError`` where the data was changed since: its version differs."""
    questions = tuple(
        Question(
            one["code"],
            one["indicator"],
            tuple(Line(code, scale, tuple(options), polarity) for code, scale, options, polarity in one["lines"]),
        )
        for one in data["questions"]
    )
    form = Questionnaire(
        data["framework"],
        data["framework_version"],
        data["container"],
        questions,
        frozen(data["texts"]),
        frozenset(data["drafts"]),
    )
    if form.version != data["version"]:
        raise InputError(
            Problem(
                "questionnaire.changed",
                form.id,
                "แบบสอบถามที่เก็บไว้ถูกแก้ไขหลังเปิดใช้",
                f"kept as version {data['version']}, is now {form.version}",
                "โปรดแจ้งผู้ดูแลระบบ",
            )
        )
    return form
