"""PostgreSQL: the sheets copied into a temporary table of the session, then the relational definition."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql as text

from prongsai.errors import InputError, Problem
from prongsai.national.counted import Counted, Integers
from prongsai.national.engines import sql
from prongsai.national.nation import Survey
from prongsai.scoring.wide import AGENCY


def open_engine(address: str | None = None) -> PostgresEngine:
    """Connect to a database URL (``postgresql://…``). Raises ``InputError`` where it does not answer."""
    return PostgresEngine(address)


class PostgresEngine:
    """Counts on a server. Nothing stays there: the table is temporary, and the session ends with ``close``."""

    def __init__(self, address: str | None) -> None:
        try:
            self.connection = psycopg.connect((address or "").replace("postgres://", "postgresql://", 1))
        except psycopg.Error as error:
            raise InputError(_away(error)) from error

    def count(self, survey: Survey, agencies: Integers, *, moments: bool) -> Counted:
        """As ``Engine``."""
        try:
            self._copy(survey)
            return sql.run_count(self._run, "postgres", survey.layout, agencies, moments=moments)
        except psycopg.OperationalError as error:
            raise InputError(_away(error)) from error

    def _copy(self, survey: Survey) -> None:
        columns = [AGENCY, *(row.code for row in survey.layout.rows)]
        types = ["integer", *("smallint" for _ in survey.layout.rows)]
        table = text.Identifier(sql.TABLE)
        defined = text.SQL(", ").join(
            text.SQL("{} {}").format(text.Identifier(name), text.SQL(kind))
            for name, kind in zip(columns, types, strict=True)
        )
        with self.connection.cursor() as cursor:
            cursor.execute(text.SQL("DROP TABLE IF EXISTS {}").format(table))
            cursor.execute(text.SQL("CREATE TEMPORARY TABLE {} ({})").format(table, defined))
            with cursor.copy(text.SQL("COPY {} FROM STDIN (FORMAT csv)").format(table)) as copy:
                for batch in survey.scan().select(columns).collect_batches() if survey.files else ():
                    copy.write(batch.write_csv(include_header=False))

    def _run(self, statement: str) -> list[tuple[Any, ...]]:
        with self.connection.cursor() as cursor:
            return cursor.execute(statement).fetchall()

    def close(self) -> None:
        """End the session, and with it the table."""
        self.connection.close()


def _away(error: Exception) -> Problem:
    return Problem(
        "national.engine_away",
        "--engine postgres",
        "ติดต่อ PostgreSQL ไม่ได้ หรือการเชื่อมต่อขาดระหว่างนับ",
        f"PostgreSQL: {str(error).splitlines()[0] if str(error) else type(error).__name__}",
        "โปรดตรวจสอบ --address แล้วสั่งใหม่ ยังไม่ได้เขียนไฟล์ใด",
    )
