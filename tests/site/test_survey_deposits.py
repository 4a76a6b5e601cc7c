"""Many deposits in one commit: each gets what it would have got alone, on either database."""

from __future__ import annotations

import datetime as dt
import threading
from pathlib import Path

import pytest
from cast import Cast
from django.db import connection
from django.utils import timezone
from survey_world import key_folder, open_survey  # noqa: F401 - a fixture

from prongsai.site.surveys.actions import CODE_SCOPE
from prongsai.site.surveys.deposits import Deposit, deposit
from prongsai.site.surveys.keys import keys
from prongsai.site.surveys.models import Code, Day, Letter, Seen, Survey
from prongsai.site.surveys.store import DatabaseStorage
from prongsai.site.surveys.writer import Writer
from prongsai.survey.codes import digest
from prongsai.survey.letterbox import Letter as Sealed
from prongsai.survey.letterbox import Outcome, Spend

pytestmark = pytest.mark.usefixtures("key_folder")


def of_code(survey: Survey, code: str, name: str, batch: str = "") -> Deposit:
    box = survey.boxes.get()
    spend = Spend(digest(code, keys().code_key, CODE_SCOPE), (name * 4)[:16], name)
    return Deposit(box.pk, Sealed(name, batch or box.batch or "", b"sealed"), spend.code.hex(), spend)


def of_form(survey: Survey, form: str, name: str) -> Deposit:
    box = survey.boxes.get()
    until = timezone.localdate() + dt.timedelta(days=1)
    return Deposit(box.pk, Sealed(name, box.batch or "", b"sealed"), form, None, until)


@pytest.mark.django_db
def test_each_of_many_gets_its_own_outcome(cast: Cast) -> None:
    survey, codes = open_survey(cast)
    assert list(deposit([of_code(survey, codes[0], "before")])) == ["taken"]
    together = [
        of_code(survey, codes[0], "a"),
        of_code(survey, codes[1], "b"),
        of_code(survey, codes[1], "c"),  # a double click in the same commit
        of_code(survey, codes[2], "d", batch="0" * 32),
        of_form(survey, "f" * 64, "e"),
        of_form(survey, "f" * 64, "f"),
        of_code(survey, codes[3], "g"),
    ]
    unknown = of_code(survey, codes[4], "h")
    Code.objects.filter(digest=unknown.key).delete()
    outcomes = list(deposit([*together, unknown]))
    assert outcomes == ["spent", "taken", "spent", "batch_over", "taken", "spent", "taken", "unknown"]
    assert set(Letter.objects.values_list("pk", flat=True)) == {"before", "b", "e", "g"}
    assert survey.boxes.get().filed == Day.objects.get().filed == 4
    assert Code.objects.filter(spent=True).count() == 3
    assert Code.objects.get(digest=together[1].key).receipt == "bbbb"
    assert not Code.objects.get(digest=together[3].key).spent
    assert Seen.objects.count() == 1
    assert list(deposit(together[4:6])) == ["spent", "spent"]


@pytest.mark.django_db(transaction=True)
def test_what_waits_together_is_stored_together_and_one_fault_takes_no_other_with_it(cast: Cast) -> None:
    survey, codes = open_survey(cast)
    sizes: list[int] = []
    first, go = threading.Event(), threading.Event()

    def put(together: list[Deposit]) -> list[Outcome]:
        sizes.append(len(together))
        first.set()
        go.wait(10)
        if any(one.letter.id == "bad" for one in together):
            raise RuntimeError("no")
        return list(deposit(together))

    writer: Writer[Deposit, Outcome] = Writer(put)  # type: ignore[arg-type]
    found: dict[str, object] = {}

    def write(code: str, name: str) -> None:
        try:
            found[name] = writer.write(of_code(survey, code, name))
        except RuntimeError as error:
            found[name] = str(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(codes[0], "first"))]
    threads[0].start()
    assert first.wait(10)
    for code, name in ((codes[1], "x"), (codes[2], "bad"), (codes[3], "y")):
        threads.append(threading.Thread(target=write, args=(code, name)))
        threads[-1].start()
    while writer._waiting.qsize() < 3:
        pass
    go.set()
    for thread in threads:
        thread.join(20)
    assert found == {"first": "taken", "x": "taken", "y": "taken", "bad": "no"}
    assert sizes[:2] == [1, 3]
    assert set(Letter.objects.values_list("pk", flat=True)) == {"first", "x", "y"}
    writer.end()


@pytest.mark.django_db(transaction=True)
def test_the_storage_writes_through_the_writer(cast: Cast, tmp_path: Path) -> None:
    survey, codes = open_survey(cast)
    one = of_code(survey, codes[0], "one")
    assert one.spend
    found: list[str] = []

    def work() -> None:
        try:
            found.append(DatabaseStorage().deposit(one.box, one.spend, one.letter))  # type: ignore[arg-type]
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(20)
    assert found == ["taken"]
    from prongsai.site.surveys.store import writer

    writer.end()
