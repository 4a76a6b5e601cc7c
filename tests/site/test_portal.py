"""The public pages as a stranger reads them: what they say, what they answer to odd questions, no cookie."""

from __future__ import annotations

import re
from typing import Any

import pytest
from bundles import approved
from cast import Cast
from django.core.cache import caches
from django.http import HttpResponse
from django.test import Client
from portal_world import CODE, NAMED, OTHER, XSS, laid

from prongsai.site.approval.models import Bundle
from prongsai.site.opendata.models import PublishedAgency, Release
from prongsai.site.plans.models import Plan, PlanState
from prongsai.site.portal.neighbours import near_in_size
from prongsai.site.portal.published import Published

PAGES = (
    "/",
    "/results/",
    "/results/?q=บางปลา",
    "/results/?q=ไม่มีทางมีชื่อนี้",
    "/results/groups/",
    f"/results/{CODE}/",
    f"/results/{CODE}/2567/",
    "/results/kind/subdistrict_organization/",
    "/results/kind/subdistrict_organization/?sort=-EIT&level=open",
    "/results/kind/subdistrict_organization/table.csv",
    "/results/ministry/กระทรวงตัวอย่าง/",
    "/results/compare/",
    f"/results/compare/?a={CODE}&a={OTHER}&q=บางปลา",
    "/results/suggest/?q=บางปลา",
)


@pytest.fixture
def nation(cast: Cast) -> Cast:
    laid(cast)
    return cast


def seen(response: HttpResponse) -> str:
    return response.content.decode()


def get(path: str, **more: Any) -> HttpResponse:
    return Client().get(path, **more)  # type: ignore[return-value]


def this_year(code: str) -> Published:
    row = PublishedAgency.objects.select_related("release__round").get(code=code, release__round__slug="2568")
    return Published(row)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["th", "en"])
def test_pages_are_for_everybody(nation: Cast, path: str, language: str, django_assert_max_num_queries: Any) -> None:
    whole = f"{path}{'&' if '?' in path else '?'}language={language}"
    get(whole)  # the register is read once, after a release
    caches["pages"].clear()
    with django_assert_max_num_queries(20):
        response = get(whole)
    assert response.status_code == 200
    assert not response.cookies
    assert response.headers["Cache-Control"].startswith("public")
    assert response.headers["ETag"]
    if "html" in response.headers["Content-Type"] and "suggest" not in path:
        page = seen(response)
        assert f'<html lang="{language}">' in page
        assert page.count("<h1") == 1
        assert 'rel="canonical"' in page
        assert page.count('hreflang="') >= 4
        assert 'property="og:title"' in page
        assert not re.search(r"\sstyle=|\son\w+=|<script(?! src=)", page)


def test_a_stranger_finds_the_portal_at_the_front_and_a_person_the_desk(nation: Cast, client_of: Any) -> None:
    assert "หน่วยงานของท่านโปร่งใสเพียงใด" in seen(get("/"))
    assert "Cookie" in get("/?language=en").headers["Vary"]
    desk = client_of("officer").get("/")
    assert "หน่วยงานของท่านโปร่งใสเพียงใด" not in seen(desk)
    assert "public" not in desk.headers["Cache-Control"]


def test_before_anything_is_published_the_pages_say_so(cast: Cast) -> None:
    for path in ("/", "/results/", "/results/groups/"):
        response = get(path)
        assert response.status_code == 200
        assert "ยังไม่มีผลการประเมินที่เผยแพร่" in seen(response)
    assert get("/results/?q=บางปลา").status_code == 200
    assert get("/results/muang/").status_code == 404


# --- an agency


def test_the_total_never_stands_without_the_instruments(nation: Cast) -> None:
    of = this_year(CODE)
    for path in (f"/results/{CODE}/", "/results/?q=" + CODE):
        page = seen(get(path))
        for _, figure in of.heads:
            assert figure.text in page


def test_the_level_says_what_it_rests_on(nation: Cast) -> None:
    rows = (
        PublishedAgency.objects.filter(release__round__slug="2568").exclude(level="").select_related("release__round")
    )
    of = next(one for one in map(Published, rows) if one.row.level and one.lacking)
    page = seen(get(f"/results/{of.row.code}/"))
    assert of.row.level in page
    assert f"สิ่งที่ยังขาดสู่ระดับ{of.better.name if of.better else ''}" in page
    for name, one in of.lacking:
        assert one.met is False
        assert f"{name} {one.score.text} ต้องได้ตั้งแต่ {one.floor:.2f}" in page
    assert page.count("ไม่ถึงเกณฑ์") >= len(of.lacking)


