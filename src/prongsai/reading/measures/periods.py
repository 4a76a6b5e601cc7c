"""Days, months and spans as reports print them, and the period that a cell gives to a step."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from prongsai.improvement.model import Period
from prongsai.thai.dates import MONTHS, MONTHS_SHORT
from prongsai.thai.digits import to_arabic
from prongsai.thai.fiscal_year import BE_OFFSET, FiscalYear, be_year

_CENTURY = 2500  # two digits of a year are of the Buddhist era
_SHORT = [name.rstrip(".").replace(".", r"\s?\.\s?") + r"\s?\.?" for name in MONTHS_SHORT]
_MONTH = "|".join((*MONTHS, *_SHORT))
_YEAR = r"(?:\s*(?:ปี)?\s*(?:พ\.?\s?ศ\.?|ค\.?\s?ศ\.?)?\s*(?P<y{n}>[0-9]{{4}}|[0-9]{{2}})(?![0-9]))?"
_DAY = r"(?:(?P<d{n}>[0-9]{{1,2}})\s*|เดือน\s*)?"
_ATOM = _DAY + r"(?P<m{n}>{month})" + _YEAR
_TO = r"\s*(?:-|–|—|ถึง|จนถึง)\s*(?:วันที่|สิ้น)?\s*"
_WORDS = re.compile(
    r"(?:(?<![0-9])(?P<d0>[0-9]{1,2})\s*[-–]\s*)?(?<![0-9])"
    + _ATOM.format(n=1, month=_MONTH)
    + rf"(?:{_TO}"
    + _ATOM.format(n=2, month=_MONTH)
    + ")?"
)
_NUMERIC = re.compile(r"(?<![0-9/.])([0-9]{1,2})[/-]([0-9]{1,2})[/-]([0-9]{4}|[0-9]{2})(?![0-9/])")
_ISO = re.compile(r"(?<![0-9])([0-9]{4})-([0-9]{2})-([0-9]{2})(?![0-9])")
_QUARTER = re.compile(
    r"ไตรมาส(?:ที่)?\s*([1-4])(?:\s*(?:-|–|ถึง|และ)\s*(?:ไตรมาส(?:ที่)?\s*)?([1-4]))?\s*(?:ของ)?\s*(?:ปี(?:งบประมาณ)?)?\s*(?:พ\.ศ\.)?\s*([0-9]{4})"
)
_FILLER = re.compile(r"วันที่|เดือน|ระหว่าง|ช่วง|ในห้วง|ห้วง|ตั้งแต่|[\s,;()–\-/]")
_WHOLE_YEAR = r"(?:ทุก\s?เดือน\s*)?ตลอด\s*(?:ทั้ง\s*)?ปี\s*(?:งบประมาณ)?(?:\s*(?:พ\.ศ\.\s*)?[0-9]{4})?"


def _nameless(pattern: str) -> str:
    """A pattern without its groups, to stand inside another."""
    return re.sub(r"(?<!\\)\((?!\?)", "(?:", re.sub(r"\(\?P<\w+>", "(?:", pattern))


_DATE = _nameless(_WORDS.pattern)
_TWICE_A_YEAR = rf"รอบ\s*6\s*เดือน\s*(?:{_DATE})(?:\s*(?:และ)?\s*(?:รอบ)?\s*12\s*เดือน\s*(?:{_DATE}))?"
_PIECE = re.compile(rf"{_TWICE_A_YEAR}|{_WHOLE_YEAR}|{_DATE}|{_nameless(_NUMERIC.pattern)}")
_YEAR_ROUND = re.compile(r"ตลอด\s+ปี\s*")
_NOT_SET = ("ยังไม่กำหนด", "-", "–", "—", "ไม่ระบุ")


@dataclass(frozen=True)
class Span:
    """A day, month or span with where it stands in the text. ``year_printed``: at least one year was printed."""

    start: dt.date
    end: dt.date
    begin: int
    stop: int
    text: str
    one_day: bool = False


def spans(text: str) -> list[Span]:
    """All days and spans of a text that have a year, in order."""
    arabic = to_arabic(text)
    found = [*_in_words(arabic), *_in_numbers(arabic), *_in_quarters(arabic)]
    found.sort(key=lambda span: span.begin)
    return [Span(s.start, s.end, s.begin, s.stop, text[s.begin : s.stop].strip(), s.one_day) for s in found]


def period(text: str) -> Period | None:
    """The period of one step: dates where the text is nothing else, the text where it says more; None for none."""
    words = _YEAR_ROUND.sub("ตลอดปี", re.sub(r"\s+", " ", text).strip())
    if not words or words in _NOT_SET:
        return None
    found = spans(words)
    if len(found) == 1 and "ไตรมาส" not in words:
        rest = to_arabic(words[: found[0].begin] + words[found[0].stop :])
        limit = _limit(rest)
        if limit == "end" and found[0].one_day:
            return Period(end=found[0].end)
        if limit == "start" and found[0].one_day:
            return Period(start=found[0].start)
        if not limit and not _FILLER.sub("", rest):
            return Period(start=found[0].start, end=found[0].end)
    return Period(text=words)


@dataclass(frozen=True)
class When:
    """A period and how it was printed."""

    period: Period
    text: str


def periods(text: str) -> list[When]:
    """The periods of a cell: several where nothing but dates and whole years stand in it, else one."""
    whole = period(text)
    if whole is None:
        return []
    printed = re.sub(r"\s+", " ", text).strip()
    pieces = list(_pieces(text)) if whole.text is not None else []
    if len(pieces) < 2:
        return [When(whole, printed)]
    return [When(found, piece.strip()) for piece in pieces if (found := period(piece))]


def _limit(rest: str) -> str | None:
    plain = re.sub(r"(?:วันที่|เดือน|\s)", "", rest)
    if plain in ("ภายใน", "ไม่เกิน", "ก่อน"):
        return "end"
    return "start" if plain in ("ตั้งแต่", "เริ่ม") else None


def _pieces(text: str) -> Iterator[str]:
    """A cell cut into its dates and whole years; nothing when words are left over."""
    arabic = to_arabic(text)
    if _FILLER.sub("", _PIECE.sub("", arabic)):
        return
    for match in _PIECE.finditer(arabic):
        yield text[match.start() : match.end()]


def _in_words(text: str) -> Iterator[Span]:
    for match in _WORDS.finditer(text):
        part = match.groupdict()
        if found := _ends(part):
            start, end, one_day = found
            yield Span(start, end, match.start(), match.end(), "", one_day)


def _ends(part: dict[str, str | None]) -> tuple[dt.date, dt.date, bool] | None:
    """First and last day of a match; a month alone is all its days; None where no year is printed."""
    last_year = _year(part["y2"] or part["y1"])
    if last_year is None:
        return None
    first_month = _month(part["m1"] or "")
    last_month = _month(part["m2"]) if part["m2"] else first_month
    first_year = _year(part["y1"]) or last_year - (first_month > last_month)
    if part["m2"] and part["y1"] and not part["y2"] and last_month < first_month:
        last_year += 1
    last_day = part["d2"] if part["m2"] else part["d1"]
    first_day = part["d1"] if part["m2"] else (part["d0"] or part["d1"])
    try:
        start = dt.date(first_year - BE_OFFSET, first_month, int(first_day or 1))
        end = (
            dt.date(last_year - BE_OFFSET, last_month, int(last_day))
            if last_day
            else _months_on(dt.date(last_year - BE_OFFSET, last_month, 1), 1) - dt.timedelta(days=1)
        )
    except ValueError:
        return None  # such as 31 กันยายน
    return (start, end, bool(last_day) and start == end) if end >= start else None


def _in_numbers(text: str) -> Iterator[Span]:
    found: list[Span] = []
    for pattern, order in ((_NUMERIC, (3, 2, 1)), (_ISO, (1, 2, 3))):
        for match in pattern.finditer(text):
            try:
                year, month, day = (int(match.group(number)) for number in order)
                at = dt.date((_year(match.group(order[0])) or year) - BE_OFFSET, month, day)
            except ValueError:
                continue
            if found and re.fullmatch(_TO, text[found[-1].stop : match.start()]) and found[-1].start <= at:
                found[-1] = Span(found[-1].start, at, found[-1].begin, match.end(), "")
            else:
                found.append(Span(at, at, match.start(), match.end(), "", one_day=True))
    yield from found


def _in_quarters(text: str) -> Iterator[Span]:
    for match in _QUARTER.finditer(text):
        year, first, last = _year(match.group(3)), int(match.group(1)), int(match.group(2) or match.group(1))
        if year and last >= first:
            start = FiscalYear(year).start
            end = _months_on(start, 3 * last) - dt.timedelta(days=1)
            yield Span(_months_on(start, 3 * (first - 1)), end, match.start(), match.end(), "")


def _months_on(day: dt.date, months: int) -> dt.date:
    count = day.month - 1 + months
    return dt.date(day.year + count // 12, count % 12 + 1, 1)


def _month(text: str) -> int:
    plain = re.sub(r"[\s.]", "", text)
    for names in (MONTHS, MONTHS_SHORT):
        for number, name in enumerate(names, start=1):
            if plain == name.replace(".", ""):
                return number
    raise ValueError(f"not a month: {text!r}")


def _year(text: str | None) -> int | None:
    if not text:
        return None
    number = int(text)
    if len(text) == 2:
        return _CENTURY + number
    try:
        return be_year(number)
    except ValueError:
        return None
