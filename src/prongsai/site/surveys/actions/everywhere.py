"""Something for all agencies of a round at once, in the background."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from prongsai.site.base.jobs import UNDER_WAY
from prongsai.site.history.action import Action, refuse
from prongsai.site.rounds.actions import check_open
from prongsai.site.rounds.models import Round
from prongsai.site.surveys.models import Job, JobKind

_STUCK = dt.timedelta(minutes=30)


@dataclass(kw_only=True)
class StartJob(Action):
    """Ask a worker to prepare, open or score for every agency of the round that this person assesses."""

    round: Round
    kind: JobKind
    options: dict[str, Any] = field(default_factory=dict)

    code = "surveys.everywhere"
    th = "{actor} สั่ง{what}ของทุกหน่วยงานใน “{round}”"
    en = "{actor} asked for all agencies of “{round}”: {what_en}"

    def subject(self) -> Round:
        """The round."""
        return self.round

    def check(self) -> None:
        """The round is open, and nobody asked for the same just now."""
        check_open(self.round)
        going = Job.objects.filter(round=self.round, kind=self.kind, state__in=UNDER_WAY)
        if going.filter(at__gte=timezone.now() - _STUCK).exists():
            raise refuse(
                "surveys.job_running",
                "กำลังดำเนินการอยู่แล้ว",
                "this is under way already",
                "โปรดรอให้เสร็จ หน้านี้แสดงความคืบหน้า",
                "Please wait; the page shows how far it is.",
            )
        going.update(state="failed", ended_at=timezone.now())  # a worker that died: whoever asks again goes on

    def do(self) -> Job:
        """Asked for."""
        from prongsai.site.surveys.jobs import work

        job = Job.objects.create(round=self.round, kind=self.kind, options=self.options, by=self.by)
        transaction.on_commit(lambda: work.enqueue(job.pk))
        return job

    def facts(self) -> dict[str, Any]:
        """What, in which round."""
        what = {JobKind.PREPARE: "เตรียมแบบสำรวจ", JobKind.OPEN: "เปิดรับคำตอบ", JobKind.GATHER: "ประมวลผลคะแนน"}
        return {"round": self.round.name, "what": what[self.kind], "what_en": self.kind.value}
