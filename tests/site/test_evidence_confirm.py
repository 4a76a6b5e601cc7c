"""Confirmation, its way back, the lock at the end, and the public table that is always what was confirmed."""

from __future__ import annotations

import datetime as dt
import html
import io
from collections.abc import Callable
from typing import Any

import lxml.html
import openpyxl
import pytest
from cast import Cast
from django.test import Client
from django.utils import timezone
from docx import Document as Word
from inspection_evidence import SITE, confirm, fill, item, open_window, started

from prongsai.site.history.action import Refused
from prongsai.site.history.models import Entry
from prongsai.site.history.sentences import sentence
from prongsai.site.inspection.actions.confirm import LockEvidence, Unlock
from prongsai.site.inspection.frozen import content_of, digest_of
from prongsai.site.inspection.models import CheckRun, Confirmation, Evidence, Link, Mark, State
from prongsai.site.notices.due import remind
from prongsai.site.people.models import Delegation, Role
from prongsai.site.rounds.models import Extension

Of = Callable[[str], Client]
HOME = "/agencies/muang/2568/evidence/"
TABLE = "/oit/muang/2568/"


def words(response: Any) -> str:
    return html.unescape(response.content.decode())


def agreed(cast: Cast, **more: str) -> dict[str, str]:
    return {"digest": digest_of(content_of(cast.assessment)), "accepts_missing": "on", **more}


def test_the_chief_confirms_and_everything_is_frozen(cast: Cast, client_of: Of) -> None:
    started(cast)
    client = client_of("chief")
    page = words(client.get(f"{HOME}confirm/"))
    assert "นางบุญมี ตัวอย่าง นายกเทศมนตรี" in page
    assert client.post(f"{HOME}confirm/", agreed(cast)).status_code == 302
    made = Confirmation.objects.get()
    assert made.digest == digest_of(made.content) == digest_of(content_of(cast.assessment))
    assert made.signed_as == "นางบุญมี ตัวอย่าง นายกเทศมนตรี"
    assert set(Evidence.objects.values_list("state", flat=True)) == {State.CONFIRMED}
    assert Evidence.objects.count() == len(made.content["items"])
    cast.assessment.refresh_from_db()
    assert cast.assessment.evidence_at is not None
    said = sentence(Entry.objects.get(action="evidence.confirm"))
    assert "นางบุญมี ตัวอย่าง นายกเทศมนตรี ยืนยันหลักฐาน OIT" in said
    assert made.digest[:12] in said
    assert CheckRun.objects.get().occasion == "confirmation"  # what the links show now will be preserved
    response = client_of("officer").post(f"{HOME}o2/", {"version": "0", "links": "0"})
    assert (response.status_code, "ผู้บริหารยืนยันหลักฐานแล้ว" in words(response)) == (409, True)


def test_only_the_last_rank_confirms(cast: Cast, client_of: Of) -> None:
    started(cast)
    for member in ("officer", "unit_owner", "head", "palad", "agency_admin", "other_officer", "inspector"):
        assert client_of(member).post(f"{HOME}confirm/", agreed(cast)).status_code == 404, member
    assert "ดูสายการพิจารณา" in words(client_of("palad").get(f"{HOME}confirm/"))
    assert not Confirmation.objects.exists()


def test_a_delegate_confirms_for_the_chief_while_the_delegation_lasts(cast: Cast, client_of: Of) -> None:
    started(cast)
    role, today = Role.objects.get(person=cast.chief), timezone.localdate()
    lent = Delegation.objects.create(
        role=role,
        to=cast.palad,
        acting="รักษาราชการแทน",
        start=today - dt.timedelta(days=3),
        end=today - dt.timedelta(days=1),
    )
    assert client_of("palad").post(f"{HOME}confirm/", agreed(cast)).status_code == 404  # it is over
    lent.end = today
    lent.save()
    assert client_of("palad").post(f"{HOME}confirm/", agreed(cast)).status_code == 302
    assert Confirmation.objects.get().signed_as == "นางประสิทธิ์ ตัวอย่าง ปลัดเทศบาล รักษาราชการแทน นายกเทศมนตรี"


def test_what_is_missing_is_shown_and_must_be_agreed_to(cast: Cast, client_of: Of) -> None:
    started(cast)
    response = client_of("chief").post(f"{HOME}confirm/", {"digest": digest_of(content_of(cast.assessment))})
    page = words(response)
    assert response.status_code == 409
    assert "o2" in page
    assert "o1," not in page  # it has links
    assert "o3," not in page  # it does not apply, with a reason
    assert not Confirmation.objects.exists()
    assert set(Evidence.objects.values_list("item", flat=True)) == {"o1", "o2", "o3"}  # nothing was written


