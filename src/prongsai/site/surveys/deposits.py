"""Many deposits in one transaction: the codes that are spent, and the letters that go into their boxes.

PostgreSQL gets one statement, prepared once, that is its own transaction: one way there and back with the sync in it.
SQLite, inside this process, gets a few statements per letter. Both lock box rows first, in the order of their ids.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import secrets
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from prongsai.survey.letterbox import Letter, Outcome, Spend

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # Windows has none; there SQLite's own waiting remains
    fcntl = None


@dataclass(frozen=True)
class Deposit:
    """A letter, and what pays for it: a code, or (``spend`` is None) the digest of an open form, kept ``until``."""

    box: str
    letter: Letter
    key: str
    spend: Spend | None
    until: dt.date | None = None


def deposit(together: Sequence[Deposit]) -> Sequence[Outcome]:
    """Store them; all are on disk when it returns, unless it is inside another transaction."""
    once = {(one.box, one.key): one for one in reversed(together)}
    connection.ensure_connection()
    put = _postgres if connection.vendor == "postgresql" else _sqlite
    with connection.wrap_database_errors:
        found = put(list(once.values()))
    outcomes: list[Outcome] = []
    for one in together:
        outcome = found[one.letter.id] if one.letter.id in found else found[once[one.box, one.key].letter.id]
        # The same form twice in one commit is a double click like any other.
        outcomes.append("spent" if outcome == "taken" and one.letter.id not in found else outcome)
    return outcomes


# Rows that another transaction changed meanwhile are looked at again by UPDATE and FOR UPDATE (READ COMMITTED).
_STATEMENT = """
WITH given AS MATERIALIZED (
  SELECT * FROM unnest(%(id)s::text[], %(box)s::text[], %(batch)s::text[], %(sealed)s::bytea[], %(key)s::text[],
    %(receipt)s::text[], %(nonce)s::text[], %(until)s::date[])
    AS g(id, box, batch, sealed, key, receipt, nonce, until)
), locked AS MATERIALIZED (
  SELECT id, batch, survey_id FROM surveys_box WHERE id = ANY(%(box)s::text[]) AND NOT closed ORDER BY id FOR UPDATE
), fits AS MATERIALIZED (
  SELECT given.*, locked.survey_id FROM given JOIN locked ON locked.id = given.box AND locked.batch = given.batch
), spent AS (
  UPDATE surveys_code SET spent = true, receipt = fits.receipt, nonce = fits.nonce FROM fits
  WHERE fits.until IS NULL AND surveys_code.digest = fits.key AND surveys_code.box_id = fits.box
    AND NOT surveys_code.spent RETURNING surveys_code.digest
), seen AS (
  INSERT INTO surveys_seen (digest, until) SELECT key, until FROM fits WHERE until IS NOT NULL
  ON CONFLICT DO NOTHING RETURNING digest
), taken AS MATERIALIZED (
  SELECT * FROM fits WHERE key IN (SELECT digest FROM spent UNION ALL SELECT digest FROM seen)
), put AS (
  INSERT INTO surveys_letter (id, box_id, batch, sealed) SELECT id, box, batch, sealed FROM taken
), counted AS (
  UPDATE surveys_box SET filed = surveys_box.filed + more.n
  FROM (SELECT box, count(*) AS n FROM taken GROUP BY box) AS more WHERE surveys_box.id = more.box
), days AS (
  INSERT INTO surveys_day (survey_id, day, filed)
  SELECT survey_id, %(today)s, count(*) FROM taken GROUP BY survey_id ORDER BY survey_id
  ON CONFLICT (survey_id, day) DO UPDATE SET filed = surveys_day.filed + excluded.filed
)
SELECT given.id, CASE
  WHEN taken.id IS NOT NULL THEN 'taken'
  WHEN fits.id IS NULL THEN 'batch_over'
  WHEN fits.until IS NOT NULL THEN 'spent'
  WHEN EXISTS (SELECT 1 FROM surveys_code c WHERE c.digest = fits.key AND c.box_id = fits.box) THEN 'spent'
  ELSE 'unknown' END
