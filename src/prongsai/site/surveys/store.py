"""``survey.letterbox.Storage`` in the database: plain SQL, because order, rows and rewriting matter here.

Locks are always taken in one order: box, then code. A box's row is locked by every deposit and by the mixing, so that
no letter comes in between the reading of a batch and its moving.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from prongsai.site.surveys.deposits import Deposit, deposit
from prongsai.site.surveys.writer import Writer
from prongsai.survey.letterbox import Letter, Move, Outcome, Spend

writer: Writer[Deposit, Outcome] = Writer(deposit)
SEEN_FOR = dt.timedelta(days=60)  # longer than any form or interview is accepted


@dataclass(frozen=True)
class DatabaseStorage:
    """See ``Storage``. ``seen_until``: until when the digest of an open form is kept."""

    seen_for: dt.timedelta = SEEN_FOR

    def open_batch(self, box: str) -> str | None:
        """See ``Storage``."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT batch FROM surveys_box WHERE id = %s AND NOT closed", [box])
            row = cursor.fetchone()
        return row[0] if row else None

    def begin(self, box: str, batch: str) -> None:
        """See ``Storage``."""
        sql = "UPDATE surveys_box SET batch = %s WHERE id = %s AND batch IS NULL AND NOT closed"
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [batch, box])

    def deposit(self, box: str, spend: Spend, letter: Letter) -> Outcome:
        """See ``Storage``; returns when the transaction is on disk."""
        return writer.write(Deposit(box, letter, spend.code.hex(), spend))

    def deposit_open(self, box: str, form: bytes, letter: Letter) -> Outcome:
        """See ``Storage``; returns when the transaction is on disk."""
        return writer.write(Deposit(box, letter, form.hex(), None, timezone.localdate() + self.seen_for))

    def spend_of(self, box: str, code: bytes) -> Spend | None:
        """See ``Storage``."""
        sql = "SELECT receipt, nonce FROM surveys_code WHERE digest = %s AND box_id = %s AND spent"
        with connection.cursor() as cursor:
            cursor.execute(sql, [code.hex(), box])
            row = cursor.fetchone()
        return Spend(code, row[0], row[1] or None) if row else None

    def letters(self, box: str, batch: str) -> Sequence[Letter]:
        """See ``Storage``."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT id, sealed FROM surveys_letter WHERE box_id = %s AND batch = %s", [box, batch])
            return [Letter(name, batch, bytes(sealed)) for name, sealed in cursor.fetchall()]

    def move(self, move: Move) -> bool:
        """See ``Storage``."""
        with transaction.atomic(), connection.cursor() as cursor:
            if _locked(cursor, move.box) != move.batch:
                return False
            cursor.execute("SELECT id FROM surveys_letter WHERE box_id = %s", [move.box])
            if {row[0] for row in cursor.fetchall()} != set(move.mixed):
                return False
            cursor.execute("DELETE FROM surveys_letter WHERE box_id = %s", [move.box])
            _insert_letters(cursor, move.box, move.kept)
            _rewrite_answers(cursor, move)
            cursor.execute("UPDATE surveys_code SET nonce = '' WHERE box_id = %s AND nonce <> ''", [move.box])
            cursor.execute(
                "UPDATE surveys_box SET batch = %s, closed = %s WHERE id = %s",
                [move.next_batch, move.next_batch is None, move.box],
            )
        return True


def _locked(cursor: CursorWrapper, box: str) -> str | None:
    """The open batch of a box whose row is now ours until the end of the transaction (SQLite: the database is)."""
    ours = " FOR UPDATE" if connection.vendor == "postgresql" else ""
    cursor.execute(f"SELECT batch FROM surveys_box WHERE id = %s AND NOT closed{ours}", [box])  # noqa: S608 - one of two fixed words is put in
    row = cursor.fetchone()
    return row[0] if row else None


def _insert_letters(cursor: CursorWrapper, box: str, letters: Sequence[Letter]) -> None:
    cursor.executemany(
        "INSERT INTO surveys_letter (id, box_id, batch, sealed) VALUES (%s, %s, %s, %s)",
        [(letter.id, box, letter.batch, letter.sealed) for letter in letters],
    )


def _rewrite_answers(cursor: CursorWrapper, move: Move) -> None:
    """All answers of the box anew, by random id: rows, pages and row versions show no batches."""
    cursor.execute("SELECT id, form_id, packed FROM surveys_answer WHERE box_id = %s", [move.box])
    rows = list(cursor.fetchall())
    for name, text in move.answers:
        version, _, rest = text.partition("/")
        rows.append((name, version, rest.partition("/")[2]))
    cursor.execute("DELETE FROM surveys_answer WHERE box_id = %s", [move.box])
    cursor.executemany(
        "INSERT INTO surveys_answer (id, box_id, form_id, packed) VALUES (%s, %s, %s, %s)",
        [(name, move.box, version, packed) for name, version, packed in sorted(rows)],
    )


def forget_old_forms(today: dt.date) -> int:
    """Drop digests of open forms that are refused by their age now; how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM surveys_seen WHERE until < %s", [today])
        return int(cursor.rowcount)
