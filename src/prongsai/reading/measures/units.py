"""The units that do something: several in a cell, parted by commas, strokes, numbers, lines, or only spaces."""

from __future__ import annotations

import re

from prongsai.reading.measures.lists import listing, plain
from prongsai.thai.digits import to_arabic

# Words a unit's name begins with; a space before one of them begins another unit.
_LEAD = (
    r"(?:สำนัก|กอง|งาน|ฝ่าย|กลุ่ม|แผนก|ศูนย์|หน่วย|ส่วน(?!ได้|ร่วม)|ทุก|แต่ละ|คณะ|โรงเรียน|ปลัด|รองปลัด|นายก|ผู้อำนวยการ|หัวหน้า|"
    r"เจ้าหน้าที่|เจ้าพนักงาน|นัก[ก-๙]|นิติกร|ผู้บริหาร|บุคลากร|สภา)"
)
_SUB = re.compile(r"(?:งาน|ฝ่าย|กลุ่ม|แผนก|ส่วน|หน่วย)")
_PARENT = re.compile(r"(?:สำนัก|กอง|ศูนย์|คณะ(?!กรรมการ|ทำงาน)|โรงเรียน)")
_GENERIC = re.compile(r"(?:ทุก|แต่ละ)?(?:สำนัก|กอง|ส่วน(?:ราชการ)?|ฝ่าย|งาน|ศูนย์|หน่วยงาน|กลุ่ม(?:งาน)?|แผนก)")
_SPACE = re.compile(rf"\s+(?={_LEAD})")
_TOGETHER = re.compile(rf"\s*(?:ร่วมกับ|และ)\s*(?={_LEAD}(?!บประมาณ))")
_STROKE = re.compile(rf"\s*/\s*(?={_LEAD})")
_COMMA = re.compile(r"\s*[,;、]\s*")
_NOBODY = ("ยังไม่กำหนด", "-", "–", "—", "ไม่ระบุ")


def unit_groups(text: str) -> list[list[str]]:
    """Units in the groups they are printed in: one group per line, number or word that begins a unit.

    ``กองคลัง ทุกสำนัก/กอง`` is two groups; ``สำนักปลัด/กองคลัง`` is one group of two units. A section printed
    before its office (``ฝ่ายพัสดุ สำนักคลัง``) is one unit.
    """
    text = text.strip()
    if not text or plain(text) in _NOBODY:
        return []
    found = listing(text)
    pieces = [*([found.lead] if found.lead else []), *found.items] if found.marked else [plain(text)]
    groups: list[list[str]] = []
    for piece in pieces:
        if _COMMA.search(piece):
            groups.append(_by_commas(piece))
            continue
        groups += [_joined(part) for part in _apart(piece)]
    return [group for group in groups if group]


_BY_STEP = re.compile(
    r"^ขั้นตอน(?:ที่)?\s*(?P<first>[0-9]{1,2})(?:\s*(?:[–—-]|ถึง)\s*(?P<last>[0-9]{1,2}))?\s*[:：]\s*(?P<text>.+)$"
)


def by_step(text: str, count: int) -> list[list[str]] | None:
    """The units of each step where every line says which steps it is for (``ขั้นตอนที่ 1–2: กองคลัง``)."""
    lines: list[str] = []
    for line in (line.strip() for line in text.split("\n") if line.strip()):
        if lines and not _BY_STEP.match(to_arabic(line)):
            lines[-1] += f" {line}"  # a line that goes on
        else:
            lines.append(line)
    found: list[list[str]] = [[] for _ in range(count)]
    for line in lines:
        match = _BY_STEP.match(to_arabic(line))
        if match is None:
            return None
        first, last = int(match.group("first")), int(match.group("last") or match.group("first"))
        for place in range(first, min(last, count) + 1):
            found[place - 1] = units(line[match.start("text") :])
    return found if lines else None


def units(text: str) -> list[str]:
    """All units of a text, each once, in order."""
    return list(dict.fromkeys(unit for group in unit_groups(text) for unit in group))


def _by_commas(text: str) -> list[str]:
    """Where commas part the units, nothing else does: a name may hold a stroke or a space."""
    return [part for part in _COMMA.split(text) if part]


def _apart(text: str) -> list[str]:
    """The words of a text parted before each unit; a section and the office it belongs to stay together."""
    parts: list[str] = []
    for word in _SPACE.split(text):
        whole = bool(parts) and _SUB.match(parts[-1]) and _PARENT.match(word) and " " not in parts[-1]
        if parts and (whole or parts[-1].endswith(("ร่วมกับ", "และ", "/"))):
            parts[-1] = f"{parts[-1]} {word}"
        else:
            parts.append(word)
    return parts


def _joined(text: str) -> list[str]:
    """One group's units: parted by ``ร่วมกับ``, ``และ`` before a unit, or a stroke that is no part of a name."""
    found: list[str] = []
    for piece in _TOGETHER.split(text):
        for part in _STROKE.split(piece):
            if found and _GENERIC.fullmatch(found[-1]) and _STROKE.search(piece):
                found[-1] = f"{found[-1]}/{part}"
            else:
                found.append(part.strip(" /"))
    return [part for part in found if part]
