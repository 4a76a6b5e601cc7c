"""Positions that sign and consider, by kind of agency; whatever the letter gives comes first."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from prongsai.documents.request import Person, Request
from prongsai.yaml_file import read


@cache
def _ranks() -> dict[str, Any]:
    data: dict[str, Any] = read(Path(__file__).with_name("ranks.yaml")).data
    return data


def _of(request: Request) -> dict[str, Any]:
    kind = request.sheet.results.agency.kind or "other"
    found: dict[str, Any] = _ranks().get(kind, _ranks()["other"])
    return found


def executive(request: Request) -> str:
    """The position of the chief executive."""
    return request.letter.route[-1].position if request.letter.route else str(_of(request)["executive"])


def route(request: Request) -> tuple[Person, ...]:
    """The ranks that consider, lowest first."""
    return request.letter.route or tuple(Person(position) for position in _of(request)["route"])


def unit(request: Request) -> str:
    """The unit that owns the matter."""
    return request.letter.unit or str(_of(request)["unit"])
