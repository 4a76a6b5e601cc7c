"""Word: the document as an editable file with real styles, contents, numbered lists and repeating heads.

The same document gives the same bytes: nothing of the clock or the machine goes in, so that the hash of an
approved version can be recomputed. An agency template, when given, brings styles, header, footer, margins and
named slots; it is checked in ``template_docx`` before it is opened.
"""

from __future__ import annotations

import copy
import io
import zipfile
from datetime import datetime
from typing import Any

from prongsai.documents.errors import DocumentError, TemplateError
from prongsai.documents.template_docx import check_template, fill_slots
from prongsai.documents.tree import Document, Section
from prongsai.documents.walk import clean
from prongsai.documents.writers import WriteOptions
from prongsai.documents.writers._docx_base import EPOCH, base_package
from prongsai.documents.writers._docx_blocks import TWIPS, Body, field_xml
from prongsai.documents.writers._docx_package import WordPackage, document_root, elements, tag
from prongsai.errors import ProngsaiError


def write(document: Document, options: WriteOptions) -> bytes:
    """The document as .docx bytes. Raises ``TemplateError`` for a template whose parts do not fit together."""
    try:
        return _Writing(document, options).save()
    except ProngsaiError:
        raise
    except Exception as error:  # python-docx raises whatever comes of a stranger's file; without one it is our fault
        if options.template is None:
            raise
        raise TemplateError(
            "แม่แบบเสียหาย ส่วนประกอบภายในไฟล์ไม่ครบหรือไม่ถูกต้อง โปรดเปิดใน Word แล้วบันทึกใหม่",
            f"the template cannot be filled in, its parts do not fit together: {error!r}"[:300],
            options.template_name,
        ) from error


class _Writing:
    """One document on its way into one package."""

    def __init__(self, document: Document, options: WriteOptions) -> None:
        import docx

        self.document, self.options = document, options
        self.templated = options.template is not None
        data = base_package(options.face)
        if options.template is not None:
            data = check_template(options.template, options.template_name)
        self.file: Any = docx.Document(io.BytesIO(data))
        self.package = WordPackage(self.file, options.face, self.templated)
        self.styles = self.package.adopt_styles() if self.templated else {}
        self.template_section = copy.deepcopy(self.file.element.body.sectPr) if self.templated else None
        self.headers: dict[tuple[bool, bool], tuple[str, str]] = {}

    def save(self) -> bytes:
        if self.templated:
            slot = fill_slots(self.file, self._slots(), self.options.template_name)
            self._into_template(self._sections(), slot)
        else:
            self._alone(self._sections())
        self._properties()
        buffer = io.BytesIO()
        self.file.save(buffer)
        return _with_fixed_times(buffer.getvalue())

    def _slots(self) -> dict[str, str]:
        given = {"agency": self.document.agency, "title": self.document.title, "kind": self.document.kind}
        return {**given, **self.document.slots}

    def _sections(self) -> list[tuple[str, Any]]:
        """Each section's content as XML, with its properties as an element."""
        if not self.document.sections:
            raise DocumentError("เอกสารไม่มีเนื้อหา", "the document has no section", self.document.title or "document")
        body = Body(self.document, self.package, self.options.face, self.styles, self.options.contents_pages)
        found: list[tuple[str, Any]] = []
        for section in self.document.sections:
            properties = self._section_properties(section)
            body.width = _text_width(properties)
            found.append((body.blocks(section.blocks), properties))
        return found

    def _alone(self, sections: list[tuple[str, Any]]) -> None:
        """The whole document parsed at once: moving nodes between trees costs more than all the rest."""
        root = document_root("".join(f"{content}<w:sectPr/>" for content, _ in sections))
        body = root[0]
        marks = body.findall(tag("w:sectPr"))
        for mark, (_, properties) in zip(marks, sections, strict=True):
            if mark is marks[-1]:
                body.replace(mark, properties)
                continue
            ending = _end_section(mark.getprevious(), properties)
            if ending is None:
                body.remove(mark)
            else:
                body.replace(mark, ending)
        self.file.part._element = root

    def _into_template(self, sections: list[tuple[str, Any]], slot: Any | None) -> None:
        """Put the sections at the slot or the end; every section but the file's last ends in its own properties."""
        body = self.file.element.body
        final = body.sectPr
        if slot is None:
            _drop_empty_end(body)
        following = slot is not None and slot.getnext() is not final
        place = final if slot is None else slot
        for number, (xml, properties) in enumerate(sections):
            content = elements(xml)
            last = number == len(sections) - 1
            # What the template has after the slot goes on in the last section, if that lies the same way.
            if not last or (following and self.document.sections[number].landscape):
                ending = _end_section(content[-1] if content else None, properties)
                content += [] if ending is None else [ending]
            for element in content:
                place.addprevious(element)
            if last and not following:
                body.replace(final, properties)
        if slot is not None:
            body.remove(slot)

    def _section_properties(self, section: Section) -> Any:
        if self.template_section is None:
            return self._own_section(section)
        properties = copy.deepcopy(self.template_section)
        kinds = {child.tag for child in properties}
        if tag("w:headerReference") not in kinds and tag("w:footerReference") not in kinds:
            for number, element in enumerate(elements(self._references(section))):
                properties.insert(number, element)
        size = properties.find(tag("w:pgSz"))
        if size is not None:
            sides = sorted((int(size.get(tag("w:w"))), int(size.get(tag("w:h")))), reverse=section.landscape)
            size.set(tag("w:w"), str(sides[0]))
            size.set(tag("w:h"), str(sides[1]))
            size.set(tag("w:orient"), "landscape" if section.landscape else "portrait")
        return properties

    def _own_section(self, section: Section) -> Any:
        width, height = self.document.sides(section.landscape)
        top, right, bottom, left = (round(side * TWIPS) for side in self.document.margins)
        orient = ' w:orient="landscape"' if section.landscape else ""
        digits = '<w:pgNumType w:fmt="thaiNumbers"/>' if self.document.digits == "thai" else ""
        center = '<w:vAlign w:val="center"/>' if section.vertical_center else ""
        return elements(
            f'<w:sectPr>{self._references(section)}<w:type w:val="nextPage"/>'
            f'<w:pgSz w:w="{round(width * TWIPS)}" w:h="{round(height * TWIPS)}"{orient}/>'
            f'<w:pgMar w:top="{top}" w:right="{right}" w:bottom="{bottom}" w:left="{left}" '
            f'w:header="{min(top, 567)}" w:footer="{min(bottom, 567)}" w:gutter="0"/>{digits}{center}</w:sectPr>'
        )[0]

    def _references(self, section: Section) -> str:
        """Header and footer of a section. One without page numbers (memo, cover) has both empty."""
        key = (section.landscape, section.page_numbers)
        if key not in self.headers:
            self.headers[key] = (self._header(section), self._footer(section))
        header, footer = self.headers[key]
        return (
            f'<w:headerReference w:type="default" r:id="{header}"/>'
            f'<w:footerReference w:type="default" r:id="{footer}"/>'
        )

    def _header(self, section: Section) -> str:
        part, rel = self.file.part.add_header_part()
        content = ""
        if section.page_numbers:
            # Thai digits come from the section's own number format: the switch \\* ThaiArabic is right in Word,
            # but LibreOffice 7.4 reads it as Thai letters and numbers the fourth page ง.
            page = field_xml("PAGE", "๑" if self.document.digits == "thai" else "1")
            margins = self.document.margins
            width = self.document.sides(section.landscape)[0] - margins[1] - margins[3]
            stop = round(width * TWIPS)
            body = Body(self.document, self.package, self.options.face)
            content = page
            properties = '<w:jc w:val="center"/>'
            if self.document.header:
                content = f"{body.inline(self.document.header)}<w:r><w:tab/></w:r>{page}"
                properties = f'<w:tabs><w:tab w:val="right" w:pos="{stop}"/></w:tabs>'
            content = f'<w:p><w:pPr><w:pStyle w:val="{self._style("Header")}"/>{properties}</w:pPr>{content}</w:p>'
        self._fill(part.element, content, "Header")
        return str(rel)

    def _footer(self, section: Section) -> str:
        part, rel = self.file.part.add_footer_part()
        content = ""
        if section.page_numbers and self.document.footer:
            body = Body(self.document, self.package, self.options.face)
            text = body.inline(self.document.footer)
            content = f'<w:p><w:pPr><w:pStyle w:val="{self._style("Footer")}"/></w:pPr>{text}</w:p>'
        self._fill(part.element, content, "Footer")
        return str(rel)

    def _fill(self, root: Any, content: str, style: str) -> None:
        for child in list(root):
            root.remove(child)
        empty = f'<w:p><w:pPr><w:pStyle w:val="{self._style(style)}"/></w:pPr></w:p>'
        root.extend(elements(content or empty))

    def _style(self, name: str) -> str:
        return self.styles.get(name, name)

    def _properties(self) -> None:
        properties = self.file.core_properties
        properties.title = clean(self.document.title)[:255]
        properties.author = clean(self.document.agency)[:255]
        properties.language = "th-TH"
        properties.category = clean(self.document.kind)[:255]
        if self.options.created is not None:
            moment: datetime = self.options.created
            properties.created = moment
            properties.modified = moment


