"""An agency's checklist read for pages: every item with its rule, links, checks, and what became of it last year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from django.db.models import Prefetch
from django.utils import timezone

from prongsai.evidence.finding import SEVERITIES
from prongsai.evidence.links import checklist_items
from prongsai.evidence.rules import WordRule, rules
from prongsai.framework import Item
from prongsai.framework.model import Element, Title
from prongsai.scoring.interval import shown, written
from prongsai.site.agencies.models import Unit
from prongsai.site.base.text import pick
from prongsai.site.inspection.models import Evidence, Link, State
from prongsai.site.inspection.states import FILLING
from prongsai.site.results.sheet import current_sheet, previous_assessment
from prongsai.site.rounds.models import Assessment

_FULL = 100


@dataclass(frozen=True)
class LastYear:
    """What an item, or those it follows from, had in the round before. ``words``: the verdict or the score."""

    items: tuple[str, ...]
    passed: bool | None
    words: str
    comparable: bool
    reason: str
    links: tuple[Link, ...] = ()
    unit: Unit | None = None


@dataclass
class Line:
    """One item of the checklist. ``evidence`` is not saved yet where nobody touched the item."""

    item: Item
    evidence: Evidence
    links: list[Link]
    group: str
    last: LastYear | None = None

    @property
    def code(self) -> str:
        """The item's code."""
        return self.item.code

    @property
    def filled(self) -> bool:
        """Whether there is something to stand by: a link, or the reason why the item does not apply."""
        return bool(self.links) or (self.evidence.not_applicable and bool(self.evidence.reason))

    @property
    def worst(self) -> str:
        """The worst that the newest checks of the links saw; empty where none was looked at."""
        return worst(self.links)

    @property
    def unchecked(self) -> int:
        """How many links were not looked at as they stand now."""
        return sum(checked(link) is None for link in self.links)

    @property
    def late(self) -> bool:
        """Whether the agency's own day for it has passed while it is still being prepared."""
        return bool(
            self.evidence.due and self.evidence.due < timezone.localdate() and self.evidence.state == State.OPEN
        )

    @property
    def filling(self) -> bool:
        """Whether the agency may still change it, as far as the item's state goes."""
        return self.evidence.state in FILLING


def checked(link: Link) -> str | None:
    """What the newest check of a link as it stands now saw at worst; None where nobody looked."""
    return link.latest.severity if link.latest and link.latest.url == link.url else None


def worst(links: list[Link]) -> str:
    """The worst of several links."""
    found = [severity for link in links if (severity := checked(link))]
    return max(found, key=SEVERITIES.index, default="")


@dataclass
class Rule:
    """A required element as a page shows it: which links are to prove it, and invented examples where we have some."""

    element: Element
    links: list[int] = field(default_factory=list)  # numbers of the links that are to prove it

    @property
    def example(self) -> WordRule | None:
        """Our own examples of what passes and what does not."""
        return rules().get(self.element.text)


def required(item: Item, links: list[Link]) -> list[Rule]:
    """The elements that the framework knows for an item, with the links that are to prove each."""
    known = item.elements.known if item.elements else ()
    return [
        Rule(element, [number for number, link in enumerate(links, start=1) if element.text in link.elements])
        for element in known
    ]


class Checklist:
    """All items of an assessment; about eight queries however many items and links there are."""

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        self.framework = assessment.round.framework
        self.items = checklist_items(self.framework)
        self._rows = {one.item: one for one in _with_links(assessment)}

    @cached_property
    def lines(self) -> list[Line]:
        """Every item in the framework's order."""
        return [self._line(code) for code in self.items]

    def line(self, code: str) -> Line:
        """One item."""
        return self._line(code)

    def _line(self, code: str) -> Line:
        evidence = self._rows.get(code) or Evidence(assessment=self.assessment, item=code)
        evidence.assessment = self.assessment
        links = list(evidence.links.all()) if evidence.pk else []
        return Line(self.items[code], evidence, links, self._groups.get(code, ""), self._last_year(self.items[code]))

    @cached_property
    def _groups(self) -> dict[str, str]:
        """Each item's sub-indicator, or its indicator where there is none."""
        found = {}
        for indicator in (one for each in self.framework.instruments for one in each.indicators):
            for item in indicator.items:
                found[item.code] = f"{indicator.number} {_title(indicator.name)}"
            for sub in indicator.sub_indicators:
                found.update(dict.fromkeys(sub.items, f"{sub.number} {_title(sub.name)}"))
        return found

    def groups(self, lines: list[Line]) -> Iterator[tuple[str, list[Line]]]:
        """Lines under the headings of the framework."""
        found: dict[str, list[Line]] = defaultdict(list)
        for line in lines:
            found[line.group].append(line)
        yield from found.items()

    @property
    def missing(self) -> list[Line]:
        """Items for which nothing is filed."""
        return [line for line in self.lines if not line.filled]

    @cached_property
    def previous(self) -> Assessment | None:
        """The year before, with results or with evidence."""
        year = self.assessment.round.fiscal_year
        found = previous_assessment(self.assessment)
        if found is not None or year is None:
            return found
        before = Assessment.objects.filter(agency=self.assessment.agency, round__fiscal_year=year - 1)
        return before.select_related("round", "agency").filter(evidence__isnull=False).first()

    @cached_property
    def _before(self) -> dict[str, Evidence]:
        return {one.item: one for one in _with_links(self.previous)} if self.previous else {}

    @cached_property
    def _scores(self) -> dict[str, tuple[bool | None, str]]:
        """Last year's verdict on each item: whether it earned all points, and in words."""
        sheet = current_sheet(self.previous) if self.previous else None
        if sheet is None:
            return {}
        found: dict[str, tuple[bool | None, str]] = {}
        for code in checklist_items(sheet.framework):
            value = sheet.values.get(code)
            if value is None or value.origin == "absent":
                found[code] = (None, pick("ไม่มีคะแนน", "No score"))
            elif value.score is not None:
                found[code] = (value.score == _FULL, _words(value.score))
        return found

    def _last_year(self, item: Item) -> LastYear | None:
        if item.previous is None or self.previous is None:
            return None
        codes = item.previous.items
        before = [self._before[code] for code in codes if code in self._before]
        links = tuple(link for one in before for link in one.links.all())
        unit = next((one.unit for one in before if one.unit and one.unit.active), None)
        scores = [self._scores[code] for code in codes if code in self._scores]
        known = [passed for passed, _ in scores if passed is not None]
        words = ", ".join(dict.fromkeys(text for _, text in scores)) or pick("ไม่ทราบผล", "Not known")
        comparable = item.previous.comparable == "yes"
        return LastYear(codes, all(known) if known else None, words, comparable, item.previous.reason, links, unit)


def _words(score: Fraction) -> str:
    if score in (0, _FULL):
        return pick("ผ่าน", "Passed") if score else pick("ไม่ผ่าน", "Not passed")
    return written(shown(score))


def _with_links(assessment: Assessment) -> list[Evidence]:
    links = Prefetch("links", Link.objects.select_related("latest"))
    return list(assessment.evidence.select_related("unit").prefetch_related(links))


def _title(title: Title) -> str:
    return pick(title.th, title.en or title.th)
