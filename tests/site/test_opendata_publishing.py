"""Publishing a round: prepared unseen, confirmed, public at once, corrected, taken back."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from cast import Cast
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone
from published import ALIKE, GIVEN, SMALL, XSS, Published, fill

from prongsai.publishing.read import SUMS, read_release
from prongsai.site.agencies.models import Agency
from prongsai.site.history.action import Refused
from prongsai.site.history.models import Entry
from prongsai.site.nation.models import NationResult
from prongsai.site.opendata.actions import PublishRelease, WithdrawRelease
from prongsai.site.opendata.jobs import work
from prongsai.site.opendata.models import PublishedAgency, Release
from prongsai.site.opendata.reading import current, withdrawn

HOME = "/rounds/2568/nation/"
PUBLIC = ("/nation/2568/", "/nation/2568/all.zip", "/data/2568/revision-1.zip", "/data/2568/revision-1/csv/scores.csv")
Clients = Callable[[str], Client]


def text_of(response: Any) -> str:
    return re.sub(r"<[^>]+>", " ", response.content.decode())


def status_of(*addresses: str) -> set[int]:
    return {Client().get(address).status_code for address in addresses}


@pytest.fixture
def filled(cast: Cast) -> Published:
    """One year with results, nothing gathered."""
    fill(cast, cast.round)
    return Published(cast)


# --- from the first click to the public page


@pytest.mark.django_db(transaction=True)
def test_the_assessor_prepares_looks_confirms_and_everybody_reads(filled: Published, client_of: Clients) -> None:
    assessor = client_of("assessor")
    filled.gather(filled.cast.round)
    asked = text_of(assessor.get(f"{HOME}revisions/1/"))
    assert "ยังไม่มีผล 1 หน่วยงาน" in asked
    assert "สิ่งที่แก้ไข" not in asked  # the first revision changes nothing
    assert "รอจัดเตรียม" in text_of(assessor.post(f"{HOME}revisions/1/", follow=True))
    call_command("db_worker", batch=True, startup_delay=False, interval=0, reload=False, verbosity=0)
    ready = text_of(assessor.get(f"{HOME}releases/1/"))
    assert "เผยแพร่ฉบับที่ 1 ต่อสาธารณะ?" in ready
    assert status_of(*PUBLIC) == {404}
    assert not current().exists()
    done = assessor.post(f"{HOME}releases/1/confirm/", {"publish": "1"}, follow=True)
    assert "เผยแพร่แล้ว" in text_of(done)
    assert status_of(*PUBLIC) == {200}
    release = current().get()
    assert release.agencies == release.lines.count() == 12
    assert release.digest == hashlib.sha256((release.folder / SUMS).read_bytes()).hexdigest()
    assert not release.staged.exists()
    told = Entry.objects.get(action="release.publish").facts
    assert (told["digest"], told["revision"], told["agencies"]) == (release.digest, 1, 12)


def test_what_is_published_is_what_lies_in_the_files(published: Published) -> None:
    release = published.releases[2568]
    read = read_release(release.folder)
    assert read.published == timezone.localdate()
    scores = {(code, node): (low, high, origin) for _, code, node, _, low, high, origin in read.scores.iter_rows()}
    lines = {one.code: one.line for one in release.lines.all()}
    assert scores.keys() == {(code, node) for code, line in lines.items() for node in line.scores}
    for (code, node), (low, high, origin) in scores.items():
        text = (None if low is None else str(low), None if high is None else str(high), origin)
        assert lines[code].scores[node] == text, (code, node)
    assert lines[ALIKE].scores["overall"][2] == lines[ALIKE].scores["IIT"][2] == "withheld"
    assert lines[SMALL].scores["i1"][2] == "withheld"
    assert lines[GIVEN].scores["i1"][2] == "given"
    assert GIVEN not in read.respondents["agency_code"].to_list()  # how many answered is not known, which is not 0


# --- what goes wrong leaves nothing


def test_data_that_changed_since_they_were_seen_are_not_published(filled: Published, client_of: Clients) -> None:
    result = filled.gather(filled.cast.round)
    Agency.objects.filter(code=XSS).update(kind="province")
    made = filled.prepare(result)
    assert made.state == "failed"
    assert made.problem["code"] == "release.changed"
    page = text_of(client_of("assessor").get(f"{HOME}releases/1/"))
    assert "ข้อมูลเปลี่ยนไปหลังประมวลผลฉบับที่ 1" in page
    assert "จัดเตรียมอีกครั้ง" in page
    assert not PublishedAgency.objects.exists()
    assert not made.staged.exists()
    with pytest.raises(Refused, match="not ready"):
        PublishRelease(by=filled.cast.assessor, release=made).execute()
    assert filled.publish(filled.cast.round).revision == 1  # gathered anew, it is the first


def test_results_that_came_in_later_are_not_slipped_in(filled: Published) -> None:
    result = filled.gather(filled.cast.round)
    data = filled.data(GIVEN, filled.cast.round)
    data["scores"]["items"]["i1"] = "11.11"
    filled.correct(GIVEN, filled.cast.round, data)
    made = filled.prepare(result)
    assert made.state == "ready"
    assert made.lines.get(code=GIVEN).line.scores["i1"][0] != "11.11"


def test_a_worker_that_was_killed_begins_anew(filled: Published) -> None:
    made = filled.prepare(filled.gather(filled.cast.round))
    digest = made.digest
    (made.staged / "files" / "left over").write_text("half a file")
    made.lines.filter(code__startswith="sim").delete()
    Release.objects.update(state="running", digest="", done=3)
    work.func(made.pk)
    made.refresh_from_db()
    assert (made.state, made.digest, made.lines.count()) == ("ready", digest, 12)
    assert not (made.staged / "files" / "left over").exists()


@pytest.mark.parametrize("again", ["the same", "prepared anew"])
def test_a_publication_that_is_cut_off_at_its_end_can_be_repeated(
    filled: Published, again: str, django_capture_on_commit_callbacks: Any
) -> None:
    result = filled.gather(filled.cast.round)
    made = filled.prepare(result)
    by = filled.cast.assessor

    class PowerCutError(Exception):
        pass

    def cut_off() -> None:
        with transaction.atomic():
            PublishRelease(by=by, release=made).execute()
            raise PowerCutError

    with pytest.raises(PowerCutError):
        cut_off()
    assert status_of(*PUBLIC) == {404}
    assert made.folder.exists()  # files were moved: they cannot be rolled back, but nobody finds them
    made = Release.objects.get()
    if again == "prepared anew":
        with django_capture_on_commit_callbacks(execute=True):
            made = filled.prepare(result)
        assert not made.folder.exists()
    PublishRelease(by=by, release=made).execute()
    assert status_of(*PUBLIC) == {200}


def test_files_that_the_database_does_not_know_are_not_overwritten(filled: Published, client_of: Clients) -> None:
    made = filled.prepare(filled.gather(filled.cast.round))
    made.folder.mkdir(parents=True)
    (made.folder / SUMS).write_text("somebody else's")
    answer = client_of("assessor").post(f"{HOME}releases/1/confirm/", {"publish": "1"})
    assert answer.status_code == 409
    assert "ฐานข้อมูลไม่รู้จัก" in text_of(answer)
    assert status_of(*PUBLIC) == {404}
    assert not NationResult.objects.filter(published_at__isnull=False).exists()
    assert (made.folder / SUMS).read_text() == "somebody else's"


def test_it_is_published_on_the_day_that_its_files_bear(filled: Published) -> None:
    made = filled.prepare(filled.gather(filled.cast.round))
    Release.objects.update(dated=timezone.localdate() - dt.timedelta(days=1))
    made.refresh_from_db()
    with pytest.raises(Refused, match="wrong date"):
        PublishRelease(by=filled.cast.assessor, release=made).execute()


def test_it_is_published_once_and_may_be_dropped(filled: Published, client_of: Clients) -> None:
    assessor = client_of("assessor")
    made = filled.prepare(filled.gather(filled.cast.round))
    assessor.post(f"{HOME}releases/1/confirm/", {"drop": "1"})
    assert not Release.objects.exists()
    assert assessor.post(f"{HOME}releases/1/confirm/", {"publish": "1"}).status_code == 404
    made = filled.prepare(NationResult.objects.get())
    assert made.revision == 1
    assert assessor.post(f"{HOME}releases/1/confirm/", {"publish": "1"}).status_code == 302
    assert assessor.post(f"{HOME}releases/1/confirm/", {"publish": "1"}).status_code == 409
    assert assessor.post(f"{HOME}revisions/1/", {"note": "อีกครั้ง"}).status_code == 409  # it is public already


# --- corrections


def corrected(published: Published) -> Release:
    """One item score of the agency with official numbers is another."""
    of = published.cast.round
    data = published.data(GIVEN, of)
    data["scores"]["items"]["i1"] = "12.34"
    published.correct(GIVEN, of, data)
    return published.prepare(published.gather(of), "แก้ไขคะแนน i1 ของหนึ่งหน่วยงาน")


def test_a_correction_says_what_changes_before_it_is_public(published: Published, client_of: Clients) -> None:
    made = corrected(published)
    page = text_of(client_of("assessor").get(f"{HOME}releases/2/"))
    assert "เปลี่ยนจากฉบับที่ 1 ที่เผยแพร่อยู่" in page
    assert "เทศบาลเมืองตัวอย่าง" in page
    table = client_of("assessor").get(f"{HOME}releases/2/changes.csv").content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(table)))
    assert {line[1] for line in lines[1:]} == {GIVEN}
    old, new = (one.lines.get(code=GIVEN).line for one in (published.releases[2568], made))
    iit = next(line for line in lines if line[3] == "IIT")
    assert iit[4:] == [old.scores["IIT"][0], new.scores["IIT"][0]]
    assert client_of("assessor").get(f"{HOME}releases/2/changes.xlsx").content[:2] == b"PK"
    assert "12.34" not in Client().get("/data/2568/revision-1/csv/scores.csv").getvalue().decode()
    assert Client().get("/data/2568/revision-2/csv/scores.csv").status_code == 404


def test_a_correction_is_explained(published: Published, client_of: Clients) -> None:
    corrected(published).delete()
    answer = client_of("assessor").post(f"{HOME}revisions/2/", {"note": " "})
    assert answer.status_code == 400
    assert "โปรดกรอกช่องนี้" in text_of(answer)
    assert Release.objects.filter(round=published.cast.round).count() == 1


def test_both_revisions_stay_and_pages_show_the_newest(published: Published) -> None:
    made = corrected(published)
    PublishRelease(by=published.cast.assessor, release=made).execute()
    assert status_of("/data/2568/revision-1.zip", "/data/2568/revision-2.zip", "/nation/2568/") == {200}
    assert {one.revision for one in current().filter(round=published.cast.round)} == {2}
    assert "12.34" in Client().get("/data/2568/revision-2/csv/scores.csv").getvalue().decode()
    assert "แก้ไขคะแนน i1" in Client().get("/data/2568/revision-2/README.md").getvalue().decode()
    assert [one.revision for one in NationResult.objects.filter(published_at__isnull=False, round=made.round)] == [2]


# --- taken back


def test_a_round_that_is_taken_back_is_gone_everywhere(published: Published, client_of: Clients) -> None:
    PublishRelease(by=published.cast.assessor, release=corrected(published)).execute()
    assessor = client_of("assessor")
    assert assessor.post(f"{HOME}withdraw/", {"reason": " "}).status_code == 400
    assert status_of(*PUBLIC) == {200}
    assessor.post(f"{HOME}withdraw/", {"reason": "พบข้อผิดพลาดในการรวมคะแนน"})
    assert not current().filter(round=published.cast.round).exists()
    assert status_of("/nation/2568/", "/nation/2568/all.zip", "/nation/2568/league/") <= {404, 410}
    for revision in (1, 2):
        for address in (f"/data/2568/revision-{revision}.zip", f"/data/2568/revision-{revision}/csv/scores.csv"):
            gone = Client().get(address)
            assert gone.status_code == 410
            assert "พบข้อผิดพลาดในการรวมคะแนน" in text_of(gone)
            assert gone["Cache-Control"] == "no-store"
    assert Entry.objects.get(action="release.withdraw").personal["reason"] == "พบข้อผิดพลาดในการรวมคะแนน"
    assert (withdrawn("2568"), withdrawn("2567")) != (None, None)
    assert status_of("/nation/2567/", "/data/2567/revision-1.zip") == {200}
    again = published.publish(published.cast.round, "เผยแพร่อีกครั้ง")
    assert again.revision == 3
    assert status_of("/nation/2568/", "/data/2568/revision-3.zip") == {200}
    assert status_of("/data/2568/revision-1.zip", "/data/2568/revision-2.zip") == {410}
    assert withdrawn("2568") is None


def test_nothing_is_taken_back_twice(published: Published, client_of: Clients) -> None:
    of = published.cast.round
    WithdrawRelease(by=published.cast.assessor, round=of, reason="ผิด").execute()
    with pytest.raises(Refused):
        WithdrawRelease(by=published.cast.assessor, round=of, reason="ผิด").execute()
    assert client_of("assessor").get(f"{HOME}withdraw/").status_code == 404


@pytest.mark.parametrize("page", ["revisions/2/", "releases/2/", "withdraw/", "revisions/"])
def test_a_page_needs_few_queries(
    page: str, published: Published, client_of: Clients, django_assert_max_num_queries: Any
) -> None:
    corrected(published)
    client = client_of("assessor")
    with django_assert_max_num_queries(20):
        assert client.get(f"{HOME}{page}").status_code == 200
