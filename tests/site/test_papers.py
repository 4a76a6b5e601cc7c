"""Documents: every kind at one click, the same bytes twice, recorded, and stale when the data have changed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from cast import Cast
from django.test import Client
from doors import YEAR

from prongsai.site.files.keep import Received, keep
from prongsai.site.history.models import Entry
from prongsai.site.history.sentences import sentence
from prongsai.site.papers.catalog import FORMATS, kinds
from prongsai.site.papers.models import Download
from prongsai.site.plans.models import Measure, Plan, PlanState, Proof, Report
from prongsai.site.plans.states import changed, mark_published

PAGE = "/agencies/muang/2568/documents/"
LOOKS = {"docx": b"PK\x03\x04", "xlsx": b"PK\x03\x04", "pdf": b"%PDF-", "html": b"<!DOCTYPE html>"}
Of = Callable[[str], Client]


def take(client: Client, kind: str, form: str = "docx", **more: str) -> Any:
    return client.post(f"{PAGE}download/", {"kind": kind, "form": form, "digits": "thai", **more})


def variants() -> list[tuple[str, str]]:
    return [(kind.name, layout) for kind in kinds() for layout in kind.layouts or ("",)]


@pytest.mark.parametrize("form", FORMATS)
def test_every_kind_and_layout_at_one_click_and_the_same_bytes_twice(
    planned: Cast, client_of: Of, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    officer = client_of("officer")
    first = {v: take(officer, v[0], form, layout=v[1]) for v in variants()}
    clock = time.time
    monkeypatch.setattr(time, "time", lambda: clock() + 86_400)  # the next day
    for variant, answer in first.items():
        assert answer.status_code == 200, variant
        assert answer.content.startswith(LOOKS[form]), variant
        assert "attachment" in answer["Content-Disposition"]
    for kind, layout in [("memo", ""), ("progress", ""), ("measures", "indicators")]:
        assert take(officer, kind, form, layout=layout).content == first[kind, layout].content


def test_thai_and_arabic_digits(planned: Cast, client_of: Of) -> None:
    officer = client_of("officer")
    thai = take(officer, "brief", "html").content.decode()
    arabic = take(officer, "brief", "html", digits="arabic").content.decode()
    assert "๒๕๖๘" in thai
    assert "2568" in arabic
    assert "๒๕๖๘" not in arabic


def test_a_download_is_recorded_and_turns_stale(planned: Cast, client_of: Of) -> None:
    officer = client_of("officer")
    answer = take(officer, "measures", "pdf", layout="indicators")
    row = Download.objects.get()
    assert row.sha256 == hashlib.sha256(answer.content).hexdigest() == answer["X-Content-SHA256"]
    assert (row.by, row.kind, row.layout, row.form) == (planned.officer, "measures", "indicators", "pdf")
    said = sentence(Entry.objects.get(action="papers.take_out"))
    assert "นางสมหญิง ตัวอย่าง ดาวน์โหลดมาตรการส่งเสริมคุณธรรมและความโปร่งใส ชนิด PDF" in said
    page = officer.get(PAGE).content.decode()
    assert row.sha256 in page
    assert "ตรงกับข้อมูลล่าสุด" in page
    assert "ข้อมูลเปลี่ยนแล้ว" not in page
    changed(Plan.objects.get())
    assert "ข้อมูลเปลี่ยนแล้ว" in officer.get(PAGE).content.decode()


@pytest.mark.parametrize("change", ["letter", "progress", "agency", "template"])
def test_whatever_a_document_is_made_from_makes_it_stale(planned: Cast, client_of: Of, change: str) -> None:
    officer = client_of("officer")
    take(officer, "progress")
    take(officer, "analysis", layout="indicators")
    if change == "letter":
        form = {"author_position": "นิติกร", "version": "0"}
        assert officer.post(f"{PAGE}letter/progress/", form).status_code == 302
    elif change == "progress":
        Report.objects.create(measure=Measure.objects.first(), months=12, status="done", result="ทำแล้ว")
    elif change == "agency":
        type(planned.agency).objects.update(version=2)
    else:
        from prongsai.site.papers.models import Template

        file = keep(Received("t.docx", "docx", b"PK"), planned.agency, None)
        Template.objects.create(agency=planned.agency, kind="progress", version=1, file=file)
    page = officer.get(PAGE).content.decode()
    assert page.count("ข้อมูลเปลี่ยนแล้ว") == (2 if change == "agency" else 1)


def test_pictures_of_proof_come_along_even_when_two_have_one_name(planned: Cast, client_of: Of) -> None:
    from PIL import Image

    report = Report.objects.create(measure=Measure.objects.first(), months=12, status="done")
    for colour in ("red", "blue"):
        out = BytesIO()
        Image.new("RGB", (80, 60), colour).save(out, "JPEG")
        file = keep(Received("IMG_0001.jpg", "jpeg", out.getvalue()), planned.agency, planned.officer)
        Proof.objects.create(report=report, kind="picture", title=f"ภาพ {colour}", file=file)
    html = take(client_of("officer"), "progress", "html").content.decode()
    assert html.count("data:image/jpeg;base64,") == 2
    assert len(set(re.findall(r"data:image/jpeg;base64,[^\"]+", html))) == 2


def test_letter_fields_are_typed_remembered_and_never_invented(planned: Cast, client_of: Of) -> None:
    officer = client_of("officer")
    blank = take(officer, "memo", "html").content.decode()
    form = {
        "number": "นฐ ๕๒๐๐๑/๑๒", "date_day": "๑๕", "date_month": "1", "date_year": "๒๕๖๙",
        "unit": "สำนักปลัดเทศบาล", "phone": "0 3400 0000",
        "author_name": "นางสมหญิง ตัวอย่าง", "author_position": "นักวิเคราะห์นโยบายและแผน", "version": "0",
    }  # fmt: skip
    assert officer.post(f"{PAGE}letter/memo/", form).status_code == 302
    memo = take(officer, "memo", "html", digits="arabic").content.decode().replace("\u00a0", " ")
    for words in ("๕๒๐๐๑/๑๒", "15 มกราคม 2569", "0 3400 0000", "นางสมหญิง ตัวอย่าง"):
        assert words in memo
        assert words not in blank
    assert "นฐ ๕๒๐๐๑/๑๒" in officer.get(f"{PAGE}letter/memo/").content.decode()
    last = Client()
    last.force_login(planned.officer, backend="allauth.account.auth_backends.AuthenticationBackend")
    other_year = last.get("/agencies/muang/2567/documents/letter/memo/").content.decode()
    assert "0 3400 0000" in other_year  # stays from year to year
    assert "๕๒๐๐๑" not in other_year  # a number belongs to one paper


def test_two_officers_fill_in_one_letter(planned: Cast, client_of: Of) -> None:
    officer = client_of("officer")
    assert officer.post(f"{PAGE}letter/memo/", {"phone": "1111", "version": "0"}).status_code == 302
    second = officer.post(f"{PAGE}letter/memo/", {"phone": "2222", "version": "0"})
    page = second.content.decode()
    assert second.status_code == 409
    assert "1111" in page
    assert "2222" in page
    assert officer.post(f"{PAGE}letter/memo/", {"phone": "2222", "version": "1"}).status_code == 302


def test_a_letter_needs_a_post_for_a_name_and_a_real_day(planned: Cast, client_of: Of) -> None:
    form = {"author_name": "ใครสักคน", "date_day": "31", "date_month": "2", "date_year": "2569", "version": "0"}
    answer = client_of("officer").post(f"{PAGE}letter/memo/", form)
    assert answer.status_code == 400
    assert "โปรดกรอกตำแหน่งของผู้ลงนาม" in answer.content.decode()
    assert "ไม่มีวันที่ 31" in answer.content.decode()


def test_the_preview_allows_its_own_styles_and_no_script(planned: Cast, client_of: Of) -> None:
    address = f"{PAGE}preview/?kind=measures&layout=indicators&digits=thai"
    answer = client_of("officer").get(address)
    policy = answer["Content-Security-Policy"]
    assert answer.status_code == 200
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert "unsafe-inline" not in policy
    assert "script-src" not in policy
    html = answer.content.decode()
    assert set(re.findall(r' style="([^"]*)"', html))
    assert len(policy) < 8000  # servers limit the size of headers
    assert Download.objects.count() == 0


def test_those_outside_get_only_what_is_public(planned: Cast, client_of: Of) -> None:
    assessor = client_of("assessor")
    assert take(assessor, "analysis", layout="indicators").status_code == 200
    for kind in ("memo", "brief", "order", "measures", "announcement", "progress"):
        assert take(assessor, kind).status_code == 404, kind
    mark_published(Plan.objects.select_related("assessment").get())
    assert Plan.objects.get().state == PlanState.PUBLISHED
    for kind, status in (("measures", 200), ("announcement", 200), ("memo", 404), ("brief", 404), ("progress", 404)):
        assert take(assessor, kind).status_code == status, kind
    assert "เอกสารที่นำออกแล้ว" not in assessor.get(PAGE).content.decode()
    for member in ("other_officer", "stranger"):
        assert take(client_of(member), "analysis").status_code == 404


def test_what_there_is_not_is_not_found(planned: Cast, client_of: Of) -> None:
    officer = client_of("officer")
    for wrong in ({"kind": "poem"}, {"form": "exe"}, {"layout": "../x"}, {"digits": "roman"}, {"months": "7"}):
        asked = {"kind": "measures", "form": "docx", "layout": "", "digits": "thai", "months": "12", **wrong}
        assert officer.post(f"{PAGE}download/", asked).status_code == 404, wrong


def test_before_results_and_before_a_plan_the_page_says_what_to_do(cast: Cast, client_of: Of) -> None:
    assert "ยังไม่มีผลการประเมิน" in client_of("officer").get(PAGE).content.decode()
    answer = take(client_of("officer"), "memo")
    assert answer.status_code == 400
    assert "โปรดนำเข้าผลการประเมินก่อน" in answer.content.decode()


def test_without_a_plan(scored: Cast, client_of: Of) -> None:
    page = client_of("officer").get(PAGE).content.decode()
    assert page.count("ยังไม่มีมาตรการของปีนี้") == 3
    assert take(client_of("officer"), "measures").status_code == 400
    assert take(client_of("officer"), "memo").status_code == 200


def test_few_queries_with_many_downloads(planned: Cast, client_of: Of, django_assert_max_num_queries: Any) -> None:
    rows = [
        Download(
            assessment=planned.assessment, kind=kind, form="pdf", digits="thai",
            sha256="a" * 64, made_from="b" * 64, by=planned.officer,
        )
        for kind in ("memo", "measures", "progress") for _ in range(40)
    ]  # fmt: skip
    Download.objects.bulk_create(rows)
    officer = client_of("officer")
    with django_assert_max_num_queries(20):
        page = officer.get(PAGE).content.decode()
    assert "หน้า 1 จาก 3" in page
    assert YEAR[0] in page
