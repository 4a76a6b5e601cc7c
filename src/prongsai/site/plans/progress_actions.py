"""What is done about progress: a unit reports on a measure; the officer draws up the report of the period."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from django.db import models
from django.utils import timezone

from prongsai.errors import Problem
from prongsai.improvement.follow_up import check_progress
from prongsai.site.agencies.models import Agency
from prongsai.site.history.action import Action, Refused, refuse
from prongsai.site.plans.convert import as_progress
from prongsai.site.plans.models import Choice, Deed, Measure, Plan, Proof, Report
from prongsai.site.plans.states import ASK_FOR_TIME
from prongsai.site.rounds.deadlines import Deadline, deadline
from prongsai.site.rounds.models import Assessment, StageKind
from prongsai.thai.dates import long_date

Months = Literal[6, 12]
STAGES: dict[int, StageKind] = {6: StageKind.REPORT_6, 12: StageKind.REPORT_12}
_COLUMNS = {6: "reported_6_at", 12: "reported_12_at"}


class Changed(Refused):
    """Someone else reported on the same measure since this form was opened. ``report``: what is saved now."""

    def __init__(self, report: Report) -> None:
        self.report = report
        super().__init__(
            Problem(
                "progress.changed",
                str(report.measure),
                "มีผู้บันทึกรายงานของมาตรการนี้หลังจากที่ท่านเปิดหน้านี้",
                "someone saved a report on this measure after you opened the page",
                "โปรดเปรียบเทียบแล้วบันทึกอีกครั้ง",
                "Compare both, then save again.",
            )
        )


def over(window: Deadline) -> Refused:
    """Why nothing can be reported any more, and how to ask for more time."""
    day = long_date(window.closes)
    return refuse(
        "progress.closed",
        f"{window.kind.label} ปิดรับเมื่อวันที่ {day} เวลา 23:59:59 น. จึงบันทึกไม่ได้",
        f"“{window.kind.label}” closed on {window.closes.isoformat()} at 23:59:59 Bangkok time: nothing can be saved.",
        *ASK_FOR_TIME,
    )


def drawn_up(assessment: Assessment, months: Months) -> Refused:
    """The report of the period exists; what it says does not change behind its back."""
    return refuse(
        "progress.drawn_up",
        f"จัดทำรายงานรอบ {months} เดือนแล้ว จึงแก้ไขข้อมูลที่รายงานไม่ได้",
        f"The {months}-month report of {assessment.agency} has been drawn up: what it says cannot be changed.",
        "หากต้องแก้ไข โปรดแจ้งเจ้าหน้าที่ผู้รับผิดชอบ ITA ให้เปิดรายงานรอบนี้ใหม่",
        "If something is wrong, ask the ITA officer to open this period again.",
    )


def barred(assessment: Assessment, months: Months, window: Deadline | None) -> Refused | None:
    """Why nothing can be reported for a period now; None while it can."""
    if assessment.done_at(STAGES[months]):
        return drawn_up(assessment, months)
    return over(window) if window and window.over else None


def _check_open(assessment: Assessment, months: Months) -> None:
    now = Assessment.objects.select_for_update(of=("self",)).select_related("agency", "round").get(pk=assessment.pk)
    if reason := barred(now, months, deadline(now, STAGES[months])):
        raise reason


@dataclass(frozen=True)
class Row:
    """A deed or a piece of proof as typed: its columns (with ``file_id``). ``pk``: of the saved one that it changes."""

    pk: int | None
    values: dict[str, Any]


@dataclass(kw_only=True)
class SaveReport(Action):
    """Everything a unit reports on a measure for a period. ``version``: of the report that the person saw."""

    measure: Measure
    months: Months
    version: int
    values: dict[str, Any]  # status, obstacles, result
    deeds: list[Row] = field(default_factory=list)
    proofs: list[Row] = field(default_factory=list)

    code = "progress.report"
    th = "{actor} รายงานผลรอบ {months} เดือน มาตรการ “{measure}”: {status_th} (หลักฐาน {proofs} รายการ)"
    en = "{actor} reported at {months} months on “{measure}”: {status_en} ({proofs} pieces of proof)"

    def agency(self) -> Agency:
        """The plan's agency."""
        return self.measure.point.plan.assessment.agency

    def subject(self) -> models.Model:
        """The measure."""
        return self.measure

    def check(self) -> None:
        """Refuses out of time, for a measure that is not in the plan, and when someone else saved in between."""
        _check_open(self.measure.point.plan.assessment, self.months)
        measure = Measure.objects.select_for_update(of=("self",)).select_related("point").get(pk=self.measure.pk)
        if measure.choice != Choice.ACCEPTED or measure.point.dropped:
            raise refuse(
                "progress.not_in_plan",
                "มาตรการนี้ไม่อยู่ในแผนแล้ว จึงรายงานผลไม่ได้",
                "This measure is no longer in the plan.",
                "โปรดสอบถามเจ้าหน้าที่ผู้รับผิดชอบ ITA",
                "Please ask the ITA officer.",
            )
        self.report = Report.objects.filter(measure=measure, months=self.months).first()
        if self.report and self.report.version != self.version:
            raise Changed(self.report)

    def do(self) -> Report:
        """Save the report and bring its rows to what was typed."""
        report = self.report or Report(measure=self.measure, months=self.months, version=0)
        for name, value in self.values.items():
            setattr(report, name, value)
        report.by, report.at, report.version = self.by, timezone.now(), report.version + 1
        report.save()
        self._rows(Deed, report, self.deeds)
        self._rows(Proof, report, self.proofs)
        return report

    def _rows(self, model: type[Deed] | type[Proof], report: Report, rows: list[Row]) -> None:
        saved: dict[int, Any] = {row.pk: row for row in model._default_manager.filter(report=report)}
        kept = set()
        for row in rows:
            old = saved.get(row.pk) if row.pk else None
            if old is None:
                model._default_manager.create(report=report, by=self.by, **row.values)
                continue
            kept.add(old.pk)
            if any(getattr(old, name) != value for name, value in row.values.items()):
                model._default_manager.filter(pk=old.pk).update(by=self.by, **row.values)
        model._default_manager.filter(report=report, pk__in=set(saved) - kept).delete()

    def facts(self) -> dict[str, Any]:
        """What was reported, without who or how."""
        th, en = _STATUS[self.values["status"]]
        return {
            "months": str(self.months),
            "measure": self.measure.title,
            "status": self.values["status"],
            "status_th": th,
            "status_en": en,
            "proofs": len(self.proofs),
        }