def _drop_empty_end(body: Any) -> None:
    """Leave out the empty paragraphs that every new Word file ends with, so that the text begins where it should."""
    for element in reversed(list(body)[:-1]):
        if element.tag != tag("w:p") or list(element.iter(tag("w:r"), tag("w:sectPr"), tag("w:bookmarkStart"))):
            break
        body.remove(element)


def _text_width(properties: Any) -> float:
    """Width between the margins in cm, from the section itself, so that a template's margins count."""
    size, margins = properties.find(tag("w:pgSz")), properties.find(tag("w:pgMar"))
    if size is None or margins is None:
        return 16.0
    used = int(margins.get(tag("w:left"), 0)) + int(margins.get(tag("w:right"), 0))
    return (int(size.get(tag("w:w"))) - used) / TWIPS


def _end_section(last: Any | None, properties: Any) -> Any | None:
    """Give a section its properties in its last paragraph, so that no empty page can follow.

    A section that does not end in a paragraph of its own gets a hair-thin one, which is returned.
    """
    usable = last is not None and last.tag == tag("w:p") and last.find(f"{tag('w:pPr')}/{tag('w:sectPr')}") is None
    thin = '<w:p><w:pPr><w:spacing w:line="20" w:lineRule="exact"/></w:pPr></w:p>'
    paragraph: Any = last if usable else elements(thin)[0]
    paragraph.find(tag("w:pPr")).append(properties)
    return None if usable else paragraph


def _with_fixed_times(data: bytes) -> bytes:
    """The same archive without the moment of writing in it; pictures are stored, they do not shrink again."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            stored = name.endswith((".png", ".jpg", ".jpeg"))
            method = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            new.writestr(zipfile.ZipInfo(name, EPOCH), old.read(name), method)
    return buffer.getvalue()
