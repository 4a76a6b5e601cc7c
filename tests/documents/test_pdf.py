"""The PDF writer: every block, the look that can be checked, and text that reads back exactly."""

from __future__ import annotations

import datetime as dt
import difflib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import typst
from document_sample import CHART, PNG, SAMPLE, TABLE, WIDE
from test_pdf_text_layer import SENTENCE, SYLLABLES, needs_poppler, poppler, read_text, text_differences

from prongsai.documents.errors import DocumentError, PdfError
from prongsai.documents.faces import faces_folder
from prongsai.documents.faces.make import make_all
from prongsai.documents.fonts import thai_face
from prongsai.documents.pdf_gate import Difference
from prongsai.documents.pdf_unicode import read_as
from prongsai.documents.thai_clusters import codes, readings
from prongsai.documents.tree import (
    Block,
    Bullets,
    Cell,
    Column,
    Contents,
    Document,
    Emblem,
    Gap,
    Heading,
    Lines,
    Paragraph,
    Picture,
    Run,
    Section,
    Signature,
    Table,
)
from prongsai.documents.writers import WriteOptions, _libreoffice, _typst, pdf, write
from prongsai.documents.writers._pdf_blocks import document_data
from prongsai.documents.writers._pdf_text import Speller, printable
from prongsai.documents.writers._pdf_words import coded

ROOT = Path(__file__).parents[2]


def of(*blocks: Block, **settings: object) -> Document:
    return replace(Document("ทดสอบ", (Section(blocks),)), **settings)  # type: ignore[arg-type]


def made_of(document: Document) -> bytes:
    return pdf.write(document, WriteOptions())


def flat(data: bytes) -> str:
    return "".join(read_text(data).split())


def pages(data: bytes) -> list[str]:
    with pypdfium2.PdfDocument(data) as file:
        return [page.get_textpage().get_text_range() for page in file]


@pytest.fixture(scope="module")
def sample() -> bytes:
    return made_of(SAMPLE)


def test_every_kind_of_block_reads_back_exactly(sample: bytes) -> None:
    assert write(SAMPLE, "pdf") == sample
    for text in ("บันทึกข้อความ", "น้ำกำกับปี่ญูฐูที่นั้น", "๑.เห็นชอบรายงานผลการวิเคราะห์", "(นายตัวอย่างทดสอบ)", "เกณฑ์ผ่าน๘๕.๐๐"):
        assert text in flat(sample)


@needs_poppler
def test_poppler_reads_the_same(sample: bytes) -> None:
    speller = Speller("thai")
    document_data(SAMPLE, speller)
    again = ["มาตรการ", "ขั้นตอนหรือวิธีปฏิบัติ", "ผู้รับผิดชอบ", "ระยะเวลา", "การติดตามผล", "ตัวชี้วัดความสำเร็จ"]
    running = [f"– {speller.number(page)} – {SAMPLE.header}" for page in range(1, 9)]
    found = text_differences(poppler(sample, "-raw"), speller.expected, running)
    # The contents repeat three headings with their pages, the header row of the last table comes twice.
    repeated = "".join([*again, "ส่วนที่๑ผลการประเมินในภาพรวม๔๑.๑คะแนนรายตัวชี้วัด๔ส่วนที่๒มาตรการ๗", "เทศบาลเมืองตัวอย่าง" * 5])
    assert [one.kind for one in found] == ["extra characters"]
    assert found[0].text == "".join(sorted(repeated))


def test_lines_break_where_typst_finds_words(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"{SENTENCE * 2} ข้อ {n}" + " ก" * n for n in range(12)]
    source = '#set page(width: 5cm, height: auto)\n#set text(font: "Prongsai Sarabun", size: 11pt, lang: "th")\n'
    source += "#for text in json(bytes(sys.inputs.doc)) { par(text) }"
    given = json.dumps(texts, ensure_ascii=False)
    own = _typst._compiled(source.encode(), given)
    ours = read_as(_typst._compiled(source.encode(), coded(given, _typst._compiled)), readings())

    def ends(data: bytes) -> list[str]:
        return [re.sub("[^ก-ฮ]", "", line)[-3:] for text in pages(data) for line in text.splitlines()]

    same = difflib.SequenceMatcher(a=ends(own), b=ends(ours), autojunk=False).ratio()
    assert same > 0.9


