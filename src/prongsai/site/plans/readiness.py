"""What a stored plan still lacks, as the improvement room's checks say it, with the place on the page."""

from __future__ import annotations

from dataclasses import dataclass

from prongsai.analysis.findings import Finding, findings
from prongsai.improvement import model
from prongsai.improvement.checks import PlanProblem, check_plan
from prongsai.site.base.text import pick
from prongsai.site.plans.convert import as_plan, loaded
from prongsai.site.plans.effect import earlier_plan
from prongsai.site.plans.models import Choice, Measure, Plan, Point
from prongsai.site.results.sheet import current_sheet


@dataclass(frozen=True)
class Lack:
    """A problem and where to mend it: ``anchor`` on the plan page, ``label`` for people (empty for the plan)."""

    problem: PlanProblem
    anchor: str
    label: str

    @property
    def error(self) -> bool:
        """Whether it should be mended before the plan is proposed; otherwise it is to be looked at."""
        return self.problem.severity == "error"

    @property
    def message(self) -> str:
        """In the reader's language."""
        return pick(self.problem.th, self.problem.en)


def problems(plan: Plan) -> list[PlanProblem]:
    """All problems of a stored plan against its results and last year's plan."""
    sheet = current_sheet(plan.assessment)
    return problems_of(plan, loaded(plan), findings(sheet) if sheet else None)


def problems_of(plan: Plan, points: list[Point], found: list[Finding] | None) -> list[PlanProblem]:
    """The same for points and findings at hand."""
    earlier = earlier_plan(plan.assessment)
    return check_plan(as_plan(plan, points), found, _titles(earlier) if earlier else None)


def _titles(plan: Plan) -> model.Plan:
    """Last year's measures by title alone, which is all the check compares; one query."""
    found = Measure.objects.filter(point__plan=plan, point__dropped=False, choice=Choice.ACCEPTED)
    measures = [model.Measure(id=str(pk), title=title) for pk, title in found.values_list("pk", "title")]
    bare = as_plan(plan, [])
    return bare.model_copy(update={"points": [model.Point(id="p", measures=measures)]})


def lacks(plan: Plan, points: list[Point], found: list[Finding] | None) -> list[Lack]:
    """Problems with their places on the page, errors first."""
    listed = [_placed(problem, points) for problem in problems_of(plan, points, found)]
    return sorted(listed, key=lambda lack: not lack.error)


def _placed(problem: PlanProblem, points: list[Point]) -> Lack:
    name = problem.where.split(" ")[0]
    for point in points:
        if point.key == name:
            return Lack(problem, f"point-{point.pk}", str(point))
        for measure in point.measures.all():
            if measure.key == name:
                rest = problem.where.removeprefix(name)
                return Lack(problem, f"measure-{measure.pk}", f"{measure}{rest}")
    for point in points:  # the check of unanswered items names the item in its sentence only
        if problem.code == "plan.unanswered" and any(f"ข้อ {code} " in problem.th for code in point.items):
            return Lack(problem, f"point-{point.pk}", str(point))
    return Lack(problem, "plan-head", "")
