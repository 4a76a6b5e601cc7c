"""An agency's Word template: checked as a stranger's file, then filled in by name only.

A template gives styles, header, footer, margins and named slots such as ``{{agency}}``. It has no logic. A slot
is replaced by plain text; nothing in a template is evaluated, so there is nothing to escape from. What a Word
file can do on the reader's machine when it is opened (macros, objects, remote parts, fields that fetch) is
refused here with the name of the part, because a document that the agency signs and passes on would carry it.

Refusal is by allowance where that is possible: only known field kinds, only known relationship kinds outside
the file, only names that the document has. The rest is limits: size, number of parts, growth on unpacking.
"""

from __future__ import annotations

import importlib
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from prongsai.documents.errors import TemplateError
from prongsai.documents.walk import scheme
from prongsai.documents.writers._docx_package import tag
from prongsai.zip_file import BROKEN

MAX_FILE, MAX_PARTS, MAX_UNPACKED, MAX_RATIO = 10_000_000, 300, 60_000_000, 150
# What a template may cost: bytes and elements of XML (a real one has some 500 kB and 5,000), slots, one text.
MAX_XML, MAX_ELEMENTS, MAX_SLOTS, MAX_TEXT = 8_000_000, 100_000, 500, 100_000
BODY = "body"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_DOTX = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
_LIVE_NAME = re.compile(
    r"vba|activex|embeddings/|oleobject|(?<!printersettings\d)\.bin$|\.(exe|dll|html?|mht|rtf|svg)$|afchunk|customui",
    re.IGNORECASE,
)
_LIVE_TYPE = re.compile(r"macroenabled|vba|activex|oleobject|ms-package|x-msdownload", re.IGNORECASE)
_LIVE_RELATION = re.compile(
    r"/(attachedTemplate|oleObject|package|vbaProject|wordVbaData|control|activeXControlBinary|aFChunk|subDocument"
    r"|frame|mailMergeSource|mailMergeHeaderSource|recipientData|keyMapCustomizations|attachedToolbars|extensibility"
    r"|webextension|webextensiontaskpanes)$",
    re.IGNORECASE,
)
_LIVE_ELEMENT = frozenset(
    {"altChunk", "subDoc", "object", "control", "OLEObject", "attachedTemplate", "mailMerge", "frameset"}
)
_FIELD_KINDS = """PAGE NUMPAGES SECTION SECTIONPAGES STYLEREF TITLE SUBJECT AUTHOR DATE CREATEDATE SAVEDATE TOC
PAGEREF REF HYPERLINK SEQ DOCPROPERTY FILENAME"""
_FIELDS = frozenset(_FIELD_KINDS.split())
_SCHEMES = frozenset({"http", "https", "mailto"})
_NAME = re.compile(r"\{\{\s*([a-z_]+)\s*\}\}")
_EXPRESSION = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|\{\{|\{%|\{#")


def check_template(data: bytes, name: str = "template.docx") -> bytes:
    """The template, safe to open: same bytes, or a .dotx said to be a document. Anything live is refused."""
    parts = _unpack(data, name)
    types = _text_of(parts, "[Content_Types].xml", name)
    if _LIVE_TYPE.search(types):
        raise _refused("มีมาโครหรือวัตถุฝังอยู่", "macros or embedded objects are declared", f"{name}: [Content_Types].xml")
    if _MAIN not in types and _DOTX not in types:
        raise _refused("ไม่ใช่แฟ้ม Word (.docx/.dotx)", "not a Word document", f"{name}: [Content_Types].xml")
    xml = elements = 0
    for part, content in parts.items():
        where = f"{name}: {part}"
        if _LIVE_NAME.search(part):
            raise _refused("มีมาโคร วัตถุฝัง หรือชนิดแฟ้มที่ไม่อนุญาต", "a part of a kind that may act", where)
        if part.endswith((".xml", ".rels", ".vml")):
            xml += len(content)
            if xml > MAX_XML:
                raise _refused("เนื้อหาใหญ่เกินกว่าแม่แบบทั่วไป", f"more than {MAX_XML:,} bytes of XML", where)
            root = _parse(content, where)
            elements += sum(1 for _ in root.iter())
            if elements > MAX_ELEMENTS:
                raise _refused("มีองค์ประกอบมากเกินกว่าแม่แบบทั่วไป", f"more than {MAX_ELEMENTS:,} elements", where)
            if part.endswith(".rels"):
                _check_relations(root, where)
            else:
                _check_elements(root, where)
                _check_fields(root, where)
    return _as_document(parts) if _DOTX in types else data


def fill_slots(file: Any, slots: Mapping[str, str], name: str = "template.docx") -> Any | None:
    """Replace every named slot by its text; the paragraph of ``{{body}}``, or None when there is none.

    A slot that the document does not have, and anything else in braces, is an error that quotes it: a template
    that tries to read an attribute or a file must fail loudly, not print its own wording in a signed document.
    """
    place, filled = None, 0
    for part in file.part.package.iter_parts():
        where = f"{name}: {str(part.partname).lstrip('/')}"
        root = getattr(part, "element", None)
        if root is None:  # notes, comments and the like, which python-docx does not open
            if not where.endswith(".xml"):
                continue
            root = _parse(part.blob, where)
        fillable = root is file.element or tag("w:hdr") == root.tag or tag("w:ftr") == root.tag
        for paragraph in list(root.iter(tag("w:p"))):
            text = "".join(node.text or "" for node in _own_texts(paragraph))
            if "{" not in text:
                continue
            if len(text) > MAX_TEXT:
                raise _refused(f"ย่อหน้ายาวเกิน {MAX_TEXT:,} อักขระ", f"a paragraph of {len(text):,} characters", where)
            filled += _check_expressions(text, slots, where, fillable)
            if filled > MAX_SLOTS:
                raise _refused(f"มีช่องเกิน {MAX_SLOTS} ช่อง", f"more than {MAX_SLOTS} slots", where)
            if f"{{{{{BODY}}}}}" in text.replace(" ", ""):
                place = _body_slot(paragraph, file, place, text, where)
            else:
                _replace(paragraph, slots)
    return place


def _unpack(data: bytes, name: str) -> dict[str, bytes]:
    if len(data) > MAX_FILE:
        raise _refused(f"แฟ้มใหญ่เกิน {MAX_FILE // 1_000_000} MB", "the file is too big", name)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise _refused("แฟ้มถูกเข้ารหัสหรือเป็น .doc รุ่นเก่า โปรดบันทึกเป็น .docx", "an encrypted or old .doc file", name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return dict(_entries(archive, name))
    except BROKEN as error:
        raise _refused("แฟ้มเสียหายหรือไม่ใช่ .docx", f"not a readable .docx ({error})", name) from error


def _entries(archive: zipfile.ZipFile, name: str) -> Iterator[tuple[str, bytes]]:
    infos = archive.infolist()
    if len(infos) > MAX_PARTS:
        raise _refused(f"มีแฟ้มย่อยเกิน {MAX_PARTS}", f"more than {MAX_PARTS} parts", name)
    seen: set[str] = set()
    total = packed = 0
    for info in infos:
        where = f"{name}: {info.filename}"
        if info.flag_bits & 1:
            raise _refused("แฟ้มถูกเข้ารหัส", "the part is encrypted", where)
        path = info.filename
        if path.startswith("/") or "\\" in path or ".." in path.split("/") or path.lower() in seen:
            raise _refused("ชื่อแฟ้มย่อยผิดปกติหรือซ้ำ", "an unsafe or repeated part name", where)
        seen.add(path.lower())
        with archive.open(info) as stream:
            content = stream.read(MAX_UNPACKED - total + 1)
        total += len(content)
        packed += info.compress_size
        if total > MAX_UNPACKED or (total > 5_000_000 and total > MAX_RATIO * max(packed, 1)):
            raise _refused("แฟ้มขยายใหญ่ผิดปกติเมื่อคลายออก", "the archive grows too much on unpacking", where)
        if not info.is_dir():
            yield path, content


def _text_of(parts: Mapping[str, bytes], part: str, name: str) -> str:
    if part not in parts:
        raise _refused("ไม่ใช่แฟ้ม Word (.docx)", f"{part} is missing", name)
    return parts[part].decode("utf-8", errors="replace")


def _parse(content: bytes, where: str) -> Any:
    etree: Any = importlib.import_module("lxml.etree")

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _refused("เนื้อหา XML เสียหาย", f"broken XML ({error})", where) from error
    if root.getroottree().docinfo.doctype:
        raise _refused("มี DOCTYPE หรือ entity ใน XML", "a DOCTYPE or entity declaration", where)
    return root


def _check_relations(root: Any, where: str) -> None:
    for relation in root.iter():
        if not isinstance(relation.tag, str) or not relation.tag.endswith("}Relationship"):
            continue
        kind, target = relation.get("Type", ""), relation.get("Target", "")
        external = relation.get("TargetMode", "").lower() == "external"
        harmless = kind.endswith("/hyperlink") and scheme(target) in _SCHEMES
        if _LIVE_RELATION.search(kind) or (external and not harmless):
            raise _refused(f"อ้างอิงสิ่งภายนอกหรือวัตถุฝัง: {target}", f"a live or external relation to {target!r}", where)


def _check_elements(root: Any, where: str) -> None:
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        local = element.tag.rpartition("}")[2]
        if local in _LIVE_ELEMENT:
            raise _refused(f"มีส่วนที่ไม่อนุญาต ({local})", f"element {local} is not allowed", where)
        if "urn:schemas-microsoft-com" in element.tag and (element.get("src") or element.get("href")):
            raise _refused("รูปวาดอ้างอิงที่อยู่ภายนอก", f"{local} refers to an address", where)


def _check_fields(root: Any, where: str) -> None:
    """Every field's own instruction, at every depth, must begin with an allowed kind and be built of plain text.

    A field inside another field's instruction is how DDE hides from a search for its name; it is refused.
    """
    stack: list[tuple[list[str], bool]] = []
    for element in root.iter(tag("w:fldSimple"), tag("w:fldChar"), tag("w:instrText"), tag("w:delInstrText")):
        if element.tag == tag("w:fldSimple"):
            _check_instruction(element.get(tag("w:instr"), ""), where)
        elif element.tag != tag("w:fldChar"):
            if not stack or stack[-1][1]:
                raise _refused("คำสั่งฟิลด์อยู่ผิดที่", "a field instruction outside its field", where)
            stack[-1][0].append(element.text or "")
        elif (kind := element.get(tag("w:fldCharType"))) == "begin":
            if stack and not stack[-1][1]:
                raise _refused("มีฟิลด์ซ้อนในคำสั่งฟิลด์", "a field nested in a field's instruction", where)
            stack.append(([], False))
        elif stack:
            words, shown = stack.pop()
            if not shown:
                _check_instruction("".join(words), where)
            if kind == "separate":
                stack.append((words, True))
    if stack:
        raise _refused("ฟิลด์ไม่ปิด", "a field is not closed", where)


def _check_instruction(instruction: str, where: str) -> None:
    kind = (instruction.split() or [""])[0].upper()
    if kind not in _FIELDS:
        raise _refused(f"ฟิลด์ {kind or '(ว่าง)'} ไม่อนุญาต", f"field {kind or '(empty)'} is not allowed", where)
    if kind == "HYPERLINK":
        target = re.search(r'"([^"]*)"', instruction)
        if target and "\\l" not in instruction and scheme(target[1]) not in _SCHEMES:
            raise _refused(f"ลิงก์ไม่อนุญาต: {target[1]}", f"link to {target[1]!r} is not allowed", where)


def _check_expressions(text: str, slots: Mapping[str, str], where: str, fillable: bool) -> int:
    """How many slots a paragraph has. Stops at the first that is none: looking on would take the square of the text."""
    number = 0
    for number, match in enumerate(_EXPRESSION.finditer(text), 1):  # noqa: B007 - the last one is the answer
        found = match.group()
        name = _NAME.fullmatch(found)
        if name is None:
            raise TemplateError(
                f"ไม่อนุญาตนิพจน์ {found} ใช้ได้เฉพาะ {{{{ชื่อ}}}} ตัวพิมพ์เล็ก a-z และ _",
                f"expression {found} is not allowed; only {{{{name}}}}",
                where,
            )
        if name[1] not in slots and name[1] != BODY:
            known = ", ".join(sorted((*slots, BODY)))
            raise TemplateError(f"ไม่รู้จักช่อง {found} ที่มีให้ใช้: {known}", f"no slot {found}; known: {known}", where)
        if not fillable:
            raise TemplateError(f"ช่อง {found} อยู่ในส่วนที่เติมไม่ได้", f"slot {found} is where slots are not filled", where)
    return number


def _own_texts(paragraph: Any) -> list[Any]:
    """Text nodes of the paragraph itself, not of text boxes inside it (those have paragraphs of their own)."""
    return [n for n in paragraph.iter(tag("w:t")) if next(n.iterancestors(tag("w:p"))) is paragraph]


def _replace(paragraph: Any, slots: Mapping[str, str]) -> None:
    """Fill slots that Word has cut into several runs; the text takes the look of the run where the slot begins."""
    nodes = _own_texts(paragraph)
    texts = [node.text or "" for node in nodes]
    whole = "".join(texts)
    for match in reversed(list(_NAME.finditer(whole))):
        value = " ".join(slots[match[1]].split())
        at = 0
        for number, text in enumerate(texts):
            begin, end = max(match.start() - at, 0), min(match.end() - at, len(text))
            at += len(text)
            if begin < end:
                texts[number] = text[:begin] + value + text[end:]
                value = ""
    for node, text in zip(nodes, texts, strict=True):
        if node.text != text:
            node.text = text
            node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _body_slot(paragraph: Any, file: Any, place: Any | None, text: str, where: str) -> Any:
    alone = _NAME.fullmatch(text.strip()) is not None
    if place is not None or not alone or paragraph.getparent() is not file.element.body:
        raise TemplateError(
            "ช่อง {{body}} ต้องมีเพียงแห่งเดียว อยู่ลำพังในย่อหน้า และอยู่ในเนื้อเอกสาร",
            "{{body}} must stand once, alone in a paragraph of the main text",
            where,
        )
    return paragraph


def _as_document(parts: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            changed = part == "[Content_Types].xml"
            archive.writestr(part, content.replace(_DOTX.encode(), _MAIN.encode()) if changed else content)
    return buffer.getvalue()


def _refused(thai: str, english: str, where: str) -> TemplateError:
    return TemplateError(f"ไม่รับแม่แบบนี้: {thai}", f"template refused: {english}", where)
