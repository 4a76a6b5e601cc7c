"""The sealed history shown and verified each day: what its keepers see, what they are told, what a citizen reads."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from cast import Cast
from django.utils import timezone

from prongsai.ledger.head import read_heads
from prongsai.site.agencies.actions import SaveUnit
from prongsai.site.agencies.models import Unit
from prongsai.site.history import chain
from prongsai.site.history.models import Entry
from prongsai.site.integrity import daily
from prongsai.site.integrity.actions import PostHead, latest
from prongsai.site.integrity.models import Posting, Verification
from prongsai.site.integrity.reminders import altered
from prongsai.site.operation.doctor import history as doctor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def key_here(tmp_path: Path, settings: Any) -> None:
    settings.LEDGER_KEY, settings.LEDGER_KEYS = tmp_path / "ledger-key.pem", tmp_path / "ledger-public.pem"


def work(cast: Cast, count: int = 3) -> None:
    """Some history."""
    there = Unit.objects.count()
    for number in range(there, there + count):
        SaveUnit(by=cast.officer, unit=Unit(agency=cast.agency), values={"name": f"กอง {number}"}).execute()
    chain.extend()


def test_the_keepers_page_and_the_register(cast: Cast, client_of: Any, django_assert_max_num_queries: Any) -> None:
    work(cast)
    client = client_of("assessor")
    empty = client.get("/integrity/chain/").content.decode()
    assert "ยังไม่เคยตรวจ" in empty
    assert "ยังไม่เคยประกาศ" in empty
    daily.verify()
    line = latest().line()  # type: ignore[union-attr]
    today = timezone.localdate()
    day = {"day_day": str(today.day), "day_month": str(today.month), "day_year": str(today.year + 543)}
    sent = {"line": line, "place": "หนังสือเวียน ที่ 1/2569", **day}
    future = client.post("/integrity/chain/", {**sent, "day_year": "2699"})
    assert (future.status_code, "อนาคต" in future.content.decode()) == (400, True)
    other = client.post("/integrity/chain/", {**sent, "line": line.replace(line.split()[3], "0" * 64)})
    assert (other.status_code, "ไม่ตรงกับประวัติ" in other.content.decode()) == (400, True)
    assert client.post("/integrity/chain/", {**sent, "line": "prongsai head x"}).status_code == 400
    assert not Posting.objects.exists()
    assert client.post("/integrity/chain/", sent).status_code == 302
    assert Posting.objects.get().place == "หนังสือเวียน ที่ 1/2569"
    chain.extend()  # the registration itself: tied at its commit, which a test's transaction never has
    with django_assert_max_num_queries(20):
        page = client.get("/integrity/chain/").content.decode()
    assert "ไม่พบสิ่งที่ถูกแก้" in page
    assert "หนังสือเวียน ที่ 1/2569" in page
    paper = client.get("/integrity/chain/paper/").content.decode()
    assert "ลงชื่อ" in paper
    assert read_heads(paper.split('<code class="line">')[1].split("<")[0], "paper")
    public = client_of("nobody").get("/integrity/").content.decode()
    assert line in public
    assert "BEGIN PUBLIC KEY" in public
    assert line in client_of("nobody").get("/integrity/heads.txt").content.decode()
    assert client_of("officer").get("/integrity/chain/").status_code == 404


def test_each_day_what_is_new_and_a_part_of_the_rest(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    work(cast, 6)
    first = daily.verify()
    assert (first.first, first.last, first.whole) == (0, 6, True)
    work(cast, 2)
    second = daily.verify()
    assert (second.first, second.last, second.sampled, second.whole) == (6, 8, 6, True)
    assert [head.number for head in daily.kept_heads()] == [6, 8]
    monkeypatch.setattr(daily, "PART", 1)
    monkeypatch.setattr("secrets.randbelow", lambda most: min(2, most - 1))  # the dice fall on the third link
    Entry.objects.filter(number=3).update(subject="x")
    assert daily.verify().findings == [[3, f"history.entry:{Entry.objects.get(number=3).pk}", "altered"]]
    assert [head.number for head in daily.kept_heads()] == [6, 8]  # what was not whole is no head


def test_what_the_database_cannot_hide_from_the_file_beside_the_key(cast: Cast) -> None:
    """Untied and changed, so that the site's own key ties it anew; or cut off: yesterday's head tells both."""
    work(cast, 6)
    daily.verify()
    Entry.objects.filter(number__gte=5).update(number=None, link="", signature="")
    entry = Entry.objects.filter(number=None).earliest("pk")
    entry.facts = {**entry.facts, "name": "อื่น"}
    entry.seal()
    entry.save()
    assert daily.verify().findings == [[6, f"history.entry:{Entry.objects.get(number=6).pk}", "head"]]
    Entry.objects.filter(number=6).delete()
    assert daily.verify().findings == [[6, "", "shorter"]]


def test_administrators_are_told_and_the_doctor_knows(cast: Cast) -> None:
    work(cast)
    assert [one.problem.code for one in doctor.check()] == ["history.unverified"]
    daily.verify()
    assert list(altered(timezone.localdate())) == []
    assert [one.state for one in doctor.check()] == ["ok"]
    Entry.objects.filter(number=2).update(subject="x")
    found = daily.verify(everything=True)
    told = list(altered(timezone.localdate()))
    assert {notice.to for notice in told} == {cast.admin}
    assert "ลำดับที่ 2 " in told[0].text
    assert [(one.state, one.problem.code) for one in doctor.check()] == [("bad", "history.altered")]
    Verification.objects.filter(pk=found.pk).update(at=timezone.now() - dt.timedelta(days=3))
    Verification.objects.exclude(pk=found.pk).delete()
    assert [one.problem.code for one in doctor.check()] == ["history.unverified"]


def test_the_job_runs_once_a_day(cast: Cast) -> None:
    work(cast)
    daily.work.call()
    daily.work.call()
    assert Verification.objects.count() == 1


def posted(cast: Cast, line: str) -> Posting:
    made = PostHead(by=cast.people["assessor"], line=line, place="หนังสือเวียน", day=timezone.localdate()).execute()
    chain.extend()
    return Posting.objects.get(pk=made.pk)


def test_a_posting_that_was_changed_is_a_finding_and_keeps_nothing_from_being_verified(cast: Cast) -> None:
    """Whoever can write the database breaks a line of the register: that must not end the daily verification."""
    work(cast)
    broken = posted(cast, latest().line())  # type: ignore[union-attr]
    daily.verify()
    assert daily.verify().whole
    Posting.objects.filter(pk=broken.pk).update(line="prongsai head x")
    name = f"integrity.posting:{broken.pk}"
    assert daily.verify().findings[0] == [3, f"{name} line", "covered"]
    Entry.objects.filter(number=2).update(subject="x")
    assert [2, "altered"] in [[number, fault] for number, _, fault in daily.verify(everything=True).findings]


@pytest.mark.parametrize(("change", "named"), [({"place": "ที่อื่น"}, " place"), ({"number": 2}, " number"), (None, "")])
def test_the_register_of_postings_is_vouched_for(cast: Cast, change: dict[str, object] | None, named: str) -> None:
    work(cast)
    row = posted(cast, latest().line())  # type: ignore[union-attr]
    assert chain.check().report.whole
    if change:
        Posting.objects.filter(pk=row.pk).update(**change)
    else:
        Posting.objects.filter(pk=row.pk).delete()
    assert chain.check().report.findings[0].name == f"integrity.posting:{row.pk}{named}"
    Posting.objects.create(number=1, line=row.line, place="-", day=row.day)
    assert [one.fault for one in chain.check().report.findings][-1] == "inserted"


def test_a_line_that_a_full_disk_cut_off_takes_no_other_kept_head_with_it(cast: Cast) -> None:
    work(cast)
    daily.verify()
    with daily.heads_file().open("a", encoding="ascii") as file:
        file.write("prongsai head 4 0ab")
    assert [head.number for head in daily.kept_heads()] == [3]
    work(cast, 1)
    assert daily.verify().first == 3
    assert [head.number for head in daily.kept_heads()] == [3, 4]


def test_the_public_page_shows_a_posting_of_an_older_head_at_once(cast: Cast, client_of: Any) -> None:
    work(cast)
    older = latest().line()  # type: ignore[union-attr]
    work(cast, 1)
    posted(cast, latest().line())  # type: ignore[union-attr]
    assert older not in client_of("nobody").get("/integrity/").content.decode()
    posted(cast, older)
    assert older in client_of("nobody").get("/integrity/").content.decode()


def test_a_place_is_one_line_in_what_verify_reads(cast: Cast, client_of: Any) -> None:
    work(cast)
    line = latest().line()  # type: ignore[union-attr]
    PostHead(by=cast.people["assessor"], line=line, place="ก\nprongsai head x", day=timezone.localdate()).execute()
    told = client_of("nobody").get("/integrity/heads.txt").content.decode()
    assert [head.line() for head in read_heads(told, "heads.txt")] == [line]
