"""What a document is made from: results, findings, plan, progress, and how it should look."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from prongsai.analysis.findings import Finding, Thresholds, findings
from prongsai.analysis.ranking import Group, by_aspect, by_component, by_indicator
from prongsai.analysis.trend import Trend, trend
from prongsai.framework import Framework
from prongsai.improvement.model import Plan, Progress
from prongsai.scoring.score import ScoreSheet

Digits = Literal["thai", "arabic"]


@dataclass(frozen=True)
class Person:
    """Someone who signs or considers: position lines only by default; a name is the agency's to give."""

    position: str
    name: str | None = None


@dataclass(frozen=True)
class Letter:
    """What a memo, order or announcement needs beyond the results. All optional: a blank is left to write in.

    ``unit``/``phone``/``email``: the owner of the matter. ``number`` is issued by the agency's registry.
    ``to``: who is addressed. ``author`` signs; ``route``: the ranks that consider, lowest first.
    """

    unit: str | None = None
    phone: str | None = None
    email: str | None = None
    number: str | None = None
    date: dt.date | None = None
    to: str | None = None
    subject: str | None = None
    author: Person | None = None
    route: tuple[Person, ...] = ()
    attachments: tuple[str, ...] = ()
    background: str | None = None
    legal: tuple[str, ...] = ()
    committee: tuple[tuple[str, str], ...] = ()
    owners: dict[str, str] = field(default_factory=dict)
    decisions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Request:
    """Everything a document kind and its layout may use."""

    kind: str
    sheet: ScoreSheet
    layout: str | None = None
    plan: Plan | None = None
    progress: Progress | None = None
    previous: ScoreSheet | None = None
    thresholds: Thresholds = field(default_factory=Thresholds)
    digits: Digits = "arabic"
    letter: Letter = field(default_factory=Letter)
    emblem: bytes | None = None
    pictures: dict[str, bytes] = field(default_factory=dict)
    budget: bool = True
    success_indicators: bool = True

    @property
    def framework(self) -> Framework:
        """The framework of the results."""
        return self.sheet.framework

    @property
    def agency(self) -> str:
        """The agency's name."""
        return self.sheet.results.agency.name

    @property
    def agency_kind(self) -> str | None:
        """The agency's kind, such as ``town_municipality``."""
        return self.sheet.results.agency.kind

    @property
    def place(self) -> str:
        """อำเภอ… จังหวัด… as far as known."""
        agency = self.sheet.results.agency
        parts = [
            f"อำเภอ{agency.district}" if agency.district else "",
            f"จังหวัด{agency.province}" if agency.province else "",
        ]
        return " ".join(part for part in parts if part)

    @property
    def result_year(self) -> int | None:
        """The fiscal year assessed."""
        return self.sheet.results.fiscal_year

    @property
    def action_year(self) -> int | None:
        """The fiscal year in which measures run."""
        if self.plan:
            return self.plan.action_year
        return self.result_year + 1 if self.result_year else None

    @cached_property
    def findings(self) -> list[Finding]:
        """All findings, in the framework's order."""
        return findings(self.sheet, self.thresholds)

    @cached_property
    def indicators(self) -> list[Group]:
        """Items grouped by indicator."""
        return by_indicator(self.sheet)

    @cached_property
    def components(self) -> list[Group]:
        """Items grouped by instrument."""
        return by_component(self.sheet)

    @cached_property
    def aspects(self) -> list[Group]:
        """Items grouped by aspect; empty where the grouping is not known."""
        return by_aspect(self.sheet)

    @cached_property
    def trend(self) -> Trend | None:
        """The change from last year, where last year's results are given."""
        return trend(self.sheet, self.previous) if self.previous else None