FROM given LEFT JOIN fits ON fits.id = given.id LEFT JOIN taken ON taken.id = given.id
"""


def _postgres(once: Sequence[Deposit]) -> dict[str, Outcome]:
    from psycopg import Cursor

    values: dict[str, Any] = {
        "id": [one.letter.id for one in once],
        "box": [one.box for one in once],
        "batch": [one.letter.batch for one in once],
        "sealed": [one.letter.sealed for one in once],
        "key": [one.key for one in once],
        "receipt": [one.spend.receipt if one.spend else None for one in once],
        "nonce": [(one.spend.nonce or "") if one.spend else None for one in once],
        "until": [one.until for one in once],
        "today": timezone.localdate(),
    }
    raw = connection.connection
    if not connection.in_atomic_block:
        raw.prepare_threshold = 0  # Django's own cursors bind values themselves and are never prepared
    with Cursor(raw) as cursor:
        cursor.execute(_STATEMENT, values)
        return dict(cursor.fetchall())


@contextlib.contextmanager
def _our_turn() -> Iterator[None]:
    """One server process after the other: SQLite lets a second one sleep and try again, longer each time."""
    path = Path(str(connection.settings_dict["NAME"]))
    if connection.in_atomic_block or fcntl is None or not path.is_file():
        yield
        return
    try:
        file = path.with_name(path.name + "-turn").open("ab")
    except OSError:  # a disk that cannot be written: the database itself says so, in its own words
        yield
        return
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)  # given back when the file is closed, or its process ends
        yield


def _sqlite(once: Sequence[Deposit]) -> dict[str, Outcome]:
    with _our_turn(), transaction.atomic():  # takes the database's lock for writing at its begin
        raw = connection.connection
        marks = ", ".join("?" * len({one.box for one in once}))
        sql = f"SELECT id, batch, survey_id FROM surveys_box WHERE id IN ({marks}) AND NOT closed"  # noqa: S608 - only question marks are put in
        boxes = {row[0]: row[1:] for row in raw.execute(sql, sorted({one.box for one in once}))}
        found = {one.letter.id: _pay(raw, one, boxes.get(one.box, (None,))[0]) for one in once}
        taken = [one for one in once if found[one.letter.id] == "taken"]
        letters = [(one.letter.id, one.box, one.letter.batch, one.letter.sealed) for one in taken]
        raw.executemany("INSERT INTO surveys_letter (id, box_id, batch, sealed) VALUES (?, ?, ?, ?)", letters)
        filed = Counter(one.box for one in taken)
        more = [(n, box) for box, n in filed.items()]
        raw.executemany("UPDATE surveys_box SET filed = filed + ? WHERE id = ?", more)
        days = [(boxes[box][1], timezone.localdate().isoformat(), n) for box, n in filed.items()]
        raw.executemany(
            "INSERT INTO surveys_day (survey_id, day, filed) VALUES (?, ?, ?)"
            " ON CONFLICT (survey_id, day) DO UPDATE SET filed = filed + excluded.filed",
            days,
        )
        if not taken and "spent" in found.values():
            # Whoever sends again is told that the answer is kept. What was read may be a letter whose own sync a
            # failing disk refused, so it is told only after another one that was not refused.
            raw.execute(f"PRAGMA user_version = {secrets.randbits(31)}")
    return found


def _pay(raw: Any, one: Deposit, batch: str | None) -> Outcome:
    if batch != one.letter.batch:
        return "batch_over"
    if one.spend is None:
        values = (one.key, one.until.isoformat() if one.until else None)
        cursor = raw.execute("INSERT INTO surveys_seen (digest, until) VALUES (?, ?) ON CONFLICT DO NOTHING", values)
        return "taken" if cursor.rowcount else "spent"
    cursor = raw.execute(
        "UPDATE surveys_code SET spent = 1, receipt = ?, nonce = ? WHERE digest = ? AND box_id = ? AND NOT spent",
        (one.spend.receipt, one.spend.nonce or "", one.key, one.box),
    )
    if cursor.rowcount:
        return "taken"
    known = raw.execute("SELECT 1 FROM surveys_code WHERE digest = ? AND box_id = ?", (one.key, one.box)).fetchone()
    return "spent" if known else "unknown"