def test_what_changed_since_the_page_was_opened_is_not_confirmed(cast: Cast, client_of: Of) -> None:
    started(cast)
    seen = agreed(cast)
    fill(cast, "o4")
    response = client_of("chief").post(f"{HOME}confirm/", seen)
    assert (response.status_code, "มีผู้แก้ไขหลักฐาน" in words(response)) == (409, True)


def test_it_cannot_be_confirmed_too_early_too_late_or_twice(cast: Cast, client_of: Of) -> None:
    started(cast)
    client = client_of("chief")
    open_window(cast.round, 2, 20)
    assert "ยังไม่ถึงกำหนด" in words(client.post(f"{HOME}confirm/", agreed(cast)))
    open_window(cast.round, -20, -1)
    assert "ปิดรับหลักฐาน" in words(client.post(f"{HOME}confirm/", agreed(cast)))
    open_window(cast.round)
    confirm(cast)
    assert "ยืนยันหลักฐานไว้แล้ว" in words(client.post(f"{HOME}confirm/", agreed(cast)))
    assert Confirmation.objects.count() == 1


def test_it_is_taken_back_with_a_reason_before_the_window_closes(cast: Cast, client_of: Of) -> None:
    started(cast)
    confirm(cast)
    client = client_of("chief")
    assert client.post(f"{HOME}confirm/back/", {"reason": " "}).status_code == 409
    assert client_of("officer").post(f"{HOME}confirm/back/", {"reason": "x"}).status_code == 404
    assert client.post(f"{HOME}confirm/back/", {"reason": "ลิงก์ข้อ o1 ผิด"}).status_code == 302
    assert Client().get(TABLE).status_code == 404
    cast.assessment.refresh_from_db()
    assert cast.assessment.evidence_at is None
    assert "ลิงก์ข้อ o1 ผิด" in sentence(Entry.objects.get(action="evidence.take_back"))
    assert "ลิงก์ข้อ o1 ผิด" in words(client.get(f"{HOME}confirm/"))
    fill(cast, "o1", f"{SITE}/mended")
    second = confirm(cast)
    assert second.number == 2
    assert f"{SITE}/mended" in words(Client().get(TABLE))


def test_after_the_window_it_cannot_be_taken_back(cast: Cast, client_of: Of) -> None:
    started(cast)
    confirm(cast)
    open_window(cast.round, -20, -1)
    assert client_of("chief").post(f"{HOME}confirm/back/", {"reason": "x"}).status_code == 409
    assert Client().get(TABLE).status_code == 200


@pytest.mark.parametrize("confirmed", [True, False])
def test_the_calendar_locks_at_the_end_and_says_whether_it_was_confirmed(cast: Cast, confirmed: bool) -> None:
    started(cast)
    if confirmed:
        confirm(cast)
    remind()
    assert State.LOCKED not in set(Evidence.objects.values_list("state", flat=True))
    open_window(cast.round, -20, -1)
    remind()
    remind()
    assert set(Evidence.objects.values_list("state", flat=True)) == {State.LOCKED}
    entry = Entry.objects.get(action="evidence.lock")
    assert ("ผู้บริหารยืนยันแล้ว" if confirmed else "ผู้บริหารยังไม่ยืนยัน") in sentence(entry)
    assert Evidence.objects.filter(assessment=cast.assessment).count() == 28
    assert not Evidence.objects.filter(assessment__agency=cast.other).exists()  # nobody there filed anything


def test_an_extension_for_one_agency_keeps_it_open_and_opens_it_again(cast: Cast) -> None:
    started(cast)
    stage = open_window(cast.round, -20, -1)
    LockEvidence(by=None, assessment=cast.assessment).execute()
    with pytest.raises(Refused):
        Unlock(by=None, assessment=cast.assessment).execute()
    Extension.objects.create(stage=stage, agency=cast.agency, closes=timezone.localdate() + dt.timedelta(days=2))
    remind()  # the calendar opens it again
    assert item(cast.assessment, "o1").state == State.READY
    remind()
    assert item(cast.assessment, "o1").state == State.READY
    fill(cast, "o1", f"{SITE}/in-time")


