"""What is done for all agencies of a round, agency by agency; safe to run again after a sudden end."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone
from django_tasks import task

from prongsai.errors import ProngsaiError
from prongsai.site.base.jobs import alone
from prongsai.site.people.access import agencies_for
from prongsai.site.people.permissions import May
from prongsai.site.results.actions import GatherResults
from prongsai.site.rounds.models import Assessment
from prongsai.site.surveys.actions.open import OpenSurvey, PrepareSurveys
from prongsai.site.surveys.asked import asked
from prongsai.site.surveys.models import Job, JobKind, SurveyState
from prongsai.survey.questionnaire import Questionnaire, containers

_LOG = logging.getLogger(__name__)
_TOLD = 25  # agencies between two reports of progress
_KEPT = 300  # refusals that are kept
Do = Callable[[Assessment], Any]


@task()
def work(pk: int) -> None:
    """Carry a job out. Every agency is one transaction; what refuses is kept with its reason, and the next goes on."""
    with alone("surveys", pk) as mine:
        if mine:
            _work(pk)


def _work(pk: int) -> None:
    job = Job.objects.select_related("round", "by").get(pk=pk)
    if job.state in ("done", "failed"):
        return
    waiting = list(_waiting(job).values_list("pk", flat=True))
    job.state, job.total, job.done, job.refused = "running", len(waiting), 0, []
    job.save()
    try:
        _each(job, waiting, _DO[JobKind(job.kind)](job))
    except Exception:
        _LOG.exception("survey job %s", pk)
        job.state = "failed"
    else:
        job.state = "done"
    job.ended_at = timezone.now()
    job.save()


def _each(job: Job, waiting: list[int], do: Do) -> None:
    for start in range(0, len(waiting), _TOLD):
        some = Assessment.objects.filter(pk__in=waiting[start : start + _TOLD])
        for assessment in some.select_related("agency").prefetch_related("surveys__places").order_by("pk"):
            assessment.round = job.round
            try:
                do(assessment)
            except ProngsaiError as error:
                _refused(job, assessment, error)
            job.done += 1
        job.save(update_fields=["done", "refused"])


def _refused(job: Job, assessment: Assessment, error: ProngsaiError) -> None:
    first = error.problems[0]
    if first.code != "results.same" and len(job.refused) < _KEPT:
        agency = assessment.agency
        job.refused.append({"code": agency.code, "name": agency.name, "th": first.th, "en": first.en})


def _waiting(job: Job) -> QuerySet[Assessment]:
    """The agencies of this person's for which there is something to do."""
    found = Assessment.objects.filter(round=job.round)
    if job.by is None:
        return found.none()
    own = agencies_for(job.by, May.ASSESS)
    if own.query.where:
        found = found.filter(agency__in=own)
    if job.kind == JobKind.PREPARE:
        laid = found.alias(laid=Count("surveys")).filter(laid__lt=len(containers(job.round.framework)))
        return laid.order_by("pk")
    state = SurveyState.DRAFT if job.kind == JobKind.OPEN else SurveyState.CLOSED
    return found.filter(surveys__state=state).distinct().order_by("pk")


def _prepare(job: Job) -> Do:
    return lambda one: PrepareSurveys(by=job.by, assessment=one, options=job.options).execute()


def _open(job: Job) -> Do:
    forms = {container: asked(job.round, container) for container in containers(job.round.framework)}
    return partial(_open_drafts, job, forms)


def _open_drafts(job: Job, forms: dict[str, Questionnaire], assessment: Assessment) -> None:
    """Open each draft that has a door; one that cannot be asked does not keep the others shut."""
    problem: ProngsaiError | None = None
    for survey in assessment.surveys.all():
        if survey.state == SurveyState.DRAFT:
            survey.assessment = assessment
            try:
                OpenSurvey(by=job.by, survey=survey, form=forms[survey.container]).execute()
            except ProngsaiError as error:
                problem = error
    if problem:
        raise problem


def _gather(job: Job) -> Do:
    return lambda one: GatherResults(by=job.by, assessment=one).execute()


_DO: dict[JobKind, Callable[[Job], Do]] = {
    JobKind.PREPARE: _prepare,
    JobKind.OPEN: _open,
    JobKind.GATHER: _gather,
}
