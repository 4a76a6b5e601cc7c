"""Positions that sign and consider, by kind of agency; whatever the letter gives comes first."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Protocol

from prongsai.documents.request import Letter, Person
from prongsai.yaml_file import read


class Sender(Protocol):
    """What a memo or order needs of whoever writes it: a ``Request``, or the dataclass of a notice."""

    @property
    def agency(self) -> str:
        """The agency's name."""

    @property
    def agency_kind(self) -> str | None:
        """Its kind, such as ``town_municipality``."""

    @property
    def letter(self) -> Letter:
        """What the letter says besides."""


@cache
def _ranks() -> dict[str, Any]:
    data: dict[str, Any] = read(Path(__file__).with_name("ranks.yaml")).data
    return data


def _of(sender: Sender) -> dict[str, Any]:
    kind = sender.agency_kind or "other"
    found: dict[str, Any] = _ranks().get(kind, _ranks()["other"])
    return found


def executive(sender: Sender) -> str:
    """The position of the chief executive."""
    return sender.letter.route[-1].position if sender.letter.route else str(_of(sender)["executive"])


def route(sender: Sender) -> tuple[Person, ...]:
    """The ranks that consider, lowest first."""
    return sender.letter.route or tuple(Person(position) for position in _of(sender)["route"])


def unit(sender: Sender) -> str:
    """The unit that owns the matter."""
    return sender.letter.unit or str(_of(sender)["unit"])
