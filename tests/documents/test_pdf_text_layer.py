"""The text layer of a PDF reads exactly as its source: the hard combinations of Thai, by two readers."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections import Counter
from collections.abc import Sequence

import pikepdf
import pypdfium2
import pytest

from prongsai.documents.pdf_gate import Difference, Expected, Reading, _in_parts
from prongsai.documents.pdf_unicode import TextLayerError, read_as
from prongsai.documents.thai_clusters import UNIT, codes
from prongsai.documents.tree import Cell, Column, Document, Paragraph, Run, Section, Table
from prongsai.documents.writers import WriteOptions, pdf

CONSONANTS = [chr(code) for code in range(0x0E01, 0x0E2F)]
TONES = ["", "\u0e48", "\u0e49", "\u0e4a", "\u0e4b"]
ABOVE = ["", "\u0e31", "\u0e34", "\u0e35", "\u0e36", "\u0e37"]
BELOW = ["\u0e38", "\u0e39"]
SYLLABLES = "ที่ นั้น นี้ ปี่ กำ น้ำ ญู ฐู เพิ่มขึ้น ปิ่น ทั่ว ผู้ที่ ป้ำ ฝั้น ฟื้น ฬ้ำ ฎุ ฏู ฤๅ ฦๅ"
SENTENCE = "หน่วยงานมีผลการประเมินเพิ่มขึ้นทั่วทั้งองค์กร ผู้ที่เกี่ยวข้องปฏิบัติหน้าที่ตามขั้นตอน E-Service และ ก-ข อย่างเท่าเทียม"
ODD = ["ที่่ ก้้้ น้ำำ ก่ี กํา กํ่า", "1ั ๑่ E้ -ี “ุ ่ ิ", "ะ่ เ้ า่่่ ๆ์ ฯ้ ก\u0e4e ก็่ กฺุ", "่" * 5 + "ก" + "ำ" * 3]

needs_poppler = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="pdftotext (poppler) is not on PATH: only pdfium reads the PDF back"
)


def poppler(data: bytes, *options: str) -> str:
    # -raw: in the order of writing. Without it poppler guesses columns, and mixes the cells of any table.
    command = ["pdftotext", "-enc", "UTF-8", *options, "-", "-"]
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout.decode()


def read_text(data: bytes) -> str:
    """All text as pdfium reads it; it writes a hyphen at the end of a line as U+FFFE."""
    with pypdfium2.PdfDocument(data) as file:
        return "\n".join(page.get_textpage().get_text_range() for page in file).replace("\ufffe", "-")


def text_differences(read: str, expected: Sequence[str], furniture: Sequence[str] = ()) -> list[Difference]:
    """As the gate compares, for any reader; ``furniture`` (running heads) may recur any number of times."""

    def settle(text: str) -> str:
        text = "".join(text.split())
        for recurring in sorted({"".join(one.split()) for one in furniture}, key=len, reverse=True):
            text = text.replace(recurring, "")
        return text

    found, wanted = settle(read), [settle(text) for text in expected]
    result = [Difference("missing text", text) for text in wanted if text not in found]
    there, due = Counter(found), Counter("".join(wanted))
    if lost := due - there:
        result.append(Difference("missing characters", "".join(sorted(lost.elements()))))
    if surplus := there - due:
        result.append(Difference("extra characters", "".join(sorted(surplus.elements()))))
    return result


def every_syllable() -> list[str]:
    paragraphs = []
    for consonant in CONSONANTS:
        syllables = [consonant + vowel + tone for vowel in ABOVE + BELOW for tone in TONES]
        for tone in TONES:
            start = consonant + tone
            syllables += [start + "\u0e33", start + "า", "เ" + start + "า", "แ" + start + "ะ", "โ" + start, "ไ" + start]
        syllables += [consonant + mark for mark in ("\u0e47", "\u0e4c", "\u0e34\u0e4c", "\u0e38\u0e4c", "\u0e4d")]
        paragraphs.append(" ".join(syllables))
        paragraphs.append(" ".join("".join(syllables[at : at + 6]) for at in range(0, len(syllables), 6)))
    paragraphs.append(SYLLABLES)
    paragraphs.append("นั้นั้น น้ำน้ำ ปี่ปี่ ป้ำป้ำ ขึ้ขึ้น ทั่ทั่ว เพิ่มขึ้นขึ้นขึ้น ๆ ต่างๆ กรุงเทพฯ ฯลฯ ๏ ๛ ๚")
    paragraphs.append(
        "๐๑๒๓๔๕๖๗๘๙ 0123456789 ฿๑,๒๓๔.๕๐ office fit “คำพูด” ‘เดี่ยว’ – — # $x$ *b* _i_ ~ < > @a // [ก] (ข) \\ %"
    )
    return paragraphs


def paragraphs(texts: Sequence[str], **look: bool) -> Document:
    blocks = tuple(Paragraph((Run(text, **look),) if look else text) for text in texts)
    return Document("ทดสอบ", (Section(blocks, page_numbers=False),))


@pytest.fixture(scope="module", params=[{}, {"bold": True}, {"italic": True}, {"bold": True, "italic": True}])
def torture(request: pytest.FixtureRequest) -> bytes:
    return pdf.write(paragraphs(every_syllable(), **request.param), WriteOptions())


def test_every_legal_syllable_reads_exactly_with_pdfium(torture: bytes) -> None:
    assert text_differences(read_text(torture), every_syllable()) == []


@needs_poppler
@pytest.mark.parametrize("options", [(), ("-raw",)])
def test_every_legal_syllable_reads_exactly_with_poppler(torture: bytes, options: tuple[str, ...]) -> None:
    assert text_differences(poppler(torture, *options), every_syllable()) == []


@needs_poppler
@pytest.mark.parametrize("text", ODD)
def test_marks_too_many_or_alone_read_exactly_too(text: str) -> None:
    made = pdf.write(paragraphs([text]), WriteOptions())
    assert text_differences(read_text(made), [text]) == []
    assert text_differences(poppler(made, "-raw"), [text]) == []


@needs_poppler
@pytest.mark.parametrize("look", [{}, {"bold": True}])
def test_no_reader_sees_a_space_inside_a_word(look: dict[str, bool]) -> None:
    made = pdf.write(paragraphs([SYLLABLES, SENTENCE], **look), WriteOptions())
    words = f"{SYLLABLES} {SENTENCE}".split()
    for read in (read_text(made), poppler(made), poppler(made, "-raw")):
        joined = read.translate(dict.fromkeys(map(ord, "\r\n\f")))
        assert [word for word in words if word not in joined] == []


def test_each_glyph_reads_by_itself_and_no_span_is_needed(torture: bytes) -> None:
    # Viewers that pass over ActualText (pdf.js among them) read the ToUnicode tables alone.
    units = {*codes(), *map(chr, range(0x20, 0x7F)), "–", "—"}
    with pikepdf.open(io.BytesIO(torture)) as file:
        for page in file.pages:
            assert b"ActualText" not in page.Contents.read_bytes()
            for font in page.Resources.Font.values():
                rows = font.ToUnicode.read_bytes().decode("ascii").partition("beginbfchar")[2].split()
                read = {bytes.fromhex(row[1:-1]).decode("utf-16-be") for row in rows if row[0] == "<" and len(row) > 5}
                assert {text for text in read if text[0] in "กขป"} <= units


def test_units_join_to_the_text_again() -> None:
    for text in (*every_syllable(), *ODD):
        phrases = "".join(char for char in text if "\u0e01" <= char <= "\u0e4e" and char != "\u0e3f")
        assert "".join(UNIT.findall(phrases)) == phrases
        assert set(UNIT.findall(phrases)) <= set(codes())


# --- the gate -----------------------------------------------------------------------------------------------------


def differences(data: bytes, *texts: str, heads: tuple[tuple[str, ...], ...] = ()) -> list[Difference]:
    with pypdfium2.PdfDocument(data) as file:
        return Reading(file).differences(Expected(texts, lambda _: ("", ""), heads))


def test_the_gate_catches_a_planted_difference() -> None:
    made = pdf.write(paragraphs(["เพิ่มขึ้นทั่วทั้งองค์กร", "ปีที่แล้ว"]), WriteOptions())
    assert differences(made, "เพิ่มขึ้นทั่วทั้งองค์กร", "ปีที่แล้ว") == []
    assert kinds(differences(made, "เพิ่มขึ้นทั่วทั้งองค์กร", "ปีที่แลว")) == {"missing text", "extra characters"}
    assert kinds(differences(made, "เพิ่มขึ้นทั่วทั้งองค์กร")) == {"extra characters"}
    assert kinds(differences(made, "เพิ่มขึ้นทั่วทั้งองค์กร", "ปีที่แล้ว", "ปีที่แล้ว")) == {"missing characters"}


def kinds(found: list[Difference]) -> set[str]:
    return {one.kind for one in found}


def test_header_rows_may_recur_but_only_whole() -> None:
    made = pdf.write(paragraphs(["ตัวชี้วัด", "คะแนน"] * 2), WriteOptions())
    head = ("ตัวชี้วัด", "คะแนน")
    assert differences(made, *head, heads=(head,)) == []
    assert differences(made, *head, heads=(("ตัวชี้วัด", "คะแน"),)) != []


def test_the_gate_catches_a_glyph_that_reads_as_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "readings", lambda: {code: unit[0] for unit, code in codes().items()} | {"\u2027": ""})
    with pytest.raises(pdf.PdfError):
        pdf.write(paragraphs(["เพิ่มขึ้น"]), WriteOptions())


def test_the_gate_names_what_differs() -> None:
    made = pdf.write(paragraphs(["ก ข ค ค"]), WriteOptions())
    assert differences(made, "ก", "ขขค") == [
        Difference("missing text", "ขขค"),
        Difference("missing characters", "ข"),
        Difference("extra characters", "ค"),
    ]


@pytest.fixture(scope="module")
def merged() -> tuple[bytes, str, list[str]]:
    """A PDF with one merged cell of many pages beside many rows, the cell's text and the rows' texts."""
    texts = [f"แถว {number}" for number in range(700)]
    text = " ".join(f"{number} {SENTENCE}" for number in range(300))
    rows = tuple((*((Cell(text, rowspan=len(texts)),) if row == texts[0] else ()), Cell(row)) for row in texts)
    table = Table((Column(3), Column(1)), (), rows)
    # Not `write`: where the gate refuses, that would turn to LibreOffice.
    return pdf._exact(Document("ทดสอบ", (Section((table,), page_numbers=False),)), WriteOptions()), text, texts


def parted(data: bytes, text: str, rows: list[str]) -> list[Difference]:
    with pypdfium2.PdfDocument(data) as file:
        return Reading(file).differences(Expected([text, *rows], lambda _: ("", ""), (), frozenset({text})))


def test_a_merged_cell_of_many_pages_is_followed_from_page_to_page(merged: tuple[bytes, str, list[str]]) -> None:
    data, text, rows = merged
    with pypdfium2.PdfDocument(data) as file:
        assert len(file) > 10
    assert parted(data, text, rows) == []


def test_a_merged_cell_changed_lost_or_moved_is_caught(merged: tuple[bytes, str, list[str]]) -> None:
    data, text, rows = merged
    words = text.split()
    half = len(words) // 2
    changed = [*words[:half], words[half] + "่", *words[half + 1 :]]
    lost = words[:half] + words[half + 9 :]  # the PDF says more
    more = words[:half] + words[half - 9 :]  # the PDF says less
    moved = words[half:] + words[:half]
    assert kinds(parted(data, " ".join(changed), rows)) == {"missing text", "missing characters"}
    assert kinds(parted(data, " ".join(lost), rows)) >= {"missing text", "extra characters"}
    assert kinds(parted(data, " ".join(more), rows)) >= {"missing text", "missing characters"}
    assert kinds(parted(data, " ".join(moved), rows)) == {"missing text"}


def test_parts_of_a_text_stand_on_pages_that_follow_each_other() -> None:
    assert _in_parts("กขคงจฉ", ["-", "ยกข", "-คง-", "จฉย", "-"])
    assert _in_parts("กขคงจฉ", ["กย", "กข", "คงจ", "ฉ"])  # a beginning that leads nowhere hides no other
    assert not _in_parts("กขคงจฉ", ["กข", "-", "คงจฉ"])
    assert not _in_parts("กขคงจฉ", ["คง", "กข", "จฉ"])
    assert not _in_parts("กขคงจฉ", ["กข", "คง", "จ"])
    assert not _in_parts("กขคงจฉ", ["กข", "ค-ง", "จฉ"])


def test_the_work_grows_with_the_pages_not_with_their_choices() -> None:
    # Every page has a beginning of every rest: trying each would double the work with each page and never end.
    pages = ["ก" * 20 + "ข"] * 200
    assert not _in_parts("ก" * 4001, pages)
    assert _in_parts("ก" * 4000, pages)
    assert not _in_parts("ก" * 3990 + "ค", pages)


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\nstartxref\n0\n%%EOF", b"/ToUnicode 7 0 R\n7 0 obj\n<<>>"])
def test_a_file_that_typst_did_not_write_is_refused(data: bytes) -> None:
    with pytest.raises(TextLayerError):
        read_as(data, {})
