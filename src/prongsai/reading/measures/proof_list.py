"""The numbered list of proof in an annex: kind, details, and the measures that each piece supports."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from prongsai.improvement.model import Proof, ProofKind
from prongsai.reading.grid import grid, text_at
from prongsai.reading.measures.citations import links
from prongsai.reading.measures.lists import plain
from prongsai.reading.measures.periods import spans
from prongsai.reading.source import Source, Table, Where
from prongsai.thai.digits import to_arabic
from prongsai.thai.text import squeeze

_KINDS: tuple[tuple[str, ProofKind], ...] = (
    ("ลิงก์", "link"), ("ลิงค์", "link"), ("เว็บ", "link"), ("URL", "link"), ("ภาพ", "picture"), ("รูป", "picture"),
    ("คำสั่ง", "order"), ("หนังสือ", "letter"), ("รายงานการประชุม", "minutes"), ("รายงานผล", "project_report"),
    ("โครงการ", "project_report"),
)  # fmt: skip
_NUMBERED = re.compile(r"^ที่\s*(?P<number>\S+(?:\s+\S+)??)(?=\s*(?:ลงวันที่|เรื่อง|$))")
_SUBJECT = re.compile(r"(?:^|\s)เรื่อง\s+(?P<subject>.+)$")
_FILE = re.compile(r"^ไฟล์\s+(?P<name>.+)$")
_LACKING = re.compile(r"^(?:ยังไม่ระบุ|ไม่พบไฟล์)")


@dataclass(frozen=True)
class Listed:
    """One piece of proof of the list, with the titles of the measures it supports."""

    number: int
    proof: Proof
    where: Where
    text: str
    titles: tuple[str, ...]


def proof_list(source: Source) -> list[Listed]:
    """All pieces of all lists of proof."""
    return [listed for block in source.blocks if isinstance(block, Table) for listed in _of_table(block)]


def _of_table(table: Table) -> Iterator[Listed]:
    cells = grid(table)
    head = [squeeze(text_at(cells[0], x)) for x in range(len(cells[0]))] if cells else []
    number = next((x for x, text in enumerate(head) if re.search(r"หมายเลข|^ลำดับ|^ที่$", text)), None)
    kind = next((x for x, text in enumerate(head) if re.search(r"^ประเภท|ชนิด", text)), None)
    details = next((x for x, text in enumerate(head) if re.search(r"รายละเอียด|^หลักฐาน|^รายการ", text)), None)
    used = next((x for x, text in enumerate(head) if "มาตรการ" in text), None)
    if number is None or details is None or kind is None or used is None:
        return
    for row in cells[1:]:
        printed = to_arabic(text_at(row, number))
        first = row[number]
        if printed.isdigit() and first is not None:
            text = text_at(row, details)
            titles = tuple(plain(line) for line in text_at(row, used).split("\n") if line.strip())
            yield Listed(int(printed), _proof(text_at(row, kind), text), first.where, text, titles)


def _proof(kind: str, text: str) -> Proof:
    found = Proof(kind=next((known for word, known in _KINDS if word in kind), "file"))
    for line in (line.strip() for line in text.split("\n") if line.strip()):
        if _LACKING.match(line):
            continue
        if address := links(line):
            found.url = address[0]
        elif match := _FILE.match(line):
            found.path = match.group("name")
        elif line.startswith(("ที่ ", "ลงวันที่", "เรื่อง ")):
            numbered, subject = _NUMBERED.match(line), _SUBJECT.search(line)
            found.number = to_arabic(numbered.group("number")) if numbered else None
            found.subject = plain(subject.group("subject")) if subject else None
            found.date = _date(line)
        else:
            found.title = f"{found.title} {line}" if found.title else line
    return found


def _date(line: str) -> dt.date | None:
    """The date after ลงวันที่."""
    at = line.find("ลงวันที่")
    return next((span.start for span in spans(line) if at >= 0 and span.begin > at), None)