# --- refusal ----------------------------------------------------------------------------------------------------


def test_a_pdf_that_reads_otherwise_is_not_handed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    other = pdf.compile_pdf(document_data(of(Paragraph("ข้อความอื่น")), Speller("arabic")))
    monkeypatch.setattr(pdf, "compile_pdf", lambda *_: other)
    with pytest.raises(PdfError) as caught:
        write(of(Paragraph("ข้อความที่ถูกต้อง")), "pdf")
    problem = caught.value.problems[0]
    assert "ข้อความที่ถูกต้อง" in problem.th
    assert "DOCX" in problem.next_th
    assert problem.where == "ทดสอบ"


# --- what the file says of itself ---------------------------------------------------------------------------------


def _streams(data: bytes) -> Iterator[bytes]:
    with pikepdf.open(io.BytesIO(data)) as file:
        for page in file.pages:
            yield page.Contents.read_bytes()


def test_it_is_tagged_and_names_its_title_and_language(sample: bytes) -> None:
    with pikepdf.open(io.BytesIO(sample)) as file:
        assert file.check_pdf_syntax() == []
        assert file.Root.MarkInfo.Marked
        assert str(file.Root.Lang).startswith("th")
        assert str(file.docinfo.Title) == SAMPLE.title
        assert file.Root.ViewerPreferences.DisplayDocTitle
        with file.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"


def test_no_code_of_ours_stays_in_any_string(sample: bytes) -> None:
    private = {*codes().values(), "\u2011", "\u2027"}
    with pikepdf.open(io.BytesIO(sample)) as file:
        for thing in file.objects:
            found = thing.unparse(resolved=True).decode("latin-1") if not isinstance(thing, pikepdf.Stream) else ""
            strings = [str(value) for value in _strings(thing)] if found else []
            assert not [text for text in strings if private & set(text)]
        for font in _fonts(file):
            table = font.ToUnicode.read_bytes()
            assert not [code for code in private if f"<{ord(code):04X}" in table.decode("ascii").partition("bfchar")[2]]


def _strings(thing: pikepdf.Object) -> Iterator[pikepdf.String]:
    if isinstance(thing, pikepdf.String):
        yield thing
    elif isinstance(thing, pikepdf.Array):
        for item in thing:
            if not getattr(item, "is_indirect", False):
                yield from _strings(item)
    elif isinstance(thing, pikepdf.Dictionary):
        for _, item in thing.items():
            if not getattr(item, "is_indirect", False):
                yield from _strings(item)


