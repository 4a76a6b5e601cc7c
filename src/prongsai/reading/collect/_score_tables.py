"""Scores in tables: rows that name an item, indicator or instrument, and the columns that hold their scores."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from prongsai.reading.collect._running_text import values_of
from prongsai.reading.columns import Column, columns, figure, named
from prongsai.reading.grid import text_at
from prongsai.reading.item_codes import Around, by_wording, understood
from prongsai.reading.loosely import loose
from prongsai.reading.lost_parts import by_turns, lost_part, put_right
from prongsai.reading.mentions import Mention
from prongsai.reading.model import Printed, Unread
from prongsai.reading.source import Cell, Line
from prongsai.reading.squeezed import squeeze
from prongsai.reading.vocabulary import Vocabulary
from prongsai.reading.walk import Placed, stretch
from prongsai.scoring.structure import structure

_RANK = {"overall": 0, "result": 0, "instrument": 1, "part": 2, "indicator": 3, "sub_indicator": 4, "item": 5}
_LEADING = re.compile(
    r"\(?(?P<code>(?:ข้อ(?:คำถาม|ที่)?)?[l|!A-Za-z]?[ \-]?\d{1,3})\)?[.:)]?[\s\n]*(?P<wording>[ก-๙A-Za-z“\"&(].*)",
    re.DOTALL,
)
_WORDING_HEAD = re.compile(r"ข้อ|ประเด็น|คำถาม|รายการ|รายละเอียด")
# What may stand before the name of what a row scores.
_BEFORE_NAME = re.compile(r"[\d.()\s\-–•#:]*(?:ผล|คะแนน|การประเมิน|สรุป|รวม|เฉลี่ย|ค่า|แบบ|ด้าน|ตัวชี้วัด|ที่|ของ|ราย)*[:(\s“\"]*")
# Behind a bare name: then it only begins a longer one (การใช้งบประมาณและการจัดซื้อจัดจ้างที่ไม่เอื้อประโยชน์แก่ผู้ใด).
_GOES_ON = re.compile(r"(?:และ|ที่|ให้|ใน|ตาม|โดย|อย่าง|ต่อ)[ก-๙]{6}")
# A sentence before a table without a head that says what scores would become.
_SUPPOSED_BELOW = re.compile(loose(r"^(?:หาก|ถ้า).*(?:ดังตาราง|ดังนี้|จะได้)"))
_LONG = 15
_PART_LABEL = 60


@dataclass
class Row:
    """One row: what it names, what it stands under, what rows above it named, and whether its text is a puzzle."""

    node: str | None
    rank: int
    around: Around
    used: set[str]
    scored: bool  # the table has a column of scores
    puzzling: bool = False
    part: str | None = None  # the part that the label names beside an item
    meant: str | None = None  # the part that the row means where its number was misread


def table_values(placed: Placed, words: Vocabulary, year: int | None) -> Iterator[Printed | Unread]:
    """All scores of a table, those inside its texts too."""
    if placed.around.contents:
        return
    head = placed.table.head
    cols = columns_of(placed, words)
    if not head and placed.above and _SUPPOSED_BELOW.search(squeeze(placed.above[-1].text)):
        return
    body = placed.cells[head:]
    around = placed.around
    role = _role(placed)
    wide = _is_wide(cols, body)
    seen: set[int] = set()  # a merged cell is seen from every row that it covers
    for cells, row in rows_of(placed, words):
        around = row.around
        if wide:
            yield from _wide_row(cells, cols, words, year, role)
        else:
            yield from _scores(cells, cols, row, words, (role, year))
        yield from _texts(cells, cols, row.around, words, (year, seen))
    for cells in placed.cells[:head]:
        yield from _texts(cells, [Column("label", "")] * len(cells), around, words, (year, seen))


Rows = tuple[tuple[list[Cell | None], Row], ...]


@lru_cache(maxsize=512)
def columns_of(placed: Placed, words: Vocabulary) -> list[Column]:
    """What the columns of a table hold."""
    return columns(placed.cells, placed.table.head, words)


@lru_cache(maxsize=512)
def rows_of(placed: Placed, words: Vocabulary) -> Rows:
    """The body rows of a table with what each names; headings inside the table hold for the rows below them."""
    cols = columns_of(placed, words)
    around, used = placed.around, set[str]()
    scored = any(col.use == "score" for col in cols)
    found = []
    meant = _parts(placed.cells[placed.table.head :], cols, words)
    for index, cells in enumerate(placed.cells[placed.table.head :]):
        row = _row(cells, cols, Row(None, -1, around, used, scored, meant=meant.get(index)), words)
        around = row.around
        if row.node:
            used.add(row.node)
        found.append((cells, row))
    return tuple(found)


def _parts(body: Sequence[Sequence[Cell | None]], cols: Sequence[Column], words: Vocabulary) -> dict[int, str]:
    """Rows that name a part of an instrument by a misread number: row → the part that is meant."""
    if not any(instrument.parts for instrument in words.framework.instruments):
        return {}
    named_there: list[str | None] = []
    indicators: list[str | None] = []
    lost: list[str | None] = []
    for cells in body:
        labels = [c.text for c, col in zip(cells, cols, strict=False) if c and col.use == "label" and c.text.strip()]
        label = labels[0].split("\n", maxsplit=1)[0] if labels and len(labels[0]) <= _PART_LABEL else ""
        first = _named_early(label, words, Around()) if label else None
        named_there.append(first.nodes[0] if first and first.kind == "part" else None)
        indicators.append(first.nodes[-1] if first and first.kind == "indicator" else None)
        lost.append(lost_part(label, words) if label and first is None else None)
    if not any(named_there) and not any(lost):
        return {}
    right = put_right(named_there, lost, words)
    parts = [right.get(row, part) for row, part in enumerate(named_there)]
    return {**right, **by_turns(indicators, parts, words)}


def _role(placed: Placed) -> str:
    near = squeeze(" ".join([placed.table.name or "", *(line.text for line in placed.above[-2:])]))
    if placed.around.ranked or "มากไปหาน้อย" in near or "มากไปน้อย" in near:
        return "ranking"
    return "chart" if placed.table.name and "แผนภูมิ" in squeeze(placed.table.name) else "table"


def _is_wide(cols: Sequence[Column], body: Sequence[Sequence[Cell | None]]) -> bool:
    """Columns are nodes (indicators, instruments) and each row is one agency or one year."""
    nodes = {node for col in cols if col.use == "score" and not col.part for node in col.nodes}
    parts = {col.part for col in cols if col.use == "score" and col.part}
    return len(nodes) >= 2 or (len(nodes | parts) >= 3) or (len(body) == 1 and bool(nodes))


def _wide_row(
    cells: Sequence[Cell | None], cols: Sequence[Column], words: Vocabulary, year: int | None, role: str
) -> Iterator[Printed]:
    for x, col in enumerate(cols):
        if col.use != "score" or not col.nodes or (col.year and year and col.year != year):
            continue
        cell = cells[x] if x < len(cells) else None
        found = figure(cell.text) if cell else None
        if cell and found:
            for node in col.nodes:
                of = found[2] or col.of or (_weight(node, words) if col.weighted else None)
                yield Printed(node, found[0], found[1], cell.where, col.head, role, of)  # type: ignore[arg-type]


def _weight(node: str, words: Vocabulary) -> Decimal | None:
    return words.framework.overall.weights.get(node)


def _row(cells: Sequence[Cell | None], cols: Sequence[Column], row: Row, words: Vocabulary) -> Row:
    """What a row names: the most specific thing that its label cells name, from left to right."""
    scored = [x for x, col in enumerate(cols) if col.use == "score"]
    before = scored[0] if scored else len(cells)
    code = ""
    seen: Cell | None = None
    for x in range(len(cells)):
        cell = cells[x]
        if cell is None or cell is seen or not cell.text.strip() or (x >= before and row.node):
            continue
        if x < len(cols) and cols[x].use in ("score", "full", "level", "respondents", "year"):
            continue
        seen = cell
        text, head = cell.text.strip(), cols[x].head if x < len(cols) else ""
        if re.fullmatch(r"\(?[A-Za-z|!]?[ ]?[0-9๐-๙]{1,3}\)?\.?", text):
            if not row.scored and squeeze(text).strip("().").isdigit():
                continue
            code = text if not re.search(r"ลำดับ|^ที่$", head) or not squeeze(text).isdigit() else code
            if (found := understood(text, words, row.around)) and not squeeze(text).strip("().").isdigit():
                _name(row, "item", found, words)
            continue
        if row.rank >= 0 and (x >= before or not row.scored):
            break
        _label(row, text, head, code, words)
    return row


def _label(row: Row, text: str, head: str, code: str, words: Vocabulary) -> None:
    """Take what one label cell names into the row."""
    first = text.split("\n", maxsplit=1)[0]
    if bracket := re.search(r"\(([^()]{3,40})\)\s*$", text.replace("\n", " ")):
        parts = [m.nodes[0] for m in named(bracket.group(1), words) if m.kind == "part"]
        row.part = parts[0] if len(parts) == 1 else row.part
    mention = _named_early(first, words, row.around)
    if row.meant:
        _name(row, "part", row.meant, words)
    if row.meant and not (mention and mention.kind == "indicator"):
        return
    if mention is None and lost_part(first, words):
        row.around, row.puzzling = Around(aspect=row.around.aspect), True
    elif mention is None and (leading := _after_figures(text, row, words)):
        _name(row, *leading, words)
    elif mention and not (mention.kind == "result" and len(text) > 40):
        for named_here in [mention, *_more(first, mention, words, row.around)]:
            _name(row, named_here.kind, named_here.nodes[-1], words)
    elif like := words.indicator_like(text.replace("\n", " ")):
        _name(row, "indicator", like, words)
    elif code and (found := understood(code, words, row.around, text)):
        _name(row, "item", found, words)
    elif row.scored and len(squeeze(text)) >= _LONG:
        _by_words(row, text, head, words)


def _after_figures(text: str, row: Row, words: Vocabulary) -> tuple[str, str] | None:
    """``2. การใช้งบประมาณ``, ``๑๑๔ รายการการจัดซื้อจัดจ้าง``: figures, then what they number."""
    match = _LEADING.match(squeeze(text))
    if match is None:
        return None
    wording = match.group("wording")
    if like := words.indicator_like(wording.split("\n")[0]):
        return "indicator", like
    found = _led(match.group("code"), wording, row, words)
    return ("item", found) if found else None


def _by_words(row: Row, text: str, head: str, words: Vocabulary) -> None:
    """A wording without a code: the item of the indicator that it is most alike to."""
    within = [c for c, i in words.items.items() if row.around.indicator in (None, i)]
    fresh = [c for c in within if c not in row.used]  # a table names an item once
    if found := by_wording(text, words, fresh) or by_wording(text, words, within):
        _name(row, "item", found, words)
    elif _WORDING_HEAD.search(head):
        row.puzzling = True


def _led(code: str, wording: str, row: Row, words: Vocabulary) -> str | None:
    """The item that a code before its wording means. A bare figure of one or two places may be list numbering."""
    if re.fullmatch(r"[1-9]\d?", code) and not row.scored:
        return None
    return understood(code, words, row.around, wording)


def _named_early(text: str, words: Vocabulary, around: Around) -> Mention | None:
    """The first thing a label names, if it begins with it (but for numbering, คะแนน and the like)."""
    found = named(text, words, around)
    if not found:
        return None
    first, plain = found[0], squeeze(text)
    if first.kind == "indicator" and first.number is None and _GOES_ON.match(plain, first.end) and len(found) == 1:
        return None
    return first if _BEFORE_NAME.fullmatch(plain[: first.start]) else None


def _more(text: str, first: Mention, words: Vocabulary, around: Around) -> list[Mention]:
    """``EIT ส่วนที่ 1``: what is named right behind and says it more closely."""
    rest = named(text, words, around)[1:]
    return [m for m in rest[:1] if _RANK[m.kind] > _RANK[first.kind] and m.start - first.end <= 3]


def _name(row: Row, kind: str, node: str, words: Vocabulary) -> None:
    """The row names a node: what follows stands under it; the most specific node is the row's own."""
    owner = words.instrument_of.get(node.split(".", maxsplit=1)[0] if kind == "item" else node)
    if kind == "instrument":
        row.around = replace(row.around, instrument=node, part=None, indicator=None)
    elif kind == "part":
        row.around = replace(row.around, instrument=node.split(".", maxsplit=1)[0], part=node, indicator=None)
    elif kind == "indicator":
        part = row.around.part if row.around.instrument == owner else None
        row.around = replace(row.around, instrument=owner, part=part, indicator=node)
    if _RANK[kind] >= row.rank:
        row.node, row.rank = node, _RANK[kind]


