"""The service-point summary: a memo to the executive, then scores by unit and item for half a fiscal year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from prongsai.analysis.themes import themes
from prongsai.documents import parts, parts_memo, ranks
from prongsai.documents.notices import finished
from prongsai.documents.notices.service_scores import Figures, Period, PeriodFigures, UnitAnswers, figures, year_scores
from prongsai.documents.request import Digits, Letter, Person
from prongsai.documents.tree import (
    Block,
    Bullets,
    Cell,
    Chart,
    Column,
    Document,
    Heading,
    Paragraph,
    Run,
    Section,
    Series,
    Signature,
    Table,
)
from prongsai.errors import InputError, Problem
from prongsai.framework import Framework, Item
from prongsai.scoring.interval import shown
from prongsai.scoring.level import meets
from prongsai.thai.dates import long_date
from prongsai.thai.fiscal_year import FiscalYear

__all__ = ["Period", "Summary", "UnitAnswers", "build", "publication"]

NOT_SHOWN = "ไม่แสดง"
_HALF = {1: "ครึ่งปีแรก", 2: "ครึ่งปีหลัง"}
_ONLINE = ("improvement.online", "oit.e_service")
_BARS, _COLUMNS = 16, 10  # units in a chart, items in a table: more go into the next one


@dataclass(frozen=True)
class Summary:
    """What the summary is made of.

    ``before``: the period before, to compare with; the first half of the same year makes the best unit one of the
    year. ``online``: items that ask about E-Service; None takes those whose theme is online service. ``comments``: the
    officer's own, beside those that follow from the scores.
    """

    agency: str
    framework: Framework
    now: Period
    before: Period | None = None
    online: tuple[str, ...] | None = None
    comments: tuple[str, ...] = ()
    letter: Letter = field(default_factory=Letter)
    agency_kind: str | None = None
    emblem: bytes | None = None
    digits: Digits = "arabic"


def build(summary: Summary) -> Document:
    """Memo, table, chart and comments. Nothing of a small group is in it, not even as a difference.

    Raises ``InputError`` for unknown items or options, units named twice, or a period that is not before ``now``.
    """
    page = _Page(summary)
    return _document(page, (Section(tuple(page.memo()), page_numbers=False), *page.sections()))


def publication(summary: Summary) -> Document:
    """The same without the memo, for the agency's website."""
    page = _Page(summary)
    return _document(page, page.sections())


def _document(page: _Page, sections: tuple[Section, ...]) -> Document:
    agency = page.given.agency
    made = Document(title=f"{page.subject} {agency}", sections=sections, lead=tuple(page.lead()))
    return finished(made, agency, "service", page.given.digits)