def _fonts(file: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    for page in file.pages:
        yield from page.Resources.get("/Font", pikepdf.Dictionary()).values()


def test_the_same_document_gives_the_same_bytes(sample: bytes) -> None:
    assert made_of(SAMPLE) == sample
    moment = dt.datetime(2026, 1, 15, 9, 30)
    dated = write(of(Paragraph("ก")), "pdf", WriteOptions(created=moment))
    assert dated == write(of(Paragraph("ก")), "pdf", WriteOptions(created=moment))
    with pikepdf.open(io.BytesIO(dated)) as file:
        assert str(file.docinfo.CreationDate).startswith("D:20260115")


def test_headings_make_an_outline_without_gaps() -> None:
    document = of(Heading("หนึ่ง"), Heading("ลึก", 3), Gap(page=True), Heading("E-Service", 2), digits="thai")
    made = made_of(document)
    with pypdfium2.PdfDocument(made) as file:
        assert [(entry.level, entry.get_title()) for entry in file.get_toc()] == [
            (0, "หนึ่ง"),
            (1, "ลึก"),
            (1, "E-Service"),
        ]
    assert pdf.heading_pages(made) == (1, 1, 2)


def test_contents_name_the_pages_in_the_digits_of_the_document() -> None:
    made = made_of(of(Contents(depth=1), Gap(page=True), Heading("ส่วนที่ ๑"), Heading("ย่อย", 2), digits="thai"))
    assert "".join(pages(made)[0].split()).endswith("สารบัญส่วนที่๑๒")


def test_only_harmless_links_are_links(sample: bytes) -> None:
    made = made_of(
        of(Paragraph((Run("ดี", link="https://example.go.th/ก?x=1"), Run("ร้าย", link="javascript:alert(1)"))))
    )
    with pikepdf.open(io.BytesIO(made)) as file:
        links = [str(one.A.URI) for one in file.pages[0].get("/Annots", [])]
    assert len(links) == 1
    assert links[0].startswith("https://example.go.th/")
    assert "\ue000" not in links[0]


# --- pages --------------------------------------------------------------------------------------------------------


def test_page_numbers_stand_on_numbered_sections_alone(sample: bytes) -> None:
    heads = ["".join(text.split())[:3] for text in pages(sample)]
    assert heads[3:] == ["–๔–", "–๕–", "–๖–", "–๗–", "–๘–"]
    assert not any(head.startswith("–") for head in heads[:3])
    assert pages(made_of(of(Paragraph("ก"))))[0].startswith("– 1 –")


def test_sections_lie_as_they_should(sample: bytes) -> None:
    with pypdfium2.PdfDocument(sample) as file:
        sizes = [page.get_size() for page in file]
    assert [width > height for width, height in sizes] == [False] * 6 + [True] * 2
    assert sizes[0] == pytest.approx((595.28, 841.89), abs=0.1)


def test_header_and_footer_stand_on_every_numbered_page(sample: bytes) -> None:
    for text in pages(sample)[3:]:
        assert SAMPLE.header is not None
        assert SAMPLE.header in text
        assert "".join(text.split()).endswith("เทศบาลเมืองตัวอย่าง")


def test_margins_are_those_of_the_document() -> None:
    made = made_of(of(Paragraph("ก"), margins=(2.5, 2.0, 2.0, 4.0)))
    with pypdfium2.PdfDocument(made) as file:
        text = file[0].get_textpage()
        left = min(text.get_charbox(n)[0] for n in range(text.count_chars()) if text.get_text_range(n, 1) == "ก")
    assert left == pytest.approx(4.0 / 2.54 * 72, abs=2)


def test_no_line_ends_with_a_hyphen() -> None:
    made = made_of(
        of(*(Paragraph("ก" * n + " บริการ E-Service ระบบ e-mail และ one-stop-service - จบ " * 3) for n in range(1, 30)))
    )
    assert "\ufffe" not in "".join(pages(made))
    assert not [line for text in pages(made) for line in text.splitlines() if line.rstrip().endswith("-")]


# --- tables -------------------------------------------------------------------------------------------------------


def test_rows_stay_whole_and_heads_recur() -> None:
    rows = tuple((Cell(f"แถวที่ {n} " + "ข้อความยาวพอสองบรรทัด " * 6), Cell(f"ท้าย{n}จบ")) for n in range(60))
    made = made_of(of(Table((Column(1), Column(1)), ((Cell("หัวหนึ่ง"), Cell("หัวสอง")),), rows)))
    found = ["".join(text.split()) for text in pages(made)]
    assert len(found) > 2
    for text in found:
        assert "หัวหนึ่งหัวสอง" in text
        begun = [n for n in range(60) if f"แถวที่{n}ข้อ" in text]
        assert [n for n in range(60) if f"ท้าย{n}จบ" in text] == begun


def test_a_row_taller_than_a_page_goes_on_overleaf() -> None:
    long = tuple(Paragraph(f"ขั้นตอนที่ {n} " + "ดำเนินการตามแผนที่กำหนดไว้ " * 5) for n in range(80))
    made = made_of(of(Table((Column(1), Column(2)), ((Cell("ที่"), Cell("ขั้นตอน")),), ((Cell("๑"), Cell(long)),))))
    assert len(pages(made)) > 1
    assert "ขั้นตอนที่79" in flat(made)


def test_a_merged_cell_over_more_rows_than_a_page_holds() -> None:
    rows = tuple(((Cell("รวม", rowspan=90),) if n == 0 else ()) + (Cell(f"แถว {n}"),) for n in range(90))
    made = made_of(of(Table((Column(1), Column(3)), (), rows)))
    assert len(pages(made)) > 1
    assert "แถว89" in flat(made)


def test_a_crooked_table_is_refused() -> None:
    with pytest.raises(DocumentError):
        write(of(Table((Column(1), Column(1)), (), ((Cell("เดียว"),),), name="เบี้ยว")), "pdf")


def test_merged_cells_tones_and_paragraphs_in_cells() -> None:
    made = made_of(of(TABLE, WIDE, CHART, digits="thai"))
    with pikepdf.open(io.BytesIO(made)) as file:
        spans = [one for one in file.objects if isinstance(one, pikepdf.Dictionary) and "/A" in one]
        attributes = b"".join(one.A.unparse(resolved=True) for one in spans)
    assert b"/ColSpan 5" in attributes
    assert b"/RowSpan 2" in attributes
    contents = b"".join(_streams(made))
    assert b"0.8627" in contents  # the shade of the header row, DCE9E6


# --- single blocks ------------------------------------------------------------------------------------------------


def test_pictures_need_a_readable_file_and_carry_their_alternative() -> None:
    made = made_of(of(Picture(PNG, "ภาพกิจกรรม-หนึ่ง", caption="ภาพที่ ๑"), Emblem(PNG, align="center")))
    with pikepdf.open(io.BytesIO(made)) as file:
        alternatives = [str(one.Alt) for one in file.objects if isinstance(one, pikepdf.Dictionary) and "/Alt" in one]
    assert sorted(alternatives) == ["ตราครุฑ", "ภาพกิจกรรม-หนึ่ง"]
    for data in (b"<svg/>", b"\x89PNG\r\n\x1a\nbroken"):
        with pytest.raises(DocumentError):
            write(of(Picture(data, "ภาพ")), "pdf")


def test_lists_count_in_the_digits_of_the_document() -> None:
    blocks = (Bullets(("ก", "ข"), numbered=True), Bullets(("ค",), numbered=True), Bullets(((Run("ง", bold=True),),)))
    assert "๑.ก๒.ข๑.ค–ง" in flat(made_of(of(*blocks, digits="thai")))
    assert "1.ก2.ข1.ค–ง" in flat(made_of(of(*blocks)))


def test_dotted_lines_are_drawn_not_written() -> None:
    blocks = (Lines((("ที่", "ตย ๑/"), ("วันที่", ""))), Signature(None, ("ปลัด\nเทศบาล",), date=True), Signature("ก", ()))
    assert flat(made_of(of(*blocks))).removeprefix("–1–") == "ที่ตย๑/วันที่ลงชื่อ()ปลัดเทศบาลวันที่//ลงชื่อ(ก)"


@pytest.mark.parametrize(
    "blocks", [(), (Emblem(),), (Gap(1), Gap(page=True)), (Bullets(()),), (Paragraph(""),), (Lines(()),)]
)
def test_empty_things_are_no_trouble(blocks: tuple[Block, ...]) -> None:
    assert len(pages(made_of(of(*blocks)))) >= 1


def test_a_document_without_sections_is_refused() -> None:
    with pytest.raises(PdfError):
        write(Document("ว่าง", ()), "pdf")


def test_signs_beyond_the_face_are_drawn_or_stood_in_for() -> None:
    assert printable("☐ ☑ ✓ ● ← −") == "☐ ☑ ✓ ● ← −"
    assert printable("Ａ\u200bข\uf70aค\tง\u202f漢") == "Aข\u0e48ค ง\u00a0□"
    assert "☐☑✓□" in flat(made_of(of(Paragraph("☐☑✓漢😀"), Paragraph((Run("✗●", bold=True, italic=True),)))))


def test_text_is_never_markup() -> None:
    text = r'# $x^2$ *b* _i_ @a <l> `c` \n // "q" [k] #include("x") ~ -- ---'
    assert "".join(text.split()) in flat(
        made_of(of(Paragraph(text), Heading(text), Table((Column(1),), (), ((Cell(text),),))))
    )


# --- faces and the other engine -----------------------------------------------------------------------------------


def test_the_same_versions_make_the_same_faces(tmp_path: Path) -> None:
    make_all(tmp_path)
    kept = faces_folder()
    assert sorted(path.name for path in kept.iterdir()) == sorted(path.name for path in tmp_path.iterdir())
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (kept / path.name).read_bytes(), path.name


def test_faces_are_made_where_the_cache_is_empty(tmp_path: Path) -> None:
    """In a process of its own, as on a new machine."""
    code = "from prongsai.documents.faces import faces_folder; print(len(list(faces_folder().glob('*.ttf'))))"
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PRONGSAI_CACHE": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == "5"


def test_clusters_look_as_sarabun_draws_them() -> None:
    folder = thai_face().regular.parent
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])
    source = '#set page(width: 20cm, height: 12cm)\n#set text(font: "FACE", lang: "th", kerning: false)\n'
    source += '#for weight in ("regular", "bold") { for style in ("normal", "italic") { '
    source += "for it in json(bytes(sys.inputs.doc)) { par(text(weight: weight, style: style, it)) } } }"
    given = json.dumps([SYLLABLES, "ป้ำ ฝั้น ปี่ ญู ฐู กิ์ ฟื้น น้ำ ฤๅ ฬ็ เก็บ"], ensure_ascii=False)
    plain = typst.Compiler(font_paths=fonts).compile(
        source.replace("FACE", "Sarabun").encode(), sys_inputs={"doc": given}
    )
    ours = _typst._compiled(source.replace("FACE", "Prongsai Sarabun").encode(), coded(given, _typst._compiled))
    one, other = (pypdfium2.PdfDocument(data)[0].render(scale=2).to_pil().convert("L") for data in (plain, ours))
    unlike = sum(abs(a - b) > 100 for a, b in zip(one.tobytes(), other.tobytes(), strict=True))
    assert unlike < 0.01 * sum(value < 128 for value in other.tobytes())


