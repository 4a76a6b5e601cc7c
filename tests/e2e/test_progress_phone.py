"""A unit owner reports on a phone: with JavaScript rows come without a round trip, without it by the same button."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from cast import Cast
from PIL import Image
from screens import PHONE

from prongsai.site.plans.models import Measure, Report


@pytest.fixture
def measure(cast: Cast) -> Measure:
    found = Measure.objects.filter(steps__isnull=False).first()
    assert found
    for step in found.steps.all():
        step.units.add(cast.units[1])
    return found


def picture(colour: int) -> dict[str, Any]:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), (colour, 80, 120)).save(out, "JPEG")
    return {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_report_from_a_phone(script: bool, measure: Measure, page_of: Callable[..., Any]) -> None:
    page = page_of("unit_owner", size=PHONE, script=script)
    page.goto("/tasks/")
    page.locator(f'a[href="/tasks/{measure.pk}/6/"]').click()
    page.get_by_label("อยู่ระหว่างดำเนินการ").check()
    page.locator("#id_deed-0-text").fill("จัดประชุมชี้แจง")
    page.locator("#id_pictures").set_input_files([picture(10), picture(200)])
    page.get_by_role("button", name="เพิ่มสิ่งที่ดำเนินการ").click()
    page.locator("#id_deed-1-text").fill("จัดทำคู่มือ")
    page.get_by_role("button", name="เพิ่มหลักฐาน").click()
    row = page.locator('[data-rows="proof"] fieldset.entry').last
    row.get_by_label("ประเภท").select_option("order")
    row.get_by_label("เลขที่").fill("123/2568")
    page.get_by_role("button", name="บันทึกรายงาน").click()
    page.get_by_text("บันทึกรายงานแล้ว").wait_for()
    report = Report.objects.get(measure=measure, months=6)
    assert [deed.text for deed in report.deeds.all()] == ["จัดประชุมชี้แจง", "จัดทำคู่มือ"]
    assert sorted(proof.kind for proof in report.proofs.all()) == ["order", "picture", "picture"]
    assert report.status == "in_progress"
