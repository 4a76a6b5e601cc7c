"""What changes a nation's result: gathering it, keeping it. The app ``opendata`` publishes it and takes it back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from prongsai.site.base.jobs import UNDER_WAY
from prongsai.site.files.keep import Received, keep
from prongsai.site.history.action import Action, refuse
from prongsai.site.nation.models import NationJob, NationResult
from prongsai.site.results.actions import short
from prongsai.site.rounds.models import Round

_STUCK = dt.timedelta(minutes=30)


@dataclass(kw_only=True)
class StartGathering(Action):
    """Ask a worker to gather every agency's current results."""

    round: Round

    code = "nation.start"
    th = "{actor} สั่งประมวลผลทั้งประเทศของ “{round}”"
    en = "{actor} asked for the results of all agencies of “{round}”"

    def subject(self) -> Round:
        """The round."""
        return self.round

    def check(self) -> None:
        """Something came in, and nobody asked just now."""
        if not self.round.assessments.filter(results__isnull=False).exists():
            raise refuse(
                "nation.nothing",
                "ยังไม่มีหน่วยงานใดในการประเมินนี้ที่มีผล",
                "no agency of this round has results yet",
                "ประมวลผลคะแนนจากแบบสำรวจ หรือนำเข้าผลของหน่วยงานก่อน",
                "Make results from the surveys, or bring in results of agencies first.",
            )
        going = self.round.nation_jobs.filter(state__in=UNDER_WAY)
        if going.filter(at__gte=timezone.now() - _STUCK).exists():
            raise refuse(
                "nation.running",
                "กำลังประมวลผลอยู่แล้ว",
                "this is under way already",
                "โปรดรอให้เสร็จ หน้านี้แสดงความคืบหน้า",
                "Please wait; the page shows how far it is.",
            )
        going.update(state="failed", ended_at=timezone.now())  # a worker that died: whoever asks again begins anew

    def do(self) -> NationJob:
        """Asked for."""
        from prongsai.site.nation.jobs import work

        job = NationJob.objects.create(round=self.round, by=self.by)
        transaction.on_commit(lambda: work.enqueue(job.pk))
        return job

    def facts(self) -> dict[str, Any]:
        """Which round."""
        return {"round": self.round.name}


@dataclass(kw_only=True)
class KeepNation(Action):
    """Keep what was gathered as a new revision. ``data`` is the file, ``agencies`` and ``scored`` what it counts.

    ``until``: results that came in later are not in it.
    """

    round: Round
    data: bytes
    agencies: int
    scored: int
    until: dt.datetime

    code = "nation.keep"
    th = "{actor} ประมวลผลทั้งประเทศของ “{round}” เป็นฉบับที่ {revision}: {scored} จาก {agencies} หน่วยงาน (SHA-256 {hash})"
    en = "{actor} gathered “{round}”, revision {revision}: {scored} of {agencies} agencies (SHA-256 {hash})"

    _made: NationResult | None = None

    def subject(self) -> NationResult | None:
        """The new revision."""
        return self._made

    def check(self) -> None:
        """It says something new."""
        Round.objects.select_for_update().get(pk=self.round.pk)
        newest = self.round.nation_results.select_related("file").first()
        if newest and newest.file.sha256 == self._received.sha256:
            raise refuse(
                "nation.same",
                f"ผลฉบับที่ {newest.revision} มาจากข้อมูลชุดเดียวกันอยู่แล้ว",
                f"revision {newest.revision} is made from the same data",
            )

    @property
    def _received(self) -> Received:
        return Received(f"nation-{self.round.slug}.zip", "zip", self.data)

    def do(self) -> NationResult:
        """The new revision."""
        last = self.round.nation_results.aggregate(last=Max("revision"))["last"] or 0
        self._made = NationResult.objects.create(
            round=self.round,
            revision=last + 1,
            framework_id=self.round.framework_id,
            framework_version=self.round.framework_version,
            file=keep(self._received, None, self.by),
            agencies=self.agencies,
            scored=self.scored,
            by=self.by,
            at=self.until,
        )
        return self._made

    def facts(self) -> dict[str, Any]:
        """Round, revision, how many agencies, hash."""
        assert self._made is not None
        return {
            "round": self.round.name,
            "revision": self._made.revision,
            "agencies": self.agencies,
            "scored": self.scored,
            "hash": short(self._made.file.sha256),
            "sha256": self._made.file.sha256,
        }
