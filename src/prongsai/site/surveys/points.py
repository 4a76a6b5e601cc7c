"""Satisfaction at service points: scores of each point and of all together, as far as small groups allow."""

from __future__ import annotations

from dataclasses import dataclass

from prongsai.documents.notices import service
from prongsai.documents.notices.service_scores import Figures, Half, PeriodFigures, figures, year_scores
from prongsai.documents.writers import write
from prongsai.scoring.interval import shown
from prongsai.scoring.tally import Tally
from prongsai.site.agencies.models import Agency
from prongsai.site.base.text import pick
from prongsai.site.rounds.models import Assessment, StageKind
from prongsai.site.surveys.models import Survey, SurveyState
from prongsai.site.surveys.outcome import tallies_by_place
from prongsai.survey.questionnaire import containers
from prongsai.thai.fiscal_year import FiscalYear

FRAMEWORK = "service-point"
REHEARSAL = "rehearsal"
_FIRST_HALF = (10, 11, 12, 1, 2, 3)


@dataclass(frozen=True)
class Points:
    """One period as it may be shown. ``before``: the period before it, where there is a closed one."""

    survey: Survey
    period: service.Period
    figures: PeriodFigures
    before: service.Period | None
    before_figures: PeriodFigures | None

    @property
    def items(self) -> list[tuple[str, str]]:
        """Codes and short names of the questions, in order."""
        framework = self.survey.assessment.round.framework
        return [
            (item.code, item.short or item.text or item.code)
            for instrument in framework.instruments
            for indicator in instrument.indicators
            for item in indicator.items
        ]

    @property
    def best(self) -> tuple[str, list[str]]:
        """What the best service point is the best of, and its name; several where equal, none where none is shown."""
        now, before = self.period, self.before
        whole = before is not None and (before.year, before.half) == (now.year, 1) and now.half == 2
        framework = self.survey.assessment.round.framework
        scores = year_scores(framework, (before, now) if whole and before else (now,))
        top = max((shown(value) for value in scores.values()), default=None)
        names = [name for name, value in scores.items() if shown(value) == top]
        words = (
            pick(f"จุดบริการดีเด่นของปีงบประมาณ {now.year}", f"Best service point of fiscal year {now.year}")
            if whole
            else pick("จุดบริการที่ได้คะแนนสูงสุดของรอบนี้", "Highest score of this period")
        )
        return words, names

    def earlier(self, name: str) -> Figures | None:
        """The same service point in the period before."""
        return self.before_figures.unit(name) if self.before_figures else None


def half_of(assessment: Assessment) -> tuple[int, Half]:
    """The half fiscal year (B.E. year, 1 or 2) in which a period began."""
    stage = assessment.round.stages.filter(kind=StageKind.SURVEY).first()
    day = stage.opens if stage else assessment.surveys.get().opened_at.date()  # type: ignore[union-attr]
    return FiscalYear.of(day).be, 1 if day.month in _FIRST_HALF else 2


def period_of(survey: Survey) -> service.Period:
    """A closed survey as the documents room wants it."""
    year, half = half_of(survey.assessment)
    units = tuple(
        service.UnitAnswers(name, {line: Tally(options) for line, options in sorted(lines.items())})
        for name, lines in tallies_by_place(survey).items()
    )
    return service.Period(year, half, units)


def points(survey: Survey) -> Points | None:
    """One period with the one before; None before it is closed, or where there is no service point."""
    if survey.state != SurveyState.CLOSED or not survey.places.exists():
        return None
    framework = survey.assessment.round.framework
    period = period_of(survey)
    before = _before(survey, period)
    return Points(survey, period, figures(framework, period), before, figures(framework, before) if before else None)


def _before(survey: Survey, period: service.Period) -> service.Period | None:
    earlier = Survey.objects.filter(
        assessment__agency=survey.assessment.agency,
        assessment__round__own=survey.assessment.agency,
        assessment__round__framework_id=survey.assessment.round.framework_id,
        state=SurveyState.CLOSED,
        by_places=True,
        opened_at__lt=survey.opened_at,
    )
    for one in earlier.select_related("assessment__round", "assessment__agency").order_by("-opened_at")[:6]:
        if not one.places.exists():
            continue
        found = period_of(one)
        if (found.year, found.half) < (period.year, period.half):
            return found
    return None


def summary(found: Points, form: str) -> bytes:
    """The document for the executive: DOCX, PDF or XLSX."""
    agency = found.survey.assessment.agency
    made = service.Summary(
        agency=agency.name,
        framework=found.survey.assessment.round.framework,
        now=found.period,
        before=found.before,
        agency_kind=agency.kind or None,
        digits="thai",
    )
    return write(service.build(made), form)


def only_survey(assessment: Assessment) -> Survey | None:
    """The one survey of an agency's own round."""
    wanted = containers(assessment.round.framework)
    found = assessment.surveys.select_related("form").filter(container__in=wanted[:1]).first()
    if found is not None:
        found.assessment = assessment
    return found


def own_rounds(agency: Agency) -> list[Assessment]:
    """What an agency ran for itself, newest first."""
    found = Assessment.objects.filter(agency=agency, round__own=agency).select_related("round", "agency")
    return list(found.prefetch_related("surveys__boxes", "round__stages__extensions").order_by("-pk")[:60])
