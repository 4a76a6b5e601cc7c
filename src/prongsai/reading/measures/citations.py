"""Orders, letters, announcements and minutes cited in text: kind, number, date, subject; links."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from prongsai.reading.measures.lists import plain
from prongsai.reading.measures.periods import spans
from prongsai.thai.digits import to_arabic

KINDS = {
    "คำสั่ง": "order",
    "ประกาศ": "announcement",
    "หนังสือ": "letter",
    "บันทึกข้อความ": "letter",
    "รายงานการประชุม": "minutes",
}
_KIND = re.compile(r"คำสั่ง|ประกาศ|บันทึกข้อความ|หนังสือ(?!พิมพ์)|รายงานการประชุม")
# "149/2566", "มท 0808.2/ว 1234", "นฐ 72401/123"
_NUMBER = r"(?P<number>(?:[ก-ฮ]{2,3}\s*)?[0-9][0-9.]*(?:\s*/\s*(?:ว\s*)?[0-9]+)?)"
_CITED = re.compile(rf"(?<![ก-๙])(?:เลข)?(?:ที่|ครั้งที่)\s*{_NUMBER}(?P<dated>\s*(?:ลง|เมื่อ)?\s*วันที่)?")
_CITED_JOINED = re.compile(rf"(?P<word>คำสั่ง|ประกาศ|หนังสือ)[ก-๙\s]{{0,60}}?ที่\s*{_NUMBER}(?P<dated>\s*ลง\s*วันที่)?")
_SUBJECT = re.compile(r"^\s*เรื่อง\s*(?P<subject>\S[^\n(]{2,120})")
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"'“”)\]]+")
_NEAR, _DATE_NEAR = 90, 34


@dataclass(frozen=True)
class Citation:
    """A document as cited. ``begin`` and ``stop`` are its place in the text."""

    kind: str
    text: str
    begin: int
    stop: int
    number: str | None = None
    date: dt.date | None = None
    dated: bool = False  # the words ลงวันที่ stand there, with or without a date after them
    subject: str | None = None


def citations(text: str) -> Iterator[Citation]:
    """The numbered documents that a text cites."""
    arabic = to_arabic(text)
    dates = spans(text)
    end = -1
    for match in sorted([*_CITED.finditer(arabic), *_CITED_JOINED.finditer(arabic)], key=lambda m: m.start()):
        number = re.sub(r"\s+", " ", match.group("number")).strip()
        dated = match.group("dated") is not None
        if match.start() < end or not (dated or re.search(r"/\s*(?:ว\s*)?[0-9]", number)):
            continue
        kind, begin = _kind(arabic, match, number)
        if kind is None:
            continue
        stop = match.end()
        date = (
            next((s for s in dates if match.end() - 1 <= s.begin <= match.end() + _DATE_NEAR), None) if dated else None
        )
        stop = date.stop if date else stop
        subject = _SUBJECT.match(text[stop:])
        stop += subject.end() if subject else 0
        end = stop
        named = plain(subject.group("subject")) if subject else None
        yield Citation(kind, plain(text[begin:stop]), begin, stop, number, date.start if date else None, dated, named)


def links(text: str) -> list[str]:
    """Web addresses in a text."""
    return [link.rstrip(".,;") for link in _LINK.findall(text)]


def _kind(text: str, match: re.Match[str], number: str) -> tuple[str | None, int]:
    """What is cited: by the word before the number; bare N/year with a date is the form of an order's number."""
    before = text[max(0, match.start() - _NEAR) : match.end()]
    words = list(_KIND.finditer(before))
    if words:
        last = words[-1]
        return KINDS[last.group()], max(0, match.start() - _NEAR) + last.start()
    if match.group("dated") is None:
        return None, match.start()
    return ("order" if re.fullmatch(r"[0-9]+\s*/\s*2[45][0-9]{2}", number) else "letter"), match.start()
