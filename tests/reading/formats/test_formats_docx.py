"""Word files as agencies write them, not only as Prongsai does."""

from __future__ import annotations

from pathlib import Path

from source_sample import W, lines, opened, paragraph, pictures, tables, texts, word

from prongsai.reading.source import Line


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def test_merged_cells_stand_once_where_they_begin(tmp_path: Path) -> None:
    down, on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    body = (
        "<w:tbl>"
        + row(cell("ที่", down), cell("คะแนน", '<w:gridSpan w:val="2"/>'), properties="<w:tblHeader/>")
        + row(cell("", on), cell("2567"), cell("2568"), properties="<w:tblHeader/>")
        + row(cell("IIT", down), cell("90.00"), cell("91.00"))
        + row(cell("", on), cell("92.00"), cell("93.00"))
        + "</w:tbl>"
    )
    (table,) = tables(opened(tmp_path, "ก.docx", word(body)))
    assert texts(table) == [["ที่", "คะแนน"], ["2567", "2568"], ["IIT", "90.00", "91.00"], ["92.00", "93.00"]]
    assert [[(c.rowspan, c.colspan) for c in r] for r in table.rows[:3]] == [
        [(2, 1), (1, 2)],
        [(1, 1), (1, 1)],
        [(2, 1), (1, 1), (1, 1)],
    ]
    assert table.head == 2
    assert table.rows[3][0].where.column == 2


def test_headings_come_from_styles_and_their_parents(tmp_path: Path) -> None:
    styles = (
        f'<w:styles {W}><w:style w:styleId="a"><w:name w:val="heading 2"/></w:style>'
        '<w:style w:styleId="b"><w:name w:val="หัวข้อของเรา"/><w:basedOn w:val="a"/></w:style>'
        '<w:style w:styleId="t"><w:name w:val="toc 1"/></w:style></w:styles>'
    )
    body = "".join(
        paragraph(text, f'<w:pStyle w:val="{style}"/>') for text, style in (("ผล", "b"), ("ผล 3", "t"), ("คะแนน", "x"))
    )
    found = [b for b in opened(tmp_path, "ก.docx", word(body, styles=styles)).blocks if isinstance(b, Line)]
    assert [(b.text, b.heading) for b in found] == [("ผล", 2), ("คะแนน", None)]


def test_numbers_that_word_counts_are_printed(tmp_path: Path) -> None:
    numbering = (
        f'<w:numbering {W}><w:abstractNum w:abstractNumId="5">'
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="thaiNumbers"/><w:lvlText w:val="(%1)"/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl>'
        '</w:abstractNum><w:num w:numId="3"><w:abstractNumId w:val="5"/></w:num></w:numbering>'
    )
    points = [("หนึ่ง", 0), ("สอง", 0), ("ย่อย", 1), ("สาม", 0), ("ย่อย", 1)]
    body = "".join(
        paragraph(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="3"/></w:numPr>') for text, level in points
    )
    found = lines(opened(tmp_path, "ก.docx", word(body, numbering=numbering)))
    assert found == ["(๑) หนึ่ง", "(๒) สอง", "๒.1 ย่อย", "(๓) สาม", "๓.1 ย่อย"]


def test_contents_page_numbers_deleted_text_and_doubled_boxes_are_left_out(tmp_path: Path) -> None:
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    box = f"<w:txbxContent>{paragraph('ในกรอบ')}</w:txbxContent>"
    field = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    body = (
        f"<w:p>{field.format('begin')}<w:r><w:instrText>TOC \\o</w:instrText></w:r>{field.format('separate')}"
        "<w:r><w:t>บทที่ 1 ..... 5</w:t></w:r></w:p>" + paragraph("บทที่ 2 ..... 9") + f"<w:p>{field.format('end')}</w:p>"
        "<w:p><w:r><w:t>คะแนน </w:t></w:r><w:del><w:r><w:delText>80</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>85</w:t></w:r></w:ins></w:p>"
        f"<w:p><w:r><mc:AlternateContent {mc}><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )
    assert lines(opened(tmp_path, "ก.docx", word(body))) == ["คะแนน 85", "ในกรอบ"]


def test_ticks_breaks_and_pictures(tmp_path: Path) -> None:
    wp = 'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    body = (
        '<w:p><w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:t xml:space="preserve"> ดำเนินการแล้ว</w:t><w:br/>'
        "<w:t>บรรทัดใหม่</w:t></w:r></w:p>"
        f'<w:p><w:r><w:drawing><wp:inline {wp}><wp:docPr id="1" descr="ภาพกิจกรรม"/></wp:inline></w:drawing></w:r></w:p>'
    )
    source = opened(tmp_path, "ก.docx", word(body))
    assert lines(source) == ["☑ ดำเนินการแล้ว", "บรรทัดใหม่"]
    assert pictures(source) == ["ภาพกิจกรรม"]


def test_a_frame_around_text_is_no_table(tmp_path: Path) -> None:
    source = opened(tmp_path, "ก.docx", word("<w:tbl>" + row(cell("ข้อความในกรอบ")) + "</w:tbl>"))
    assert tables(source) == []
    assert lines(source) == ["ข้อความในกรอบ"]
