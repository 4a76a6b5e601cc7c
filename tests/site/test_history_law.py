"""The law of the sealed history: whatever single thing is changed in its table, the first row concerned is named."""

from __future__ import annotations

import datetime as dt
import json
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from cast import make_cast
from django.conf import settings as site
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prongsai.site.agencies.actions import SaveUnit
from prongsai.site.agencies.models import Unit
from prongsai.site.history import chain
from prongsai.site.history.erase import erase_person
from prongsai.site.history.models import Entry

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps no bits that its types do not allow"),
]
COUNT = 12
# Every column but the row's own number, which means nothing: an entry is known by its number in the chain.
COLUMNS = sorted(str(one.column) for one in Entry._meta.concrete_fields if not one.primary_key)


@pytest.fixture(autouse=True)
def history(tmp_path: Path, settings: Any) -> None:
    """Entries of three kinds: with a person, by the site itself, and erased."""
    settings.LEDGER_KEY, settings.LEDGER_KEYS = tmp_path / "ledger-key.pem", tmp_path / "ledger-public.pem"
    cast = make_cast()
    for number in range(COUNT):
        by = (cast.officer, None, cast.agency_admin)[number % 3]
        SaveUnit(by=by, unit=Unit(agency=cast.agency), values={"name": f"กองที่ {number}"}).execute()
    chain.extend()
    assert erase_person(cast.agency_admin) == COUNT // 3


class Undo(Exception):
    """Takes a change back."""


@contextmanager
def changed() -> Any:
    """What happens inside is undone afterwards; what the database itself refuses counts as undone."""
    try:
        with transaction.atomic():
            yield
            raise Undo
    except (Undo, IntegrityError):
        pass


def run(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def first() -> int | None:
    found = chain.check(rows=False).report.findings
    return found[0].number if found else None


def test_nothing_is_found_where_nothing_was_changed() -> None:
    found = chain.check().report
    assert (found.whole, found.links, found.erased) == (True, COUNT, COUNT // 3)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(1, COUNT), st.sampled_from(COLUMNS), st.integers(0, 1 << 12))
def test_any_bit_of_any_column(number: int, column: str, bit: int) -> None:
    with changed():
        run("PRAGMA ignore_check_constraints = ON")
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT CAST({column} AS BLOB), typeof({column}) FROM history_entry WHERE number = {number}"
            )
            held, kind = cursor.fetchone()
        data = bytearray(held or b"")
        if not data:
            data = bytearray(b"1")  # an empty or NULL column gets something
        else:
            data[bit // 8 % len(data)] ^= 1 << bit % 8
        if column == "facts" and same(bytes(data), bytes(held)):
            return
        kind = "INTEGER" if kind in ("integer", "null") and data.isdigit() else "TEXT"
        run(f"UPDATE history_entry SET {column} = CAST(%s AS {kind}) WHERE number = %s", bytes(data), number)
        found = first()
        if column == "at" and found is None:  # the same moment, written another way
            assert Entry.objects.get(number=number).canonical_facts()["at"] == moment(held.decode())
            return
        assert found in ({number, 0} if column == "number" else {number}), (column, bytes(data))


def same(one: bytes, other: bytes) -> bool:
    """Whether two texts of JSON say the same: an escape may be written with small or capital letters."""
    try:
        return bool(json.loads(one) == json.loads(other))
    except ValueError:
        return False


def moment(text: str) -> str:
    """What SQLite keeps of a moment, as facts say it."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC).isoformat(timespec="microseconds")


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(1, COUNT), st.integers(1, COUNT), st.sampled_from(["delete", "insert", "swap", "truncate"]))
def test_rows_that_go_come_or_change_places(one: int, other: int, what: str) -> None:
    """The end is held by a head: a chain that was cut is consistent in itself."""
    head = chain.head()
    assert head is not None
    with changed():
        if what == "delete":
            run("DELETE FROM history_entry WHERE number = %s", one)
            expected = one
        elif what == "truncate":
            run("DELETE FROM history_entry WHERE number >= %s", one)
            expected = COUNT
        elif what == "insert":
            copy = Entry.objects.get(number=one)
            copy.pk, copy.number = None, COUNT + other
            copy.save()
            expected = COUNT + 1
        elif one != other:
            swap(one, other)
            expected = min(one, other)
        else:
            return
        assert chain.check([head], rows=False).report.findings[0].number == expected


def test_entries_that_the_site_itself_is_made_to_tie_anew() -> None:
    """Who has the database but no key empties numbers: the site's own key seals what was changed. A head tells."""
    head = chain.head()
    assert head is not None
    Entry.objects.filter(number__gte=COUNT - 3).update(number=None, link="", signature="")
    entry = Entry.objects.filter(number=None).earliest("pk")
    entry.facts = {**entry.facts, "name": "กองอื่น"}
    entry.seal()
    entry.save()
    chain.extend()
    assert first() is None
    assert [one.fault for one in chain.check([head]).report.findings] == ["head"]


def swap(one: int, other: int) -> None:
    """Two entries change places with everything but their links."""
    run("UPDATE history_entry SET number = -1 WHERE number = %s", one)
    run("UPDATE history_entry SET number = %s WHERE number = %s", one, other)
    run("UPDATE history_entry SET number = %s WHERE number = -1", other)


def test_an_operator_who_makes_everything_anew_is_held_by_a_posted_head() -> None:
    head = chain.head()
    assert head is not None
    for entry in Entry.objects.filter(number__lte=2):
        entry.facts = {**entry.facts, "name": "กองอื่น"}
        entry.seal()
        entry.save()
    Entry.objects.update(number=None, link="", signature="")
    chain.extend()
    assert first() is None  # consistent, and signed with the right key
    assert [one.fault for one in chain.check([head]).report.findings] == ["head"]


def test_a_walk_from_a_trusted_head_finds_what_is_new_and_what_went() -> None:
    head = chain.head(5)
    assert head is not None
    assert chain.check(start=head).report.looked == COUNT - 5
    with changed():
        run("UPDATE history_entry SET subject = 'x' WHERE number = 9")
        assert [one.number for one in chain.check(start=head).report.findings] == [9]
    with changed():
        run("DELETE FROM history_entry WHERE number = 3")  # behind the head: the count tells, and all is looked at
        assert [one.number for one in chain.check(start=head).report.findings] == [3]
    with changed():
        run("UPDATE history_entry SET subject = 'x' WHERE number = 3")
        assert chain.check(start=head).report.whole  # it was not looked at
        assert [one.number for one in chain.check_part(2, 4)] == [3]
    assert site.LEDGER_KEY.exists()
