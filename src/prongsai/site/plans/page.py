"""What the plan page shows, put together from a fixed number of queries however long the plan is."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from prongsai.analysis.findings import Finding, findings
from prongsai.analysis.ranking import ItemScore, item_scores
from prongsai.improvement.proposals import Proposal, proposals
from prongsai.site.base.templatetags.prongsai import day
from prongsai.site.base.text import pick
from prongsai.site.plans.convert import folded, loaded
from prongsai.site.plans.effect import Effect, effects_of
from prongsai.site.plans.models import Choice, Comment, Measure, Plan, Point, Step
from prongsai.site.plans.readiness import Lack, lacks
from prongsai.site.results.sheet import current_sheet


@dataclass
class Number:
    """An item of a point with what the results say of it; ``finding`` None where it is no finding."""

    found: ItemScore
    finding: Finding | None


@dataclass
class StepLine:
    """A step on the page, as it is printed: hundreds of them, so the words are put together here."""

    text: str
    units: str
    when: str


@dataclass
class MeasureCard:
    """A measure on the page."""

    measure: Measure
    steps: list[StepLine]
    comments: list[Comment]
    first: bool
    last: bool

    @property
    def undoable(self) -> bool:
        """Whether there is a decision to take back."""
        choice = self.measure.choice
        return choice == Choice.DROPPED or (choice == Choice.ACCEPTED and bool(self.measure.proposal))


@dataclass
class PointCard:
    """A point that stands by itself, with all it answers for."""

    point: Point
    merged: list[Point]
    numbers: list[Number]
    measures: list[MeasureCard]
    proposals: list[Proposal]
    effects: list[Effect]
    errors: int  # what should be mended in it before the plan is proposed
    first: bool = False
    last: bool = False

    @property
    def alone(self) -> bool:
        """Whether there is no other point to merge it into."""
        return self.first and self.last

    def _count(self, choice: Choice) -> int:
        return sum(card.measure.choice == choice for card in self.measures)

    @property
    def undecided(self) -> int:
        """How many proposals wait for a decision."""
        return self._count(Choice.PROPOSED)

    @property
    def accepted(self) -> int:
        """How many measures are in the plan."""
        return self._count(Choice.ACCEPTED)

    @property
    def dropped(self) -> int:
        """How many were dropped."""
        return self._count(Choice.DROPPED)

    @property
    def decided(self) -> bool:
        """Whether nothing waits here: it has measures, and none of them is a mere proposal."""
        return self.accepted > 0 and self.undecided == 0

    @property
    def codes(self) -> list[str]:
        """The items it answers."""
        return [number.found.code for number in self.numbers]

    @property
    def said(self) -> int:
        """How many comments stand at its measures."""
        return sum(len(card.comments) for card in self.measures)


@dataclass
class Overview:
    """The page: points in the plan, points dropped, what is lacking, and counts."""

    plan: Plan
    cards: list[PointCard]
    dropped: list[Point]
    lacks: list[Lack]
    comments: list[Comment]
    effect_year: int | None

    def card_of(self, point: Point) -> PointCard | None:
        """The card on which a point stands, its own or that of the point it was merged into."""
        for card in self.cards:
            if point.pk in {card.point.pk, *(merged.pk for merged in card.merged)}:
                return card
        return None

    def count(self, choice: Choice) -> int:
        """Measures of the points in the plan with that decision."""
        return sum(one.measure.choice == choice for card in self.cards for one in card.measures)

    @property
    def accepted(self) -> int:
        """Measures in the plan."""
        return self.count(Choice.ACCEPTED)

    @property
    def undecided(self) -> int:
        """Proposals that wait for a decision."""
        return self.count(Choice.PROPOSED)

    @property
    def decided(self) -> int:
        """Points on which nothing waits."""
        return sum(card.decided for card in self.cards)

    @property
    def errors(self) -> list[Lack]:
        """What should be mended before the plan is proposed."""
        return [lack for lack in self.lacks if lack.error]

    @property
    def warnings(self) -> list[Lack]:
        """What should be looked at."""
        return [lack for lack in self.lacks if not lack.error]


def overview(plan: Plan) -> Overview:
    """Everything about a plan."""
    sheet = current_sheet(plan.assessment)
    found = findings(sheet) if sheet else None
    weak = {finding.item.code: finding for finding in found or [] if finding.weak}
    numbers = {code: Number(one, weak.get(code)) for code, one in item_scores(sheet).items()} if sheet else {}
    themes = _themes(plan)
    points = loaded(plan)
    year, raised = effects_of(plan)
    said: dict[int | None, list[Comment]] = defaultdict(list)
    for comment in plan.comments.select_related("by"):
        said[comment.measure_id].append(comment)
    together = folded(points)
    standing = [point for point, _ in together if not point.dropped]
    lacking = lacks(plan, points, found)
    wrong = Counter(lack.anchor for lack in lacking if lack.error)
    cards = []
    for point, merged in together:
        if point.dropped:
            continue
        every = [point, *merged]
        codes = list(dict.fromkeys(code for one in every for code in one.items))
        measures = [card for one in every for card in _measures(one, said)]
        cards.append(
            PointCard(
                point,
                merged,
                [numbers[code] for code in codes if code in numbers],
                measures,
                _others([themes.get(code) or "" for code in codes], measures),
                [raised[code] for code in codes if code in raised],
                sum(wrong[f"point-{p.pk}"] for p in every) + sum(wrong[f"measure-{c.measure.pk}"] for c in measures),
                first=point is standing[0],
                last=point is standing[-1],
            )
        )
    dropped = [point for point in points if point.dropped]
    return Overview(plan, cards, dropped, lacking, said[None], year)


def _measures(point: Point, said: dict[int | None, list[Comment]]) -> list[MeasureCard]:
    rows = list(point.measures.all())
    return [
        MeasureCard(m, [_line(s) for s in m.steps.all()], said.get(m.pk, []), m is rows[0], m is rows[-1]) for m in rows
    ]


def _line(step: Step) -> StepLine:
    units = ", ".join(unit.name for unit in step.unit_list)
    days = f"{day(step.start)} – {day(step.end)}" if step.start or step.end else ""
    when = " ".join(part for part in (days, step.period_text) if part)
    return StepLine(
        step.text,
        units or pick("ยังไม่ระบุผู้รับผิดชอบ", "no unit yet"),
        when or pick("ยังไม่ระบุช่วงเวลา", "no period yet"),
    )


def _themes(plan: Plan) -> dict[str, str | None]:
    return {
        item.code: item.theme
        for inst in plan.assessment.round.framework.instruments
        for indicator in inst.indicators
        for item in indicator.items
    }


def _others(themes: list[str], measures: list[MeasureCard]) -> list[Proposal]:
    """Proposals for these themes that the point does not have yet."""
    taken = {card.measure.proposal for card in measures}
    return [one for theme in dict.fromkeys(themes) for one in proposals().get(theme, ()) if one.id not in taken]
