"""The history of a real database: tied as it grows, verified, and every change by an administrator of it is found."""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path

import pytest
from cast import make_cast
from django.conf import settings
from django.db import OperationalError, connection, connections

from prongsai.errors import InputError
from prongsai.ledger.head import read_heads
from prongsai.site.agencies.actions import SaveUnit
from prongsai.site.agencies.models import Unit
from prongsai.site.history import chain, keys
from prongsai.site.history.erase import erase_person
from prongsai.site.history.models import Entry
from prongsai.site.people.actions import ChangePerson
from prongsai.site.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def key_here(tmp_path: Path, settings) -> None:  # type: ignore[no-untyped-def]
    settings.LEDGER_KEY = tmp_path / "ledger-key.pem"
    settings.LEDGER_KEYS = tmp_path / "ledger-public.pem"


def some_history(count: int = 4, *, tied: bool = True) -> None:
    """``tied`` stands for what happens when each action is committed, which a test's own transaction never is."""
    cast = make_cast()
    for number in range(count):
        SaveUnit(by=cast.officer, unit=Unit(agency=cast.agency), values={"name": f"กองที่ {number}"}).execute()
    if tied:
        chain.extend()


def faults() -> list[tuple[int, str]]:
    return [(one.number, one.fault) for one in chain.check().report.findings]


@pytest.mark.django_db(transaction=True)
def test_every_action_is_tied_when_it_is_done() -> None:
    some_history(tied=False)
    found = chain.check()
    assert (found.report.whole, found.waiting) == (True, 0)
    assert found.report.links == Entry.objects.count() >= 4
    assert list(Entry.objects.order_by("number").values_list("pk", flat=True)) == sorted(
        Entry.objects.values_list("pk", flat=True)
    )
    assert settings.LEDGER_KEY.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ('UPDATE history_entry SET facts = \'{"name": "กองอื่น"}\' WHERE number = 2', "altered"),
        ('UPDATE history_entry SET personal = \'{"actor": "ผู้อื่น"}\' WHERE number = 2', "personal"),
        ("UPDATE history_entry SET at = '2020-01-01 00:00:00+00:00' WHERE number = 2", "altered"),
        ("UPDATE history_entry SET action = 'plans.publish' WHERE number = 2", "altered"),
        ("DELETE FROM history_entry WHERE number = 2", "missing"),
    ],
)
def test_what_an_administrator_of_the_database_changes_is_found(change: str, fault: str) -> None:
    some_history()
    assert faults() == []
    with connection.cursor() as cursor:
        cursor.execute(change)
    assert faults()[0] == (2, fault)


def test_erasing_a_person_leaves_the_proof() -> None:
    """Own deeds, what was done to the account, and entries of others that name the person; nobody else's."""
    some_history()
    cast = Person.objects.get(username="officer")
    admin = Person.objects.get(username="admin")
    ChangePerson(by=admin, person=cast, values={"phone": "02 000 0000"}).execute()
    for name in (cast.full_name, "ผู้อื่น อีกคน"):
        named = Entry(actor=admin, action="people.role", subject="people.role:0", personal={"person": name})
        named.seal()
        named.save()
    chain.extend()
    before = Entry.objects.exclude(salt="").count()
    assert erase_person(cast) == 6
    assert erase_person(cast) == 0
    found = chain.check().report
    assert (found.whole, found.erased) == (True, 6)
    assert Entry.objects.exclude(salt="").count() == before - 6
    assert not any(cast.given_name in str(one.personal) for one in Entry.objects.all())
    Entry.objects.filter(salt="").exclude(personal_hash="").update(actor=admin)
    assert faults()[0][1] == "personal"  # nobody can be put there afterwards


def test_the_end_cut_off_is_found_by_a_posted_head() -> None:
    some_history()
    head = chain.head()
    assert head is not None
    Entry.objects.filter(number=head.number).delete()
    assert faults() == []  # a chain that was cut is consistent in itself
    posted = tuple(read_heads(head.line(), "paper"))
    assert [one.fault for one in chain.check(posted).report.findings] == ["shorter"]


def test_a_new_key_goes_on_and_the_old_part_still_verifies(tmp_path: Path) -> None:
    some_history(2)
    settings.LEDGER_KEY.unlink()
    more = Entry.objects.latest("pk")
    more.pk, more.number = None, None
    more.save()
    assert chain.extend() == 1
    assert len(keys.known_keys()) == 2
    assert faults() == []
    only_new = keys.known_keys()[1:]
    assert {one.fault for one in chain.check(keys=only_new).report.findings} == {"signature"}
    settings.LEDGER_KEY.write_text("no key", encoding="ascii")
    with pytest.raises(InputError, match="Ed25519"):
        keys.signing_key()


@pytest.mark.django_db(transaction=True)
def test_what_a_dead_process_left_is_tied_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prongsai.site.history.action.extend", lambda: 1 / 0)  # tying fails; the action has happened
    some_history(3, tied=False)
    waiting = Entry.objects.filter(number=None).count()
    assert waiting >= 3
    assert chain.check().waiting == waiting
    assert chain.extend() == waiting
    assert chain.check().waiting == 0


@pytest.mark.django_db(transaction=True)
def test_two_at_once_tie_everything_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prongsai.site.history.action.extend", lambda: 0)
    some_history(30, tied=False)

    def tie() -> None:
        try:
            with suppress(OperationalError):  # SQLite in memory refuses the second at once; it is tied later, then
                chain.extend()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=tie) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    chain.extend()
    assert faults() == []
    assert Entry.objects.filter(number=None).count() == 0


def test_a_process_without_the_key_leaves_tying_to_who_has_it(tmp_path: Path) -> None:
    """The mixer may be a user of its own with a data folder of its own: it makes no second key, nobody is alarmed."""
    some_history(2)
    own = settings.LEDGER_KEY, settings.LEDGER_KEYS
    settings.LEDGER_KEY, settings.LEDGER_KEYS = tmp_path / "mixer" / "key.pem", tmp_path / "mixer" / "public.pem"
    settings.LEDGER_KEY.parent.mkdir()
    SaveUnit(by=None, unit=Unit(agency=Unit.objects.earliest("pk").agency), values={"name": "กองใหม่"}).execute()
    assert chain.extend() == 0
    assert list(settings.LEDGER_KEY.parent.iterdir()) == []
    settings.LEDGER_KEY, settings.LEDGER_KEYS = own
    assert chain.check().waiting > 0
    assert chain.extend() > 0
    assert (faults(), chain.check().waiting) == ([], 0)
