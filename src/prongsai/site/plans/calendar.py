"""The plan's steps by month of the fiscal year, for a page and for people's own calendars (RFC 5545)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from django.utils import timezone

from prongsai.site.plans.models import Measure, Step
from prongsai.thai.fiscal_year import BE_OFFSET, FiscalYear


@dataclass(frozen=True)
class Entry:
    """One step with its measure."""

    measure: Measure
    step: Step

    @property
    def last(self) -> dt.date | None:
        """The day on which it is due; None where its period is told in words."""
        return self.step.end or self.step.start

    @cached_property
    def units(self) -> str:
        """Names of its units."""
        return ", ".join(unit.name for unit in self.step.unit_list)


@dataclass(frozen=True)
class Month:
    """What begins, falls due, and goes on in a month. Steps of one day, and those without a beginning, are due."""

    first: dt.date
    begin: list[Entry] = field(default_factory=list)
    due: list[Entry] = field(default_factory=list)
    going_on: list[Entry] = field(default_factory=list)

    @property
    def year(self) -> int:
        """B.E. year."""
        return self.first.year + BE_OFFSET

    @property
    def now(self) -> bool:
        """Whether it is this month."""
        return self.first == timezone.localdate().replace(day=1)

    @property
    def empty(self) -> bool:
        """Whether nothing happens."""
        return not (self.begin or self.due or self.going_on)


def entries(measures: Iterable[Measure]) -> list[Entry]:
    """All steps, in the order of the plan."""
    return [Entry(measure, step) for measure in measures for step in measure.steps.all()]


def months(found: list[Entry], action_year: int) -> list[Month]:
    """October to September, and the months outside the fiscal year in which a step begins or ends."""
    start = FiscalYear(action_year).start
    table = {month: Month(month) for month in _twelve(start)}
    for entry in found:
        for day in (entry.step.start, entry.step.end):
            if day:
                table.setdefault(day.replace(day=1), Month(day.replace(day=1)))
    for entry in found:
        first, last = entry.step.start, entry.last
        if last is None:
            continue
        for month in table.values():
            if month.first == last.replace(day=1):
                month.due.append(entry)
            elif first and month.first == first.replace(day=1):
                month.begin.append(entry)
            elif first and first < month.first < last:
                month.going_on.append(entry)
    for month in table.values():
        month.due.sort(key=lambda e: e.last or dt.date.max)
        month.begin.sort(key=lambda e: e.step.start or dt.date.max)
    return [table[first] for first in sorted(table)]


def _twelve(start: dt.date) -> Iterator[dt.date]:
    for number in range(start.month - 1, start.month + 11):
        yield dt.date(start.year + number // 12, number % 12 + 1, 1)


def undated(found: list[Entry]) -> list[Entry]:
    """Steps whose period is told in words, or not at all."""
    return [entry for entry in found if entry.last is None]


def as_ics(found: list[Entry], *, name: str, address: str, stamp: dt.datetime) -> bytes:
    """A calendar file: every dated step as an all-day event on the day it is due. ``address``: of the page."""
    host = address.rsplit("//", maxsplit=1)[-1].split("/", maxsplit=1)[0]
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Prongsai//Plan//TH", "CALSCALE:GREGORIAN"]
    lines.append(f"X-WR-CALNAME:{_escaped(name)}")
    for entry in found:
        day = entry.last
        if day is None:
            continue
        about = "\n".join(filter(None, (entry.measure.title, entry.units)))
        lines += [
            "BEGIN:VEVENT",
            f"UID:step-{entry.step.pk}@{host}",
            f"DTSTAMP:{stamp.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{day + dt.timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_escaped(entry.step.text)}",
            f"DESCRIPTION:{_escaped(about)}",
            f"URL:{address}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\r\n", "\n").replace("\n", "\\n")


def _folded(line: str) -> str:
    """At most 75 bytes a line, never through a character."""
    out, size = [], 0
    for character in line:
        width = len(character.encode())
        if size + width > 75:
            out.append("\r\n ")
            size = 1
        out.append(character)
        size += width
    return "".join(out)
