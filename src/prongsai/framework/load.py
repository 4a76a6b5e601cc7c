"""Loads a framework file strictly: every slip is an error that names file, line and key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from prongsai.errors import InputError, Problem
from prongsai.framework.checks import check
from prongsai.framework.model import Framework
from prongsai.yaml_file import Key, YamlFile, read


def load(path: Path) -> Framework:
    """Read and check one framework file.

    Raises ``InputError`` with all problems found: unknown keys, wrong types, weights that do not add up
    to 100, items that belong nowhere, sources that are not listed.
    """
    return from_yaml(read(path))


def from_yaml(file: YamlFile) -> Framework:
    """The framework in a YAML file already read. Raises ``InputError`` as ``load`` does."""
    try:
        framework = Framework.model_validate(file.data)
    except ValidationError as error:
        raise InputError(shape_problems(error, file, "framework.shape")) from error
    problems = check(framework)
    if problems:
        raise InputError(
            [
                Problem(f"framework.{found.rule}", file.where(found.key), found.th, found.en, found.next_th)
                for found in problems
            ]
        )
    return framework


_EXPECTED = {
    "not_a_number": ("ต้องเป็นตัวเลข", "โปรดกรอกเป็นตัวเลข เช่น 99.42"),
    "greater_than_equal": ("ต้องไม่น้อยกว่า {ge}", "โปรดตรวจสอบตัวเลขกับต้นฉบับ"),
    "less_than_equal": ("ต้องไม่เกิน {le}", "โปรดตรวจสอบตัวเลขกับต้นฉบับ"),
    "extra_forbidden": ("ไม่รู้จักคีย์นี้", "โปรดตรวจสอบตัวสะกดของคีย์ หรือลบออก"),
    "missing": ("ขาดคีย์ที่จำเป็น", "โปรดเพิ่มคีย์นี้"),
    "literal_error": ("ค่าไม่อยู่ในรายการที่กำหนด", "โปรดเลือกค่าจากรายการ"),
    "enum": ("ค่าไม่อยู่ในรายการที่กำหนด", "โปรดเลือกค่าจากรายการ"),
}


def shape_problems(error: ValidationError, file: YamlFile, code: str) -> list[Problem]:
    """The problems of a file that does not have the expected shape, each with its line and key."""
    problems: dict[Key, Problem] = {}
    for found in error.errors():
        key = _path(found["loc"], file.data)
        if found["type"] == "missing":
            key = (*key, str(found["loc"][-1]))
        th, next_th = _EXPECTED.get(found["type"], ("ค่าไม่ถูกต้อง", "โปรดแก้ไขค่าตามที่กำหนด"))
        th = th.format_map(found.get("ctx", {}))
        given = "" if found["type"] == "missing" else f" (พบ {str(found['input'])[:60]!r})"
        problems.setdefault(key, Problem(code, file.where(key), th + given, found["msg"], next_th))
    # A value that fits none of several shapes is reported once, at its deepest key.
    parents = {key[:length] for key in problems for length in range(len(key))}
    return [problem for key, problem in problems.items() if key not in parents]


def _path(loc: tuple[int | str, ...], data: Any) -> Key:
    """The keys of the file in a location, without the names of the shapes that were tried there."""
    key: list[str] = []
    for part in loc:
        if isinstance(data, dict) and str(part) in data:
            data = data[str(part)]
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = data[part]
        else:
            continue
        key.append(str(part))
    return tuple(key)
