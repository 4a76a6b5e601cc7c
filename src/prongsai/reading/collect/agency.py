"""Which agency a report is of: its name, kind, district and province."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from prongsai.reading.model import Reading, Word
from prongsai.reading.source import Line, Source, Table
from prongsai.scoring.agency_kinds import AGENCY_KINDS

ORDER = 10

_SHORT = {
    "อบจ.": "provincial_organization",
    "อบต.": "subdistrict_organization",
    "ทน.": "city_municipality",
    "ทม.": "town_municipality",
    "ทต.": "subdistrict_municipality",
}
_STARTS = {
    **{name: code for code, name in AGENCY_KINDS.items() if name.startswith(("เทศบาล", "องค์การบริหาร"))},
    "กรุงเทพมหานคร": "special_local_government",
    "เมืองพัทยา": "special_local_government",
    "มหาวิทยาลัย": "higher_education",
    "วิทยาลัย": "higher_education",
    "สถาบันเทคโนโลยี": "higher_education",
    "คณะ": "higher_education",
    "กองทุน": "fund",
    "กรม": "department",
    "จังหวัด": "province",
}  # fmt: skip
# Agencies whose kind their name does not tell.
_UNKNOWN_KIND = (
    "สำนักงาน",
    "สถาบัน",
    "การไฟฟ้า",
    "การประปา",
    "การทาง",
    "การท่าเรือ",
    "ธนาคาร",
    "องค์การ",
    "บริษัท",
    "ศูนย์",
    "กองบัญชาการ",
)
_LOCAL = tuple(name for name in _STARTS if name.startswith(("เทศบาล", "องค์การบริหาร")))
# Words that follow a name without a space in running text. A name may hold them too (ในเมือง, เชียงของ), so they cut
# only where no place in the file shows the name by itself.
_STOP = re.compile(
    r"ประจำ|ประจํา|ได้|มี|โดย|ที่|ใน|ให้|และ|เป็น|ตาม|ซึ่ง|จะ|จึง|ของ|เพื่อ|พบ|ปีงบ|ต่อ|ผ่าน|ทราบ|ทุก|แต่|จาก|ควร|ดังนี้|อยู่|ร่วม"
    r"|นำ|จัด|ทำ|อย่าง|ทั้ง|คือ|ดำเนิน|ด้วย|หวัง|ว่า|เรื่อง|ฉบับ"
)
_LOCATED = re.compile(r"อำเภอ|อําเภอ|จังหวัด|ประจำปี|ปีงบประมาณ")
_NAME = re.compile(rf"(?P<start>{'|'.join(re.escape(start) for start in (*_LOCAL, *_SHORT))})\s?(?P<own>[ก-๙]+)")
_OTHER = re.compile(
    rf"(?:^|ของ|ส่วนราชการ\s?)(?P<start>{'|'.join(s for s in (*_STARTS, *_UNKNOWN_KIND) if s not in _LOCAL)})"
    r"(?P<own>[ก-๙ฯ() ]{0,60}?)(?=\s{2,}|\s(?:อำเภอ|จังหวัด|ประจำ|ปีงบ|พ\.ศ|ได้|มี)|[^ก-๙ฯ() ]|$)"
)
_DISTRICT = re.compile(r"(?:อำเภอ|อําเภอ|(?<![ก-๙.])อ\.)\s?(?P<name>(?:(?!จังหวัด|ประจำ|ปีงบ|ใน(?=จังหวัด))[ก-๙])+)")
_PROVINCE = re.compile(r"(?:จังหวัด|(?<![ก-๙.])จ\.)\s?(?P<name>(?:(?!ประจำ|ปีงบ|ได้|โดย|พบว่า|มีผล|มีคะแนน|อำเภอ)[ก-๙])+)")
# The assessor, and words of the assessment's own name, are not the agency assessed.
_NOT_AGENCY = re.compile(r"หน่วยงานภาครัฐ|ปราบปรามการทุจริต|ป\.ป\.ช")
_NO_NAME = re.compile(
    r"ปีงบประมาณ|การประเมิน|^(?:รายงาน|มาตรการ|คำนำ|สารบัญ|บันทึก|ผลการ|คะแนน|ตัวชี้วัด|ประเด็น|อำเภอ|จังหวัด|แบบ|การ|ความ|ด้าน|หลัก|กลไก|กระบวน|ช่องทาง|ข้อ|ภาคผนวก|เรียน|นายก|ปลัด|หัวหน้า|ลงชื่อ)|[:/….]{2}|:"
)
_COVER_LINES, _RECURS_LINES = 40, 120
_LONGEST = 90


def collect(reading: Reading) -> None:
    """Fill ``agency``, ``kind``, ``district`` and ``province``, where they are not known from a table."""
    if reading.agency is None:
        reading.agency = _agency(reading.source)
    if reading.agency is None:
        return
    if reading.kind is None:
        reading.kind = kind_of(reading.agency.text)
    _place(reading)


def kind_of(name: str) -> str | None:
    """The kind of agency that a name tells, or None where it does not."""
    for start, kind in sorted({**_STARTS, **_SHORT}.items(), key=lambda pair: -len(pair[0])):
        if name.startswith(start):
            return kind
    return None


def _agency(source: Source) -> Word | None:
    """The name that stands by itself (alone on a line, or before its district), else the one that recurs most."""
    alone: Counter[str] = Counter()
    running: Counter[str] = Counter()
    first: dict[str, Word] = {}
    for index, line in enumerate(_lines(source)):
        for match in _NAME.finditer(line.text):
            start, own = _whole(match.group("start")), match.group("own")
            rest = line.text[match.end() :].strip()
            inside = _LOCATED.search(own)
            by_itself = (
                bool(inside)
                or rest.startswith(("อำเภอ", "อําเภอ", "อ.", "จังหวัด", "จ."))
                or (not rest and not line.text[: match.start()].strip())
            )
            name = start + (own[: inside.start()] if inside else own)
            if not by_itself:
                cut = _STOP.search(own, 2)
                running[start + (own[: cut.start()] if cut else own)] += 1
            elif 2 <= len(name) - len(start) <= 40:
                alone[name] += 4 if index < _COVER_LINES else 1
            first.setdefault(name, Word(name, line.where, line.text[:200]))
    if alone:
        best = max(alone, key=lambda name: alone[name] + sum(n for o, n in running.items() if o.startswith(name)))
        return first[best]
    running = Counter({name: n for name, n in running.items() if len(name) - len(_start(name)) >= 2})
    if not running:
        return _other(source)
    best = max(running, key=lambda name: (running[name], -len(name)))
    return first.get(best) or next(
        Word(best, word.where, word.context) for n, word in first.items() if n.startswith(best)
    )


def _start(name: str) -> str:
    return next((start for start in _LOCAL if name.startswith(start)), "")


def _whole(start: str) -> str:
    """``อบต.`` is written out, so that one agency has one name."""
    return AGENCY_KINDS[_SHORT[start]] if start in _SHORT else start


def _other(source: Source) -> Word | None:
    """Agencies of the central government, universities and others: a name of the first lines, told by how it begins
    or by being said again and again.
    """
    return _by_start(source) or _by_recurrence(source)


def _by_recurrence(source: Source) -> Word | None:
    """A short line of the cover that later lines say again as "ของ…": the name of an agency of no known kind."""
    lines = list(_lines(source))
    best: tuple[int, Word] | None = None
    for line in lines[:_RECURS_LINES]:
        name = line.text.strip()
        if not 6 <= len(name) <= 60 or _NO_NAME.search(name):
            continue
        times = sum(f"ของ{name}" in other.text.replace("ของ ", "ของ") for other in lines)
        if times >= 1 and (best is None or times > best[0]):
            best = (times, Word(name, line.where, name))
    return best[1] if best else None


def _by_start(source: Source) -> Word | None:
    for index, line in enumerate(_lines(source)):
        if index >= _COVER_LINES:
            return None
        text = line.text.strip()
        if len(text) > _LONGEST and "ของ" not in text:
            continue
        if match := _OTHER.search(text):
            name = (match.group("start") + match.group("own")).strip()
            if len(match.group("own").strip()) >= 2 and not _NOT_AGENCY.search(name):
                return Word(name, line.where, text[:200])
    return None


def _place(reading: Reading) -> None:
    """District and province: what stands most often next to the agency's name or on a short line."""
    assert reading.agency is not None
    name, previous = reading.agency.text, ""
    districts: Counter[str] = Counter()
    provinces: Counter[str] = Counter()
    for line in _lines(reading.source):
        weight = 5 if name in line.text or name in previous else 1 if len(line.text) < _LONGEST else 0
        if weight and (match := _DISTRICT.search(line.text)):
            districts[match.group("name")] += weight
        if weight and (match := _PROVINCE.search(line.text)):
            provinces[match.group("name")] += weight
        previous = line.text
    if reading.district is None and districts:
        reading.district = districts.most_common(1)[0][0]
    if reading.province is None and provinces:
        reading.province = provinces.most_common(1)[0][0]
    if reading.province is None and reading.kind == "province":
        reading.province = name.removeprefix("จังหวัด")


def _lines(source: Source) -> Iterator[Line]:
    for block in source.blocks:
        if isinstance(block, Line):
            yield block
        elif isinstance(block, Table):
            for row in block.rows:
                for cell in row:
                    if len(cell.text) > 12:
                        yield Line(cell.text, cell.where)
