"""Straight from the live site's tables: the packed answers unpacked by the database, then the relational definition.

Nothing is exported or copied. An answer is one character per line of the questionnaire in which it was given; the
database turns each character into the position of its option, one column per item row, and counts those columns as
``engines/sql.py`` counts any other sheets. Answers that do not fit their questionnaire stop the count: what cannot be
read is never left out in silence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

import sqlglot
from sqlglot import exp

from prongsai.errors import InputError, Problem
from prongsai.national.counted import Counted, Integers
from prongsai.national.engines import sql
from prongsai.scoring.wide import AGENCY, Layout, WideRow
from prongsai.survey.answers import CHARACTERS, NO_ANSWER
from prongsai.survey.questionnaire import Questionnaire

VERSION, PACKED = "version", "packed"
_KEPT = "kept"


class Connection(Protocol):
    """An open connection of psycopg, sqlite3 or Django."""

    def cursor(self) -> Any:
        """A cursor with ``execute`` and ``fetchall``."""


@dataclass(frozen=True)
class Stored:
    """Where the packed answers of one survey of all agencies are kept.

    ``answers``: a SELECT, in the database's own dialect, of ``agency`` (integer), ``version`` (of the questionnaire)
    and ``packed``, one row per answer. Select closed surveys only: the answers of open ones still change.
    ``forms``: every questionnaire in which answers were given, whatever its languages or the order of its lines.
    """

    layout: Layout
    answers: str
    forms: tuple[Questionnaire, ...]

    @property
    def asked(self) -> Layout:
        """The layout with the rows that some questionnaire asks."""
        codes = {line.code for form in self.forms for line in form.lines}
        return replace(self.layout, rows=tuple(row for row in self.layout.rows if row.code in codes))


@dataclass(frozen=True)
class LiveEngine:
    """Counts in the database that a connection leads to. The connection stays its owner's, and is only read from."""

    connection: Connection
    dialect: Literal["postgres", "sqlite"]

    def count(self, stored: Stored, agencies: Integers, *, moments: bool) -> Counted:
        """As ``Engine``. Raises ``InputError`` for answers that fit no questionnaire, or come from no known agency."""
        layout = stored.asked
        self._check(stored, agencies)
        if not stored.forms:
            return sql.run_count(lambda _: [], self.dialect, layout, agencies, moments=moments)
        sheets = sql.Source(_unpacked(stored, layout), {_KEPT: _answers(stored, self.dialect)})
        return sql.run_count(self._run, self.dialect, layout, agencies, moments=moments, source=sheets)

    def _check(self, stored: Stored, agencies: Integers) -> None:
        """That every answer can be counted."""
        agency, version = exp.column(AGENCY), exp.column(VERSION)
        wrong = exp.Case().when(_fits(stored.forms), exp.Literal.number(0)).else_(exp.Literal.number(1))
        seen = (
            exp.select(agency, version, exp.Count(this=exp.Star()), exp.Sum(this=wrong))
            .from_(_KEPT)
            .group_by(agency, version)
            .with_(_KEPT, as_=_answers(stored, self.dialect))
        )
        known, asked = set(agencies.tolist()), {form.version for form in stored.forms}
        problems: dict[str, Problem] = {}
        for number, name, answers, broken in self._run(seen.sql(dialect=self.dialect)):
            where = f"{stored.layout.container} agency {number}"
            if number not in known:
                problems["agency"] = _problem(where, "มีคำตอบของหน่วยงานที่ไม่อยู่ในการประเมินนี้", "agency is not known")
            elif name not in asked:
                en = f"{answers} answers to version {name!r}; expected {', '.join(sorted(asked)) or 'none'}"
                problems["version"] = _problem(where, "มีคำตอบของแบบสอบถามฉบับที่ไม่รู้จัก", en)
            elif broken:
                en = f"{broken} of {answers} packed answers do not fit version {name}"
                problems["broken"] = _problem(where, "มีคำตอบที่บันทึกไว้ไม่สมบูรณ์ หรือไม่ตรงกับแบบสอบถาม", en)
        if problems:
            raise InputError(list(problems.values()))

    def _run(self, statement: str) -> list[Any]:
        cursor = self.connection.cursor()
        try:
            cursor.execute(statement)
            return list(cursor.fetchall())
        finally:
            cursor.close()

    def close(self) -> None:
        """The connection is not ours to close."""


def _answers(stored: Stored, dialect: str) -> exp.Query:
    found = sqlglot.parse_one(stored.answers, read=dialect)
    if not isinstance(found, exp.Query):
        raise TypeError("Stored.answers must be one SELECT")
    return found


def _unpacked(stored: Stored, layout: Layout) -> exp.Query:
    """One row per answer: agency, and the position chosen in each row of the layout; a SELECT per questionnaire."""
    parts: list[exp.Query] = []
    for form in stored.forms:
        places = {line.code: (turn, line.options) for turn, line in enumerate(form.lines, start=1)}
        columns = [
            (_position(row, *places[row.code]) if row.code in places else _nothing()).as_(row.code, quoted=True)
            for row in layout.rows
        ]
        agency = exp.column(AGENCY).as_(AGENCY, quoted=True)
        parts.append(exp.select(agency, *columns).from_(_KEPT).where(exp.column(VERSION).eq(form.version)))
    return parts[0] if len(parts) == 1 else exp.union(*parts, distinct=False)


def _position(row: WideRow, turn: int, options: Sequence[str]) -> exp.Expression:
    """Where the chosen option stands in the scale of the framework, whatever its order in the questionnaire."""
    case = exp.Case(this=_character(turn))
    for character, option in zip(CHARACTERS, options, strict=False):
        case = case.when(exp.Literal.string(character), exp.Literal.number(row.options.index(option)))
    return exp.cast(case.else_(exp.null()), exp.DataType.Type.SMALLINT)


def _nothing() -> exp.Expression:
    return exp.cast(exp.null(), exp.DataType.Type.SMALLINT)


def _character(turn: int) -> exp.Expression:
    return exp.Substring(this=exp.column(PACKED), start=exp.Literal.number(turn), length=exp.Literal.number(1))


def _fits(forms: Sequence[Questionnaire]) -> exp.Condition:
    """Whether an answer has as many characters as its questionnaire has lines, and each is an option of its line."""
    either: list[exp.Condition] = []
    for form in forms:
        length = exp.Length(this=exp.column(PACKED)).eq(len(form.lines))
        each = [
            _character(turn).isin(*CHARACTERS[: len(line.options)], NO_ANSWER)
            for turn, line in enumerate(form.lines, start=1)
        ]
        either.append(exp.and_(exp.column(VERSION).eq(form.version), length, *each))
    return exp.or_(*either) if either else exp.false()


def _problem(where: str, th: str, en: str) -> Problem:
    return Problem("national.live", where, th, en, "โปรดแจ้งผู้ดูแลระบบ ยังไม่ได้นับคำตอบใด")
