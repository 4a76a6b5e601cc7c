"""What a report says was done about a measure: status, deeds with dates, result, obstacles, proof."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field

from prongsai.improvement.model import Deed, Proof, Status
from prongsai.reading.measures.citations import citations, links
from prongsai.reading.measures.draft import Report
from prongsai.reading.measures.lists import listing, plain
from prongsai.reading.measures.periods import spans
from prongsai.thai.digits import to_arabic
from prongsai.thai.text import squeeze

_STATUS: tuple[tuple[Status, re.Pattern[str]], ...] = (
    ("not_started", re.compile(r"ยังไม่(?:ได้)?(?:เริ่ม)?ดำเนินการ|ไม่ได้ดำเนินการ|ไม่มีการดำเนินการ")),
    ("in_progress", re.compile(r"(?:อยู่|กำลัง)(?:ใน)?(?:ระหว่าง)?(?:การ)?ดำเนินการ|ดำเนินการบางส่วน")),
    ("done", re.compile(r"ดำเนินการ(?:แล้ว(?:เสร็จ)?|เสร็จ(?:สิ้น)?|เรียบร้อย)|แล้วเสร็จ")),
)
_LABEL = re.compile(r"^(?P<label>ผลที่ได้(?:รับ)?|ปัญหา(?:และ)?\s*/?อุปสรรค|อุปสรรค|ปัญหา|หลักฐาน)\s*[:：]\s*(?P<text>.*)$")
_NUMBERS = re.compile(r"เอกสารหมายเลข\s*(?P<numbers>[0-9]+(?:\s*(?:,|และ)\s*[0-9]+)*)")
_TRAILING = re.compile(r"^(?P<text>.*\S)\s*\((?P<inside>[^()]*)\)\s*$", re.DOTALL)
_ON = re.compile(r"(?:เมื่อ(?:วันที่)?|ใน(?:วัน|เดือน)(?:ที่)?|ระหว่างวันที่)\s*$")
_SILENT = {"ไม่ได้บันทึกรายละเอียดสิ่งที่ดำเนินการ", "ยังไม่มีหลักฐานแนบ", "-", "–", "—"}


@dataclass
class Told:
    """A report taken apart. ``proof_numbers``: numbers of documents in the annex."""

    status: Status | None = None
    done: list[Deed] = field(default_factory=list)
    result: str | None = None
    obstacles: str | None = None
    proof: list[Proof] = field(default_factory=list)
    proof_numbers: list[int] = field(default_factory=list)


def told(report: Report) -> Told:
    """A report's columns and lines taken apart; ticks count before words."""
    found = Told()
    rest: list[str] = []
    last: str | None = None
    for line in f"{report.result}\n{report.proof}".split("\n"):
        match = _LABEL.match(line.strip())
        if match:
            last = match.group("label")[:4]
            _labelled(found, last, match.group("text"))
        elif last is not None:
            _labelled(found, last, line)
        elif line.strip():
            rest.append(line)
    said = _lead_status(rest)
    found.status = _ticked(report) or said or status_of(report.status)
    text = "\n".join(line for line in rest if squeeze(line) not in _SILENT)
    found.done = [_deed(item) for item in listing(text).items] if text else []
    found.proof += proofs(text)
    found.done = [deed for deed in found.done if deed.text]
    if report.obstacles and squeeze(report.obstacles) not in _SILENT and not found.obstacles:
        found.obstacles = plain(report.obstacles)
    if found.status is None and (found.done or found.result or found.proof):
        found.status = status_of(text) if status_of(text) != "done" else "done"
        found.status = found.status or "done"
    return found


def status_of(text: str) -> Status | None:
    """The status that a text says in words."""
    words = squeeze(text)
    return next((status for status, pattern in _STATUS if pattern.search(words)), None)


def proofs(text: str) -> list[Proof]:
    """Numbered documents and links that a text gives as proof."""
    found = [
        Proof(
            kind=cited.kind if cited.kind in ("order", "letter", "minutes") else "file",
            number=cited.number,
            date=cited.date,
            subject=cited.subject,
        )
        for cited in citations(text)
    ]
    return found + [Proof(kind="link", url=link) for link in links(text)]


def _ticked(report: Report) -> Status | None:
    return next((status for status, _ in _STATUS if status == report.ticked), None)


def _lead_status(lines: list[str]) -> Status | None:
    """A first line that is only a status; it is taken off."""
    if lines and len(squeeze(lines[0])) <= 28 and (status := status_of(lines[0])):
        del lines[0]
        return status
    return None


def _labelled(found: Told, label: str, text: str) -> None:
    if squeeze(text) in _SILENT or not text.strip():
        return
    if label.startswith("ผล"):
        found.result = f"{found.result} {plain(text)}" if found.result else plain(text)
    elif label.startswith("หล"):
        numbers = _NUMBERS.search(to_arabic(text))
        if numbers:
            found.proof_numbers += [int(number) for number in re.findall(r"[0-9]+", numbers.group("numbers"))]
        else:
            found.proof += proofs(text)
    else:
        found.obstacles = f"{found.obstacles} {plain(text)}" if found.obstacles else plain(text)


def _deed(text: str) -> Deed:
    """A deed with the date behind it in brackets or after ``เมื่อวันที่``; the number of a document is no part of it."""
    for cited in reversed(list(citations(text))):
        if not text[cited.stop :].strip() or squeeze(text[cited.stop :]) == "เรื่อง":
            text = text[: cited.begin].strip()
    if match := _TRAILING.match(text):
        dates = spans(match.group("inside"))
        if len(dates) == 1 and squeeze(dates[0].text) == squeeze(match.group("inside")):
            return Deed(text=plain(match.group("text")), date=dates[0].start, end=_end(dates[0].start, dates[0].end))
    for date in spans(text):
        if _ON.search(text[: date.begin]):
            return Deed(text=plain(text), date=date.start, end=_end(date.start, date.end))
    return Deed(text=plain(text))


def _end(start: dt.date, end: dt.date) -> dt.date | None:
    """The end of a deed that took more than a day."""
    return end if end != start else None
