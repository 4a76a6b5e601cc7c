"""The folder: pages, style, badge, documents, data; all of it or nothing."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from importlib import resources
from pathlib import Path

from prongsai.analysis.disclosure import may_show_score
from prongsai.documents.build import build
from prongsai.documents.notices import links
from prongsai.documents.request import Request
from prongsai.documents.writers import write as write_document
from prongsai.documents.writers import writer
from prongsai.errors import InputError, Problem
from prongsai.national.write import check_target
from prongsai.publishing.about import About
from prongsai.publishing.agency import embed
from prongsai.publishing.agency.model import Download, Yearbook, check_plan
from prongsai.publishing.agency.page import PAGES, frame, index
from prongsai.publishing.agency.words import Words, text
from prongsai.publishing.gather import WITHHELD, Edition, of_sheets
from prongsai.publishing.opendata import dictionary
from prongsai.publishing.opendata.release import Release, release

_KINDS = {
    "analysis": ("รายงานการวิเคราะห์ผล", "Analysis of the results"),
    "measures": ("มาตรการส่งเสริมคุณธรรมและความโปร่งใส", "Measures"),
    "progress": ("รายงานผลการดำเนินการตามมาตรการ", "Progress report"),
}
DATA_FORMATS = ("csv", "csv-excel", "jsonl", "xlsx")


def write(
    book: Yearbook,
    folder: Path,
    documents: Sequence[str] = ("pdf",),
    about: About | None = None,
    earlier: Path | None = None,
) -> Path:
    """Write an agency's year into a new folder. ``documents``: formats of the official documents.

    ``earlier``: the folder that is published now. Its data stay as earlier revisions, and what both together would
    tell of a few people is not shown; official documents show every item, so then there are none.
    Raises ``InputError`` where the folder is not empty, a format is not known, the plan is of another framework, or a
    document cannot be made.
    """
    check_target(folder)
    check_plan(book)
    for form in documents:
        writer(form)
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.absolute().parent))
    try:
        if earlier:
            _keep(earlier, beside)
        made = _data(book, beside, about)
        whole = replace(book, data=_downloads(made, beside), closed=book.closed | _closed(made))
        whole = replace(whole, documents=() if _narrowed(whole) else _documents(book, beside, documents))
        for language, name in PAGES.items():
            _put(beside / name, index(whole, Words("th" if language == "th" else "en")))
        _put(beside / "style.css", style())
        _put(beside / "badge.svg", embed.badge(whole))
        _put(beside / "embed" / "summary.html", embed.summary(whole))
        _put(beside / "embed" / "table.html", embed.plain(whole))
        if book.links:
            _put(beside / "oit.html", _oit(whole))
        beside.chmod(0o755)
        if folder.is_dir():
            folder.rmdir()
        beside.replace(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return folder


def style() -> str:
    """The style sheet of all pages."""
    return resources.files(__package__).joinpath("style.css").read_text(encoding="utf-8")


def _put(path: Path, content: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(content, encoding="utf-8")


def _documents(book: Yearbook, root: Path, formats: Sequence[str]) -> tuple[Download, ...]:
    kinds = [
        "analysis",
        *(["measures"] if book.plan or book.progress else []),
        *(["progress"] if book.progress else []),
    ]
    made: list[Download] = []
    before = next((sheet for sheet in book.years if sheet.framework.id == book.framework.previous), None)
    own = book.progress.plan if book.progress else book.plan
    for kind in kinds if formats else []:
        document = build(Request(kind, book.sheet, plan=own, progress=book.progress, previous=before))
        for form in formats:
            path = root / "documents" / f"{kind}.{form}"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(write_document(document, form))
            made.append(Download(f"documents/{path.name}", *_KINDS[kind], path.stat().st_size))
    return tuple(made)


def _keep(earlier: Path, root: Path) -> None:
    """The data of the folder that is published now; raises ``InputError`` for what is no such folder."""
    if not (earlier / "data").is_dir():
        th, en = "ไม่ใช่โฟลเดอร์ที่ prongsai publish สร้างไว้", "not a folder that prongsai publish made: it has no data"
        raise InputError(Problem("publish.earlier", str(earlier), th, en, "โปรดระบุโฟลเดอร์ที่เผยแพร่อยู่"))
    shutil.copytree(earlier / "data", root / "data")


def _data(book: Yearbook, root: Path, about: About | None) -> Release:
    kept = len(list((root / "data" / book.framework.id).glob("revision-*")))
    found = of_sheets({book.code: book.sheet}, Edition(book.published, kept + 1))
    return release(found.without(book.closed), root / "data", DATA_FORMATS, about)


def _closed(made: Release) -> frozenset[str]:
    scores = made.published.scores
    return frozenset(scores.filter(scores["origin"] == WITHHELD)["node"])


def _narrowed(book: Yearbook) -> bool:
    """Whether an earlier revision hides more than the sheet itself."""
    return any(may_show_score(book.sheet, node).shown for node in book.closed)


def _downloads(made: Release, root: Path) -> tuple[Download, ...]:
    wanted = {"csv-excel": ("scores", "distributions", "verdicts", "nodes"), "xlsx": (None,)}
    downloads = []
    for file in made.files:
        if (file.table.name if file.table else None) in wanted.get(file.format, ()):
            where = (made.folder / file.path).relative_to(root).as_posix()
            downloads.append(Download(where, *file.title, file.size))
    told = made.folder / dictionary.NAME
    where = told.relative_to(root).as_posix()
    return (*downloads, Download(where, "พจนานุกรมข้อมูล", "Data dictionary", told.stat().st_size))


def _oit(book: Yearbook) -> str:
    """The table of links in the look of the pages."""
    assert book.links is not None
    words = Words("th")
    title = f"การเปิดเผยข้อมูลสาธารณะ (OIT) {text(book.agency)} {words.year(book.year)}"
    head = (
        f'<a class="skip" href="#content">ข้ามไปยังเนื้อหา</a><header class="top"><div class="in"><div class="line">'
        f'<a href="index.html">← ผลการประเมิน</a></div><h1>การเปิดเผยข้อมูลสาธารณะ (OIT)</h1>'
        f"<p>{text(book.agency)} {words.year(book.year)}</p></div></header>"
    )
    table = links.fragment(book.links).replace(
        "<table>", '<div class="scroll" role="region" tabindex="0" aria-label="OIT"><table>'
    )
    table = table.replace("</table>", "</table></div>")
    return frame(words, title, f'{head}<main id="content" tabindex="-1" class="in">{table}</main>\n')
