"""An officer puts a bundle before the chain."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Max

from prongsai.site.agencies.models import Agency
from prongsai.site.approval.actions._bundle import STAGES, refuse_when_over
from prongsai.site.approval.freeze import MONTHS, Rendered, digest_of
from prongsai.site.approval.models import Bundle, BundleFile, BundleState, Rank, Turn
from prongsai.site.approval.seats import author_name
from prongsai.site.files.keep import keep
from prongsai.site.history.action import Action, refuse
from prongsai.site.plans.models import Choice, Measure, Plan, PlanState
from prongsai.site.plans.states import mark_submitted
from prongsai.site.rounds.deadlines import deadlines
from prongsai.thai.dates import long_date


@dataclass(kw_only=True)
class Submit(Action):
    """Freeze rendered files as a new bundle; an open one before it is superseded."""

    plan: Plan
    what: str  # plan, report_6 or report_12
    rendered: Rendered
    memo_number: str = ""
    memo_date: dt.date | None = None
    code = "approval.submit"
    th = "{actor} เสนอ{what} ฉบับที่ {number} จำนวน {files} ไฟล์ (ค่าแฮชของชุด {digest})"
    en = "{actor} submitted {what_en} no. {number}, {files} files (bundle digest {digest})"
    bundle: Bundle | None = None

    def agency(self) -> Agency:
        """Whose plan it is."""
        return self.plan.assessment.agency

    def subject(self) -> models.Model | None:
        """The bundle."""
        return self.bundle

    def check(self) -> None:
        """There is a chain, the window is open, there is something to decide, and nothing changed since rendering."""
        self.plan = Plan.objects.select_for_update(of=("self",)).select_related(
            "assessment__agency", "assessment__round"
        ).get(pk=self.plan.pk)  # fmt: skip
        Standing(self.plan).ready(self.what)
        if self.plan.revision != self.rendered.plan_revision:
            raise refuse(
                "approval.changed",
                "มาตรการถูกแก้ไขระหว่างที่ระบบจัดทำเอกสาร",
                "the plan was changed while the documents were being made",
                "โปรดกดเสนออีกครั้ง",
                "Press submit again.",
            )

    def do(self) -> Bundle:
        """Keep the files, copy the chain, supersede what was open."""
        earlier = Bundle.objects.filter(plan=self.plan, subject=self.what)
        earlier.filter(state=BundleState.OPEN).update(state=BundleState.SUPERSEDED)
        number = (earlier.aggregate(last=Max("number"))["last"] or 0) + 1
        assert self.by is not None
        files = [(f"{n:02d} {f.received.name}", f.received.sha256) for n, f in enumerate(self.rendered.files, 1)]
        bundle = self.bundle = Bundle.objects.create(
            plan=self.plan,
            subject=self.what,
            number=number,
            plan_revision=self.rendered.plan_revision,
            digest=digest_of(self.what, number, files),
            memo_number=self.memo_number,
            memo_date=self.memo_date,
            by=self.by,
            signed_as=author_name(self.by, self.agency()),
        )
        for order, frozen in enumerate(self.rendered.files, start=1):
            file = keep(frozen.received, self.agency(), self.by)
            BundleFile.objects.create(
                bundle=bundle, order=order, title=frozen.title, kind=frozen.kind, layout=frozen.layout, file=file
            )
        for rank in Rank.objects.filter(agency=self.agency()):
            Turn.objects.create(
                bundle=bundle,
                order=rank.order,
                position=rank.position,
                role=rank.role,
                act=rank.act,
                may_be_author=rank.may_be_author,
            )
        if self.what == "plan":
            mark_submitted(self.plan)
        return bundle

    def facts(self) -> dict[str, Any]:
        """Which bundle, and the digest that decisions bind to."""
        assert self.bundle is not None
        return {
            "what": str(self.bundle.get_subject_display()),
            "what_en": self.what,
            "number": self.bundle.number,
            "files": len(self.rendered.files),
            "digest": self.bundle.digest,
        }


class Standing:
    """What decides whether a plan's papers can be submitted now, read once for all subjects; five queries."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        last = Rank.objects.filter(agency=plan.assessment.agency).last()
        self.decides = last is not None and last.act == "decide"
        self.windows = {window.kind: window for window in deadlines(plan.assessment)}
        self.approved = plan.bundles.filter(subject="plan", state=BundleState.APPROVED).exists()
        accepted = Measure.objects.filter(point__plan=plan, point__dropped=False, choice=Choice.ACCEPTED)
        self.measures = accepted.exists()

    def ready(self, what: str) -> None:
        """Raise ``Refused`` with the reason when a subject cannot be submitted now."""
        if not self.decides:
            raise refuse(
                "approval.no_chain",
                "หน่วยงานยังไม่ได้กำหนดสายการพิจารณาที่ลำดับสุดท้ายเป็นผู้อนุมัติ",
                "the agency has no chain whose last rank decides",
                "โปรดให้ผู้ดูแลระบบของหน่วยงานกำหนดที่หน้าสายการพิจารณา",
                "Ask your agency’s administrator to set it on the page “Approval chain”.",
            )
        window = self.windows.get(STAGES[what])
        refuse_when_over(window)
        if window and not window.open:
            raise refuse(
                "approval.early",
                f"ขั้นตอน{window.kind.label}เปิดวันที่ {long_date(window.opens)}",
                f"“{window.kind.label}” opens on {window.opens}",
                "โปรดเสนอเมื่อถึงวันเปิด",
                "Submit once the step has opened.",
            )
        if what in MONTHS:
            self._report()
        else:
            self._plan()

    def _report(self) -> None:
        if not self.approved:
            raise refuse(
                "approval.no_plan_approved",
                "ยังไม่มีมาตรการที่อนุมัติแล้ว จึงยังรายงานผลไม่ได้",
                "no plan has been approved yet, so there is nothing to report on",
                "โปรดเสนอมาตรการให้ผู้บริหารอนุมัติก่อน",
                "Have the measures approved first.",
            )

    def _plan(self) -> None:
        if self.plan.state in (PlanState.APPROVED, PlanState.PUBLISHED):
            raise refuse(
                "approval.already",
                "มาตรการฉบับนี้อนุมัติแล้วและยังไม่มีการแก้ไข จึงไม่ต้องเสนอซ้ำ",
                "this plan is approved and has not been changed since",
                "หากแก้ไขมาตรการ ระบบจะให้เสนอฉบับใหม่",
                "If you change the measures, a new version can be submitted.",
            )
        if not self.measures:
            raise refuse(
                "approval.empty",
                "ยังไม่มีมาตรการที่รับไว้แม้แต่ข้อเดียว",
                "no measure has been accepted yet",
                "โปรดเลือกมาตรการที่หน้ามาตรการก่อน",
                "Choose measures on the page “Measures” first.",
            )