def test_indicators_aspects_items_peers_and_years_are_there(nation: Cast) -> None:
    page = seen(get(f"/results/{CODE}/"))
    of = this_year(CODE)
    assert len(of.indicators) == 10
    assert all(indicator.name.th in page for _, indicator in of.indicators)
    assert len(of.framework.aspects) == 7
    assert all(aspect.name in page for aspect in of.framework.aspects)
    assert all(item.text is None or item.text in page for _, item in of.items())
    node, told = next(iter(of.line.counts.items()))
    assert any(f": {count}" in page for count in told.values() if count), node
    chance = of.chance("IIT")
    assert chance is not None
    assert chance.text in page
    assert "ITA 2567" in page
    assert "มัธยฐาน" in page
    assert "ab" * 32 in page  # the digest of the release


def test_agencies_near_in_size_stand_beside_it(nation: Cast) -> None:
    """By what is published of each: nobody between the nearest and this one, and the nearest are there."""
    of = this_year(CODE)
    kin = [row for row in of.release.lines.filter(kind=of.row.kind) if row.sheets is not None]
    assert all(row.sheets == row.line.respondents.get("IIT") for row in kin)
    shown = near_in_size(of)
    assert shown is not None
    sizes = [one.row.sheets for one in shown["rows"]]
    assert sizes == sorted(sizes)
    assert of.row.code in [one.row.code for one in shown["rows"]]
    left = {row.code for row in kin} - {one.row.code for one in shown["rows"]}
    assert all(not sizes[0] < row.sheets < sizes[-1] for row in kin if row.code in left)
    page = seen(get(f"/results/{CODE}/"))
    section = page[page.index('id="near"') : page.index('id="chance"')]
    for one in shown["rows"]:
        assert one.row.name in section
        assert all(figure.text in section for _, figure in one.heads)
        assert f'href="/results/{one.row.code}/' in section or one.row.code == CODE


def test_years_that_do_not_compare_are_shown_as_a_break(nation: Cast) -> None:
    """From 2567 to 2568 items changed, so the total does not compare; what is known of it says so in words."""
    page = seen(get(f"/results/{CODE}/"))
    assert 'class="break"' in page
    assert "เทียบกันไม่ได้ทั้งหมด" in page


def test_an_unknown_agency_is_404_with_names_that_may_be_meant(nation: Cast) -> None:
    for typed in ("บางปลาส้อย", "sim-0000"):
        response = get(f"/results/{typed}/")
        assert response.status_code == 404
        assert "หมายถึงหน่วยงานเหล่านี้หรือไม่" in seen(response)
    assert NAMED["sim-00001"] in seen(get("/results/บางปลาส้อย/"))


def test_a_year_without_data_says_which_years_there_are(nation: Cast) -> None:
    response = get(f"/results/{CODE}/2540/")
    assert response.status_code == 404
    assert "ITA 2567" in seen(response)


def test_what_people_typed_stays_text(nation: Cast) -> None:
    for path in (
        "/results/sim-00005/",
        "/results/?q=sim-00005",
        "/results/compare/?a=sim-00005",
        "/results/?q=<script>x",
    ):
        page = seen(get(path))
        assert "<script>alert" not in page
        assert "<script>x" not in page
    assert "&lt;script&gt;alert(1)" in seen(get("/results/sim-00005/"))
    assert XSS not in seen(get("/results/sim-00005/"))


def test_a_withdrawn_round_is_gone_at_once(nation: Cast) -> None:
    assert get(f"/results/{CODE}/2567/").status_code == 200
    Release.objects.filter(round__slug="2567").update(withdrawn_at="2026-01-06T00:00:00Z")
    assert get(f"/results/{CODE}/2567/").status_code == 410
    assert "ITA 2567" not in seen(get(f"/results/{CODE}/"))


def test_plan_documents_and_approval_only_once_they_are_published(nation: Cast, planned: Cast) -> None:
    row = PublishedAgency.objects.filter(release__round__slug="2568", code=OTHER)
    row.update(code="muang", name=planned.agency.name)
    bundle = approved(planned)
    title = next(m.title for m in planned.extra["plan"].points.first().measures.all())
    page = seen(get("/results/muang/"))
    assert title not in page
    assert "ยังไม่ได้เผยแพร่มาตรการ" in page
    file = next(one for one in bundle.files.all() if one.kind == "measures")
    hidden = next(one for one in bundle.files.all() if one.kind == "memo")
    assert get(f"/results/muang/2568/documents/{file.pk}/").status_code == 404
    Plan.objects.filter(pk=bundle.plan_id).update(state=PlanState.PUBLISHED)
    page = seen(get("/results/muang/"))
    assert title in page
    assert "นายกเทศมนตรี" in page
    assert get(f"/results/muang/2568/documents/{file.pk}/").content == file.file.read()
    assert get(f"/results/muang/2568/documents/{hidden.pk}/").status_code == 404
    assert get(f"/results/muang/2567/documents/{file.pk}/").status_code == 404
    Bundle.objects.filter(pk=bundle.pk).update(state="superseded")
    assert title not in seen(get("/results/muang/"))


