"""Word files: what Thai needs of the XML, and that nothing of the text is lost."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import datetime

import docx
import pytest
from document_sample import CHART, PNG, SAMPLE, TABLE

from prongsai.documents.errors import DocumentError
from prongsai.documents.tree import Cell, Column, Document, Heading, Paragraph, Picture, Run, Section, Table
from prongsai.documents.writers import WriteOptions, formats, write, writer
from prongsai.errors import InputError

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def data() -> bytes:
    return write(SAMPLE, "docx")


@pytest.fixture(scope="module")
def parts(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {n: archive.read(n).decode() for n in archive.namelist() if n.endswith((".xml", ".rels"))}


def one(*blocks: object, **settings: object) -> Document:
    return Document("ทดสอบ", (Section(tuple(blocks)),), **settings)  # type: ignore[arg-type]


def body_of(document: Document, options: WriteOptions | None = None) -> str:
    with zipfile.ZipFile(io.BytesIO(write(document, "docx", options))) as archive:
        return archive.read("word/document.xml").decode()


def test_formats_are_found_and_unknown_ones_named() -> None:
    assert {"docx", "html", "xlsx"} <= set(formats())
    with pytest.raises(InputError, match="docx, html"):
        writer("odt")


def test_every_style_sets_complex_script(parts: dict[str, str]) -> None:
    styles = parts["word/styles.xml"]
    assert 'w:cs="TH SarabunPSK"' in styles
    assert "Theme" not in styles
    assert len(re.findall("<w:sz ", styles)) == len(re.findall("<w:szCs ", styles)) > 15
    assert len(re.findall("<w:b/>", styles)) == len(re.findall("<w:bCs/>", styles)) > 5
    assert 'w:bidi="th-TH"' in styles
    assert 'w:altName w:val="TH Sarabun New"' in parts["word/fontTable.xml"]


def test_runs_set_both_slots(parts: dict[str, str]) -> None:
    body = parts["word/document.xml"]
    for plain_slot, complex_slot in (("sz", "szCs"), ("b", "bCs"), ("i", "iCs")):
        assert len(re.findall(f"<w:{plain_slot}[ /]", body)) == len(re.findall(f"<w:{complex_slot}[ /]", body)) > 0


def test_no_question_on_opening(parts: dict[str, str]) -> None:
    assert "updateFields" not in parts["word/settings.xml"]
    assert "w:dirty" not in parts["word/document.xml"]


def test_table_spans_repeats_and_widths(data: bytes) -> None:
    table = docx.Document(io.BytesIO(data)).tables[0]
    xml = table._tbl.xml
    assert xml.count("<w:tblHeader/>") == 2
    assert xml.count("<w:cantSplit/>") == len(table.rows) == 6
    assert 'w:gridSpan w:val="5"' in xml
    assert xml.count('w:vMerge w:val="restart"') == 4
    assert xml.count("<w:vMerge/>") == 4
    columns = [int(c.get(f"{W}w")) for c in table._tbl.tblGrid]
    assert sum(columns) == pytest.approx(16 * 567, abs=3)
    for row in table._tbl.tr_lst:
        assert sum(int(w.get(f"{W}w")) for w in row.iter(f"{W}tcW")) == sum(columns)


def test_sections(data: bytes) -> None:
    sections = docx.Document(io.BytesIO(data)).sections
    assert [s.orientation for s in sections] == [0, 0, 0, 0, 1]
    assert sections[-1].page_width > sections[-1].page_height
    assert sections[1]._sectPr.find(f"{W}vAlign").get(f"{W}val") == "center"
    assert sections[0].header.paragraphs[0].text == ""
    assert "PAGE" in sections[3].header._element.xml
    assert 'w:fmt="thaiNumbers"' in sections[3]._sectPr.xml
    assert SAMPLE.footer in sections[4].footer.paragraphs[0].text


def test_all_text_comes_back(data: bytes) -> None:
    file = docx.Document(io.BytesIO(data))
    text = "".join(t.text or "" for t in file.element.body.iter(f"{W}t"))
    for wanted in (
        "บันทึกข้อความ",
        "น้ำ กำกับ ปี่ ญู ฐู ที่ นั้น",
        '<b>ไม่ใช่แท็ก</b> & "อัญประกาศ"',
        '=HYPERLINK("http://x")',
        "(นายตัวอย่าง ทดสอบ)",
        "มาตรการที่ 12",
        CHART.title,
        CHART.alternative,
        "ภาพที่ ๑ กิจกรรม",
    ):
        assert wanted in text
    styles = {p.style.name for p in file.paragraphs}
    assert {"Title", "Heading 1", "Heading 2", "Heading 3", "Caption", "toc 1"} <= styles


def test_contents_are_readable_before_an_update(parts: dict[str, str]) -> None:
    body = parts["word/document.xml"]
    assert 'TOC \\o "1-2"' in body
    marks = re.findall(r'w:bookmarkStart w:id="\d+" w:name="([^"]+)"', body)
    assert len(marks) == 4
    for mark in re.findall(r'w:hyperlink w:anchor="([^"]+)"', body):
        assert mark in marks
    begins, ends = body.count('"begin"'), body.count('"end"')
    assert begins == ends == body.count('"separate"') == 4


def test_page_numbers_of_contents_when_given() -> None:
    body = body_of(SAMPLE, WriteOptions(contents_pages=(4, 4, 5, 17)))
    assert "๑๗" in body


def test_lists_count_anew(parts: dict[str, str]) -> None:
    numbers = re.findall(r'<w:numId w:val="(\d+)"/>', parts["word/document.xml"])
    assert len(set(numbers)) == 3
    assert parts["word/numbering.xml"].count("w:startOverride") == 3
    assert 'w:numFmt w:val="thaiNumbers"' in parts["word/numbering.xml"]


def test_pictures_have_alternatives(parts: dict[str, str]) -> None:
    found = re.findall(r'<wp:docPr [^>]*descr="([^"]+)"', parts["word/document.xml"])
    assert found == ["ตราครุฑ", CHART.alternative, "ทุกเครื่องมือสูงขึ้น ยกเว้น EIT ส่วนที่ ๒", "ภาพกิจกรรมประกาศเจตนารมณ์"]
    with pytest.raises(DocumentError):
        write(one(Picture(b"<svg onload='x'/>", "x")), "docx")


def test_links_only_of_harmless_kinds(parts: dict[str, str]) -> None:
    assert "https://example.go.th/ita?a=1&amp;b=2" in parts["word/_rels/document.xml.rels"]
    bad = one(Paragraph((Run("กด", link="file:///etc/passwd"), Run("กด", link="javascript:x"))))
    assert "hyperlink" not in body_of(bad)


def test_same_document_same_bytes_and_properties() -> None:
    assert write(SAMPLE, "docx") == write(SAMPLE, "docx")
    data = write(SAMPLE, "docx", WriteOptions(created=datetime(2026, 1, 15)))
    properties = docx.Document(io.BytesIO(data)).core_properties
    assert (properties.title, properties.author, properties.language) == (SAMPLE.title, SAMPLE.agency, "th-TH")
    assert properties.created.year == 2026


def test_face_and_scale() -> None:
    data = write(SAMPLE, "docx", WriteOptions(face="Sarabun"))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        styles = archive.read("word/styles.xml").decode()
    assert 'w:cs="Sarabun"' in styles
    assert '<w:szCs w:val="21"/>' in styles  # 16 TH points are 10.7 of Sarabun
    assert "PSK" not in styles


def test_memo_emblem_stands_beside_the_title() -> None:
    head = SAMPLE.sections[0].blocks
    with_image = replace(SAMPLE, sections=(Section((replace(head[0], data=PNG), *head[1:])),))  # type: ignore[type-var]
    assert "<wp:anchor" in body_of(with_image)
    assert "<wp:anchor" not in body_of(SAMPLE)


def test_crooked_tables_are_refused_by_name() -> None:
    short = Table((Column(1), Column(1)), (), ((Cell("ก"),),), name="สั้น")
    with pytest.raises(DocumentError) as caught:
        write(one(short), "docx")
    assert caught.value.where == "สั้น"
    assert "แถวที่ 1" in caught.value.message_th
    for bad in (
        replace(TABLE, rows=((*TABLE.rows[0], Cell("เกิน")),)),
        replace(TABLE, rows=((*(Cell("x") for _ in range(4)), Cell("ยาว", rowspan=3)),)),
    ):
        with pytest.raises(DocumentError):
            write(one(bad), "docx")


def test_control_characters_do_not_break_the_file() -> None:
    text = "ก\x00ข\x0bค\ud800ง\tจ\nฉ"
    file = docx.Document(io.BytesIO(write(one(Paragraph(text), Heading("ก\x07")), "docx")))
    assert file.paragraphs[0].text == "กขคง\tจ\nฉ"
