"""The open Word file as the writer sees it: images, links, lists and the styles that must be there."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

from prongsai.documents.walk import check_image, clean
from prongsai.documents.writers._docx_base import W, numbering_xml, styles_xml

NAMESPACES = {
    "w": W,
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
}
_DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())


def tag(name: str) -> str:
    """``w:p`` as lxml spells it."""
    prefix, local = name.split(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def elements(xml: str) -> list[Any]:
    """Elements of a fragment that uses the usual prefixes; of the classes that python-docx expects."""
    from docx.oxml import parse_xml

    return list(parse_xml(f"<fragment {_DECLARED}>{xml}</fragment>"))


def document_root(body: str) -> Any:
    """A main document with this content."""
    from docx.oxml import parse_xml

    return parse_xml(f"<w:document {_DECLARED}><w:body>{body}</w:body></w:document>")


class WordPackage:
    """Adds to one python-docx document what blocks refer to."""

    def __init__(self, file: Any, face: str, templated: bool) -> None:
        self.file, self.face, self.templated = file, face, templated
        self._numbering = self._own_numbering()
        numbers = [int(n.get(tag("w:numId"))) for n in self._numbering.iter(tag("w:num"))]
        self._next_number = max(numbers, default=0) + 1
        self._links: dict[str, str] = {}

    def image(self, data: bytes) -> tuple[str, float]:
        """Relationship id, and height over width."""
        check_image(data, "picture")
        rel, image = self.file.part.get_or_add_image(io.BytesIO(data))
        return str(rel), image.px_height / image.px_width

    def link(self, target: str) -> str:
        """Relationship id of a hyperlink; the same address is kept once."""
        from docx.opc.constants import RELATIONSHIP_TYPE

        target = clean(target)
        if target not in self._links:
            self._links[target] = self.file.part.relate_to(target, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        return self._links[target]

    def numbering(self, kind: int) -> int:
        """A new list of one of our kinds, starting at one."""
        number = self._next_number
        self._next_number += 1
        self._numbering.append(
            elements(
                f'<w:num w:numId="{number}"><w:abstractNumId w:val="{self._offset + kind}"/>'
                '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
            )[0]
        )
        return number

    def adopt_styles(self) -> dict[str, str]:
        """Our style ids as this file's ids: its own style of the same name where it has one, else ours added."""
        sheet = self.file.styles.element
        existing = {_name(style).lower(): style.get(tag("w:styleId")) for style in sheet.iter(tag("w:style"))}
        taken = set(existing.values())
        names: dict[str, str] = {}
        for style in _own_styles(self.face):
            own, name = style.get(tag("w:styleId")), _name(style).lower()
            if name in existing:
                names[own] = existing[name]
                continue
            names[own] = own if own not in taken else f"Prongsai{own}"
            style.set(tag("w:styleId"), names[own])
            base = style.find(tag("w:basedOn"))
            if base is not None:
                base.set(tag("w:val"), names.get(base.get(tag("w:val")), base.get(tag("w:val"))))
            if style.get(tag("w:default")):
                del style.attrib[tag("w:default")]
            sheet.append(style)
        return names

    def _own_numbering(self) -> Any:
        """The numbering root with our three kinds in it, after any that the template has."""
        from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
        from docx.opc.packuri import PackURI
        from docx.oxml import parse_xml
        from docx.parts.numbering import NumberingPart

        part = self.file.part
        related = [rel for rel in part.rels.values() if rel.reltype == RELATIONSHIP_TYPE.NUMBERING]
        ours = parse_xml(numbering_xml(self.face).encode())
        self._offset = 0
        if not related:
            uri = PackURI("/word/numbering.xml")
            part.relate_to(
                NumberingPart(uri, CONTENT_TYPE.WML_NUMBERING, ours, part.package), RELATIONSHIP_TYPE.NUMBERING
            )
            return ours
        root = related[0].target_part.element
        if not self.templated:
            return root
        present = list(root.iter(tag("w:abstractNum")))
        self._offset = max((int(n.get(tag("w:abstractNumId"))) for n in present), default=0)
        first = root.index(present[-1]) + 1 if present else len(list(root.iter(tag("w:numPicBullet"))))
        for position, abstract in enumerate(list(ours), first):
            number = int(abstract.get(tag("w:abstractNumId"))) + self._offset
            abstract.set(tag("w:abstractNumId"), str(number))
            root.insert(position, abstract)
        return root


@cache
def _style_source(face: str) -> bytes:
    return styles_xml(face).encode()


def _own_styles(face: str) -> list[Any]:
    from docx.oxml import parse_xml

    return list(parse_xml(_style_source(face)).iter(tag("w:style")))


def _name(style: Any) -> str:
    name = style.find(tag("w:name"))
    return str(name.get(tag("w:val"))) if name is not None else ""