# --- groups


def test_a_group_has_levels_means_and_its_agencies(nation: Cast) -> None:
    rows = PublishedAgency.objects.filter(release__round__slug="2568", kind="subdistrict_organization")
    page = seen(get("/results/kind/subdistrict_organization/"))
    assert f"{rows.count()} หน่วยงาน" in page
    assert "ถ่วงน้ำหนักผู้ตอบ" in page
    assert all(row.code in page for row in rows)


def test_a_group_can_be_ordered_filtered_and_taken_along(nation: Cast) -> None:
    path = "/results/kind/subdistrict_organization/"
    rows = PublishedAgency.objects.filter(release__round__slug="2568", kind="subdistrict_organization")
    best = sorted(rows, key=lambda row: -float(row.heads["IIT"][1] or -1))
    page = seen(get(path + "?sort=-IIT"))
    assert page.index(f"/results/{best[0].code}/") < page.index(f"/results/{best[-1].code}/")
    level = rows.exclude(level="").first()
    assert level is not None
    page = seen(get(path, data={"level": level.level}))
    assert level.code in page
    assert f"พบ {rows.filter(level=level.level).count()} หน่วยงาน" in page
    text = get(path + "table.csv").content.decode("utf-8-sig")
    assert len(text.splitlines()) == rows.count() + 1
    assert get(path + "table.xlsx").content[:2] == b"PK"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/results/province/ไม่มีจังหวัดนี้/", 404),
        ("/results/kind/nonsense/", 404),
        ("/results/kind/subdistrict_organization/?round=1234", 404),
        ("/results/kind/subdistrict_organization/?sort=%00&level=x&page=-7&kind='--", 200),
        ("/results/kind/subdistrict_organization/?page=99999999999999999999", 200),
        ("/results/kind/subdistrict_organization/table.exe", 404),
        ("/results/kind/nonsense/table.csv", 404),
        ("/results/province/../../etc/passwd/", 404),
        ("/results/compare/?a=" + "&a=".join(["x"] * 500), 200),
        ("/results/?q=%00%ff%fe", 200),
        ("/results/?q=" + "ก" * 800, 200),
        ("/results/?q=" + "ก" * 5000, 414),
        ("/results/?q=((((((([[[.*", 200),
        ("/results/?q=" + "a" * 10_000_000, 414),
        ("/results/" + "%E0%B8%81" * 2000 + "/", 404),
    ],
)
def test_odd_questions_get_a_clear_answer(nation: Cast, path: str, status: int) -> None:
    response = get(path)
    assert response.status_code == status
    assert len(response.content) < 200_000


# --- side by side


def test_two_agencies_side_by_side_with_what_chance_allows(nation: Cast) -> None:
    page = seen(get(f"/results/compare/?a={CODE}&a={OTHER}"))
    for code in (CODE, OTHER):
        of = Published(
            PublishedAgency.objects.select_related("release__round").get(code=code, release__round__slug="2568")
        )
        assert of.level_text in page
        assert all(figure.text in page for _, figure in of.heads)
    assert "ความบังเอิญ" in page
    assert "ita-2568" in page
    assert "ita-2567" not in page


def test_a_sixth_agency_is_told_and_left_out(nation: Cast) -> None:
    codes = [f"sim-{n:05}" for n in range(6, 12)]
    page = seen(get("/results/compare/?a=" + "&a=".join(codes)))
    assert "เปรียบเทียบได้สูงสุด 5 แห่ง" in page
    assert f"/results/{codes[4]}/" in page
    assert f"/results/{codes[5]}/" not in page
    assert 'name="q"' not in page  # nobody can be added


def test_years_are_never_mixed(nation: Cast) -> None:
    PublishedAgency.objects.filter(release__round__slug="2568", code=OTHER).delete()
    page = seen(get(f"/results/compare/?a={CODE}&a={OTHER}"))
    assert "ita-2567" in page  # the newest round that has both
    page = seen(get(f"/results/compare/?a={CODE}&a={OTHER}&round=2568"))
    assert "ไม่มีผลในการประเมินนี้" in page
    assert "ita-2567" not in page


def test_unknown_codes_are_named(nation: Cast) -> None:
    page = seen(get(f"/results/compare/?a={CODE}&a=nonsense"))
    assert "“nonsense”" in page
    assert CODE in page
