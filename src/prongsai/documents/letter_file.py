"""Reads the letter fields (``--memo FIELDS.yaml``): who writes, who considers, numbers, owners of OIT items."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from prongsai.documents.request import Letter, Person
from prongsai.errors import InputError
from prongsai.framework.load import shape_problems
from prongsai.improvement.model import Code, Day
from prongsai.yaml_file import read

Word = Annotated[str, BeforeValidator(lambda value: str(value) if isinstance(value, int) else value)]


class _Person(BaseModel):
    model_config = ConfigDict(extra="forbid")
    position: str
    name: str | None = None


class _Member(BaseModel):
    model_config = ConfigDict(extra="forbid")
    position: str
    duty: str


class _Letter(BaseModel):
    model_config = ConfigDict(extra="forbid")
    unit: str | None = None
    phone: Word | None = None
    email: str | None = None
    number: Word | None = None
    date: Day | None = None
    to: str | None = None
    subject: str | None = None
    author: _Person | None = None
    route: list[_Person] = []
    attachments: list[str] = []
    background: str | None = None
    legal: list[str] = []
    committee: list[_Member] = []
    owners: dict[Code, str] = {}
    decisions: list[str] = []


def read_letter(path: Path) -> Letter:
    """Letter fields from a YAML file. Raises ``InputError`` with line and key for anything unknown."""
    file = read(path)
    try:
        shape = _Letter.model_validate(file.data)
    except ValidationError as error:
        raise InputError(shape_problems(error, file, "letter.shape")) from error
    return Letter(
        unit=shape.unit,
        phone=shape.phone,
        email=shape.email,
        number=shape.number,
        date=shape.date,
        to=shape.to,
        subject=shape.subject,
        author=Person(shape.author.position, shape.author.name) if shape.author else None,
        route=tuple(Person(person.position, person.name) for person in shape.route),
        attachments=tuple(shape.attachments),
        background=shape.background,
        legal=tuple(shape.legal),
        committee=tuple((member.position, member.duty) for member in shape.committee),
        owners=shape.owners,
        decisions=tuple(shape.decisions),
    )
