"""Wording and translation files: texts for the nodes of one questionnaire, in one language.

    questionnaire: ita-2568/IIT
    language: ms-Arab          # BCP 47
    status: draft              # or reviewed
    texts:
      i1: …
      "six_level:5": …

A file in Thai may only fill what the framework does not publish; it never replaces an official wording.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from prongsai.errors import InputError, Problem
from prongsai.survey.questionnaire import ELIGIBLE, THAI, Questionnaire, frozen
from prongsai.yaml_file import YamlFile, read

_KEYS = ("questionnaire", "language", "status", "texts")
_TAG = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-[A-Z]{2})?")
MAX_TEXT = 2000


@dataclass(frozen=True)
class Wording:
    """Texts of one questionnaire in one language. A ``draft`` is marked as such wherever it is shown."""

    questionnaire: str
    language: str
    status: Literal["draft", "reviewed"]
    texts: dict[str, str]


def load(path: Path, form: Questionnaire) -> Wording:
    """Read a wording file for a questionnaire. Raises ``InputError`` with every problem, its file and line."""
    return from_yaml(read(path), form)


def from_yaml(file: YamlFile, form: Questionnaire) -> Wording:
    """The wording in a YAML file already read. Raises ``InputError`` as ``load`` does."""
    data: Any = file.data
    if not isinstance(data, dict) or not isinstance(data.get("texts"), dict):
        raise InputError(
            _problem(file, (), "shape", f"ไฟล์ถ้อยคำต้องมีคีย์ {', '.join(_KEYS)}", f"expected a mapping of {_KEYS}")
        )
    problems = [
        _problem(file, (key,), "key", f"ไม่รู้จักคีย์ “{key}”", f"unknown key; expected {', '.join(_KEYS)}")
        for key in data
        if key not in _KEYS
    ]
    if data.get("questionnaire") != form.id:
        problems.append(
            _problem(file, ("questionnaire",), "other", f"ไฟล์นี้ต้องเป็นของ {form.id}", f"expected {form.id!r}")
        )
    language = str(data.get("language", ""))
    if not _TAG.fullmatch(language):
        problems.append(
            _problem(file, ("language",), "language", "รหัสภาษาไม่ถูกต้อง เช่น en, ms-Arab", "expected a BCP 47 tag")
        )
    if data.get("status") not in ("draft", "reviewed"):
        problems.append(
            _problem(file, ("status",), "status", "สถานะต้องเป็น draft หรือ reviewed", "expected draft or reviewed")
        )
    for node, text in data["texts"].items():
        problems += _text_problems(file, form, language, node, text)
    if problems:
        raise InputError(problems)
    return Wording(form.id, language, data["status"], dict(data["texts"]))


def _text_problems(file: YamlFile, form: Questionnaire, language: str, node: str, text: object) -> list[Problem]:
    key = ("texts", node)
    if node not in form.nodes:
        return [_problem(file, key, "node", f"แบบสอบถามนี้ไม่มี “{node}”", f"{form.id} has no node {node!r}")]
    if not isinstance(text, str) or not text.strip() or len(text) > MAX_TEXT:
        th, en = f"ต้องเป็นข้อความ ไม่เกิน {MAX_TEXT} ตัวอักษร", f"expected text of at most {MAX_TEXT} characters"
        return [_problem(file, key, "text", th, en)]
    official = form.texts.get(THAI, {}).get(node) if node != ELIGIBLE else None  # that question is in our own words
    if language == THAI and official not in (None, text):
        th, en = "กรอบการประเมินมีถ้อยคำของข้อนี้แล้ว แก้ไขไม่ได้", "the framework has a wording of this node already"
        return [_problem(file, key, "official", th, en)]
    return []


def with_wording(form: Questionnaire, wording: Wording) -> Questionnaire:
    """Another questionnaire, with another version, that has these texts too. The given one stays as it is.

    Raises ``InputError`` where the wording was written for another questionnaire.
    """
    if wording.questionnaire != form.id:
        raise InputError(
            Problem(
                "wording.other",
                wording.questionnaire,
                f"ถ้อยคำนี้เป็นของ {wording.questionnaire} ไม่ใช่ {form.id}",
                f"written for {wording.questionnaire}, not for {form.id}",
                "โปรดเลือกไฟล์ถ้อยคำของแบบสอบถามนี้",
            )
        )
    texts = {**form.texts, wording.language: {**form.texts.get(wording.language, {}), **wording.texts}}
    drafts = form.drafts - {wording.language} | ({wording.language} if wording.status == "draft" else set())
    return replace(form, texts=frozen(texts), drafts=frozenset(drafts))


def _problem(file: YamlFile, key: tuple[str, ...], code: str, th: str, en: str) -> Problem:
    return Problem(f"wording.{code}", file.where(key), th, en, "โปรดแก้ไขไฟล์ถ้อยคำ แล้วลองอีกครั้ง")
