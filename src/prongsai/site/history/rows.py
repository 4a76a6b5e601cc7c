"""Entries as they stand in the database, whatever somebody did to them: read by column, so that nothing raises."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import connection

from prongsai.json_text import read_json
from prongsai.ledger.chain import Link
from prongsai.ledger.record import personal_digest
from prongsai.ledger.verify import Record
from prongsai.site.history.models import ACTOR

_AT_ONCE = 2000
_BEFORE_ALL = -(1 << 62)
_COLUMNS = (
    "SELECT e.number, e.id, e.digest, e.link, e.signature, CAST(e.at AS TEXT), e.actor_id, a.code, e.action, e.subject,"
    " CAST(e.facts AS TEXT), CAST(e.personal AS TEXT), e.salt, e.personal_hash"
    " FROM history_entry e LEFT JOIN agencies_agency a ON a.id = e.agency_id"
)


def tied(after: int | None = None, until: int | None = None) -> Iterator[tuple[Link, Record | None]]:
    """Every tied entry in the order of the chain, or those with numbers in ``(after, until]``.

    The record is None where a column holds what no entry ever held.
    """
    last: Any = _BEFORE_ALL if after is None else after
    more, bound = ("", []) if until is None else (" AND e.number <= %s", [until])
    while True:
        with connection.cursor() as cursor, _any_text():
            sql = f"{_COLUMNS} WHERE e.number > %s{more} ORDER BY e.number LIMIT {_AT_ONCE}"
            cursor.execute(sql, [last, *bound])
            some = cursor.fetchall()
        yield from map(_read, some)
        if len(some) < _AT_ONCE:
            return
        last = some[-1][0]


@contextlib.contextmanager
def _any_text() -> Iterator[None]:
    """SQLite keeps bytes that are no text, too, and would not give the rows beside them either."""
    if connection.vendor != "sqlite":
        yield
        return
    inner = connection.connection
    before = inner.text_factory
    inner.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        inner.text_factory = before


def _read(row: tuple[Any, ...]) -> tuple[Link, Record | None]:
    number, pk, digest, hashed, signature, *rest = row
    digest, hashed = (str(one).encode("ascii", "backslashreplace").decode() for one in (digest, hashed))
    link = Link(number if type(number) is int else 0, digest, hashed, _bytes(signature))
    try:
        return link, _record(f"history.entry:{pk}", digest, rest)
    except (ValueError, TypeError, RecursionError):
        return link, None


def _record(name: str, digest: str, row: list[Any]) -> Record:
    at, actor, agency, action, subject, facts, personal, salt, personal_hash = row
    said = {
        "action": action,
        "agency": agency or "",
        "at": _moment(at).isoformat(timespec="microseconds"),
        "facts": read_json(facts),
        "subject": subject,
    }
    found = read_json(personal)
    return Record(name, said, _with_actor(found, actor, salt, personal_hash), salt, personal_hash, digest)


def _with_actor(personal: dict[str, Any], actor: int | None, salt: str, personal_hash: str) -> dict[str, Any]:
    """The personal part with the actor that the column names now. Entries of before it was sealed are left as they are.

    Of an entry whose personal part is empty or erased nobody may stand there.
    """
    if ACTOR not in personal and personal and personal_digest(personal, salt) == personal_hash:
        return personal
    return {**personal, ACTOR: actor} if personal or actor is not None else personal


def _moment(text: str) -> dt.datetime:
    """SQLite keeps the text of a moment in UTC, PostgreSQL writes its zone."""
    found = dt.datetime.fromisoformat(text)
    return found.astimezone(dt.UTC) if found.tzinfo else found.replace(tzinfo=dt.UTC)


def _bytes(text: Any) -> bytes:
    """Of hexadecimal text as we write it; nothing where it is written another way."""
    try:
        found = bytes.fromhex(text)
    except (ValueError, TypeError):
        return b""
    return found if found.hex() == text else b""