class _Page:
    """The figures of one summary, and what is said of them."""

    def __init__(self, summary: Summary) -> None:
        self.given, self.framework = summary, summary.framework
        now, before = summary.now, summary.before
        if before and (before.year, before.half) >= (now.year, now.half):
            raise InputError(Problem("documents.period", f"{before.year}/{before.half}", "รอบก่อนต้องอยู่ก่อนรอบนี้",
                                     "the period before must lie before the period reported", ""))  # fmt: skip
        self.now: PeriodFigures = figures(self.framework, now)
        self.before = figures(self.framework, before) if before else None
        self.target = self.framework.target.overall_min if self.framework.target else None
        self.list: list[Item] = [
            item
            for inst in self.framework.instruments
            if inst.kind == "survey"
            for indicator in inst.indicators
            for item in indicator.items
        ]
        self.name = _period(now)
        self.subject = f"รายงานผลความพึงพอใจ ณ จุดบริการ {self.name}"

    # --- what is said ---------------------------------------------------------------------------------------------

    def lead(self) -> Iterator[str]:
        """What a reader of the tables alone must know."""
        k = self.framework.disclosure.k
        yield (f"“{NOT_SHOWN}” คือหน่วยบริการที่มีผู้ตอบน้อยกว่า {k} คน หรือที่ต้องปิดไว้ด้วยเพื่อมิให้คำนวณย้อนจากผลรวม")
        if self.target is not None:
            yield f"ค่าเป้าหมาย {self.target} คะแนน"

    def overall(self) -> str:
        """Respondents and overall score."""
        total = self.now.total
        if total.overall is None:
            return f"{self.name} มีผู้ตอบไม่เพียงพอที่จะแสดงคะแนนรวมโดยไม่เปิดเผยคำตอบของรายบุคคล"
        text = f"{self.name} มีผู้ตอบ {total.respondents:,} คน ได้คะแนนรวม {parts.points(total.overall)} คะแนน"
        if self.target is not None:
            text += f" {'ยังไม่' * self.low(total.overall)}บรรลุค่าเป้าหมาย {self.target} คะแนน"
        return text

    def change(self) -> str:
        """The change from the period before."""
        if self.before is None or self.given.before is None:
            return "ไม่มีผลของรอบก่อนให้เปรียบเทียบ"
        name = _period(self.given.before)
        now, before = self.now.total.overall, self.before.total.overall
        if now is None or before is None:
            return f"เปรียบเทียบคะแนนรวมกับ{name}ไม่ได้ เพราะมีรอบที่ไม่แสดงคะแนน"
        return f"เทียบกับ{name} ({parts.points(before)} คะแนน) เปลี่ยนแปลง {parts.signed(_difference(now, before))} คะแนน"

    def best(self) -> str:
        """The best unit: of the year where both halves are known, else of the period."""
        now, before = self.given.now, self.given.before
        whole = before is not None and (before.year, before.half) == (now.year, 1)
        periods = (before, now) if before and whole else (now,)
        scores = year_scores(self.framework, periods)
        span = f"{parts.fiscal_year_text(now.year)}" if whole else self.name
        if not scores:
            return f"ยังไม่มีหน่วยบริการที่แสดงคะแนนได้ จึงไม่จัดหน่วยบริการดีเด่นของ{span}"
        top = max(shown(value) for value in scores.values())
        names = [name for name, value in scores.items() if shown(value) == top]
        title = f"หน่วยบริการดีเด่นของ{span}" if whole else f"หน่วยบริการที่ได้คะแนนสูงสุดใน{self.name}"
        among = "ทั้งสองครึ่งปี" if whole else ""
        return f"{title} คือ {' และ '.join(names)} ({top} คะแนน) พิจารณาเฉพาะหน่วยบริการที่แสดงคะแนนได้{among}"

    def low(self, score: Fraction | None) -> bool:
        """Whether a score is below the target."""
        return score is not None and self.target is not None and not meets(self.framework, score, self.target)

    def remarks(self) -> list[str]:
        """What fell below the target: items of all units with what may help, then the items of each unit."""
        found: list[str] = []
        for item in self.list:
            score = self.now.total.item(item.code)
            if self.low(score):
                theme = themes().get(item.theme or "")
                text = f"{item.code} {item.short or item.text or ''} ได้ {parts.points(score)} คะแนน"
                found.append(f"{text} {theme.low} ข้อเสนอแนะ: {theme.advice[0]}" if theme else text)
        for unit in self.now.units:
            codes = [
                f"{item.code} ({parts.points(unit.item(item.code))})"
                for item in self.list
                if self.low(unit.item(item.code))
            ]
            if codes:
                found.append(f"{unit.name}: {', '.join(codes)}")
        return found

    # --- the memo -------------------------------------------------------------------------------------------------

    def memo(self) -> list[Block]:
        """Facts and what is asked of the executive."""
        letter = self.given.letter
        author = letter.author or Person("เจ้าหน้าที่ผู้รับผิดชอบ")
        below = [unit.name for unit in self.now.units if self.low(unit.overall)]
        facts = [self.overall(), self.change(), self.best()]
        if below:
            facts.append(f"หน่วยบริการที่ต่ำกว่าค่าเป้าหมาย ได้แก่ {', '.join(below)}")
        wanted = letter.decisions or (
            "รับทราบผลความพึงพอใจ ณ จุดบริการ",
            "เห็นชอบให้เผยแพร่ผลบนเว็บไซต์หลักของหน่วยงาน",
            *(("มอบหมายหน่วยบริการปรับปรุงข้อที่ต่ำกว่าค่าเป้าหมาย",) if self.remarks() else ()),
        )
        return [
            *parts_memo.head(self.given, letter.subject or self.subject, self.given.emblem),
            parts_memo.label("เรื่องเดิม"),
            Paragraph(
                letter.background
                or f"{self.given.agency} ได้สำรวจความพึงพอใจของผู้รับบริการ ณ จุดบริการ {_dates(self.given.now)} "
                "โดยไม่เก็บข้อมูลที่ระบุตัวผู้ตอบ",
                indent=True,
            ),
            parts_memo.label("ข้อเท็จจริง"),
            Bullets(tuple(facts), numbered=True),
            *([parts_memo.label("ข้อกฎหมายและระเบียบ")] if letter.legal else []),
            *(Paragraph(text, indent=True) for text in letter.legal),
            parts_memo.label("ข้อเสนอเพื่อพิจารณา"),
            Bullets(tuple(wanted), numbered=True),
            Paragraph("จึงเรียนมาเพื่อโปรดพิจารณา", indent=True, keep_with_next=True),
            Signature(author.name, (author.position,)),
            *parts_memo.routing(ranks.route(self.given)),
        ]

    # --- the report -----------------------------------------------------------------------------------------------

    def sections(self) -> tuple[Section, ...]:
        """The report's pages."""
        return (Section(tuple(self.report())), Section(tuple(self.items()), landscape=True))

    def report(self) -> list[Block]:
        """Units, chart, E-Service, comments."""
        blocks: list[Block] = [
            Paragraph((Run(self.subject, bold=True, size=20),), align="center", style="subtitle"),
            Paragraph(self.given.agency, align="center"),
            Heading("1. ผลรายหน่วยบริการ"),
            self._units(),
            *(Paragraph(text, style="small") for text in self.lead()),
            *self._charts(),
            Heading("2. หน่วยบริการดีเด่น"),
            Paragraph(self.best(), indent=True),
            Heading("3. บริการออนไลน์ (E-Service)"),
            *self._online(),
            Heading("4. ข้อที่ต่ำกว่าค่าเป้าหมายและข้อเสนอแนะ"),
        ]
        remarks = self.remarks()
        blocks.append(Bullets(tuple(remarks)) if remarks else Paragraph("ไม่มีข้อที่ต่ำกว่าค่าเป้าหมายในคะแนนที่แสดง"))
        if self.given.comments:
            blocks += [Heading("ความเห็นของผู้จัดทำ", 2), Bullets(self.given.comments)]
        return blocks

    def _units(self) -> Table:
        head = ["ที่", "หน่วยบริการ", "ผู้ตอบ (คน)", "คะแนนรวม", *(["เทียบรอบก่อน"] if self.before else []), "ผล"]
        rows: list[tuple[Cell, ...]] = []
        for number, line in enumerate((*self.now.units, self.now.total), start=1):
            total = line is self.now.total
            before = (self.before.total if total else self.before.unit(line.name)) if self.before else None
            cells = [Cell("" if total else str(number)), Cell(line.name), _count(line), self._score(line.overall)]
            if self.before:
                cells.append(_changed(line, before))
            result = "–" if self.target is None else "ต่ำกว่าค่าเป้าหมาย" if self.low(line.overall) else "บรรลุค่าเป้าหมาย"
            cells.append(Cell(result if line.overall is not None else NOT_SHOWN))
            rows.append(tuple(_bold(cell) for cell in cells) if total else tuple(cells))
        widths = (0.07, 0.35, 0.12, 0.14, *((0.14,) if self.before else ()), 0.2)
        return _table(head, widths, rows, "ผลรายหน่วยบริการ", left=1)

    def _charts(self) -> Iterator[Block]:
        """Only units that are shown: an empty bar would say no more than the table does."""
        lines = [line for line in self.now.units if line.overall is not None]
        for start in range(0, len(lines), _BARS):
            some = lines[start : start + _BARS]
            said = "; ".join(f"{line.name} {parts.points(line.overall)}" for line in some)
            yield Chart(
                title=f"คะแนนรวมรายหน่วยบริการ {self.name}",
                labels=tuple(line.name for line in some),
                series=(Series(self.name, tuple(float(line.overall or 0) for line in some)),),
                alternative=f"คะแนนรวม: {said}",
                line=float(self.target) if self.target is not None else None,
                line_label=f"เป้าหมาย {self.target}" if self.target is not None else None,
            )

    def _online(self) -> Iterator[Block]:
        codes = self.given.online
        found = [item for item in self.list if (item.code in codes if codes is not None else item.theme in _ONLINE)]
        if not any(map(self._is_share, found)):
            what = "ถามความเห็นต่อบริการออนไลน์ แต่ไม่ได้ถามว่าเคยใช้หรือไม่" if found else "ไม่ได้ถามเรื่องบริการออนไลน์"
            yield Paragraph(f"แบบสำรวจนี้{what}", indent=True)
        for item in found:
            share = self._is_share(item)
            text = f"{item.code} {item.text or item.short or ''}: "
            score = self.now.total.item(item.code)
            unit = "ร้อยละ" if share else "คะแนน"
            text += NOT_SHOWN if score is None else f"{unit} {parts.points(score)}"
            yield Paragraph(text, indent=True)
            rows = [
                (Cell(line.name), self._score(line.item(item.code)) if line.shown else Cell(NOT_SHOWN))
                for line in self.now.units
            ]
            name = "ผู้ใช้บริการออนไลน์ (ร้อยละ)" if share else "คะแนน"
            yield _table(["หน่วยบริการ", name], (0.7, 0.3), rows, f"บริการออนไลน์ {item.code}", left=0)

    def _is_share(self, item: Item) -> bool:
        """Whether the score is the share that said yes: a yes-or-no question, asked positively."""
        scale = self.framework.scales.get(item.scale or "")
        keys = {option.key for option in scale.options} if scale else set()
        return keys == {"yes", "no"} and item.polarity == "positive"

    def items(self) -> Iterator[Block]:
        """Scores by unit and item, and what the items ask."""
        yield Heading("5. คะแนนรายข้อ")
        for start in range(0, len(self.list), _COLUMNS):
            some = self.list[start : start + _COLUMNS]
            rows = [
                (_bold(Cell(line.name)) if line is self.now.total else Cell(line.name),
                 *(self._score(line.item(item.code)) for item in some), self._score(line.overall))
                for line in (*self.now.units, self.now.total)
            ]  # fmt: skip
            head = ["หน่วยบริการ", *(item.code for item in some), "รวม"]
            widths = (0.28, *(0.72 / (len(some) + 1) for _ in range(len(some) + 1)))
            yield _table(head, widths, rows, "คะแนนรายข้อ", left=0)
        asked = [(Cell(item.code), Cell(item.text or item.short or "–")) for item in self.list]
        yield _table(["ข้อ", "ข้อคำถาม"], (0.1, 0.9), asked, "ข้อคำถาม", left=1)

    def _score(self, score: Fraction | None) -> Cell:
        if score is None:
            return Cell(NOT_SHOWN)
        return Cell(parts.points(score), tone="bad" if self.low(score) else "none", number=float(shown(score)))


