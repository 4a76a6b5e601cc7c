"""Around the portal's core: method, data, changes, feeds, maps, pictures, embedding. Read as strangers read them."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import re
from collections.abc import Iterator

import html5lib
import pytest
from cast import Cast
from django.conf import settings
from django.test import Client
from light_release import ODD, light, withdraw
from lxml import etree
from PIL import Image

from prongsai.framework import by_id, catalog
from prongsai.publishing.statements import statements
from prongsai.site.opendata.models import Release
from prongsai.site.portal import sitemap

ATOM = {"a": "http://www.w3.org/2005/Atom"}
MAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
YEAR = "/results/muang/2568"
HTML = ["/method/", "/method/2568/", "/data/", "/data/2568/", "/changes/", f"{YEAR}/embed/", f"{YEAR}/embedding/"]
REST = ["/data/catalog.jsonld", "/feed.atom", "/feed.rss", "/sitemap.xml", "/sitemap/pages.xml", "/sitemap/2568/1.xml"]
REST += ["/robots.txt", f"{YEAR}/picture.png", f"{YEAR}/badge.svg", f"{YEAR}/qr.svg", f"{YEAR}/qr.png"]


@pytest.fixture
def released(cast: Cast) -> Release:
    return light(cast)


def text_of(path: str, client: Client | None = None) -> str:
    response = (client or Client()).get(path)
    assert response.status_code == 200, path
    return response.content.decode()


@pytest.mark.parametrize("path", [*HTML, "/method/?language=en", "/data/2568/?language=en", "/changes/?language=en"])
def test_pages_are_valid_html_and_name_everything_once(released: Release, path: str) -> None:
    found = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text_of(path))
    ids = [node.get("id") for node in found.iter() if node.get("id")]
    assert len(ids) == len(set(ids)), [one for one in ids if ids.count(one) > 1]
    assert len(list(found.iter("h1"))) == 1
    inside = {a.get("href", "")[1:] for a in found.iter("a") if a.get("href", "").startswith("#")}
    assert inside <= set(ids)
    assert not [node for node in found.iter() if node.get("style") or node.get("onclick")]
    levels = [int(node.tag[1]) for node in found.iter() if re.fullmatch("h[1-6]", str(node.tag))]
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), levels


@pytest.mark.parametrize("framework", [entry.id for entry in catalog()])
def test_the_method_page_holds_every_statement_with_its_sources(db: None, framework: str) -> None:
    page = html5lib.HTMLParser(namespaceHTMLElements=False).parse(text_of(f"/method/{framework}/"))
    rows = {row.get("id"): " ".join("".join(row.itertext()).split()) for row in page.iter("tr") if row.get("id")}
    made = statements(by_id(framework))
    assert rows.keys() == {one.path for one in made}
    for one in made:
        for fact in one.facts:
            assert " ".join(fact.value[0].split()) in rows[one.path], (one.path, fact.field)
        for key in one.source:
            assert key in rows[one.path], (one.path, key)


def test_the_method_page_says_what_is_not_known_and_what_changed(released: Release) -> None:
    page = text_of("/method/2568/")
    assert "ไม่ทราบ" in page
    assert "จากส่วนเป็นคะแนน" in page
    assert 'id="changes"' in page
    assert "รวมหลายข้อของปีก่อนเป็นข้อเดียว" in page
    assert "IIT 30, EIT 30, OIT 40" in page
    assert "published under" not in page
    assert Client().get("/method/ita-1999/").status_code == 404


def test_the_data_page_tells_of_files_checksums_and_what_changed(cast: Cast, released: Release) -> None:
    light(cast, note="แก้ไขผลตรวจข้อ o12")
    page = text_of("/data/2568/")
    assert page.index("ฉบับที่ 2") < page.index("ฉบับที่ 1")
    assert "แก้ไขผลตรวจข้อ o12" in page
    for one in Release.objects.all():
        assert one.digest in page
    assert "/data/2568/revision-2/csv/scores.csv" in page
    assert "sha256sum -c SHA256SUMS" in page
    assert "standard_error" in page
    assert "ความคลาดเคลื่อนมาตรฐาน" in page
    assert "ผู้เผยแพร่ไม่ได้ระบุ" in page  # no licence is made up
    assert Client().get("/data/2560/").status_code == 404


def test_a_withdrawn_round_is_gone_everywhere_and_the_reason_stays(cast: Cast, released: Release) -> None:
    withdraw(cast.round)
    for path in ("/data/2568/", f"{YEAR}/embed/", f"{YEAR}/picture.png", f"{YEAR}/badge.svg", "/sitemap/2568/1.xml"):
        response = Client().get(path)
        assert response.status_code == 410, path
        assert "พบข้อผิดพลาด" in response.content.decode()
    page = text_of("/changes/")
    assert "ถอนการเผยแพร่" in page
    assert "พบข้อผิดพลาด" in page
    assert "ถอนภายหลัง" in page
    assert "/data/2568/" not in page
    assert "2568/1.xml" not in text_of("/sitemap.xml")
    for path in ("/feed.atom", "/feed.atom?agency=muang"):
        feed = text_of(path)
        assert "พบข้อผิดพลาด" in feed
        assert not re.search(r"\d\d\.\d\d[^:\d]", re.sub("<(updated|published|id)>.*?<", "<", feed)), feed


def test_changes_stand_newest_first_and_name_the_method(cast: Cast, released: Release) -> None:
    second = light(cast, note="แก้ไข <b>ชื่อ</b>")
    Release.objects.filter(pk=second.pk).update(framework_version=second.framework_version + 1)
    page = text_of("/changes/")
    assert page.index('id="2568-r2"') < page.index('id="2568-r1"')
    assert "แก้ไข &lt;b&gt;ชื่อ&lt;/b&gt;" in page
    assert "คำนวณด้วยกรอบรุ่น 2 แทนรุ่น 1" in page
    assert "เทียบได้" in page


@pytest.mark.parametrize("query", ["", "?agency=muang", "?agency=odd", "?province=นครปฐม", "?kind=town_municipality"])
def test_the_atom_feed_is_what_the_standard_asks(released: Release, query: str) -> None:
    response = Client().get(f"/feed.atom{query}")
    assert response["Content-Type"].startswith("application/atom+xml")
    feed = etree.fromstring(response.content)
    assert feed.tag == f"{{{ATOM['a']}}}feed"
    for parent in (feed, *feed.findall("a:entry", ATOM)):
        for name in ("id", "title", "updated"):
            assert len(parent.findall(f"a:{name}", ATOM)) == 1, name
        when = parent.findtext("a:updated", namespaces=ATOM)
        assert dt.datetime.fromisoformat(when).tzinfo is not None
        assert parent.findtext("a:id", namespaces=ATOM).startswith(settings.SITE_ADDRESS)
        assert parent.findall("a:link", ATOM)
    assert feed.findall("a:author/a:name", ATOM)
    assert [one for one in feed.findall("a:link", ATOM) if one.get("rel") == "self"]
    entries = feed.findall("a:entry", ATOM)
    ids = [one.findtext("a:id", namespaces=ATOM) for one in entries]
    assert entries
    assert len(ids) == len(set(ids))
    if query == "?agency=muang":
        words = entries[0].findtext("a:summary", namespaces=ATOM)
        assert "คะแนนรวม" in words
        assert "IIT" in words
        assert "OIT" in words
        assert "ระดับ" in words
    if query == "?agency=odd":
        words = entries[0].findtext("a:summary", namespaces=ATOM)  # HTML: once more escaped inside the XML
        assert "<script>" not in words
        assert "&lt;script&gt;" in words


def test_the_rss_feed_is_what_the_standard_asks(released: Release) -> None:
    feed = etree.fromstring(Client().get("/feed.rss?language=en").content)
    assert feed.tag == "rss"
    assert feed.get("version") == "2.0"
    channel = feed.find("channel")
    assert all(channel.findtext(name) for name in ("title", "link", "description"))
    for item in channel.findall("item"):
        assert item.findtext("title")
        assert item.findtext("link").startswith(settings.SITE_ADDRESS)
        assert item.find("guid").get("isPermaLink") == "false"
        assert dt.datetime.strptime(item.findtext("pubDate"), "%a, %d %b %Y %H:%M:%S %z")


@pytest.mark.parametrize("query", ["agency=nobody", "province=ไม่มี", "kind=%00", "agency=" + "x" * 5000])
def test_a_feed_of_nothing_is_not_found(released: Release, query: str) -> None:
    assert Client().get(f"/feed.atom?{query}").status_code == 404


def places(path: str) -> Iterator[tuple[str, str]]:
    """Address and day of each entry, checked against the shape of the protocol."""
    found = etree.fromstring(Client().get(path).content)
    name = {"sitemapindex": "sitemap", "urlset": "url"}[etree.QName(found).localname]
    assert len(found) <= 50_000
    for one in found:
        assert etree.QName(one).localname == name
        assert one.tag.startswith(f"{{{MAP['s']}}}")
        assert [etree.QName(part).localname for part in one] in (["loc", "lastmod"], ["loc"])
        address, day = one.findtext("s:loc", namespaces=MAP), one.findtext("s:lastmod", namespaces=MAP)
        assert address.startswith(settings.SITE_ADDRESS)
        assert len(address) < 2048
        assert address.isascii()
        assert day is None or dt.datetime.fromisoformat(day).tzinfo
        yield address.removeprefix(settings.SITE_ADDRESS), day


def test_the_sitemap_leads_to_every_page_and_every_page_answers(
    released: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemap, "MOST", 1)
    parts = [path for path, _ in places("/sitemap.xml")]
    assert parts == ["/sitemap/pages.xml", "/sitemap/2568/1.xml", "/sitemap/2568/2.xml"]
    assert [path for part in parts[1:] for path, _ in places(part)] == [f"{YEAR}/", "/results/odd/2568/"]
    assert Client().get("/sitemap/2568/3.xml").status_code == 404
    monkeypatch.undo()
    pages = [path for path, _ in places("/sitemap/pages.xml")]
    assert {"/method/", "/data/", "/changes/", "/data/2568/", "/method/2568/"} <= set(pages)
    assert "/sitemap.xml" in text_of("/robots.txt")


def test_the_catalogue_holds_each_current_data_set_once(cast: Cast, released: Release) -> None:
    light(cast, note="แก้ไข")
    found = Client().get("/data/catalog.jsonld").json()
    assert [one["dct:identifier"] for one in found["dcat:dataset"]] == ["ita-2568-r2"]


def test_the_picture_says_level_and_every_instrument(released: Release) -> None:
    made = Image.open(io.BytesIO(Client().get(f"{YEAR}/picture.png").content))
    assert made.size == (1200, 630)
    badge = etree.fromstring(Client().get(f"{YEAR}/badge.svg").content)
    words = badge.findtext("{http://www.w3.org/2000/svg}title")
    row = released.lines.get(code="muang")
    for node in ("overall", "IIT", "EIT", "OIT"):
        low, high, _ = row.heads[node]
        assert (low if low == high else f"{low}–{high}") in words
    assert row.line.levels[0] in words
    assert Client().get("/results/nobody/2568/picture.png").status_code == 404
    assert Client().get("/results/muang/2567/picture.png").status_code == 404


def test_the_frame_may_stand_anywhere_and_nothing_else_may(released: Release) -> None:
    framed = Client().get(f"{YEAR}/embed/")
    assert "frame-ancestors *" in framed["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed
    for path in (f"{YEAR}/embedding/", "/data/"):
        other = Client().get(path)
        assert "frame-ancestors 'none'" in other["Content-Security-Policy"]
        assert other["X-Frame-Options"] == "DENY"


def test_what_is_pasted_holds_no_markup_of_a_name(released: Release) -> None:
    page = text_of("/results/odd/2568/embedding/")
    assert "<script>alert" not in page
    assert ODD not in page
    shown = html5lib.HTMLParser(namespaceHTMLElements=False).parse(page)
    for code in ("".join(one.itertext()) for one in shown.iter("code")):
        pasted = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parseFragment(code)
        assert not list(pasted.iter("script"))
        assert "คะแนนรวม" in code
        assert "IIT" in code


def test_pages_need_few_queries(released: Release, django_assert_max_num_queries: object) -> None:
    for path in (*HTML, *REST):
        with django_assert_max_num_queries(20):  # type: ignore[operator]
            assert Client().get(path).status_code == 200, path


def test_an_empty_site_has_these_pages_too(db: None) -> None:
    for path in ("/method/", "/data/", "/changes/", "/feed.atom", "/feed.rss", "/sitemap.xml", "/sitemap/pages.xml"):
        text_of(path)
