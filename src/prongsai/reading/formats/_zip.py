"""ZIP packages (Word, Excel) opened so that no ZIP bomb and no XML trick can do harm."""

from __future__ import annotations

import io
import posixpath
import zipfile
from typing import Any

from prongsai.errors import InputError
from prongsai.reading.formats._decode import refuse
from prongsai.zip_file import BROKEN

MAX_UNPACKED = 400_000_000
MAX_PART = 100_000_000  # one XML part; the largest reports have some 5 MB
MAX_ENTRIES = 10_000
_OFFICE = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# Word and Excel can also save with the namespaces of the ISO standard; the parts are the same.
_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (b"http://purl.oclc.org/ooxml/spreadsheetml/main", b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)


class Package:
    """A ZIP package whose size has been checked before anything is unpacked."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            entries = self._zip.infolist()
        except BROKEN as error:
            raise self.broken(error) from error
        if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
            raise refuse(
                "zip_bomb",
                name,
                f"ไฟล์ขยายแล้วใหญ่เกิน {MAX_UNPACKED // 1_000_000} เมกะไบต์ หรือมีส่วนย่อยเกิน {MAX_ENTRIES:,} ส่วน",
                f"unpacks to more than {MAX_UNPACKED:,} bytes or {MAX_ENTRIES:,} parts",
                "โปรดตรวจสอบว่าไฟล์มาจากแหล่งที่เชื่อถือได้ แล้วบันทึกใหม่จากโปรแกรมต้นทาง",
            )
        self._sizes = {entry.filename.lstrip("/"): entry for entry in entries}

    def broken(self, error: Exception | str) -> InputError:
        """The error for a package that is damaged."""
        return refuse(
            "zip_broken",
            self.name,
            "ไฟล์เสียหาย หรือไม่ใช่ไฟล์ชนิดที่นามสกุลบอก",
            f"the package is damaged: {error}",
            "โปรดเปิดไฟล์ในโปรแกรมต้นทางแล้วบันทึกใหม่",
        )

    def names(self) -> list[str]:
        """Names of all parts."""
        return list(self._sizes)

    def read(self, part: str) -> bytes | None:
        """The bytes of a part, None if there is no such part."""
        entry = self._sizes.get(part)
        if entry is None:
            return None
        if entry.file_size > MAX_PART:
            raise self.broken(f"{part} has {entry.file_size:,} bytes")
        try:
            return self._zip.read(entry)  # never more than the size that was counted
        except BROKEN as error:
            raise self.broken(error) from error

    def xml(self, part: str) -> Any:
        """A part as an element tree's root, None if there is no such part. No entities, no network."""
        data = self.read(part)
        if data is None:
            return None
        from lxml import etree

        for strict, usual in _STRICT:
            data = data.replace(strict, usual)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
        try:
            root = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise self.broken(error) from error
        if root.getroottree().docinfo.doctype:
            raise self.broken("a document type is not allowed")
        return root

    def relations(self, part: str) -> list[tuple[str, str, str]]:
        """What a part refers to inside the package: (id, kind, name of the other part)."""
        folder, file = posixpath.split(part)
        root = self.xml(posixpath.join(folder, "_rels", f"{file}.rels"))
        found: list[tuple[str, str, str]] = []
        for relation in root.iter(_OFFICE) if root is not None else ():
            if relation.get("TargetMode") == "External":
                continue
            target = relation.get("Target", "")
            whole = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found.append((relation.get("Id", ""), relation.get("Type", "").rpartition("/")[2], whole))
        return found

    def main(self) -> str | None:
        """The name of the main part (the document, the workbook)."""
        for _, kind, target in self.relations(""):
            if kind == "officeDocument":
                return target
        return None

    def title(self) -> str | None:
        """The title in the file's properties."""
        root = self.xml("docProps/core.xml")
        found = root.findtext("{http://purl.org/dc/elements/1.1/}title") if root is not None else None
        return (found or "").strip() or None
