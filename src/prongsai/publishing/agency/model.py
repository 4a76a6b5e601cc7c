"""What an agency publishes of one year: its results with everything that belongs to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from prongsai.analysis.disclosure import may_show_score
from prongsai.documents.notices.links import Disclosed, Link, LinkTable
from prongsai.errors import InputError, Problem
from prongsai.evidence import links as evidence
from prongsai.framework import Framework
from prongsai.framework.model import Band, Instrument
from prongsai.improvement.model import Plan, Progress
from prongsai.publishing.standing import band_of, better_than
from prongsai.scoring.interval import shown
from prongsai.scoring.level import meets
from prongsai.scoring.score import ScoreSheet, Value


@dataclass(frozen=True)
class Approval:
    """One step of the approval: who, in which position, what was done, on which day. None: not recorded."""

    position: str
    name: str | None = None
    done: str | None = None
    day: dt.date | None = None


@dataclass(frozen=True)
class Download:
    """A file beside the page: where it lies, and what it is in both languages."""

    path: str
    th: str
    en: str
    size: int

    @property
    def kind(self) -> str:
        """Its format, as people call it."""
        return self.path.rpartition(".")[2].upper()


@dataclass(frozen=True)
class Yearbook:
    """One agency's year. ``years``: earlier years' score sheets. ``address``: where the folder will stand, if known.

    ``closed``: nodes that may not be shown beside what was published of the year before now.
    """

    sheet: ScoreSheet
    published: dt.date
    code: str
    years: tuple[ScoreSheet, ...] = ()
    plan: Plan | None = None
    progress: Progress | None = None
    links: LinkTable | None = None
    approvals: tuple[Approval, ...] = ()
    address: str | None = None
    documents: tuple[Download, ...] = ()
    data: tuple[Download, ...] = ()
    closed: frozenset[str] = frozenset()

    @property
    def agency(self) -> str:
        """The agency's name."""
        return self.sheet.results.agency.name

    @property
    def framework(self) -> Framework:
        """The framework of the year."""
        return self.sheet.framework

    @property
    def year(self) -> int | None:
        """The fiscal year assessed."""
        return self.sheet.results.fiscal_year

    @cached_property
    def band(self) -> Band | None:
        """The level's rule, where the level is determined."""
        return band_of(self.framework, self.sheet.level.names)

    @property
    def better(self) -> Band | None:
        """The next better level's rule."""
        return better_than(self.framework, self.band)

    def shows(self, node: str) -> Figure:
        """What may be said of a node's score."""
        found = figure(self.sheet, node)
        return replace(found, hidden=True) if node in self.closed else found

    def instruments(self) -> list[tuple[Instrument, list[str]]]:
        """Each instrument with the nodes of its parts."""
        return [(inst, [part.code for part in inst.parts]) for inst in self.framework.instruments]


@dataclass(frozen=True)
class Figure:
    """A score as it may be shown: exact, a range, not known, not applicable, or hidden."""

    value: Value
    hidden: bool = False

    @property
    def known(self) -> bool:
        """Whether there is any number to show."""
        return not self.hidden and self.value.informative

    @property
    def exact(self) -> bool:
        """Whether it is one number."""
        return self.known and self.value.interval.exact

    @property
    def ends(self) -> tuple[str, str]:
        """Both ends as shown."""
        return str(shown(self.value.interval.low)), str(shown(self.value.interval.high))

    def meets(self, framework: Framework, threshold: Decimal) -> bool | None:
        """Whether it reaches a threshold; None where that is open."""
        if not self.known:
            return None
        span = self.value.interval
        low, high = meets(framework, span.low, threshold), meets(framework, span.high, threshold)
        return low if low == high else None


def figure(sheet: ScoreSheet, node: str) -> Figure:
    """What may be said of a node's score."""
    return Figure(sheet.values[node], not may_show_score(sheet, node).shown)


def link_table(sheet: ScoreSheet, links: Iterable[evidence.Link]) -> LinkTable:
    """The table that an agency's page shows, from a table of links: items in the order in which they come first."""
    found: dict[str, list[Link]] = {}
    days: dict[str, dt.date | None] = {}
    for link in links:
        found.setdefault(link.item, []).append(Link(link.url, link.note))
        days[link.item] = days.get(link.item) or link.effective
    disclosed = tuple(Disclosed(item, tuple(each), days[item]) for item, each in found.items())
    return LinkTable(sheet.results.agency.name, sheet.framework, disclosed)


def check_plan(book: Yearbook) -> None:
    """A plan must answer these results: raises ``InputError`` for that of another framework."""
    made = book.progress.plan if book.progress else book.plan
    if made and made.framework != book.framework.id:
        raise InputError(
            Problem(
                "publish.other_plan",
                "--plan / --progress",
                f"แผนจัดทำจากผลตามกรอบ {made.framework} แต่ผลที่เผยแพร่ใช้กรอบ {book.framework.id}",
                f"the plan is of {made.framework}, the results of {book.framework.id}",
                "โปรดเลือกแผนที่จัดทำจากผลปีนี้",
            )
        )
