"""The officer's year in a real browser: from the import of results to published measures and the year-end report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cast import Cast, give_results, make_cast, results_data
from screens import DESKTOP, PHONE

from prongsai.framework import for_year
from prongsai.scoring.score import score
from prongsai.simulation import Spec, simulate
from prongsai.yaml_file import dump

YEAR = "/agencies/muang/2568/"
Open = Callable[..., Any]


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """The cast before anything has come in."""
    return make_cast()


@pytest.fixture
def results_file(tmp_path: Path, cast: Cast) -> Path:
    """A results file of the agency with few weak points, as an officer would have it."""
    simulated = simulate(Spec(for_year(2568), seed=8, quality=0.97, disclosed=0.95))
    data = results_data(score(simulated.results), cast.agency.name)
    path = tmp_path / "results.yaml"
    path.write_text(dump(data), encoding="utf-8")
    return path


def test_from_results_to_a_published_report(page_of: Open, cast: Cast, results_file: Path, tmp_path: Path) -> None:
    officer = page_of("officer")

    # Results: tried first, then accepted.
    officer.goto(YEAR + "import/")
    officer.set_input_files("input[type=file]", results_file)
    officer.get_by_role("button", name="ตรวจไฟล์").click()
    officer.get_by_role("heading", name="สิ่งที่จะเปลี่ยน หากนำเข้าไฟล์นี้").wait_for()
    officer.get_by_role("button", name="นำเข้าทั้งหมด").click()
    officer.wait_for_load_state()

    # Analysis: the score, and one number down to its source in two clicks.
    officer.goto(YEAR + "results/")
    officer.get_by_role("heading", name="สรุปผลการประเมิน").wait_for()
    officer.goto(YEAR + "results/trace/i1/")
    assert "i1" in officer.inner_text("main")

    # Plan: drafted from the weak points, everything accepted.
    officer.goto(YEAR + "plan/")
    officer.get_by_role("button", name="ร่างมาตรการจากผลการประเมิน").click()
    officer.get_by_role("button", name="รับข้อเสนอที่เหลือทั้งหมด").click()
    officer.wait_for_load_state()
    assert "มาตรการแล้ว" in officer.inner_text("main")
    give_every_step_the_officers_units(cast)

    # Ranks: the chief returns it once, with a reason.
    submit(officer)
    for member in ("head", "palad"):
        decide(page_of(member), "เห็นสมควร")
    chief = page_of("chief")
    chief.goto("/inbox/")
    chief.get_by_role("main").get_by_role("link").first.click()
    assert "บทสรุป" in (chief.get_by_role("region", name="บทสรุปหนึ่งหน้า").get_attribute("aria-label") or "")
    chief.fill("#text", "โปรดเพิ่มช่องทางรับฟังประชาชน")
    chief.locator("button[value=return]").click()
    chief.wait_for_load_state()

    # The officer reads the reason, changes the plan, submits anew; now it is approved.
    officer.goto(YEAR + "approval/")
    officer.get_by_role("link", name="เปิดฉบับที่ 1").click()
    officer.wait_for_load_state()
    assert "โปรดเพิ่มช่องทางรับฟังประชาชน" in officer.inner_text("main")
    officer.goto(YEAR + "plan/")
    officer.goto(officer.locator("a[href*='/measures/']").first.get_attribute("href"))
    field = officer.locator("textarea[name=title], input[name=title]")
    field.fill(field.input_value() + " และรับฟังความเห็นประชาชน")
    officer.get_by_role("button", name="บันทึกมาตรการ").click()
    officer.wait_for_load_state()
    submit(officer)
    for member in ("head", "palad"):
        decide(page_of(member), "เห็นสมควร")
    decide(chief, "อนุมัติ")

    # Circulation, acknowledgement by a unit on a phone, publication.
    officer.goto(YEAR + "approval/")
    officer.get_by_role("link", name="เปิดฉบับที่ 2").click()
    bundle = officer.url
    officer.get_by_role("button", name="แจ้งเวียนทุกสำนัก/กอง").click()
    phone = page_of("unit_owner", size=PHONE)
    phone.goto(bundle)
    phone.get_by_role("button", name="รับทราบ กองคลัง").click()
    phone.wait_for_load_state()
    officer.goto(bundle)
    officer.get_by_role("button", name="เผยแพร่มาตรการ").click()
    officer.get_by_role("heading", name="เอกสารที่เผยแพร่").wait_for()

    # Documents, exactly as Word and PDF.
    officer.goto(YEAR + "documents/")
    with officer.expect_download() as got:
        officer.locator("button[name=form][value=docx]").first.click()
    assert Path(got.value.path()).read_bytes()[:2] == b"PK"

    # Progress from a phone, with a picture.
    picture = tmp_path / "photo.png"
    picture.write_bytes(phone.screenshot())
    phone.goto("/tasks/")
    phone.locator("a[href^='/tasks/'].primary").first.click()
    phone.get_by_role("radio", name="ดำเนินการแล้วเสร็จ").check()
    phone.get_by_label("ผลที่ได้รับ", exact=False).first.fill("ดำเนินการครบทุกขั้นตอน")
    phone.set_input_files("input[name=pictures]", picture)
    phone.get_by_role("button", name="บันทึกรายงาน").click()
    phone.wait_for_load_state()
    assert cast.assessment.plans.get().points.filter(measures__reports__status="done").exists()

    # Year-end report for the officer, and the whole story in the history.
    officer.goto(YEAR + "progress/")
    officer.get_by_role("heading", level=1).wait_for()
    officer.goto("/agencies/muang/history/")
    told = officer.inner_text("main")
    for word in ("ส่งคืน", "อนุมัติ", "แจ้งเวียน", "เผยแพร่"):
        assert word in told, f"{word} is not in the history"

    # Whoever may only see reads it now; last of all the other agency's officer finds nothing.
    inspector = page_of("inspector")
    assert inspector.goto(YEAR + "published/").status == 200
    stranger = page_of("other_officer")
    assert stranger.goto(YEAR + "plan/").status == 404


def give_every_step_the_officers_units(cast: Cast) -> None:
    """Every step belongs to the unit that reports in this journey (the form for it has tests of its own)."""
    from prongsai.site.plans.models import Step

    for step in Step.objects.all():
        step.units.set([cast.units[1]])


def submit(officer: Any) -> None:
    """Freeze the documents and send them up."""
    officer.goto(YEAR + "approval/")
    panel = officer.locator("details.submit").first
    if panel.get_attribute("open") is None:
        panel.locator("summary").click()
    panel.get_by_label("เลขที่บันทึกข้อความ").fill("นฐ ๕๒๐๐๑/๑๒๓")
    panel.get_by_role("button", name="ตรึงเอกสารและเสนอ").click()
    officer.wait_for_load_state()


def decide(page: Any, verb: str) -> None:
    """Open the bundle that waits in the inbox and press the verb."""
    page.goto("/inbox/")
    page.get_by_role("main").get_by_role("link").first.click()
    page.get_by_role("button", name=verb, exact=True).click()
    page.wait_for_load_state()


def press_until(page: Any, name: str, limit: int = 80) -> None:
    """Tab until a link or button with these words has the focus, then press Enter: no mouse."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip().startswith(name):
            if name.startswith("Skip"):  # stays on the page
                page.keyboard.press("Enter")
                return
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    pytest.fail(f"no way to {name!r} by keyboard on {page.url}")


