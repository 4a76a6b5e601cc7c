"""The public pages in a real browser: a citizen's way, on every screen, without a script, with the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from published import NAMES, SMALL, XSS, Published, published  # noqa: F401 - a fixture
from screens import ONE_OR_BOTH, PHONE, judged, too_wide

from prongsai.site.agencies.models import Agency

AGENCY = "/results/muang/2568/"
PAGES = (
    "/",
    "/results/?q=เทศบาล",
    "/results/?q=ไม่มีหน่วยงานชื่อนี้",
    AGENCY,
    f"/results/{SMALL}/2568/",
    "/results/groups/",
    "/results/province/{province}/",
    "/results/kind/subdistrict_organization/",
    "/results/ministry/กระทรวงตัวอย่าง/",
    "/results/compare/",
    f"/results/compare/?a=muang&a={SMALL}",
    "/method/",
    "/method/2568/",
    "/data/",
    "/data/2568/",
    "/changes/",
    "/results/muang/2568/embedding/",
    "/api/docs/",
)


def every_page(there: Published) -> list[str]:
    province = Agency.objects.exclude(province="").filter(code__in=there.codes).values_list("province", flat=True)[0]
    return [page.format(province=province) for page in PAGES]


def no_cookie(page: Any) -> None:
    assert [one["name"] for one in page.context.cookies() if one["name"] != "language"] == []


@pytest.mark.parametrize("size", ONE_OR_BOTH)
def test_every_page_is_accessible_fits_and_sets_no_cookie(
    published: Published,  # noqa: F811
    page_of: Callable[..., Any],
    axe: str,
    size: dict[str, int],
) -> None:
    page = page_of("nobody", size=size, english=size is PHONE)
    for address in every_page(published):
        assert page.goto(address).status in (200, 404), address
        assert judged(page, axe) == []
        assert page.locator("h1").count() == 1, address
    no_cookie(page)


def test_a_citizen_finds_an_agency_by_a_misspelt_name_and_takes_its_data_along(
    published: Published,  # noqa: F811
    page_of: Callable[..., Any],
) -> None:
    page = page_of("nobody", size=PHONE)
    page.goto("/")
    page.locator("main input[name=q]").fill("อบต เล็กมากก")  # abbreviated, and one letter too many
    page.keyboard.press("Enter")
    page.get_by_role("link", name=NAMES[SMALL]).first.click()
    page.wait_for_url(f"**/results/{SMALL}/**")
    shown = page.inner_text("main")
    assert all(name in shown for name in ("IIT", "EIT", "OIT", "คะแนนรวม"))
    assert "ไม่แสดง" in shown  # six people: item scores are withheld, and it says so
    page.goto("/data/2568/")
    with page.expect_download() as file:
        page.locator("main a[href$='.zip']").first.click()
    assert file.value.suggested_filename.endswith(".zip")


def test_two_agencies_are_compared_without_a_script(
    published: Published,  # noqa: F811
    page_of: Callable[..., Any],
) -> None:
    page = page_of("nobody", size=PHONE, script=False)
    page.goto(AGENCY)
    page.locator("main a[href*='/results/compare/']").first.click()
    page.locator("main input[name=q]").first.fill("ตอบเหมือนกัน")
    page.locator("main form button").first.click()
    for address in every_page(published):
        answer = page.goto(address)
        assert answer.status in (200, 404), address
        assert page.locator("h1").count() == 1
        assert not [name for name in answer.headers if name == "set-cookie"], address


def test_names_are_only_ever_text(published: Published, page_of: Callable[..., Any]) -> None:  # noqa: F811
    page = page_of("nobody")
    said: list[str] = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    for address in (f"/results/{XSS}/2568/", "/results/?q=<script>alert(1)</script>", f"/results/compare/?a={XSS}"):
        page.goto(address)
        assert page.locator("script:text('alert')").count() == 0
    assert said == []


def test_the_narrowest_phone_and_the_keyboard(published: Published, page_of: Callable[..., Any]) -> None:  # noqa: F811
    page = page_of("nobody", size={"width": 320, "height": 640})
    for address in every_page(published):
        page.goto(address)
        assert too_wide(page) == []
    page.goto("/results/")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "q":
            break
    page.keyboard.type("muang")
    page.keyboard.press("Enter")
    page.wait_for_url("**/results/**")
    assert "เทศบาล" in page.inner_text("main")


def test_an_agency_page_prints_whole(published: Published, page_of: Callable[..., Any]) -> None:  # noqa: F811
    page = page_of("nobody")
    page.goto(AGENCY)
    page.emulate_media(media="print")
    assert not page.locator("nav").first.is_visible()
    assert page.locator("h1").is_visible()
    assert len(page.pdf()) > 10_000
