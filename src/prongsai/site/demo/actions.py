"""What only the demo does: put an example's results, plan and progress into the database as their files stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from prongsai.improvement import model
from prongsai.site.agencies.models import Agency
from prongsai.site.history.action import Action
from prongsai.site.plans.convert import store
from prongsai.site.plans.models import Choice, Deed, Measure, Plan, Proof, Report
from prongsai.site.rounds.models import Assessment


@dataclass(kw_only=True)
class Begin(Action):
    """The mark of a database that ``fill_demo`` filled; it stands first in the log."""

    folder: str
    code = "demo.fill"
    th = "ระบบเตรียมฐานข้อมูลตัวอย่างจาก {folder}"
    en = "The system filled a demo database from {folder}"

    def do(self) -> None:
        """Nothing but the entry."""

    def facts(self) -> dict[str, Any]:
        """From where."""
        return {"folder": self.folder}


@dataclass(kw_only=True)
class OfYear(Action):
    """Something told of an agency's year."""

    assessment: Assessment

    def agency(self) -> Agency:
        """Whose year it is."""
        return self.assessment.agency

    def subject(self) -> Assessment:
        """The year."""
        return self.assessment


@dataclass(kw_only=True)
class StorePlan(OfYear):
    """An example's plan, all of it accepted."""

    shape: model.Plan
    code = "demo.plan"
    th = "{actor} จัดทำมาตรการ {measures} มาตรการ (ตามรายงานตัวอย่าง)"
    en = "{actor} drew up {measures} measures (from the example's report)"

    def do(self) -> Plan:
        """The plan as people edit it."""
        filed = self.shape.filed_as
        plan = Plan.objects.create(
            assessment=self.assessment,
            kind=self.shape.kind,
            action_year=self.shape.action_year,
            filed_year=filed.fiscal_year if filed else None,
            filed_item=filed.item if filed else "",
        )
        store(plan, self.shape, Choice.ACCEPTED)
        self.assessment.plan_at = timezone.now()
        self.assessment.save(update_fields=("plan_at",))
        return plan

    def facts(self) -> dict[str, Any]:
        """How many measures."""
        return {"measures": sum(len(point.measures) for point in self.shape.points)}


@dataclass(kw_only=True)
class StoreProgress(OfYear):
    """An example's progress report."""

    shape: model.Progress
    code = "demo.progress"
    th = "{actor} รายงานผลการดำเนินการรอบ {months} เดือน {measures} มาตรการ (ตามรายงานตัวอย่าง)"
    en = "{actor} reported on {measures} measures at {months} months (from the example's report)"

    def do(self) -> None:
        """One report for each measure, with what was done and what proves it."""
        measures = {m.key: m for m in Measure.objects.filter(point__plan__assessment=self.assessment)}
        for told in self.shape.measures:
            report = Report.objects.create(
                measure=measures[told.measure],
                months=self.shape.months,
                status=told.status,
                obstacles=told.obstacles or "",
                result=told.result or "",
                by=self.by,
            )
            Deed.objects.bulk_create(
                [Deed(report=report, text=deed.text, date=deed.date, end=deed.end, by=self.by) for deed in told.done]
            )
            Proof.objects.bulk_create([_proof(report, proof) for proof in told.proof])

    def facts(self) -> dict[str, Any]:
        """When, and of how many measures."""
        return {"months": self.shape.months, "measures": len(self.shape.measures)}


def _proof(report: Report, proof: model.Proof) -> Proof:
    return Proof(
        report=report,
        kind=proof.kind,
        title=proof.title or "",
        number=proof.number or "",
        date=proof.date,
        subject=proof.subject or "",
        url=proof.url or "",
        by=report.by,
    )
