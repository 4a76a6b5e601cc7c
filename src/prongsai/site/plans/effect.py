"""What became of the scores that a plan was to raise: its items in the year of the results and in the year after."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from prongsai.analysis.ranking import ItemScore, item_scores
from prongsai.analysis.trend import trend
from prongsai.errors import InputError
from prongsai.framework import Framework
from prongsai.scoring.score import ScoreSheet
from prongsai.site.base.text import pick
from prongsai.site.plans.models import Plan
from prongsai.site.results.sheet import current_sheet
from prongsai.site.rounds.models import Assessment


@dataclass(frozen=True)
class Effect:
    """One item then and now, in points. ``code_now`` is empty and ``after`` None where next year has no such item.

    ``comparable`` False: both scores are shown with the reason, but no difference.
    """

    code: str
    title: str
    before: Fraction | None
    code_now: str
    after: Fraction | None
    comparable: bool
    reason: str

    @property
    def difference(self) -> Fraction | None:
        """After minus before, only where the two may be compared."""
        if not self.comparable or self.before is None or self.after is None:
            return None
        return self.after - self.before


def effects(before: ScoreSheet, after: ScoreSheet) -> dict[str, Effect]:
    """Every item of the earlier year by its code; what may be compared is the analysis room's rule."""
    then = item_scores(before)
    try:
        changes = trend(after, before).items
    except InputError as error:
        problem = error.problems[0]
        return {code: _alone(found, pick(problem.th, problem.en)) for code, found in then.items()}
    found = {code: _alone(item, _gone()) for code, item in then.items()}
    for change in changes:
        for code in change.before_node.split("+"):
            if code in then:
                found[code] = Effect(
                    code,
                    then[code].title,
                    _shown(then[code]),
                    change.node,
                    change.after,
                    change.comparable,
                    change.reason,
                )
    return found


def _gone() -> str:
    return pick("ไม่มีคะแนนของข้อที่ตรงกันในปีถัดมา", "The year after has no score of a matching item.")


def _shown(item: ItemScore) -> Fraction | None:
    return item.score if item.shown else None


def _alone(item: ItemScore, reason: str) -> Effect:
    return Effect(item.code, item.title, _shown(item), "", None, False, reason)


def following(assessment: Assessment) -> Assessment | None:
    """The same agency's assessment of the year after, where it has results."""
    year = assessment.round.fiscal_year
    if year is None:
        return None
    found = Assessment.objects.filter(agency=assessment.agency, round__fiscal_year=year + 1, results__isnull=False)
    return found.select_related("round", "agency").first()


def effects_of(plan: Plan) -> tuple[int | None, dict[str, Effect]]:
    """The year whose results show what a plan did, and its effect by item; nothing before those results came in."""
    after = following(plan.assessment)
    if after is None:
        return None, {}
    now, then = current_sheet(after), current_sheet(plan.assessment)
    return (after.round.fiscal_year, effects(then, now)) if now and then else (None, {})


def earlier_plan(assessment: Assessment) -> Plan | None:
    """The agency's plan that answered last year's results."""
    year = assessment.round.fiscal_year
    if year is None:
        return None
    found = Plan.objects.filter(assessment__agency=assessment.agency, assessment__round__fiscal_year=year - 1)
    return found.select_related("assessment__round", "assessment__agency").first()


def successors(framework: Framework) -> dict[str, list[str]]:
    """Codes of the framework before, each with the codes of this framework that took its place."""
    found: dict[str, list[str]] = {}
    for inst in framework.instruments:
        for indicator in inst.indicators:
            for item in indicator.items:
                for code in item.previous.items if item.previous else ():
                    found.setdefault(code, []).append(item.code)
    return found
