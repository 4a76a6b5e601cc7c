"""An agency's own pages: valid, whole without a script or a network, the total never alone, nothing hidden shown."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import html5lib
import pytest
from lxml import etree, html
from published_sample import SIZES, sample

from prongsai.analysis.disclosure import may_show_score
from prongsai.analysis.pinned import pinned
from prongsai.documents.notices.links import Disclosed, Link, LinkTable
from prongsai.errors import InputError
from prongsai.improvement.files import read_plan, read_progress
from prongsai.national.score import results_of
from prongsai.publishing.agency.embed import alternative, badge, snippets
from prongsai.publishing.agency.model import Approval, Yearbook
from prongsai.publishing.agency.page import index
from prongsai.publishing.agency.words import Words
from prongsai.publishing.agency.write import style, write
from prongsai.publishing.read import read_release
from prongsai.scoring.interval import shown
from prongsai.scoring.results import load_results
from prongsai.scoring.score import ScoreSheet, score

EXAMPLES = Path(__file__).parents[2] / "examples"
DAY = dt.date(2026, 11, 21)
WICKED = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
TOKENS = Path(__file__).parents[2] / "src/prongsai/site/base/static/prongsai/tokens.css"


def sheet(name: str) -> ScoreSheet:
    return score(load_results(EXAMPLES / name / "results.yaml"))


def book(name: str = "sisaket-2568") -> Yearbook:
    found = sheet(name)
    links = LinkTable(
        found.results.agency.name,
        found.framework,
        (Disclosed("o1", (Link("https://example.go.th/a?x=1&y=<2>", WICKED),), DAY), Disclosed("o2")),
    )
    return Yearbook(
        found,
        DAY,
        "town",
        plan=read_plan(EXAMPLES / name / "plan.yaml"),
        links=links,
        approvals=(Approval("นายกเทศมนตรี", None, day=DAY), Approval("ปลัดเทศบาล", WICKED, "เห็นชอบ")),
        address="https://example.go.th/ita",
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(book(), tmp_path_factory.mktemp("site") / "ita", ["pdf", "docx"])


def pages(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*.html") if path.name != "table.html"]


def test_pages_are_valid_for_a_strict_parser(folder: Path) -> None:
    assert {path.relative_to(folder).as_posix() for path in pages(folder)} == {
        "index.html", "en.html", "oit.html", "embed/summary.html",
    }  # fmt: skip
    for path in pages(folder):
        html5lib.HTMLParser(strict=True).parse(path.read_text(encoding="utf-8"))
    html5lib.HTMLParser(strict=True).parseFragment((folder / "embed" / "table.html").read_text(encoding="utf-8"))
    etree.fromstring((folder / "badge.svg").read_bytes())


def test_every_link_is_relative_and_leads_somewhere(folder: Path) -> None:
    for path in pages(folder):
        tree = html.document_fromstring(path.read_text(encoding="utf-8"))
        ids = {element.get("id") for element in tree.iter() if element.get("id")}
        for element in tree.iter():
            for name in ("href", "src"):
                target = element.get(name)
                if target is None or (path.name == "oit.html" and target.startswith("https://example.go.th/a")):
                    continue
                parts = urlsplit(target)
                assert (parts.scheme, parts.netloc, parts.path[:1] == "/") == ("", "", False), (path.name, target)
                if parts.path:
                    assert (path.parent / unquote(parts.path)).is_file(), (path.name, target)
                else:
                    assert parts.fragment in ids


def test_no_script_no_request_no_style_in_the_text(folder: Path) -> None:
    for path in pages(folder):
        tree = html.document_fromstring(path.read_text(encoding="utf-8"))
        assert not list(tree.iter("script", "iframe", "object", "embed", "base", "form", "style"))
        for element in tree.iter():
            assert not [name for name in element.attrib if name.startswith("on") or name == "style"]
    css = (folder / "style.css").read_text(encoding="utf-8")
    assert "url(" not in css
    assert "@import" not in css
    assert "@font-face" not in css


def test_what_people_typed_stays_text(folder: Path) -> None:
    for path in folder.rglob("*.html"):
        assert "<script>alert" not in path.read_text(encoding="utf-8")
        assert "<img src=x" not in path.read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(1)" in (folder / "index.html").read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(1)" in (folder / "oit.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["index.html", "en.html", "embed/summary.html", "embed/table.html", "badge.svg"])
def test_the_total_never_stands_without_its_instruments(folder: Path, name: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    for number in ("92.89", "99.10", "99.52", "83.25"):
        assert number in text
    assert "ผ่าน" in text


def test_the_level_stands_with_what_it_rests_on(folder: Path) -> None:
    tree = html.document_fromstring((folder / "index.html").read_text(encoding="utf-8"))
    rows = [row.text_content() for row in tree.get_element_by_id("level").iter("tr")]
    assert any("OIT" in row and "83.25" in row and "ไม่ถึงเกณฑ์" in row for row in rows)
    assert any("EIT.1" in row and "ไม่ทราบ" in row and "ยังสรุปไม่ได้" in row for row in rows), "unknown is said"
    assert "OIT 83.25 ต้องได้ 85.00" in tree.text_content()


def test_everything_is_on_the_page(folder: Path) -> None:
    made = book()
    for name in ("index.html", "en.html"):
        tree = html.document_fromstring((folder / name).read_text(encoding="utf-8"))
        text = tree.text_content()
        for inst in made.framework.instruments:
            for indicator in inst.indicators:
                for item in indicator.items:
                    assert re.search(rf"\b{item.code}\b", text), item.code
        assert made.plan is not None
        for point in made.plan.points:
            assert all(" ".join(measure.title.split()) in " ".join(text.split()) for measure in point.measures)
        times = {element.get("datetime") for element in tree.iter("time")}
        assert times == {"2026-11-21"}
        assert "นายกเทศมนตรี" in text
        assert {"documents/analysis.pdf", "documents/measures.docx"} <= {a.get("href") for a in tree.iter("a")}
    assert "ไม่ระบุ" in (folder / "index.html").read_text(encoding="utf-8"), "who is not named is said to be not named"


def test_headings_and_languages_are_in_order(folder: Path) -> None:
    for path in pages(folder):
        tree = html.document_fromstring(path.read_text(encoding="utf-8"))
        levels = [int(element.tag[1]) for element in tree.iter("h1", "h2", "h3", "h4")]
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
        assert tree.get("lang") == ("en" if path.name == "en.html" else "th")
    thai = re.compile("[\u0e00-\u0e7f]")
    english = html.document_fromstring((folder / "en.html").read_text(encoding="utf-8"))
    for element in english.body.iter():
        marked = any(one.get("lang") == "th" for one in (element, *element.iterancestors()))
        code = any(one.tag in ("pre", "title") for one in (element, *element.iterancestors()))
        if element.text and thai.search(element.text) and not code:
            assert marked, f"Thai on the English page, not marked: {element.text[:60]}"


def test_the_badge_needs_no_face_and_says_its_words() -> None:
    made = badge(book())
    assert "<text" not in made
    assert "href" not in made
    assert "ระดับ ผ่าน คะแนนรวม 92.89 IIT 99.10 EIT 99.52 OIT 83.25" in alternative(book())
    assert f'<title id="badge-t">{alternative(book())}</title>' in made


def test_what_is_pasted_falls_back_to_text() -> None:
    for _, _, code in snippets(book()):
        html5lib.HTMLParser(strict=True).parseFragment(code)
        tree = html.fragment_fromstring(code, create_parent="div")
        said = tree.text_content() + " ".join(image.get("alt") for image in tree.iter("img"))
        for number in ("92.89", "99.10", "99.52", "83.25"):
            assert number in said
        for element in tree.iter("a", "img", "iframe"):
            address = element.get("href") or element.get("src")
            assert address.startswith("https://example.go.th/ita/")


def test_years_are_shown_with_whether_they_compare() -> None:
    now, before = sheet("sisaket-2568"), sheet("bangpla-2567")
    page = index(Yearbook(now, DAY, "town", years=(before,)), Words("th"))
    tree = html.document_fromstring(page)
    rows = [row.text_content() for row in tree.get_element_by_id("years").iter("tr")]
    assert all(part in rows[1] for part in ("2568", "92.89", "เทียบกันไม่ได้ทั้งหมด"))
    assert all(part in rows[2] for part in ("2567", "87.02", "86.26"))


def test_progress_says_what_became_of_every_measure() -> None:
    found = sheet("thatalat-2566")
    progress = read_progress(EXAMPLES / "thatalat-2566" / "progress.yaml")
    page = index(Yearbook(found, DAY, "sao", progress=progress), Words("en"))
    count = len(progress.measures)
    assert f"{count}/{count}" not in page or page.count('class="tag good">done') == count
    assert page.count('class="tag ') >= count


@pytest.mark.parametrize("size", SIZES)
def test_nothing_of_a_small_group_is_in_any_file(tmp_path: Path, size: int) -> None:
    made, line = sample(), SIZES.index(size)
    found = score(results_of(made.scores.nation, made.counted, line))
    page = index(Yearbook(found, DAY, "small"), Words("th"))
    tree = html.document_fromstring(page)
    for node in found.structure.of_kind("item"):
        row = next(
            row for row in tree.get_element_by_id("items").iter("tr")
            if row.find("th") is not None and row.find("th").text_content().split()[0] == node.code
        )  # fmt: skip
        value, cell = found.score(node.id), row.findall("td")[-1].text_content()
        if may_show_score(found, node.id).shown:
            assert value is None or str(shown(value)) == cell
        else:
            assert cell == "ไม่แสดง (ผู้ตอบน้อย)"
    total = tree.find_class("total")[0].text_content()
    assert ("ไม่แสดง" in total) == bool(pinned(found)), "a total that would say what three people answered"
    assert bool(pinned(found)) == (size in (1, 2, 3))
    if size in (5, 25):
        folder = write(Yearbook(found, DAY, "small"), tmp_path / "x", [])
        back = read_release(next((folder / "data").glob("*/revision-1")), "csv")
        assert (back.distributions.is_empty()) == (size < 10)


def test_a_correction_keeps_what_was_published_and_tells_nothing_of_a_few(tmp_path: Path) -> None:
    """One more sheet: the pages and data beside the earlier ones would give its answers."""
    line = SIZES.index(12)
    more = sample(tuple(13 if size == 12 else size for size in SIZES))
    before, after = (score(results_of(one.scores.nation, one.counted, line)) for one in (sample(), more))
    first = write(Yearbook(before, DAY, "sao"), tmp_path / "first", [])
    second = write(Yearbook(after, DAY, "sao"), tmp_path / "second", ["pdf"], earlier=first)
    assert {path.name for path in (second / "data" / "ita-2568").iterdir() if path.is_dir()} == {
        "revision-1",
        "revision-2",
    }
    items = html.document_fromstring((second / "index.html").read_text(encoding="utf-8")).get_element_by_id("items")
    row = next(row for row in items.iter("tr") if row.find("th").text_content().startswith("i1 "))
    assert row.findall("td")[-1].text_content() == "ไม่แสดง (ผู้ตอบน้อย)"
    assert not (second / "documents").exists()
    same = write(Yearbook(before, DAY, "sao"), tmp_path / "same", ["html"], earlier=first)
    assert (same / "documents" / "analysis.html").exists(), "where nothing changed nothing is closed"
    with pytest.raises(InputError, match="no data"):
        write(book(), tmp_path / "none", [], earlier=tmp_path / "documents")


def test_a_folder_that_holds_something_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(InputError):
        write(book(), tmp_path, [])
    with pytest.raises(InputError):
        write(book(), tmp_path / "new", ["nonsense"])
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_the_look_is_that_of_the_design_system() -> None:
    """The same tokens, by name and value, wherever both have them; only shape (radius, shadow) is the page's own."""

    def tokens(css: str) -> dict[str, str]:
        return dict(re.findall(r"(--[\w-]+):\s*([^;]+);", css))

    own, site = tokens(style()), tokens(TOKENS.read_text(encoding="utf-8"))
    colours = {name for name, value in own.items() if value.startswith("#")} | {"--face"}
    assert len(colours) > 15
    assert {name: own[name] for name in colours} == {name: site[name] for name in colours}
