"""Word and Excel files looked through before they are kept: what acts, reaches out or swells is refused.

A kept file is opened by other people: heads, inspectors, assessors, and after publication by everybody. So what would
act on their machines (macros, old macro sheets, objects, commands in fields) or call somebody when it is opened
(templates, pictures and objects on another machine) does not come in. Ordinary links, which wait for a click, do.

Templates are filled and signed here, and allowed far less (``documents.template_docx``).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from xml.parsers import expat

from prongsai.errors import InputError, Problem
from prongsai.zip_file import BROKEN

MAX_PARTS = 5_000
MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO, FREE = 200, 16 * 1024 * 1024  # unpacked to packed, beyond the first megabytes
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_KINDS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
_MACRO_PART = re.compile(r"vbaproject|vbadata|activex|macrosheets/|dialogsheets/|customui", re.IGNORECASE)
_PROGRAM = re.compile(
    r"\.(exe|dll|scr|com|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|jar|lnk|msi|html?|mht|mhtml|rtf|docm|xlsm|xlsb|dotm|xltm|xlam)$",
    re.IGNORECASE,
)
_MACRO_TYPE = re.compile(r"macroenabled|vbaproject|activex|ms-excel\.(?:intl)?macrosheet", re.IGNORECASE)
_BY_CLICK = "/hyperlink"  # the one kind of outside address that waits for the reader
_ACTING = re.compile(r"/(control|aFChunk|vbaProject|xlMacrosheet|xlIntlMacrosheet)$", re.IGNORECASE)
_ACTING_OUTSIDE = re.compile(r"/(oleObject|package|subDocument|frame)$", re.IGNORECASE)
_HERE = re.compile(r"(?:file:///[^/\\%]|[a-z]:[\\/]|(?![a-z][a-z0-9+.-]*:|[\\/]{2}))", re.IGNORECASE)
_LOOKED_AT = frozenset(
    {"Relationship", "Default", "Override", "ddeLink", "fldSimple", "fldChar", "instrText", "delInstrText"}
)
_COMMANDS = frozenset({"DDE", "DDEAUTO", "DATABASE", "INCLUDETEXT", "IMPORT"})
_SAVE = "โปรดบันทึกไฟล์ใหม่จากโปรแกรมต้นฉบับแล้วลองอีกครั้ง"
_SAVE_EN = "Save the file anew from the program it was made with, then try again."


def office_kind(data: bytes, name: str) -> str:
    """``docx``, ``xlsx``, or an empty text where it is neither. Raises ``InputError`` with the part and the reason."""
    return _Package(data, name).kind()


@dataclass
class _Package:
    data: bytes
    name: str
    inside: bool = False  # a workbook inside a document, such as the numbers behind a chart
    budget: list[int] = field(default_factory=lambda: [MAX_UNPACKED])  # bytes still allowed, shared with what is inside

    def kind(self) -> str:
        try:
            with zipfile.ZipFile(BytesIO(self.data)) as archive:
                entries = archive.infolist()
                found = [kind for part, kind in _KINDS.items() if part in archive.namelist()]
                if not found:
                    return ""
                self._check_list(entries)
                if len(found) > 1:
                    raise self._bad("archive", "", "เป็นทั้งไฟล์ Word และ Excel", "the file is Word and Excel at once")
                for entry in entries:
                    if not entry.is_dir():
                        self._check_part(entry.filename, archive.read(entry))  # never more than the size counted
        except BROKEN:
            return ""
        return found[0]

    def _check_list(self, entries: list[zipfile.ZipInfo]) -> None:
        unpacked = sum(entry.file_size for entry in entries)
        self.budget[0] -= unpacked
        if len(entries) > MAX_PARTS or self.budget[0] < 0 or unpacked > FREE + MAX_RATIO * len(self.data):
            raise self._bad(
                "bomb", "", "ไฟล์ขยายแล้วใหญ่ผิดปกติ จึงไม่เปิดอ่าน", "the file unpacks to far too much and was not opened"
            )
        seen: set[str] = set()
        for entry in entries:
            part = entry.filename
            if (
                part.casefold() in seen
                or part.startswith("/")
                or re.search(r"\\|^[a-z]:|(?:^|/)\.\.(?:/|$)", part, re.I)
            ):
                raise self._bad(
                    "archive", part, "มีชื่อส่วนย่อยซ้ำ หรือชี้ออกนอกไฟล์", "a part's name is repeated or leads outside"
                )
            seen.add(part.casefold())
            if entry.flag_bits & 1:
                raise self._bad(
                    "encrypted", part, "ไฟล์ถูกเข้ารหัสลับ", "the file is encrypted",
                    "โปรดบันทึกโดยไม่ใส่รหัสผ่าน", "Save it without a password.",
                )  # fmt: skip

    def _check_part(self, part: str, content: bytes) -> None:
        if _MACRO_PART.search(part):
            raise self._macros(part)
        if _PROGRAM.search(part) or content[:4] == _OLE:
            raise self._object(part)
        if content[:4] == _ZIP:
            if self.inside or not _Package(content, f"{self.name}: {part}", True, self.budget).kind():
                raise self._bad("archive", part, "มีไฟล์ ZIP ซ้อนอยู่ภายใน", "an archive inside the archive")
        elif part.endswith((".xml", ".rels", ".vml")):
            self._check_xml(part, content)

    def _check_xml(self, part: str, content: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        fields = _Fields()

        def start(tag: str, given: Mapping[str, str]) -> None:
            local = tag[tag.rfind(" ") + 1 :]
            if local not in _LOOKED_AT:
                return
            attributes = {key[key.rfind(" ") + 1 :]: text for key, text in given.items()}
            if local == "Relationship":
                self._check_relation(part, attributes)
            elif local in ("Default", "Override"):
                if _MACRO_TYPE.search(attributes.get("ContentType", "")):
                    raise self._macros(part)
            elif local == "ddeLink":
                raise self._command(part, local)
            elif local.endswith("nstrText"):
                parser.CharacterDataHandler = fields.text
            elif found := fields.start(local, attributes):
                raise self._command(part, found)

        def end(tag: str) -> None:
            if tag.endswith("nstrText"):
                parser.CharacterDataHandler = None

        def doctype(*_: object) -> None:
            raise self._bad("xml", part, "มี DOCTYPE หรือ entity ใน XML", "a DOCTYPE or entity declaration")

        parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.StartDoctypeDeclHandler = doctype  # no entity can be declared without one, so none is ever expanded
        try:
            parser.Parse(content, True)
        except (expat.ExpatError, LookupError) as error:
            raise self._bad("xml", part, "เนื้อหา XML ภายในไฟล์เสียหาย", f"broken XML ({error})") from error
        if found := fields.unclosed():
            raise self._command(part, found)

    def _check_relation(self, part: str, given: Mapping[str, str]) -> None:
        kind, target = given.get("Type", ""), given.get("Target", "").strip()
        outside = given.get("TargetMode", "").lower() == "external"
        if _ACTING.search(kind) or (outside and _ACTING_OUTSIDE.search(kind)):
            raise self._object(part)
        if not outside or kind.endswith(_BY_CLICK):
            return
        if not _HERE.match(target):
            raise self._bad(
                "remote",
                part,
                f"ไฟล์อ้างถึงสิ่งที่อยู่เครื่องอื่น ({target[:80]}) ซึ่งจะถูกเรียกเมื่อมีผู้เปิดไฟล์",
                f"the file refers to something on another machine ({target[:80]}), fetched when it is opened",
                "โปรดฝังภาพไว้ในไฟล์ หรือยกเลิกการเชื่อมโยง แล้วบันทึกใหม่",
                "Embed the picture or break the link, then save again.",
            )

    def _macros(self, part: str) -> InputError:
        return self._bad(
            "macros", part, "ไม่รับไฟล์ที่มีมาโคร", "the file has macros",
            "โปรดบันทึกเป็น .docx หรือ .xlsx ที่ไม่มีมาโคร", "Save it as .docx or .xlsx without macros.",
        )  # fmt: skip

    def _object(self, part: str) -> InputError:
        return self._bad(
            "object", part, "มีโปรแกรมหรือวัตถุฝังอยู่ในไฟล์", "a program or an object is embedded",
            "โปรดแปลงวัตถุที่ฝังเป็นภาพหรือข้อความ แล้วบันทึกใหม่", "Turn embedded objects into pictures or text, then save again.",
        )  # fmt: skip

    def _command(self, part: str, found: str) -> InputError:
        return self._bad(
            "command", part, f"มีฟิลด์หรือการเชื่อมโยงที่สั่งให้ทำงาน ({found})", f"a field or link that runs something ({found})",
            "โปรดแปลงฟิลด์เป็นข้อความธรรมดา แล้วบันทึกใหม่", "Turn the field into plain text, then save again.",
        )  # fmt: skip

    def _bad(self, code: str, part: str, th: str, en: str, next_th: str = _SAVE, next_en: str = _SAVE_EN) -> InputError:
        where = f"{self.name}: {part[:120]}" if part else self.name
        return InputError(Problem(f"file.{code}", where, th, en, next_th, next_en))


class _Fields:
    """Follows Word's fields, at every depth, and says when one's own instruction begins with a command.

    The first word of an instruction may stand in pieces; it may also be the result of a field inside, which then cannot
    be known here and counts as a command.
    """

    def __init__(self) -> None:
        self._open: list[tuple[list[str], bool]] = []  # the instruction so far, and whether it is over

    def start(self, local: str, given: Mapping[str, str]) -> str:
        """A sign of a field; the command that it shows to be there, or an empty text."""
        if local == "fldSimple":
            return _command_in(given.get("instr", ""))
        kind = given.get("fldCharType")
        if kind == "begin":
            hidden = bool(self._open) and not self._open[-1][1] and not "".join(self._open[-1][0]).strip()
            self._open.append(([], False))
            return "nested" if hidden else ""
        if not self._open:
            return ""
        words, over = self._open.pop()
        if kind == "separate":
            self._open.append((words, True))
        return "" if over else _command_in("".join(words))

    def text(self, text: str) -> None:
        """A piece of an instruction."""
        if self._open and not self._open[-1][1]:
            self._open[-1][0].append(text)

    def unclosed(self) -> str:
        """A command in a field that never ends."""
        return next((found for words, over in self._open if not over and (found := _command_in("".join(words)))), "")


def _command_in(instruction: str) -> str:
    first = next(iter(instruction.replace('"', " ").split()), "").upper()
    return first if first in _COMMANDS else ""
