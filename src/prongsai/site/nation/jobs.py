"""Gathering a round in the background: each agency's newest results, scored, laid into columns, kept as one file."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from django.utils import timezone
from django_tasks import task

from prongsai.errors import ProngsaiError
from prongsai.national.book import write
from prongsai.national.gather import About, Gathering
from prongsai.site.files.keep import Received, keep
from prongsai.site.history.action import Refused
from prongsai.site.nation.actions import KeepNation
from prongsai.site.nation.models import NationJob, NationResult
from prongsai.site.nation.odd import seen_in
from prongsai.site.results.models import Result
from prongsai.site.results.sheet import scored
from prongsai.site.rounds.models import Assessment

_LOG = logging.getLogger(__name__)
_TOLD = 100  # agencies between two reports of progress
_KEPT = 300  # refusals that are kept


@task()
def work(pk: int) -> None:
    """Carry a job out. Nothing of the round changes; a job that ended suddenly is simply asked for again."""
    job = NationJob.objects.select_related("round", "by").get(pk=pk)
    if job.state in ("done", "failed"):
        return
    try:
        job.result = _gather(job)
    except Exception:
        _LOG.exception("nation job %s", pk)
        job.state = "failed"
    else:
        job.state = "done"
    job.ended_at = timezone.now()
    job.save()


def _gather(job: NationJob) -> NationResult | None:
    """The revision made, or the newest where it says the same already; None where no agency could be used."""
    waiting = list(
        Assessment.objects.filter(round=job.round, results__isnull=False)
        .order_by("agency_id")
        .values_list("pk", flat=True)
        .distinct()
    )
    job.state, job.total, job.done, job.refused = "running", len(waiting), 0, []
    job.save()
    gathering = Gathering(job.round.framework)
    for start in range(0, len(waiting), _TOLD):
        for result in _newest(job, waiting[start : start + _TOLD]):
            _add(job, gathering, result)
            job.done += 1
        job.save(update_fields=["done", "refused"])
    if not len(gathering):
        return None
    agencies = job.round.assessments.count()
    data = write(gathering.done(), {"round": job.round.name, "agencies_in_round": agencies})
    keeping = KeepNation(by=job.by, round=job.round, data=data, agencies=agencies, scored=len(gathering))
    try:
        made: NationResult | None = keeping.execute()
    except Refused:
        made = job.round.nation_results.first()
    if made is not None and made.signals is None:
        _look(job, made)
    return made


def _look(job: NationJob, result: NationResult) -> None:
    """Ask the signals, beside the result: where they fail, the result stands all the same."""
    try:
        found = seen_in(job.round)
    except Exception:
        _LOG.exception("signals of nation job %s", job.pk)
        th, en = "ตรวจหารูปแบบผิดปกติไม่สำเร็จ ผลคะแนนไม่กระทบ", "Looking for odd patterns failed; scores are not affected"
        job.refused.append({"code": "", "name": "", "th": th, "en": en})
        return
    if found is not None:
        result.signals = keep(Received(f"signals-{job.round.slug}.parquet", "parquet", found), None, job.by)
        result.save(update_fields=["signals"])


def _newest(job: NationJob, some: list[int]) -> Iterator[Result]:
    """The newest revision of each of some assessments; two queries."""
    rows = Result.objects.filter(assessment__in=some).select_related("assessment__agency__parent")
    last = 0
    for result in rows.order_by("assessment__agency_id", "-revision"):
        if result.assessment_id != last:
            last = result.assessment_id
            result.assessment.round = job.round
            yield result


def _add(job: NationJob, gathering: Gathering, result: Result) -> None:
    agency = result.assessment.agency
    about = About(
        agency.pk,
        agency.code,
        agency.name,
        agency.kind,
        agency.province,
        agency.parent.name if agency.parent else "",
        agency.staff,
    )
    try:
        gathering.add(about, scored(result))
    except (ProngsaiError, ValueError) as error:
        first = error.problems[0] if isinstance(error, ProngsaiError) else None
        th, en = (first.th, first.en) if first else ("ผลใช้กรอบการประเมินอื่น", str(error))
        if len(job.refused) < _KEPT:
            job.refused.append({"code": agency.code, "name": agency.name, "th": th, "en": en})
