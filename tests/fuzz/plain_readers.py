"""Every reader below the site: what people type, what they bring as files, and what the web answers."""

from __future__ import annotations

import datetime as dt
import io
import json
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from fuzz_target import Seeds, Target, as_file, files, packed, part_of, text, texts

from prongsai.documents import template_docx
from prongsai.documents.letter_file import read_letter
from prongsai.documents.qr import web_address
from prongsai.documents.tree import Cell, Column, Document, Heading, Paragraph, Run, Section, Table
from prongsai.documents.walk import check_image
from prongsai.documents.writers import WriteOptions, write
from prongsai.errors import ProngsaiError
from prongsai.evidence import content
from prongsai.evidence.checks import look
from prongsai.evidence.fetch import Fetched, Hop, http_date
from prongsai.evidence.finding import Seen
from prongsai.evidence.links import Link, checklist_items, read_links
from prongsai.evidence.network import Network, Refused, is_public
from prongsai.evidence.preserve import timestamp, warc
from prongsai.evidence.preserve.copies import Copies
from prongsai.evidence.preserve.store import Store
from prongsai.evidence.results import Kept, previous_hashes
from prongsai.evidence.watch import Watched, plan
from prongsai.framework import by_id, for_year
from prongsai.framework.load import from_yaml as framework_from_yaml
from prongsai.improvement.files import read_plan, read_progress
from prongsai.ledger.head import read_heads
from prongsai.ledger.proof import FORMAT, VERSION, read_proof
from prongsai.publishing.sums import altered
from prongsai.reading.audit import audit
from prongsai.reading.formats import scan
from prongsai.reading.formats.open import open_source
from prongsai.reading.read import read_file
from prongsai.scoring.results import from_yaml as results_from_yaml
from prongsai.scoring.score import score
from prongsai.scoring.sheets import read_sheets
from prongsai.scoring.structure import structure
from prongsai.scoring.template import read_template
from prongsai.survey import codes, letterbox, wording
from prongsai.survey.answers import read_answer
from prongsai.survey.imports import guess, mapping, run, source, table
from prongsai.survey.in_memory import memory
from prongsai.survey.questionnaire import questionnaire
from prongsai.thai import abbreviations, dates, digits, fiscal_year, lookup, order
from prongsai.thai import codes as item_codes
from prongsai.thai import text as thai_text
from prongsai.yaml_file import dump, parse

REHEARSAL = questionnaire(by_id("rehearsal"), "R")
FRAMEWORK = for_year(2569)
TREE = structure(by_id("rehearsal"))
_NOW = dt.datetime(2026, 1, 15, 9, 30, tzinfo=dt.UTC)
_PLACE = "https://www.example.test/ita/o1.html"
_ITEM = checklist_items(FRAMEWORK)["o1"]
_NETWORK = Network()
_NAMES = lookup.Names(["เทศบาลตำบลบางปลา", "องค์การบริหารส่วนตำบลคลองหลวง"], ["สมุทรปราการ", "ปทุมธานี"])


def read_words(data: bytes) -> None:
    """All that reads a few words as people type them; what one makes of a text, another must take."""
    said = text(data)
    item_codes.read_code(item_codes.read_code(said, "o"))
    whole = thai_text.repair(said)
    assert thai_text.repair(whole) == whole
    assert 0 <= thai_text.likeness(said, whole) <= 1
    digits.number(said)
    assert digits.to_arabic(digits.to_thai(said)) == digits.to_arabic(said)
    abbreviations.written_out(said[:200])
    order.key(said)
    _NAMES.find(said)


def read_year(data: bytes) -> None:
    fiscal_year.FiscalYear.read(text(data))


def read_yaml(data: bytes) -> None:
    """What was read is written and read again to the same."""
    found = parse(text(data), "fuzz.yaml").data
    assert parse(dump(found), "again.yaml").data == found


def read_results(data: bytes) -> None:
    file = parse(text(data), "results.yaml")
    if isinstance(file.data, dict) and file.data.get("sheets"):
        return  # names other files
    found = results_from_yaml(file, Path("/nonexistent"))
    score(found)


def read_framework(data: bytes) -> None:
    structure(framework_from_yaml(parse(text(data), "framework.yaml")))


def by_name(read: Any, name: str) -> Any:
    """A reader of files as one of bytes."""

    def run_it(data: bytes) -> None:
        with as_file(data, name) as path:
            read(path)

    return run_it


