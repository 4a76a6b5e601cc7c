"""What single cells of a table of measures say: titles, steps, labelled lines, ticks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from prongsai.improvement.model import Budget, Period
from prongsai.reading.measures.lists import Listing, listing, plain, unmarked
from prongsai.reading.measures.periods import When, period, periods
from prongsai.thai.digits import number, to_arabic
from prongsai.thai.text import squeeze

_LABEL = re.compile(
    r"^(?P<label>ตัวชี้วัดความสำเร็จ|ตัวชี้วัดผลสำเร็จ|การกำกับติดตาม|การติดตาม(?:ผล)?|การรายงานผล|ระยะเวลา(?:ดำเนินการ)?|แนวทาง)\s*:\s*(?P<text>.*)$",
    re.DOTALL,
)
_BUDGET = re.compile(r"^งบประมาณ\s*:?\s*(?P<amount>[0-9๐-๙,.]+)\s*บาท\s*(?:\((?P<source>.*)\))?$", re.DOTALL)
_TICK = re.compile(r"[√✓✔☑☒🗸]|\(\s*(?:/|x|X|✗)\s*\)|\[\s*(?:/|x|X)\s*\]|^\s*/\s*$", re.MULTILINE)
_EMPTY_BOX = re.compile(r"\(\s*\)|\[\s*\]|[□☐▢❏❑⬜]")
_WHEN = re.compile(r"^(?:ตลอด|ทุก\s?(?:เดือน|ไตรมาส|สัปดาห์|ปี|วัน)|ไตรมาส|ภายใน|ก่อน|ตั้งแต่|ยังไม่กำหนด|ปีงบประมาณ|รอบ)")
_NOTHING = {"ยังไม่กำหนด", "ยังไม่กำหนดขั้นตอน", "ยังไม่กำหนดมาตรการ", "แผนยังไม่กำหนดมาตรการสำหรับประเด็นนี้", "-", "–", "—"}
_NO_MEASURE = re.compile(r"ไม่กำหนดมาตรการ|ยังไม่มีมาตรการ")


def is_nothing(text: str) -> bool:
    """Whether a cell only says that nothing is set yet."""
    return not text.strip() or squeeze(text) in _NOTHING


def says_no_measure(text: str) -> bool:
    """Whether a sentence stands in place of measures."""
    return bool(_NO_MEASURE.search(squeeze(text)))


@dataclass
class Labelled:
    """A cell's lines: those with a label by label, the rest as text."""

    lines: list[str] = field(default_factory=list)
    found: dict[str, str] = field(default_factory=dict)
    budget: Budget | None = None

    @property
    def text(self) -> str:
        """The lines without a label."""
        return "\n".join(self.lines)

    def get(self, *labels: str) -> str | None:
        """The text after the first of these labels."""
        return next((text for label in labels for name, text in self.found.items() if name.startswith(label)), None)


def labelled(text: str) -> Labelled:
    """A cell parted into labelled lines and the rest; a label's text goes on to the next label."""
    result = Labelled()
    last: str | None = None
    for line in text.split("\n"):
        if match := _LABEL.match(line.strip()):
            last = match.group("label")
            result.found[last] = plain(match.group("text"))
        elif (money := _BUDGET.match(line.strip())) and (amount := number(money.group("amount"))) is not None:
            source = money.group("source")
            result.budget = Budget(amount=Decimal(amount), source=plain(source) if source else None)
            last = None
        elif last is not None:
            result.found[last] = f"{result.found[last]} {line.strip()}".strip()
        elif line.strip():
            result.lines.append(line.strip())
    return result


def titles(text: str, raw: str = "") -> list[str]:
    """The measures that a cell names: several where it is a list from its first word."""
    found = listing(text)
    if found.marked and not found.lead:
        return list(found.items)
    if "<li" in raw.lower() and "\n" in text:
        return [plain(line) for line in text.split("\n") if line.strip()]
    return [plain(unmarked(text))] if text.strip() else []


def steps(text: str, raw: str, by_line: bool) -> Listing:
    """The steps of a cell: a list, or the paragraphs of a format that keeps them."""
    found = listing(text)
    if found.marked:
        return found
    lines = [plain(line) for line in text.split("\n") if line.strip()]
    if len(lines) > 1 and (by_line or "<li" in raw.lower()):
        return Listing(tuple(lines))
    return found


def trailing_periods(texts: list[str]) -> list[tuple[str, When] | None]:
    """Steps whose period stands behind them in brackets, parted in two; None for another step.

    Where every step has brackets behind it and some hold a period, all of them do, in whatever words.
    """
    parted = [_brackets_behind(text) for text in texts]
    sure = [found is not None and _is_period(found[1]) for found in parted]
    every = len(texts) > 1 and None not in parted and any(sure)
    return [
        (found[0], When(period(found[1]) or Period(), found[1])) if found and (every or known) else None
        for found, known in zip(parted, sure, strict=True)
    ]


def _is_period(text: str) -> bool:
    when = period(text)
    return (when is not None and when.text is None) or _WHEN.match(text) is not None


def _brackets_behind(text: str) -> tuple[str, str] | None:
    """A text that ends in brackets, parted into what is before and inside; brackets within them belong to them."""
    text = text.strip()
    depth = 0
    for at in range(len(text) - 1, 0, -1) if text.endswith(")") else ():
        depth += (text[at] == ")") - (text[at] == "(")
        if depth == 0:
            before, inside = text[:at].strip(), text[at + 1 : -1].strip()
            return (before, inside) if before and inside else None
    return None


def periods_of(text: str) -> list[When]:
    """Periods after a label: parted by commas there, as one cell gives them for several steps."""
    whole = periods(text)
    if len(whole) == 1 and whole[0].period.text and ", " in text:
        return [found for part in text.split(", ") for found in periods(part)]
    return whole


def tick(text: str, head: str) -> str | None:
    """What a tick cell says, given what its column is for: done, not_started, in_progress, or None."""
    words = squeeze(text)
    if "อยู่ระหว่าง" in words:
        return "in_progress"
    if not _TICK.search(text):
        return None
    if "ยังไม่" in words:
        return "not_started"
    if "ดำเนินการแล้ว" in words or "แล้วเสร็จ" in words:
        return "done"
    return head


def is_box(text: str) -> bool:
    """Whether a cell holds nothing but an empty box."""
    return bool(_EMPTY_BOX.fullmatch(to_arabic(text).strip()))