def test_without_libreoffice_the_error_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(pdf.ENGINE, "libreoffice")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(PdfError) as caught:
        write(of(Paragraph("ก")), "pdf")
    assert "libreoffice-writer" in caught.value.problems[0].next_th


@pytest.mark.skipif(not os.environ.get("PRONGSAI_FULL"), reason="slow: PRONGSAI_FULL is not set")
@pytest.mark.skipif(shutil.which("soffice") is None, reason="soffice (LibreOffice) is not on PATH")
def test_libreoffice_writes_it_where_it_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(pdf.ENGINE, "libreoffice")
    assert "หน่วยงานมีผลการประเมินดังนี้" in flat(write(SAMPLE, "pdf"))


def test_what_cannot_be_exact_is_written_by_libreoffice_where_it_is_installed(
    monkeypatch: pytest.MonkeyPatch, document_that_differs: None
) -> None:
    monkeypatch.delenv(pdf.ENGINE)
    monkeypatch.setattr(_libreoffice, "program", lambda: "soffice")
    monkeypatch.setattr(_libreoffice, "write", lambda document, options: b"%PDF by LibreOffice")
    with pytest.warns(UserWarning, match="LibreOffice"):
        assert write(of(Paragraph("ก")), "pdf") == b"%PDF by LibreOffice"
    monkeypatch.setattr(_libreoffice, "program", lambda: None)
    with pytest.raises(PdfError):
        write(of(Paragraph("ก")), "pdf")


@pytest.fixture
def document_that_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_differences", lambda *_: [Difference("missing text", "ก")])
