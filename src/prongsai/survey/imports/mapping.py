"""Which column is which line, and which cell is which option: guessed (``guess``), kept and edited as YAML.

questionnaire: rehearsal/R
columns:                      # heading → line code; eligible, instance_id and form_version are no lines
  "คำถามที่หนึ่ง": r1
values:                       # scale → cell → option key
  six_level: {"Very much": "5"}
versions: []                  # other versions of the questionnaire whose answers are taken too
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from prongsai.errors import InputError, Problem
from prongsai.survey.imports.source import INSTANCE, VERSION
from prongsai.survey.questionnaire import ELIGIBLE, Questionnaire
from prongsai.yaml_file import YamlFile, dump, read

_KEYS = ("questionnaire", "columns", "values", "versions")
ELIGIBLE_KEYS = ("yes", "no")


@dataclass(frozen=True)
class Mapping:
    """Columns by heading, and cells by scale. Cells that are option keys themselves need no entry."""

    questionnaire: str
    columns: dict[str, str]
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    versions: tuple[str, ...] = ()

    def as_yaml(self) -> str:
        """The file that ``load_mapping`` reads back. A cell whose option is not known yet has an empty one."""
        return dump(
            {
                "questionnaire": self.questionnaire,
                "columns": self.columns,
                "values": self.values,
                "versions": list(self.versions),
            }
        )


def options(form: Questionnaire) -> dict[str, tuple[str, ...]]:
    """The option keys of every scale, and of the eligibility question."""
    scales = {line.scale: line.options for line in form.lines if line.scale}
    return {ELIGIBLE: ELIGIBLE_KEYS, **scales}


def load_mapping(path: Path, form: Questionnaire) -> Mapping:
    """Read a mapping for a questionnaire. Raises ``InputError`` with every problem, its file and line."""
    return from_yaml(read(path), form)


def from_yaml(file: YamlFile, form: Questionnaire) -> Mapping:
    """The mapping in a YAML file already read. Raises ``InputError`` as ``load_mapping`` does."""
    data: Any = file.data
    if not isinstance(data, dict) or not _maps(data.get("columns")) or not _maps(data.get("values", {})):
        en = f"expected a mapping with {', '.join(_KEYS)}"
        raise InputError(_problem(file, (), "shape", f"ไฟล์จับคู่ต้องมีคีย์ {', '.join(_KEYS)}", en))
    problems = [
        _problem(file, (key,), "key", f"ไม่รู้จักคีย์ “{key}”", f"unknown key; expected {', '.join(_KEYS)}")
        for key in data
        if key not in _KEYS
    ]
    if data.get("questionnaire") != form.id:
        problems.append(
            _problem(file, ("questionnaire",), "other", f"ไฟล์นี้ต้องเป็นของ {form.id}", f"expected {form.id!r}")
        )
    versions = data.get("versions") or []
    if not isinstance(versions, list):
        problems.append(_problem(file, ("versions",), "versions", "versions ต้องเป็นรายการ", "expected a list"))
        versions = []
    problems += _columns(file, data["columns"], form)
    problems += _values(file, data.get("values", {}), form)
    if problems:
        raise InputError(problems)
    values = {
        scale: {str(cell): str(key) for cell, key in cells.items()} for scale, cells in data.get("values", {}).items()
    }
    return Mapping(form.id, dict(data["columns"]), values, tuple(map(str, versions)))


def _maps(value: object) -> bool:
    return isinstance(value, dict)


def _columns(file: YamlFile, columns: dict[str, object], form: Questionnaire) -> list[Problem]:
    known = {line.code for line in form.lines} | {ELIGIBLE, INSTANCE, VERSION}
    problems = [
        _problem(file, ("columns", header), "line", f"แบบสอบถามนี้ไม่มีข้อ “{code}”", f"{form.id} has no line {code!r}")
        for header, code in columns.items()
        if not isinstance(code, str) or code not in known
    ]
    twice = {code for code, count in Counter(map(str, columns.values())).items() if count > 1}
    problems += [
        _problem(file, ("columns", header), "twice", f"ข้อ {code} จับคู่กับหลายคอลัมน์", f"{code} is given to several columns")
        for header, code in columns.items()
        if str(code) in twice
    ]
    return problems


def _values(file: YamlFile, values: dict[str, object], form: Questionnaire) -> list[Problem]:
    scales = options(form)
    problems = []
    for scale, cells in values.items():
        if scale not in scales or not isinstance(cells, dict):
            en = f"expected one of {', '.join(scales)} with cells below it"
            problems.append(_problem(file, ("values", scale), "scale", f"ไม่มีมาตราวัด “{scale}”", en))
            continue
        for cell, key in cells.items():
            if str(key) not in scales[scale]:
                known = ", ".join(scales[scale])
                th = f"ไม่มีตัวเลือก “{key}” โปรดเลือกจาก {known}" if key not in (None, "") else f"ยังไม่ได้ระบุตัวเลือก ({known})"
                problems.append(_problem(file, ("values", scale, cell), "option", th, f"expected one of {known}"))
    return problems


def _problem(file: YamlFile, key: tuple[str, ...], code: str, th: str, en: str) -> Problem:
    return Problem(f"mapping.{code}", file.where(key), th, en, "โปรดแก้ไขไฟล์จับคู่ แล้วลองอีกครั้ง")