def _scores(
    cells: Sequence[Cell | None], cols: Sequence[Column], row: Row, words: Vocabulary, how: tuple[str, int | None]
) -> Iterator[Printed | Unread]:
    role, year = how
    label = " ".join(cell.text.replace("\n", " ") for x, cell in enumerate(cells) if cell and cols[x].use == "label")[
        :400
    ]
    full = next((f[0] for x, c in enumerate(cols) if c.use == "full" and (f := figure(text_at(list(cells), x)))), None)
    for x, col in enumerate(cols):
        cell = cells[x] if x < len(cells) else None
        if cell is None or (col.year and year and col.year != year):
            continue
        if col.use == "score" and (found := figure(cell.text)):
            node = _at(row, col, words)
            if node is None or (row.puzzling and row.rank <= _RANK["indicator"]):
                if col.exact:
                    yield Unread(f"{label} | {cell.text}"[:300], cell.where, "คะแนนในแถวที่ไม่ทราบว่าเป็นของข้อใด")
                continue
            of = found[2] or col.of or (full if full and full < 100 and found[0] <= full else None)
            if of is None and col.weighted:
                of = _weight(node, words)
            yield Printed(node, found[0], found[1], cell.where, label, role, of)  # type: ignore[arg-type]


def _at(row: Row, col: Column, words: Vocabulary) -> str | None:
    """The node of a score: the row's, within the part that the column or the heading says."""
    if row.node is None:
        return None
    part = col.part or row.part or row.around.part
    if part and f"{row.node}@{part}" in structure(words.framework).nodes:
        return f"{row.node}@{part}"
    if col.part and row.node == col.part.split(".")[0]:
        return col.part
    return row.node


def _texts(
    cells: Sequence[Cell | None],
    cols: Sequence[Column],
    around: Around,
    words: Vocabulary,
    how: tuple[int | None, set[int]],
) -> Iterator[Printed | Unread]:
    """Scores inside the texts of cells: ``ตัวชี้วัดที่ 1 … (99.42 คะแนน)``."""
    year, seen = how
    for x, cell in enumerate(cells):
        if cell is None or id(cell) in seen or (x < len(cols) and cols[x].use in ("score", "full")):
            continue
        seen.add(id(cell))
        if not re.search(r"[0-9๐-๙]", cell.text) or figure(cell.text):
            continue
        lines = [Line(piece, cell.where) for piece in cell.text.split("\n") if piece.strip()]
        yield from values_of(stretch(lines, around, words), words, year, "table")