def test_once_an_inspector_has_spoken_an_extension_opens_nothing(cast: Cast) -> None:
    started(cast)
    stage = open_window(cast.round, -20, -1)
    remind()
    Mark.objects.create(evidence=item(cast.assessment, "o1"), inspector=cast.inspector, order=1, verdict="disclosed")
    Extension.objects.create(stage=stage, agency=cast.agency, closes=timezone.localdate() + dt.timedelta(days=2))
    with pytest.raises(Refused, match="inspection has begun"):
        Unlock(by=None, assessment=cast.assessment).execute()
    remind()
    assert item(cast.assessment, "o2").state == State.LOCKED


def submitted() -> dict[str, list[str]]:
    """What the database says was filed: item → addresses in order."""
    found: dict[str, list[str]] = {one.item: [] for one in Evidence.objects.all()}
    for link in Link.objects.select_related("evidence").order_by("evidence", "order"):
        found[link.evidence.item].append(link.url)
    return found


def in_html(text: str) -> dict[str, list[str]]:
    rows = lxml.html.fromstring(text).xpath("//tbody/tr[th[@scope='row']]")
    return {row.xpath("string(th)").strip(): row.xpath("td//a/@href") for row in rows}


def test_page_fragment_and_files_equal_what_was_submitted(cast: Cast) -> None:
    started(cast)
    fill(cast, "o4", f"{SITE}/a?x=1&y=<2>", f"{SITE}/ไทย")
    confirm(cast)
    filed = submitted()
    assert sum(map(len, filed.values())) == 4
    client = Client()
    assert in_html(words_raw(client.get(TABLE))) == filed
    assert in_html(words_raw(client.get(f"{TABLE}fragment/"))) == filed
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(f"{TABLE}oit.xlsx").content)).worksheets[-1]
    in_sheet: dict[str, list[str]] = {}
    for row in sheet.iter_rows(values_only=True):
        if row[0] in filed:
            in_sheet.setdefault(str(row[0]), []).extend(str(cell) for cell in row if str(cell).startswith("http"))
    assert in_sheet == filed
    word = Word(io.BytesIO(client.get(f"{TABLE}oit.docx").content))
    targets = {part.target_ref for part in word.part.rels.values() if part.is_external}
    assert targets == {url for urls in filed.values() for url in urls}
    assert "ไม่มีภารกิจนี้" in words(client.get(TABLE))  # why o3 does not apply


def words_raw(response: Any) -> str:
    assert response.status_code == 200
    text: str = response.content.decode()
    return text


def test_the_public_table_shows_what_was_confirmed_and_not_what_stands_in_the_rows(cast: Cast) -> None:
    started(cast)
    confirm(cast)
    Link.objects.filter(url=f"{SITE}/structure").update(url=f"{SITE}/smuggled")
    page = words_raw(Client().get(TABLE))
    assert f"{SITE}/structure" in page
    assert "smuggled" not in page


def test_the_note_to_the_inspector_and_names_stay_inside(cast: Cast) -> None:
    started(cast)
    fill(cast, "o4", note="รหัสห้องประชุมลับ")
    confirm(cast)
    page = words_raw(Client().get(TABLE))
    assert "รหัสห้องประชุมลับ" not in page
    assert "บุญมี" not in page


def test_the_table_is_the_same_for_everyone_may_be_kept_and_framed(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    started(cast)
    confirm(cast)
    with django_assert_max_num_queries(3):
        response = Client().get(TABLE)
    assert response["Cache-Control"] == "public, max-age=300"
    assert "Set-Cookie" not in response
    assert "frame-ancestors *" in response["Content-Security-Policy"]
    assert "X-Frame-Options" not in response
    assert Client().get(TABLE, HTTP_IF_NONE_MATCH=response["ETag"]).status_code == 304
    assert Client().get(f"{TABLE}fragment/")["Access-Control-Allow-Origin"] == "*"
    english = Client().get(f"{TABLE}?language=en")
    assert "In force from" in words(english)
    assert english["ETag"] != response["ETag"]
    assert Client().get(f"{TABLE}oit.exe").status_code == 404


def test_how_to_put_it_on_the_website(cast: Cast, client_of: Of, django_assert_max_num_queries: Any) -> None:
    started(cast)
    assert "ขณะนี้ยังไม่มีการยืนยัน" in words(client_of("officer").get(f"{HOME}table/"))
    confirm(cast)
    client = client_of("officer")
    with django_assert_max_num_queries(20):
        page = words(client.get(f"{HOME}table/"))
    assert '<iframe src="' in page
    assert TABLE in page
    assert words(client_of("inspector").get(HOME)).count(f"{HOME}o1/") == 1  # from now on others see it
    assert client_of("inspector").get(f"{HOME}o1/").status_code == 200
