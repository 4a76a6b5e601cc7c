"""Word and Excel files as people make them, and the ways to spoil them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELS, BODY, TYPES = "word/_rels/document.xml.rels", "word/document.xml", "[Content_Types].xml"
Parts = dict[str, bytes]
Edit = Callable[[Parts], None]


def word(text: str = "รายงาน") -> bytes:
    """A document with a heading and a table."""
    import docx

    file = docx.Document()
    file.add_heading(text)
    file.add_table(2, 2).cell(0, 0).text = "๑"
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def excel() -> bytes:
    """A workbook with a formula, a link to click and a chart."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_column(0, 0, [1, 2, 3])
        sheet.write_formula(3, 0, "=SUM(A1:A3)")
        sheet.write_url(4, 0, "https://www.example.go.th/")
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=Sheet1!$A$1:$A$3"})
        sheet.insert_chart("C1", chart)
    return out.getvalue()


def edited(data: bytes, *edits: Edit) -> bytes:
    """The package packed anew after the edits."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for edit in edits:
        edit(parts)
    return packed(parts)


def packed(parts: Parts) -> bytes:
    """A ZIP of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def having(name: str, content: bytes) -> Edit:
    """One part more."""
    return lambda parts: parts.update({name: content})


def replaced(part: str, old: str, new: str) -> Edit:
    """A text in a part put in another's place."""

    def edit(parts: Parts) -> None:
        text = parts[part].decode()
        assert old in text
        parts[part] = text.replace(old, new, 1).encode()

    return edit


def related(kind: str, target: str, part: str = RELS) -> Edit:
    """A relation to something outside the package."""
    entry = f'<Relationship Id="rIdX" Type="{R}/{kind}" Target="{target}" TargetMode="External"/></Relationships>'
    return replaced(part, "</Relationships>", entry)


def in_body(xml: str) -> Edit:
    """XML before the end of the document's body."""
    return replaced(BODY, "<w:sectPr", f"{xml}<w:sectPr")


def field(*pieces: str, inner: str = "") -> str:
    """A field whose instruction stands in pieces, behind another field where ``inner`` is given."""
    runs = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in pieces)
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    return f"<w:p>{begin}{inner}{runs}{end}</w:p>"


def entity(target: str = '"' + "ha" * 50 + '"') -> Edit:
    """Entities that grow when they are expanded, in the main part."""
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    declared = f"<!DOCTYPE x [<!ENTITY e0 {target}>{lines}]><w:document"

    def edit(parts: Parts) -> None:
        replaced(BODY, "<w:document", declared)(parts)
        in_body("<w:p><w:r><w:t>&e9;</w:t></w:r></w:p>")(parts)

    return edit
