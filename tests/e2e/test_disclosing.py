"""Evidence in a real browser: owners, links on a phone, a look with its progress, confirmation, the public table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from cast import Cast, make_cast
from django.core.management import call_command
from inspection_evidence import open_window
from screens import PHONE

from prongsai.evidence.fetch import Fetcher, Limits
from prongsai.evidence.network import Network
from prongsai.evidence.visit import Keeping
from prongsai.site.inspection import jobs
from prongsai.site.inspection.copies import copies
from prongsai.site.inspection.models import Link, State

HOME = "/agencies/muang/2568/evidence/"
Open = Callable[..., Any]


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    made = make_cast()
    open_window(made.round)
    return made


async def nowhere(_host: str, _port: int) -> list[str]:
    """No name is known, so nothing leaves this machine."""
    return []


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "fetcher", lambda: Fetcher(Limits(tries=1, delay=0), Network(resolve=nowhere)))
    monkeypatch.setattr(jobs, "keeping", lambda: Keeping(copies()))


def work() -> None:
    call_command("db_worker", batch=True, startup_delay=False, interval=0, reload=False, verbosity=0)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_from_owners_to_the_public_table(page_of: Open, cast: Cast, script: bool) -> None:
    officer = page_of("officer", script=script)
    officer.goto(HOME)
    officer.get_by_role("link", name="มอบหมายผู้รับผิดชอบ").click()
    officer.get_by_label("ผู้รับผิดชอบข้อ o1", exact=True).select_option("กองคลัง")
    officer.get_by_role("button", name="บันทึกการมอบหมาย").click()
    officer.get_by_text("เปลี่ยนแปลง 1 ข้อ").wait_for()

    # The unit gives two links from a phone; nothing typed is lost when a row is added.
    unit = page_of("unit_owner", size=PHONE, script=script)
    unit.goto("/")
    unit.get_by_role("link", name="เปิดรายการ").click()
    unit.get_by_role("link", name="o1").click()
    unit.get_by_label("ลิงก์ (URL)").fill("https://www.muang.example.go.th/structure")
    unit.get_by_role("button", name="เพิ่มลิงก์").click()
    assert unit.get_by_label("ลิงก์ (URL)").first.input_value() == "https://www.muang.example.go.th/structure"
    unit.get_by_label("ลิงก์ (URL)").nth(1).fill("www.muang.example.go.th/powers")
    unit.get_by_role("button", name="บันทึก", exact=True).click()
    unit.get_by_text("ลิงก์ต้องขึ้นต้นด้วย http:// หรือ https://").wait_for()
    unit.get_by_label("ลิงก์ (URL)").nth(1).fill("https://www.muang.example.go.th/powers")
    unit.get_by_role("button", name="บันทึกและแจ้งว่าพร้อมเสนอ").click()
    unit.get_by_text("บันทึกและแจ้งว่าพร้อมเสนอแล้ว").wait_for()

    # The look: its progress comes by itself, or by loading the page again.
    unit.get_by_role("button", name="ตรวจสอบลิงก์ของข้อนี้").click()
    unit.get_by_text("รอเริ่มตรวจสอบ 2 ลิงก์").wait_for()
    work()
    if not script:
        unit.get_by_role("link", name="โหลดหน้านี้ใหม่").click()
    unit.get_by_text("ตรวจสอบล่าสุด").wait_for(timeout=10_000)
    unit.goto(f"{HOME}o1/")
    assert "ไม่พบเว็บไซต์ชื่อ www.muang.example.go.th" in unit.inner_text("main")

    chief = page_of("chief", script=script)
    chief.goto("/")
    chief.get_by_role("link", name="อ่านและยืนยัน").click()
    chief.get_by_label("รับทราบว่า 27 ข้อยังไม่มีหลักฐาน").check()
    chief.get_by_role("button", name="ขอยืนยันว่าหลักฐานถูกต้อง").click()
    chief.get_by_role("heading", name="ตารางลิงก์ OIT สำหรับเว็บไซต์ของหน่วยงาน").wait_for()

    public = page_of("nobody", script=script)
    public.goto("/oit/muang/2568/")
    shown = public.locator("tbody a").evaluate_all("links => links.map(a => a.href)") if script else None
    filed = list(Link.objects.order_by("order").values_list("url", flat=True))
    assert all(url in public.content() for url in filed)
    assert shown in (None, filed)
    assert {link.evidence.state for link in Link.objects.select_related("evidence")} == {State.CONFIRMED}
