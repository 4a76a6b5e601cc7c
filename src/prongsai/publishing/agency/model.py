"""What an agency publishes of one year: its results with everything that belongs to them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from prongsai.analysis.disclosure import may_show_score
from prongsai.documents.notices.links import LinkTable
from prongsai.framework import Framework
from prongsai.framework.model import Band, Instrument
from prongsai.improvement.model import Plan, Progress
from prongsai.publishing.pinned import pinned
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
        name = self.sheet.level.name
        return next((band for band in self.framework.levels.bands if band.name == name), None)

    @property
    def better(self) -> Band | None:
        """The next better level's rule."""
        bands = self.framework.levels.bands
        if self.band is None or self.band == bands[0]:
            return None
        return bands[bands.index(self.band) - 1]

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
    return Figure(sheet.values[node], not may_show_score(sheet, node).shown or node in pinned(sheet))
