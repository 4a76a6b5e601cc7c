"""Gathering a round in the background: each agency's newest results, scored, laid into columns, kept as one file."""

from __future__ import annotations

import logging
from typing import Any

from django.utils import timezone
from django_tasks import task

from prongsai.national.book import write
from prongsai.site.base.jobs import alone
from prongsai.site.files.keep import Received, keep
from prongsai.site.history.action import Refused
from prongsai.site.nation.actions import KeepNation
from prongsai.site.nation.gathering import gather
from prongsai.site.nation.models import NationJob, NationResult
from prongsai.site.nation.odd import seen_in

_LOG = logging.getLogger(__name__)
_KEPT = 300  # refusals that are kept


@task()
def work(pk: int) -> None:
    """Carry a job out, from the beginning where it ended suddenly before. Nothing of the round changes."""
    with alone("nation", pk) as mine:
        if mine:
            _work(pk)


def _work(pk: int) -> None:
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
    job.state = "running"

    def told(done: int, total: int, refused: list[dict[str, Any]]) -> None:
        job.done, job.total, job.refused = done, total, refused[:_KEPT]
        job.save()

    gathering = gather(job.round, job.at, told)
    if not len(gathering):
        return None
    agencies = job.round.assessments.count()
    data = write(gathering.done(), {"round": job.round.name, "agencies_in_round": agencies})
    keeping = KeepNation(by=job.by, round=job.round, data=data, agencies=agencies, scored=len(gathering), until=job.at)
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