def read_report(name: str) -> Any:
    """A published file read to the end, and what was read audited."""

    def work(path: Path) -> None:
        for reading in read_file(path):
            audit(reading)

    return by_name(work, name)


def in_package(name: str, part: str, package: Any, read: Any) -> tuple[Any, Seeds]:
    """A reader of packed files, with one part of the package given by the bytes."""
    put, seeds = part_of(package, part)
    run_it = by_name(read, name)
    return (lambda data: run_it(put(data))), seeds


@cache
def docx() -> bytes:
    head = (Cell("ตัวชี้วัด"), Cell("คะแนน"))
    rows = ((Cell("การปฏิบัติหน้าที่"), Cell("๙๙.๔๒")), (Cell("การใช้งบประมาณ"), Cell("85.00", colspan=1)))
    body = (
        Heading("ผลการประเมิน ปีงบประมาณ ๒๕๖๘", 1),
        Paragraph("ดำเนินการแล้ว"),
        Table((Column(2), Column(1)), (head,), rows),
    )
    return write(Document("เทศบาลตำบลบ้านสมมติ", (Section(body),)), "docx")


@cache
def xlsx() -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("ผล")
        for row, values in enumerate((("ข้อ", "คะแนน"), ("i1", 99.42), ("o1", "๐"), ("รวม", 0.875))):
            sheet.write_row(row, 0, values)
        sheet.merge_range("A6:B6", "เทศบาลตำบลบ้านสมมติ")
    return out.getvalue()


@cache
def form() -> bytes:
    from prongsai.scoring.template import write_template

    return write_template(by_id("rehearsal"))