def test_by_keyboard_alone_in_english(page_of: Open, cast: Cast) -> None:
    give_results(cast.assessment)
    page = page_of("officer", english=True)
    page.goto("/")
    press_until(page, "Skip to content")
    page.goto(YEAR)
    press_until(page, "Results")
    assert page.url.endswith("/results/")
    assert page.locator("html").get_attribute("lang") == "en"
    press_until(page, "Measures")
    press_until(page, "Draw up measures from the results")
    press_until(page, "Accept all remaining proposals")
    press_until(page, "Approval")
    assert page.url.endswith("/approval/")
    press_until(page, "Freeze and submit")
    assert "Under consideration" in page.inner_text("main")
    chief = page_of("head", english=True, size=DESKTOP)
    chief.goto("/inbox/")
    press_until(chief, "Read and consider")
    press_until(chief, "I support this")
    assert "Support" in chief.inner_text("main")


def test_reading_and_forms_without_javascript(page_of: Open, cast: Cast, results_file: Path) -> None:
    page = page_of("officer", script=False)
    page.goto(YEAR + "import/")
    page.set_input_files("input[type=file]", results_file)
    page.get_by_role("button", name="ตรวจไฟล์").click()
    page.get_by_role("button", name="นำเข้าทั้งหมด").click()
    page.goto(YEAR + "plan/")
    page.get_by_role("button", name="ร่างมาตรการจากผลการประเมิน").click()
    page.get_by_role("button", name="รับไว้").first.click()
    assert "รับไว้" in page.inner_text("main")
