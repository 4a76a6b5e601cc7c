from __future__ import annotations

import datetime as dt

import pytest
from evidence_world import FILLER, Authority, World, endless, fetch, open_network, page, pdf, serving

from prongsai.evidence.checks import all_checks, look
from prongsai.evidence.checks.elements import plain
from prongsai.evidence.checks.main_site import is_on
from prongsai.evidence.content import content_of
from prongsai.evidence.fetch import Fetched, Hop
from prongsai.evidence.finding import Seen
from prongsai.evidence.links import Link, checklist_items
from prongsai.evidence.rules import rules
from prongsai.framework import by_id, catalog, for_year

FRAMEWORK = for_year("2569")
NOW = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)


def look_at(fetched: Fetched, item: str = "o1", site=None, previous=None, effective=None) -> dict[str, tuple[str, str]]:
    content = content_of(fetched) if fetched.ok else None
    known = checklist_items(FRAMEWORK)[item]
    link = Link(2, item, fetched.url, effective)
    found = look(Seen(link, known, FRAMEWORK, fetched, content, site, previous, NOW))
    assert all(one.th and one.en for one in found)
    return {one.code: (one.severity, one.th) for one in found}


def got(body: bytes, url: str = "https://www.example.test/a/page", **headers: str) -> Fetched:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Fetched(url, NOW, (Hop(url, 200),), named, body, True)


def test_every_check_is_found_in_order() -> None:
    names = [check.__module__.rsplit(".", 1)[1] for check in all_checks()]
    assert names == [
        "reachable",
        "public",
        "main_site",
        "kind_and_size",
        "within_limits",
        "text_layer",
        "fiscal_year",
        "elements",
        "last_modified",
        "same_as_before",
        "accessible",
    ]


def test_opens_and_redirects(world: World) -> None:
    world.serve("/b/c", page(FILLER))
    found = look_at(fetch(world.redirect("/a/c", "/b/c")))
    assert found["reachable.opens"][0] == "fine"
    assert "1 ครั้ง" in found["reachable.redirects"][1]
    assert found["reachable.plain"][0] == "note"


@pytest.mark.parametrize(("status", "word"), [(404, "ไม่พบหน้านี้"), (403, "ไม่ให้เปิด"), (500, "เปิดลิงก์ไม่ได้")])
def test_statuses(world: World, status: int, word: str) -> None:
    found = look_at(fetch(world.serve("/a", b"no", status=status)))
    assert list(found) == ["reachable.status"]
    assert found["reachable.status"][0] == "error"
    assert word in found["reachable.status"][1]


@pytest.mark.parametrize(("days", "severity"), [(10, "warning"), (200, "fine")])
def test_certificate_date(tmp_path, days: int, severity: str) -> None:
    authority = Authority()
    with serving(authority.server(tmp_path, "www.example.test", days)) as world:
        fetched = fetch(world.serve("/a/b", page(FILLER)), open_network(tls=authority.trusted()))
        content = content_of(fetched)
        item = checklist_items(FRAMEWORK)["o1"]
        link = Link(2, "o1", fetched.url)
        found = look(Seen(link, item, FRAMEWORK, fetched, content, None, None, dt.datetime.now(dt.UTC)))
        assert {one.code: one.severity for one in found}["reachable.certificate"] == severity


LOGIN = page("<form>เข้าสู่ระบบ <input type=password></form>")


def test_login_pages(world: World) -> None:
    world.serve("/login", LOGIN)
    assert look_at(fetch(world.redirect("/data", "/login")))["public.login"][0] == "error"
    assert look_at(got(page(f"{FILLER * 30}<input type=password>")))["public.password_field"][0] == "note"
    drive = Fetched(
        "https://drive.google.com/x",
        NOW,
        (Hop("https://drive.google.com/x", 302), Hop("https://accounts.google.com/v3", 200)),
        {},
        page(FILLER),
        True,
    )
    assert look_at(drive)["public.permission"][0] == "error"
    assert look_at(got(page(FILLER)))["public.open"][0] == "fine"


@pytest.mark.parametrize("path", ["", "/", "/index.php", "/home", "/main.html"])
def test_home_pages(path: str) -> None:
    assert look_at(got(page(FILLER), f"https://www.example.test{path}"))["public.home_page"][0] == "warning"
    assert "public.home_page" not in look_at(got(page(FILLER), "https://www.example.test/index.php?id=7"))


def test_main_site() -> None:
    body = page(FILLER)
    assert "main_site.on_it" in look_at(got(body), site="example.test")
    assert look_at(got(body), site="other.test")["main_site.elsewhere"][0] == "warning"
    away = Fetched(
        "https://a.test/x", NOW, (Hop("https://a.test/x", 301), Hop("https://b.test/y", 200)), {}, body, True
    )
    assert look_at(away, site="a.test")["main_site.leaves"][0] == "warning"
    assert is_on("data.a.test", "www.a.test")
    assert not is_on("nota.test", "a.test")


def test_kind_by_its_bytes_not_by_its_name(world: World) -> None:
    assert look_at(got(page(FILLER), content_type="application/pdf"))["kind.claim"][0] == "warning"
    assert "kind.claim" not in look_at(got(pdf("text"), content_type="application/pdf"))
    assert "kind.claim" in look_at(got(page(FILLER), "https://www.example.test/a.pdf"))
    assert look_at(got(b""))["kind.empty"][0] == "error"
    world.answers["/a"] = endless
    found = look_at(fetch(world.url("/a")))
    assert found["kind.too_large"][0] == "warning"
    assert found["text_layer.unreadable"][0] == "unknown"


