"""What the first cells of a row say of the point: its topic, its finding, and the items and indicators it names."""

from __future__ import annotations

import re

from prongsai.reading.measures import cells
from prongsai.reading.measures.columns import Column
from prongsai.reading.measures.draft import PointDraft
from prongsai.reading.measures.lists import listing, plain
from prongsai.reading.measures.names import Names
from prongsai.reading.measures.rows import Row
from prongsai.thai.digits import to_arabic
from prongsai.thai.text import squeeze

_SHORT = 110
_SCORE_LINE = re.compile(
    r"^\(?(?:ร้อยละ\s*)?[0-9.]{1,6}\s*(?:คะแนน)?\s*\)?$|^\([^()]*(?:คะแนน|[0-9]|\(กลุ่มเล็ก\)|ทราบ)\)$|^\(ยังไม่.*\)$"
)
_CODES_ONLY = re.compile(r"^ข้อ(?:[\s,–\-]|และ|ถึง|[ieoIEO]\s?[0-9]{1,2})+$")
_ITEM_LINE = re.compile(r"^[-–•]?\s*(?:ข้อ\s*)?[ieoIEO]\s?[0-9]{1,2}(?![0-9]).*$")
_NAMED_LINE = re.compile(r"^[-–•]?\s*ตัวชี้วัดที่\s*[0-9]{1,2}(?![0-9]).*$")
_SCORED = re.compile(r"(?:\(?[0-9.]+ คะแนน\)?|ไม่แสดง \(กลุ่มเล็ก\)\)?|ไม่ทราบคะแนน\)?|ไม่เข้าข่าย[ก-๙]*\)?)$")
_SENTENCE = re.compile(
    r"^ข้อ\s*[ieoIEO]\s?[0-9]{1,2}\s*(?:[,–\-และ]|ข้อ|[ieoIEO]\s?[0-9]{1,2}|\s|\(EIT[^()]*\))*(?:ได้|ไม่ผ่าน|ต่ำ|เป็น|ยัง)"
)


def read_point(point: PointDraft, group: list[Row], names: Names) -> None:
    """Fill topic, finding, guideline, items and indicators of a point from its rows and what they stand under."""
    topic = _joined(group, Column.TOPIC)
    found = _joined(group, Column.FINDING)
    guide = _joined(group, Column.GUIDELINE) if Column.STEP in group[0].columns else ""
    _topic(point, topic, group[0], names)
    if found and point.finding:  # a long text beside the column of findings is no finding
        point.topic = f"{point.topic} {point.finding}".strip()
    point.named = point.topic
    if found:
        _finding(point, found)
    if guide and not cells.is_nothing(guide):
        point.guideline = plain(guide)
    _indicators(point, group[0], names)
    said = f"{cells.labelled(topic).text}\n{cells.labelled(found).text}"
    listed = [line for line in said.split("\n") if _CODES_ONLY.match(to_arabic(line))]
    if not listed and found:  # the first cell lists the items, another says what was found
        listed = [line for line in topic.split("\n") if line[:1] in "-–•ข" and _lists_items(line)]
    point.items = names.items("\n".join(listed) or said)  # a list of codes is all of them; a sentence may name others
    if not point.items and not point.topic and not point.indicators:
        point.items = names.items_by_wording(topic)


def _joined(group: list[Row], column: Column) -> str:
    return "\n".join(row.text(column) for row in group if row.text(column))


def _topic(point: PointDraft, text: str, row: Row, names: Names) -> None:
    """The first cell: a name alone is the topic; lines under it, or a long text, are the finding."""
    said = cells.labelled(text)
    if guideline := said.get("แนวทาง"):
        point.guideline = guideline
    lines = [line for line in said.lines if not _SCORE_LINE.match(to_arabic(line))]
    named = [line for line in lines if _names_indicator(to_arabic(line))]
    listed = [line for line in lines if line[:1] in "-–•ข" and _lists_items(line)]
    point.indicators = list(dict.fromkeys(number for line in named for number in names.indicators(line)))
    rest = [line for line in lines if line not in named and line not in listed]
    if not rest:
        return
    whole = " ".join(rest)
    number = names.indicator(whole) if len(whole) <= _SHORT else None
    unnamed = not row.under.indicator and not names.items(text)  # else a name that is like an indicator's is a topic
    if number and (_numbered(whole) or (Column.FINDING in row.columns and unnamed)):
        point.indicators = point.indicators or [number]
        point.topic = _without_number(plain(whole))
        return
    head = rest[0]
    marked = listing("\n".join(rest)).marked
    if len(rest) > 1 and row.by_line and len(head) <= _SHORT and not marked:
        point.topic, point.finding = plain(head), plain(" ".join(rest[1:]))
    elif row.under.title and len(rest) > 0 and squeeze(whole).startswith(squeeze(row.under.title)):
        point.topic = row.under.title
        point.finding = _after(whole, row.under.title)
    elif len(whole) <= _SHORT and not marked and not names.items(whole):
        point.topic = plain(whole)
    else:
        point.finding = plain(whole)


def _names_indicator(line: str) -> bool:
    """A line that only names an indicator: with a dash before or a score behind."""
    return bool(_NAMED_LINE.match(line)) and (line[:1] in "-–•" or bool(_SCORED.search(line)))


def _lists_items(line: str) -> bool:
    """A line that only lists items with wording or score, as opposed to a sentence about them."""
    plain_line = to_arabic(line)
    if _CODES_ONLY.match(plain_line):
        return True
    if not _ITEM_LINE.match(plain_line):
        return False
    if line[:1] in "-–•":
        return True
    return plain_line.startswith("ข้อ") and bool(_SCORED.search(plain_line)) and not _SENTENCE.match(plain_line)


def _finding(point: PointDraft, text: str) -> None:
    """A column of findings: a short first line that names the matter, the finding, a labelled guideline."""
    said = cells.labelled(text)
    if guideline := said.get("แนวทาง"):
        point.guideline = guideline
    lines = [line for line in said.lines if not _CODES_ONLY.match(to_arabic(line)) and line not in "–-"]
    if len(lines) > 1 and len(lines[0]) <= _SHORT and not listing(said.text).marked:
        point.topic = plain(lines[0])
        lines = lines[1:]
    if lines:
        point.finding = plain(" ".join(lines))


def _indicators(point: PointDraft, row: Row, names: Names) -> None:
    """Where the first cell names no indicator, the heading or sentence before the table does."""
    if point.indicators:
        return
    if row.under.indicator:
        point.indicators = [str(int(row.under.indicator))]
    elif row.under.named and (number := names.indicator_of_sentence(row.under.named)):
        point.indicators = [number]


def _numbered(text: str) -> bool:
    return bool(re.match(r"^\W*(?:ตัวชี้วัดที่\s*)?[0-9]{1,2}[\s.)]", to_arabic(text)))


def _without_number(text: str) -> str:
    bare = re.sub(r"^\W*(?:ตัวชี้วัดที่\s*)?[0-9๐-๙]{1,2}[\s.)]*", "", text)
    return re.sub(r"\s*\(?[0-9๐-๙]{1,3}\.[0-9๐-๙]{2}\s*(?:คะแนน)?\)?$", "", bare).strip()


def _after(text: str, lead: str) -> str:
    """What follows a lead in a text, spaces not counting."""
    wanted = len(squeeze(lead))
    seen = 0
    for at, character in enumerate(text):
        if seen == wanted:
            return text[at:].strip()
        seen += not character.isspace()
    return ""