def ods() -> bytes:
    sheet = (
        b'<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        b'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><office:body><office:spreadsheet>'
        b'<table:table table:name="a"><table:table-row><table:table-cell office:value-type="float" office:value="9.5"/>'
        b"</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    )
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    return packed({"mimetype": kind, "content.xml": sheet, "META-INF/manifest.xml": b"<a/>"})


@cache
def pdf() -> bytes:
    return write(Document("ทดสอบ", (Section((Heading("ผลการประเมิน", 1), Paragraph("คะแนน 99.42"))),)), "pdf")


@cache
def letter_template() -> bytes:
    import docx as python_docx

    file, out = python_docx.Document(), io.BytesIO()
    for words in ("{{agency}}", "เรื่อง {{title}}", "{{body}}"):
        file.add_paragraph(words)
    file.save(out)
    return out.getvalue()


def check_template(data: bytes) -> None:
    """A template that passes the check is filled in, too."""
    sound = template_docx.check_template(data)
    document = Document("ท", (Section((Paragraph("เนื้อหา"),)),), agency="เทศบาล")
    write(document, "docx", WriteOptions(template=sound))


def write_text(data: bytes) -> None:
    """Text of strangers in a document of ours: no writer takes it for markup, and each writes it or says why not."""
    said = text(data)[:500]
    rows = ((Cell(said), Cell("1")),)
    body = (
        Heading(said, 2),
        Paragraph((Run(said, link=said),)),
        Table((Column(1), Column(1)), ((Cell("ก"), Cell("ข")),), rows),
    )
    document = Document(said or "–", (Section(body),))
    for form_name in ("docx", "html", "xlsx", "pdf"):
        write(document, form_name)


def read_page(data: bytes) -> None:
    """A body of the web, and every check of evidence on it."""
    kind, _, body = data.partition(b"\n")
    found = content.read(body, kind.decode("latin-1"), True)
    hops = (Hop(_PLACE, 200, "OK", (), (("content-type", kind.decode("latin-1")),)),)
    heads = {"content-type": kind.decode("latin-1"), "last-modified": kind.decode("latin-1")}
    fetched = Fetched(_PLACE, _NOW, hops, heads, body, True)
    look(Seen(Link(2, "o1", _PLACE), _ITEM, FRAMEWORK, fetched, found, None, None, _NOW))


def read_address(data: bytes) -> None:
    said = text(data)
    is_public(said)
    http_date(said)
    fetched = Fetched(said, _NOW, (Hop(said, 200),), {}, b"body", True)
    look(Seen(Link(2, "o1", said), _ITEM, FRAMEWORK, fetched, content.Content("text"), "example.test", None, _NOW))
    plan([Watched(said)], _NOW, _NOW + dt.timedelta(hours=2))
    url = _NETWORK.vetted(said)
    assert url.scheme in ("http", "https")
    assert url.host
    httpx.URL(_PLACE).join(said)


def read_printed_address(data: bytes) -> None:
    web_address(text(data))


def read_warc(data: bytes) -> None:
    warc.body_of(data)
    warc.picture_of(data)


@cache
def _kept() -> bytes:
    hop = Hop(_PLACE, 200, "OK", (("host", "www.example.test"),), (("content-type", "text/plain"),), "192.0.2.1")
    return warc.write(Fetched(_PLACE, _NOW, (hop,), {}, b"body", True), "00" * 32, None, b"picture")


def read_stamp(data: bytes) -> None:
    timestamp.verified(data, "00" * 32, ())


def read_copied(data: bytes) -> None:
    """What is kept of copies, where it was changed behind our back."""
    with as_file(b"", "fuzz") as path:
        copies = Copies(path.parent)
        found = copies.manifest(Store(path.parent / "store").put(data))
        copies.text(found)
        copies.fetched(found)


@cache
def _manifest() -> bytes:
    with as_file(b"", "fuzz") as path:
        copies = Copies(path.parent)
        kept = copies.keep(Fetched(_PLACE, _NOW, (Hop(_PLACE, 200),), {}, b"", True))
        return copies.manifest(copies.finish(kept)).as_bytes()


def read_ocr(data: bytes) -> None:
    scan.lines_of("scan.png", text(data), 1)


def read_import(data: bytes) -> None:
    """A file of answers, with each tool's readings, from its guess to its answers."""
    with as_file(data, "answers.csv") as path:
        opened = table.open_table(path)
        for tool in source.sources().values():
            try:
                found = guess.guess(opened, REHEARSAL, tool)
                run.dry_run(opened, found.mapping, REHEARSAL, tool)
            except ProngsaiError:
                continue


def read_mapping(data: bytes) -> None:
    mapping.from_yaml(parse(text(data), "mapping.yaml"), REHEARSAL)


def read_wording(data: bytes) -> None:
    wording.with_wording(REHEARSAL, wording.from_yaml(parse(text(data), "en.yaml"), REHEARSAL))


def read_packed(data: bytes) -> None:
    read_answer(text(data), REHEARSAL)


def read_typed_code(data: bytes) -> None:
    assert codes.read_code(codes.read_code(text(data))) == codes.read_code(text(data))


def open_letters(data: bytes) -> None:
    """A letter that nobody sealed stands in the box when it is mixed: said, and nothing else is lost."""
    storage, keys = memory({"box": [b"code"]})
    letterbox.open_box("box", storage, keys)
    batch = storage.open_batch("box")
    assert batch is not None
    storage.deposit("box", letterbox.Spend(b"code", "r", None), letterbox.Letter("00", batch, data))
    letterbox.mix(storage, keys, "box", 2, close=True)


def read_rows(data: bytes) -> None:
    with as_file(data, "sheets.csv") as path:
        read_sheets(path, TREE, "R")


_LINKS = "item,url,effective date,note\no1,https://www.example.test/a,15/01/2569,หมายเหตุ\nข้อ ๒,http://x.test/,,\n"


def _resume(path: Path) -> None:
    with Kept(path, {"a": 1}):
        pass


_RESULT = {
    "line": 2, "item": "o1", "url": _PLACE, "effective_date": "2026-01-15", "note": "", "checked_at": "2026-01-15T09:30:00+00:00",
    "status": 200, "final_url": _PLACE, "sha256": "00" * 32, "copy": None, "severity": "fine",
    "findings": [{"code": "a", "severity": "fine", "th": "ก", "en": "a"}],
}  # fmt: skip
_HEAD = f"prongsai head 1284 {'0a' * 32} 2026-11-21T10:15:00+07:00 {'A' * 86}"
_PROOF = {
    "format": FORMAT,
    "version": VERSION,
    "entry": {"a": 1},
    "number": 3,
    "personal": "",
    "steps": [["00", "11", "22"]],
    "head": _HEAD,
}
_CSV = "instance_id,form_version,r1,r2,eligible\na,,5,4,yes\nb,,,,no\n"
_REPORT = (
    "รายงานผลการประเมินคุณธรรมและความโปร่งใส\nประจำปีงบประมาณ พ.ศ. ๒๕๖๘\nเทศบาลตำบลบ้านสมมติ\n\n"
    "คะแนนรวม 92.89 คะแนน ระดับ ผ่าน\n\nตัวชี้วัด\tคะแนน\nการปฏิบัติหน้าที่\t99.42\nการใช้งบประมาณ\t99.46\n"
    "i1 เจ้าหน้าที่ปฏิบัติงาน\t99.42\no6 แผนการดำเนินงาน\t0.00\n\n**มาตรการ** จัดทำคู่มือ ภายในเดือน ม.ค. ๖๙ - มี.ค. ๖๙\n"
)
_HTML = (
    "text/html; charset=utf-8\n<!doctype html><html lang=th><title>o1</title><body><h1>แผน พ.ศ. ๒๕๖๙</h1><p>ก<br>ข"
    "<ol start=3><li>ค<li>ง</ol><table><tr><th colspan=2>ก<tr><td rowspan=2>1<td>2</table><img alt=x src=a.png>"
    "<form><input type=password></form>"
)
_TSV = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n5\t1\t1\t1\t1\t1\t10\t10\t30\t20\t91.5\tคะแนน\n"
_XLS = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OFFICE = {"word/document.xml": b"<w:document xmlns:w='w'><w:p><w:r><w:t>a</w:t></w:r></w:p></w:document>"}


_docx_body, _docx_seeds = in_package("report.docx", "word/document.xml", docx, open_source)
_styles, _styles_seeds = in_package("report.docx", "word/styles.xml", docx, open_source)
_sheet, _sheet_seeds = in_package("report.xlsx", "xl/worksheets/sheet1.xml", xlsx, open_source)
_book, _book_seeds = in_package("report.xlsx", "xl/workbook.xml", xlsx, open_source)
_form_sheet, _form_seeds = in_package("form.xlsx", "xl/worksheets/sheet1.xml", form, read_template)
_put_template, _template_seeds = part_of(letter_template, "word/document.xml")
_put_relations, _relation_seeds = part_of(letter_template, "word/_rels/document.xml.rels")
_put_office, _office_seeds = part_of(lambda: packed(_OFFICE), "word/document.xml")

_XML = ("<w:p>", "<w:tbl>", "<w:tr>", "<w:tc>", 'w:val="', "gridSpan", "vMerge", "<!DOCTYPE", "&lt;", "w:fldChar")
_CELLS = ("<row", "<c", "<v>", ' r="', 't="s"', 't="inlineStr"', 's="', "<mergeCell", "<f>", "9999999999")
_HTML_WORDS = (
    "<table>",
    "<tr>",
    "<td",
    "colspan=",
    "rowspan=",
    "<li>",
    "<ol start=",
    "<!--",
    "&#",
    "<svg",
    "\x00",
    "style=",
)

TARGETS: dict[str, Target] = {
    "words": Target(
        read_words,
        ("thai.codes", "thai.text", "thai.digits", "thai.abbreviations", "thai.order", "thai.lookup"),
        texts("ข้อ ๐๑๑", "ค าปรึกษา", "1,234.50", "อบต. บางปลา", "เเก้ว", "e2.1"),
        words=("ํา", "เเ", "\u200b", "๐", "อบจ.", "\uf70a"),
    ),
    "date": Target(
        lambda data: dates.read_date(text(data)), ("thai.dates",),
        texts("2026-01-15", "15/01/2568", "๑๕ มกราคม ๒๕๖๘", "15 ม.ค. 2568", "31-04-2569"), (ValueError,),
    ),
    "fiscal_year": Target(read_year, ("thai.fiscal_year",), texts("2568", "๒๕๖๙", "ปีงบประมาณ พ.ศ. 2568"), (ValueError,)),
    "yaml": Target(
        read_yaml, ("yaml_file",), files("examples/*/*.yaml", "tests/golden/l*.yaml", most=4000),
        words=("- ", ": ", "|\n", ">\n", "? ", "&a", "*a", "!!", "{", "]", "'", '"', "\\x", "---\n", "\u2028"),
    ),
    "results": Target(
        read_results, ("scoring.results", "scoring.results_file", "scoring.score"), files("examples/*/results.yaml", most=4000),
        words=("tallies:", "verdicts:", "scores:", "EIT.1:", "respondents:", "o6:", "not_applicable", "printed:"),
    ),
    "framework": Target(
        read_framework, ("framework.load", "framework.checks", "framework.model"),
        files("src/prongsai/framework/data/rehearsal.yaml", "src/prongsai/framework/data/service-point.yaml", most=60_000), slow=True,
    ),
    "plan": Target(by_name(read_plan, "plan.yaml"), ("improvement.files", "improvement.model"), files("examples/*/plan.yaml", most=5000)),
    "progress": Target(by_name(read_progress, "progress.yaml"), ("improvement.files",), files("examples/*/progress.yaml", most=5000)),
    "letter": Target(by_name(read_letter, "letter.yaml"), ("documents.letter_file",), files("examples/letter.yaml")),
    "sheets": Target(read_rows, ("scoring.sheets",), texts("r1,r2\n5,4\n๑,\n", "r1,r1\n1,1\n")),
    "report.txt": Target(
        read_report("report.txt"),
        ("reading.formats.text", "reading.formats._plain", "reading.formats._decode", "reading.read", "reading.split", "reading.audit"),
        texts(_REPORT), slow=True, words=("ตัวชี้วัด", "ปีงบประมาณ", "**", "\t", "<table>", "|---|", "ข้อ o", "ร้อยละ", "ม.ค."),
    ),
    "report.md": Target(
        read_report("report.md"), ("reading.formats.markdown",),
        texts("# รายงาน ปีงบประมาณ ๒๕๖๘\n\n| ข้อ | คะแนน |\n|---|---|\n| i1 | 99.42 |\n\n![แผนภูมิ](a.png)\n"), slow=True,
    ),
    "report.html": Target(
        read_report("report.html"), ("reading.formats.html", "reading.formats._markup"),
        lambda: [_HTML.partition("\n")[2].encode(), write(Document("ก", (Section((Paragraph("ข"),)),)), "html")[:4000]],
        slow=True, words=_HTML_WORDS,
    ),
    "report.csv": Target(read_report("report.csv"), ("reading.formats.csv", "reading.formats._sheet"), texts("ข้อ,คะแนน\ni1,99.42\n", "a;b\n\"c"), slow=True),
    "report.docx": Target(_docx_body, ("reading.formats.docx", "reading.formats._zip", "reading.formats.open"), _docx_seeds, slow=True, words=_XML),
    "report.docx.styles": Target(_styles, ("reading.formats.docx",), _styles_seeds, slow=True, words=("w:basedOn", "w:outlineLvl", "w:numId")),
    "report.docx.packed": Target(by_name(open_source, "report.docx"), ("reading.formats._zip",), lambda: [docx(), packed(_OFFICE)]),
    "report.xlsx": Target(
        _sheet, ("reading.formats.xlsx", "reading.formats._sheet", "reading.formats._number_formats"), _sheet_seeds, slow=True, words=_CELLS
    ),
    "report.xlsx.workbook": Target(_book, ("reading.formats.xlsx",), _book_seeds, slow=True),
    "report.xls": Target(by_name(open_source, "report.ods"), ("reading.formats.xls",), lambda: [_XLS + bytes(504), ods()], slow=True),
    "report.pdf": Target(by_name(open_source, "report.pdf"), ("reading.formats.pdf", "reading.formats._pdf_page"), lambda: [pdf()], slow=True),
    "scan": Target(read_ocr, ("reading.formats.scan",), texts(_TSV)),
    "form.xlsx": Target(
        _form_sheet, ("scoring.template.read", "scoring.template.guard", "scoring.template.formulas"), _form_seeds, slow=True, words=_CELLS
    ),
    "form.xlsx.packed": Target(by_name(read_template, "form.xlsx"), ("scoring.template.guard",), lambda: [form()]),
    "template.docx": Target(
        lambda data: check_template(_put_template(data)), ("documents.template_docx",), _template_seeds, slow=True,
        words=(*_XML, "{{", "}}", "{%", "w:instrText", "w:fldSimple", "DDE"),
    ),
    "template.docx.relations": Target(lambda data: check_template(_put_relations(data)), ("documents.template_docx",), _relation_seeds, slow=True),
    "template.docx.packed": Target(check_template, ("documents.template_docx",), lambda: [letter_template()]),
    "writers": Target(
        write_text,
        ("documents.writers._typst", "documents.writers._pdf_text", "documents.writers.docx", "documents.writers.html", "documents.writers.xlsx"),
        texts("#set text(red)", "$x^2$ \\u{41} `raw` *b* _i_ @ref <label> // c", "=1+1", "http://[", "ค\u200bำ\x00\x1f\ufffe", "<script>"), slow=True,
        words=("#", "\\", "$", "[", "]", "{", "}", "\x00", "\u202e", "\U000e0001", "\ufdd0", "=cmd|"),
    ),
    "picture": Target(lambda data: check_image(data, "picture"), ("documents.walk",), lambda: [b"\x89PNG\r\n\x1a\n" + bytes(30)]),
    "evidence.page": Target(
        read_page, ("evidence.content", "evidence.checks.elements", "evidence.checks.public", "evidence.checks.last_modified"),
        texts(_HTML, "text/plain; charset=tis-620\nปี ๒๕๖๙", "application/pdf\n%PDF-1.4 broken"), words=(*_HTML_WORDS, "charset=idna", "charset=utf-7"),
    ),
    "evidence.office": Target(lambda data: content.read(_put_office(data), "", True), ("evidence.content",), _office_seeds, (), words=_XML),
    "evidence.packed": Target(lambda data: content.read(data, "", True), ("evidence.content",), lambda: [packed(_OFFICE), docx()], ()),
    "evidence.pdf": Target(lambda data: content.read(data, "application/pdf", True), ("evidence.content",), lambda: [pdf()], (), slow=True),
    "evidence.links": Target(by_name(lambda path: read_links(path, FRAMEWORK), "links.csv"), ("evidence.links",), texts(_LINKS, "ข้อ;ลิงก์\n๐๑๑;x\n")),
    "evidence.resume": Target(
        by_name(_resume, "kept.jsonl"), ("evidence.results",),
        texts('{"form": "prongsai-oit-check-1", "settings": {"a": 1}, "began": "2026-01-15T09:30:00+00:00"}\n' + json.dumps(_RESULT) + "\n"),
    ),
    "evidence.previous": Target(by_name(previous_hashes, "before.json"), ("evidence.results",), texts(json.dumps({"links": [_RESULT]}))),
    "evidence.warc": Target(read_warc, ("evidence.preserve.warc",), lambda: [_kept()]),
    "evidence.copies": Target(read_copied, ("evidence.preserve.copies", "evidence.preserve.manifest", "evidence.preserve.store"), lambda: [_manifest()]),
    "evidence.stamp": Target(read_stamp, ("evidence.preserve.timestamp",), lambda: [b"0\x82\x01\x00", bytes(20)], (timestamp.StampRefused,)),
    "address": Target(
        read_address, ("evidence.network", "evidence.fetch", "evidence.checks.main_site", "evidence.watch"),
        texts("https://www.example.test:443/a?b#c", "http://[::ffff:127.0.0.1]/", "http://ไทย.test/", "64:ff9b::7f00:1", "Sun, 22 Nov 2026 00:00:00 GMT"),
        (ProngsaiError, Refused, httpx.InvalidURL), words=("http://", "@", "[", "]", "%", "xn--", "::", ":0", "\\"),
    ),
    "address.printed": Target(read_printed_address, ("documents.qr",), texts("https://www.example.test/a/ก", "www.example.test")),
    "survey.import": Target(
        read_import, ("survey.imports.table", "survey.imports.guess", "survey.imports.run", "survey.imports.source"),
        lambda: [_CSV.encode(), _CSV.replace(",", ";").encode("cp874"), _CSV.encode("utf-16")], words=("r1", "eligible", '"', "\r\n", "=cmd"), slow=True,
    ),
    "survey.mapping": Target(
        read_mapping, ("survey.imports.mapping",),
        texts('questionnaire: rehearsal/R\ncolumns: {a: r1, b: instance_id}\nvalues: {six_level: {"x": "5"}}\nversions: [a]\n'),
    ),
    "survey.wording": Target(read_wording, ("survey.wording",), files("src/prongsai/survey/wordings/rehearsal/R/*.yaml")),
    "survey.answer": Target(read_packed, ("survey.answers",), lambda: [f"{REHEARSAL.version}/R/{'0' * len(REHEARSAL.lines)}".encode(), b"a/R/-"]),
    "survey.code": Target(read_typed_code, ("survey.codes",), lambda: [codes.new_code().encode() for _ in range(3)]),
    "survey.letters": Target(open_letters, ("survey.letterbox",), lambda: [bytes(48)], (ProngsaiError, letterbox.LetterboxError)),
    "published.sums": Target(by_name(lambda path: list(altered(path, "00")), "release.zip"), ("publishing.sums",), lambda: [packed({"SHA256SUMS": b"00  a.csv\n", "a.csv": b"1"}), docx()]),
    "ledger.proof": Target(lambda data: read_proof(data, "proof"), ("ledger.proof",), lambda: [json.dumps(_PROOF).encode()]),
    "ledger.heads": Target(lambda data: read_heads(text(data), "heads"), ("ledger.head",), texts(_HEAD, f"x\n{_HEAD}\n{_HEAD[:-1]}")),
}  # fmt: skip