def test_a_scan_is_said_to_be_a_scan() -> None:
    assert look_at(got(pdf("", "")))["text_layer.scan"][0] == "warning"
    assert "2 หน้า" in look_at(got(pdf("", "")))["text_layer.scan"][1]
    assert look_at(got(pdf("a page of some words", "")))["text_layer.partly"][0] == "note"
    assert look_at(got(pdf("a page of some words")))["text_layer.whole"][0] == "fine"
    assert look_at(got(b"%PDF-1.4 broken"))["text_layer.unreadable"][0] == "warning"
    assert look_at(got(pdf("")))["elements.no_text"][0] == "unknown"


def test_fiscal_year_in_either_digits_and_era() -> None:
    for text in ("ปีงบประมาณ ๒๕๖๙", "พ.ศ. 2569", "FY2026", "ปี ๒ ๕"):
        found = look_at(got(page(f"{FILLER} {text}")))
        assert ("fiscal_year.found" in found) == (text != "ปี ๒ ๕")
    missing = look_at(got(page(f"{FILLER} ปี ๒๕๖๗ พระราชบัญญัติ พ.ศ. ๒๔๙๖")))["fiscal_year.missing"]
    assert missing[0] == "warning"
    assert "2567" in missing[1]
    assert "2496" not in missing[1]
    assert "fiscal_year.found" in look_at(got(pdf("Fiscal year 2569 report")))


def test_the_year_that_the_item_itself_names() -> None:
    """In 2569, o12 asks for the report of 2568."""
    assert "fiscal_year.found" in look_at(got(page(f"{FILLER} 2568")), "o12")
    assert "fiscal_year.missing" in look_at(got(page(f"{FILLER} 2569")), "o12")


def test_elements_are_found_in_broken_thai() -> None:
    """Split sara am, doubled เ, spaces inside words and Thai digits, as PDFs have them."""
    text = "โครง สร้าง ปลัดเทศบาล ส ํานักปลัด กองคลัง อ ํานาจหน้าที่ เเละอื่น ๆ " + FILLER
    found = look_at(got(page(text)))
    assert found["elements.found"][0] == "fine"
    assert "elements.missing" not in found
    bare = look_at(got(page("ภาพกิจกรรมวันเด็กแห่งชาติ " + FILLER)))
    assert bare["elements.missing"][0] == "warning"


def test_what_words_cannot_tell_is_left_to_people() -> None:
    assert look_at(got(page(FILLER)))["elements.by_person"][0] == "unknown"
    assert look_at(got(page(FILLER)), "o4")["elements.none_known"][0] == "unknown"
    assert "elements.incomplete" in look_at(got(page(FILLER)), "o3")
    assert "อนุมาน" in look_at(got(page(FILLER)))["elements.by_person"][1]


def test_no_element_is_invented() -> None:
    """Every key of the rules is the exact text of an element that a framework names, with its source."""
    named = {
        element.text
        for entry in catalog()
        for item in checklist_items(by_id(entry.id)).values()
        if item.elements
        for element in item.elements.known
    }
    assert set(rules()) <= named
    assert len(rules()) >= 10


@pytest.mark.parametrize("element", rules())
def test_examples_of_the_rules(element: str) -> None:
    rule = rules()[element]
    assert rule.source
    passes, fails = plain(rule.passes), plain(rule.fails)
    assert all(any(plain(word) in passes for word in group) for group in rule.words)
    assert not all(any(plain(word) in fails for word in group) for group in rule.words)


def test_last_modified() -> None:
    body = page(FILLER)
    assert "last_modified.seen" in look_at(got(body, last_modified="Mon, 05 Jan 2026 00:00:00 GMT"))
    assert "last_modified.old" in look_at(got(body, last_modified="Mon, 06 Jan 2025 00:00:00 GMT"))
    assert "last_modified.future" in look_at(got(body, last_modified="Wed, 06 Jan 2027 00:00:00 GMT"))
    assert not [code for code in look_at(got(body, last_modified="soon")) if code.startswith("last_modified")]


def test_the_very_file_of_last_year() -> None:
    fetched = got(pdf("a page of some words"))
    assert fetched.sha256
    assert look_at(fetched, previous={fetched.sha256: ("o2", "o5")})["same.as_last_year"][0] == "warning"
    assert "same.new" in look_at(fetched, previous={})
    assert not [code for code in look_at(fetched) if code.startswith("same")]


def test_accessible_basics() -> None:
    found = look_at(got(b"<html><body><img src=x><img src=y alt=''>text</body></html>"))
    assert {"accessible.title", "accessible.lang", "accessible.alt"} <= set(found)
    assert "1/2" in found["accessible.alt"][1]
    assert "accessible.basics" in look_at(got(page(FILLER)))


@pytest.mark.parametrize(
    "body",
    [
        b"<html>" + b"<div>" * 20_000 + b"deep",
        b"<html>\x00\x01<p>nul</p>",
        "<html><p>ไทย</p>".encode("cp874"),
        b'<?xml version="1.0" encoding="utf-16"?><html><p>x</p></html>',
        b"<html><!-- only a comment --></html>",
        b"%PDF-",
        b"PK\x03\x04" + b"\x00" * 100,
        b"\xff" * 100,
        b"<html><meta charset=nonsense>x",
    ],
)
def test_hostile_bodies_never_stop_a_run(body: bytes) -> None:
    assert look_at(got(body))


def test_thai_code_page() -> None:
    body = '<html><meta charset="tis-620"><title>โครงสร้าง</title>'.encode("cp874")
    assert content_of(got(body)).title == "โครงสร้าง"


def test_text_after_a_script_stays_and_the_script_goes() -> None:
    content = content_of(got(b"<html><body>one<script>secret</script>two<!-- hidden -->three</body></html>"))
    assert content.text.split() == ["one", "two", "three"]
