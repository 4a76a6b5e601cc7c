"""Plan and progress files: YAML that people edit and that comes back the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from prongsai.errors import InputError
from prongsai.framework.load import shape_problems
from prongsai.improvement.model import Plan, Progress
from prongsai.yaml_file import dump, read


def read_plan(path: Path) -> Plan:
    """Read a plan. Raises ``InputError`` with every unknown key and wrong value, by line."""
    file = read(path)
    try:
        return Plan.model_validate(file.data)
    except ValidationError as error:
        raise InputError(shape_problems(error, file, "plan.shape")) from error


def read_progress(path: Path) -> Progress:
    """Read a progress report. Raises ``InputError`` as ``read_plan`` does."""
    file = read(path)
    try:
        return Progress.model_validate(file.data)
    except ValidationError as error:
        raise InputError(shape_problems(error, file, "progress.shape")) from error


def to_yaml(record: Plan | Progress) -> str:
    """The YAML text of a plan or progress report, without empty fields."""
    return dump(_plain(record))


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        pairs = ((name, _plain(getattr(value, name))) for name in type(value).model_fields)
        return {name: item for name, item in pairs if item is not None and item not in ([], {})}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if hasattr(value, "isoformat") else value