def _table(head: list[str], widths: tuple[float, ...], rows: Sequence[tuple[Cell, ...]], name: str, left: int) -> Table:
    """A table of which only column ``left`` is text."""
    columns = tuple(Column(width, "left" if n == left else "center") for n, width in enumerate(widths))
    return Table(columns, (tuple(Cell(text, tone="head") for text in head),), tuple(rows), name=name)


def _bold(cell: Cell) -> Cell:
    return Cell(cell.text, bold=True, tone=cell.tone if cell.tone != "none" else "group", number=cell.number)


def _count(line: Figures) -> Cell:
    if line.respondents is None:
        return Cell(NOT_SHOWN)
    return Cell(f"{line.respondents:,}", number=line.respondents)


def _changed(line: Figures, before: Figures | None) -> Cell:
    if line.overall is None or before is None or before.overall is None:
        return Cell("–")
    change = _difference(line.overall, before.overall)
    return Cell(parts.signed(change), number=float(change))


def _difference(now: Fraction, before: Fraction) -> Fraction:
    """Of the numbers as they are shown, so that readers who subtract find the same."""
    return Fraction(shown(now)) - Fraction(shown(before))


def _period(period: Period) -> str:
    return f"{_HALF[period.half]} {parts.fiscal_year_text(period.year)}"


def _dates(period: Period) -> str:
    year = FiscalYear(period.year)
    middle = year.end.replace(month=4, day=1)
    start, end = (year.start, middle.replace(month=3, day=31)) if period.half == 1 else (middle, year.end)
    return f"ระหว่างวันที่ {long_date(start)} ถึง {long_date(end)}"