_STATUS = {
    "not_started": ("ยังไม่เริ่มดำเนินการ", "not started"),
    "in_progress": ("อยู่ระหว่างดำเนินการ", "in progress"),
    "done": ("ดำเนินการแล้วเสร็จ", "done"),
}


@dataclass(kw_only=True)
class _Period(Action):
    """What is done to the report of a period."""

    plan: Plan
    months: Months

    def agency(self) -> Agency:
        """The plan's agency."""
        return self.plan.assessment.agency

    def subject(self) -> models.Model:
        """The plan."""
        return self.plan

    def facts(self) -> dict[str, Any]:
        """Which period."""
        return {"months": str(self.months)}

    def _stamp(self, moment: Any) -> None:
        assessment = self.plan.assessment
        Assessment.objects.filter(pk=assessment.pk).update(**{_COLUMNS[self.months]: moment})
        setattr(assessment, _COLUMNS[self.months], moment)


@dataclass(kw_only=True)
class CloseReport(_Period):
    """Draw up the report of a period: from here on what units reported stands, and documents are made from it."""

    code = "progress.close"
    th = "{actor} จัดทำรายงานผลรอบ {months} เดือน"
    en = "{actor} drew up the {months}-month report"

    def check(self) -> None:
        """Refuses out of time, twice, without measures, and while the check of the report finds errors."""
        _check_open(self.plan.assessment, self.months)
        progress = as_progress(self.plan, self.months)
        titles = {measure.id: measure.title for point in progress.plan.points for measure in point.measures}
        if not titles:
            raise refuse(
                "progress.no_measures",
                "แผนยังไม่มีมาตรการที่รับไว้ จึงยังไม่มีสิ่งที่จะรายงาน",
                "The plan has no accepted measure to report on.",
                "โปรดจัดทำมาตรการก่อน",
                "Draw up the measures first.",
            )
        errors = [found for found in check_progress(progress) if found.severity == "error"]
        if errors:
            raise Refused(
                [
                    Problem(found.code, titles.get(found.where, found.where), found.th, found.en, *_MEND)
                    for found in errors
                ]
            )

    def do(self) -> None:
        """Remember when."""
        self._stamp(timezone.now())


_MEND = ("โปรดเปิดรายงานของมาตรการนี้แล้วเพิ่มให้ครบ", "Open the report of this measure and complete it.")


@dataclass(kw_only=True)
class ReopenReport(_Period):
    """Let units change what they reported, while the period lasts."""

    code = "progress.reopen"
    th = "{actor} เปิดรายงานผลรอบ {months} เดือนให้แก้ไขอีกครั้ง"
    en = "{actor} opened the {months}-month report again"

    def check(self) -> None:
        """Refuses what was not drawn up, and after the last day."""
        assessment = self.plan.assessment
        if not assessment.done_at(STAGES[self.months]):
            raise refuse("progress.not_drawn_up", "รายงานรอบนี้ยังไม่ได้จัดทำ", "This report was not drawn up yet.")
        window = deadline(assessment, STAGES[self.months])
        if window and window.over:
            raise over(window)

    def do(self) -> None:
        """Forget when."""
        self._stamp(None)
