"""What the columns of a table hold: labels, scores of one thing or another, full marks, levels, years, agencies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from prongsai.reading.grid import Grid, text_at
from prongsai.reading.item_codes import Around
from prongsai.reading.loosely import loose
from prongsai.reading.lost_parts import lost_part, put_right
from prongsai.reading.mentions import FULL_MISREAD, Mention, mentions
from prongsai.reading.source import Cell, Line, Where
from prongsai.reading.squeezed import passage, squeeze
from prongsai.reading.vocabulary import Vocabulary

_FIGURE = re.compile(
    r"\(?(?P<number>\d{1,3}(?:[.·．]\s?\d{1,4}|,\d{2})?)\s?(?:คะแนน|%)?\)?(?:/(?P<of>\d{2,3})(?:คะแนน)?)?"
    r"(?:\n?(?:ต่ำกว่า|ไม่ถึง|ตั้งแต่|ถึง|สูงกว่า|ผ่าน|ไม่ผ่าน)[^\n]*)?"
)
_NO_SCORE = re.compile(
    loose(
        r"เต็ม|ลำดับ|^(?:ลำดับ)?ที่$|^ข้อ(?:ที่)?$|อันดับ|เป้าหมาย|เกณฑ์|เปลี่ยนแปลง|ผลต่าง|ส่วนต่าง|เพิ่ม|ลด|จำนวน|บาท|งบประมาณ$|^หน้า$"
        r"|คลาดเคลื่อน|เชื่อมั่น|ที่จะได้|เป็นไปได้|คาด|ประเทศ|ปีก่อน|วัน|เดือน|S\.?D|^no\.?$|น้ำหนัก(?!\))|ประชากร|สัดส่วน"
    )
)
_NOT_GIVEN = re.compile(loose(r"[-–]$|ไม่(?:เข้าข่าย|ทราบ|มีคะแนน|แสดง|ประเมิน|ได้ประเมิน)|\d{1,3}\.\d\d[–-]\d{1,3}\.\d\d"))
_SUPPOSED = re.compile(loose(r"ที่จะได้|คาดว่า"))  # what a score would become, whatever the head names
_WEIGHTED = re.compile(r"weighted|ถ่วงน้ำหนัก|ตามน้ำหนัก|คิดเป็น(?:คะแนน)?\d+")
_LATE = 3  # rows that a table has at least, for its second one to be the head
_FULL_IN_HEAD = re.compile(r"\((?:เต็ม|คะแนนเต็ม)?(?P<of>\d{2,3})(?:คะแนน|%)?\)|เต็ม(?P<of2>\d{2,3})(?!\d)")
_YEAR = re.compile(r"(?<!\d)(2[45]\d\d)(?!\d)")
_SCORE_HEAD = re.compile(loose(r"คะแนน|ผลการประเมิน|ร้อยละ|ค่าเฉลี่ย|score|overall|ปีนี้"))
_LEVEL_HEAD = re.compile(loose(r"^(?:ผล)?ระดับ|^level$|ผลการประเมินระดับ|เกรด"))
_AGENCY_HEAD = re.compile(
    r"^(?:ชื่อ)?(?:หน่วยงาน|ส่วนราชการ|อปท\.?|องค์กรปกครองส่วนท้องถิ่น|คณะ|สำนัก/กอง|agency|unit|name)(?:/|$|ที่|ภาย)"
)
_RESPONDENTS = re.compile(loose(r"ผู้ตอบ|ชุดคำตอบ|กลุ่มตัวอย่าง|respondents"))
_YEAR_HEAD = re.compile(r"^(?:ปี(?:งบประมาณ)?(?:พ\.ศ\.)?|fiscal_year.*|year)$")
_ENGLISH = re.compile(
    r"(?:indicator|ind)[_ ]?(\d{1,2})|(overall)|([a-z])[_ ]?(\d{1,2})$|(iit|eit|oit)(?:[._ ]?([12])(?!\d))?"
)
_NOWHERE = Where("")


@dataclass(frozen=True)
class Column:
    """One column. ``use``: label, score, full (full marks), level, agency, year, respondents, none.

    ``nodes``: what a score column is of, where its head says so; ``part``: of which part; ``of``: full mark.
    """

    use: str
    head: str
    nodes: tuple[str, ...] = ()
    part: str | None = None
    of: Decimal | None = None
    weighted: bool = False
    year: int | None = None
    exact: bool = False  # some of its figures have decimals
    lost: str | None = None  # the instrument of which its head names a part with a misread number


def figure(text: str) -> tuple[Decimal, str, Decimal | None] | None:
    """A cell that is nothing but a score: its value, its figures as printed, and its full mark if it says so.

    A value above 100 is none, unless it is 100.00 with one digit misread: then it is kept as it stands.
    """
    plain = squeeze(text)
    match = _FIGURE.fullmatch(plain)
    if not match:
        return None
    value = Decimal(re.sub(r"[·．,]\s?", ".", match.group("number")).replace(" ", "").replace("\ue000", ""))
    raw = re.search(r"[0-9๐-๙]+(?:\s?[.·．,]\s?[0-9๐-๙]+)?", text)
    of = Decimal(match.group("of")) if match.group("of") else None
    possible = value <= 100 or FULL_MISREAD.fullmatch(str(value))
    return (value, raw.group() if raw else text.strip(), None if of == 100 else of) if possible else None


def columns(cells: Grid, head: int, words: Vocabulary) -> list[Column]:
    """What each column of a table holds, by its head and by what stands in it."""
    if not cells:
        return []
    found = [_column(cells, head, x, words) for x in range(len(cells[0]))]
    if not any(column.use == "score" and (column.part or column.lost) for column in found):
        return found
    scored = [x for x, column in enumerate(found) if column.use == "score"]
    right = put_right([found[x].part for x in scored], [found[x].lost for x in scored], words)
    for place, part in right.items():
        found[scored[place]] = replace(found[scored[place]], nodes=(part,), part=part)
    return [replace(column, use="none") if column.lost and not column.part else column for column in found]


def _column(cells: Grid, head: int, x: int, words: Vocabulary) -> Column:
    heads = list(dict.fromkeys(text_at(cells[y], x) for y in (range(head) or _late_head(cells))))
    title = squeeze(" ".join(text for text in heads if text))
    own = [row for row in cells[head:] if not _across(row, x)]
    body = [text for row in own if (text := text_at(row, x))]
    figures = [found for text in body if (found := figure(text))]
    counts = len(figures) >= max(1, 0.6 * len([text for text in body if not _NOT_GIVEN.match(squeeze(text))]))
    exact = any("." in str(value) for value, _, _ in figures)
    use = _plain_use(title.lower(), counts, exact)
    return Column(use, title) if use else _scores(title, exact, words)


def _late_head(cells: Grid) -> Sequence[int]:
    """The second row where it is the head, set below the first row of the body by whatever took the text out."""
    if len(cells) < _LATE or not any(cell and figure(cell.text) for cell in cells[0]):
        return ()
    texts = [cell.text.strip() for cell in cells[1] if cell]
    words_only = all(texts) and len(texts) > 1 and not any(re.search(r"[0-9๐-๙]", text) for text in texts)
    return (1,) if words_only and any(_SCORE_HEAD.search(squeeze(text).lower()) for text in texts) else ()


def _across(row: Sequence[Cell | None], x: int) -> bool:
    """Whether a heading over several columns stands here again: the same cell, or its words repeated by an export."""
    if not 0 < x < len(row):
        return False
    left, here = row[x - 1], row[x]
    return here is left or bool(here and left and here.text == left.text and not figure(here.text))


def _plain_use(head: str, counts: bool, exact: bool) -> str | None:
    """The use of a column that holds no scores, or None where it does. ``counts``: it is made of figures."""
    if _LEVEL_HEAD.search(head):
        return "level"
    if _AGENCY_HEAD.search(head) and not counts:
        return "agency"
    if _YEAR_HEAD.search(head):
        return "year"
    if _RESPONDENTS.search(head) and not exact:
        return "respondents"
    return None if counts else "label"


def _scores(title: str, exact: bool, words: Vocabulary) -> Column:
    """A column of figures: of what, out of how much, of which year; or none, or full marks."""
    lower = title.lower()
    nodes, part = _of(title, words)
    year = int(found.group(1)) if (found := _YEAR.search(title)) else None
    full = _FULL_IN_HEAD.search(title)
    of = Decimal(full.group("of") or full.group("of2")) if full else None
    weighted = bool(_WEIGHTED.search(lower))
    lost = lost_part(title, words)
    column = Column("score", title, nodes, part, None if of == 100 else of, weighted, year, exact, lost)
    if _SUPPOSED.search(title):
        return Column("none", title)
    if nodes or part or weighted or lost:
        return column
    if re.search(r"เต็ม|^น้ำหนัก|full", lower) and not exact:
        return Column("full", title)
    named_as_score = exact or _SCORE_HEAD.search(lower) or year is not None
    return Column("none", title) if _NO_SCORE.search(title) or not named_as_score else column


def _of(title: str, words: Vocabulary) -> tuple[tuple[str, ...], str | None]:
    """The node that a head names; or a part, where rows may say what is scored within it."""
    if node := _english(title, words):
        return (node,), None
    found = named(title, words) if title else []
    kinds = {mention.kind for mention in found}
    if "part" in kinds and not kinds - {"part", "instrument"}:
        part = next(m.nodes[0] for m in found if m.kind == "part")
        return (part,), part
    specific = [m for m in found if m.kind not in ("result", "overall")] or [m for m in found if m.kind != "result"]
    return (specific[0].nodes if len({m.nodes for m in specific}) == 1 else ()), None


def _english(title: str, words: Vocabulary) -> str | None:
    """Heads of data files: ``indicator_1``, ``overall``, ``i1``, ``iit_weighted``, ``eit.1``."""
    plain = title.lower().replace("weighted", "").strip("_ ")
    match = _ENGLISH.search(plain)
    if match is None:
        return None
    number, overall, letter, item, code, part = match.groups()
    known: str | None = None
    if number:
        known = number if number in words.names.values() else None
    elif overall:
        known = "overall"
    elif letter:
        known = f"{letter}{item}" if f"{letter}{item}" in words.items else None
    elif re.fullmatch(r"(?:iit|eit|oit)[._ 12]*", plain):
        known = f"{code.upper()}.{part}" if part else code.upper()
    return known


def named(text: str, words: Vocabulary, around: Around | None = None) -> list[Mention]:
    """What a short text such as a head or a cell names."""
    place = around or Around()
    return mentions(passage([Line(text, _NOWHERE)]), words, lambda _: place)
