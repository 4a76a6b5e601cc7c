"""Progress by program: what was done about each measure, through the form and the action of the units' page."""

from __future__ import annotations

import hashlib
from typing import Any, Literal, cast

from django.http import Http404, HttpRequest, QueryDict
from ninja import Schema
from pydantic import ConfigDict, Field

from prongsai.improvement import model
from prongsai.site.api.errors import ApiError, problem
from prongsai.site.api.write_forms import check, fault
from prongsai.site.api.write_once import expect, stale
from prongsai.site.people.models import Person
from prongsai.site.people.permissions import May
from prongsai.site.plans.access import may_report_on
from prongsai.site.plans.convert import as_progress
from prongsai.site.plans.models import Choice, Measure, Plan, Report
from prongsai.site.plans.progress_actions import STAGES, Changed, Months, SaveReport, barred
from prongsai.site.plans.progress_forms import Sheet, add_row
from prongsai.site.plans.progress_views import action_of
from prongsai.site.rounds.access import assessment_for
from prongsai.site.rounds.deadlines import deadline
from prongsai.site.rounds.models import Assessment

_MOST = 100  # rows of one kind in the page's form


class ProgressIn(Schema):
    """Measures by their id in the plan; those that are not named stay as they are."""

    model_config = ConfigDict(extra="forbid")

    months: Literal[6, 12] | None = None
    measures: list[model.MeasureProgress] = Field(min_length=1, max_length=500)


class ProgressNow(Schema):
    """What is reported for a period. ``open``: whether anything can be changed now."""

    months: int
    open: bool
    measures: list[model.MeasureProgress]


class ProgressSaved(Schema):
    """Which measures were reported on, or (``dry_run``) would be."""

    dry_run: bool
    saved: list[str]


def _plan(request: HttpRequest, code: str, slug: str, months: int) -> Plan:
    """Raises ``Http404`` where there is no plan or no such period."""
    assessment = assessment_for(request, code, slug, May.REPORT)
    found: Plan | None = assessment.plans.first()
    if found is None or months not in STAGES:
        raise Http404
    found.assessment = assessment
    return found


def etag_of(plan: Plan, months: int) -> str:
    """Of the period's reports as they stand, and of the plan they are about."""
    rows = Report.objects.filter(measure__point__plan=plan, months=months).order_by("measure_id")
    state = repr((plan.revision, list(rows.values_list("measure_id", "version"))))
    return f'"progress-{months}-{hashlib.sha256(state.encode()).hexdigest()[:16]}"'


def _shut(assessment: Assessment, months: Months) -> Any:
    return barred(assessment, months, deadline(assessment, STAGES[months]))


def progress(request: HttpRequest, code: str, slug: str, months: int) -> tuple[dict[str, Any], str]:
    """``ProgressNow``. Raises ``Http404``."""
    plan = _plan(request, code, slug, months)
    found = as_progress(plan, cast(Months, months))
    told = {
        "months": months,
        "open": _shut(plan.assessment, cast(Months, months)) is None,
        "measures": [one.model_dump(mode="json", exclude_none=True) for one in found.measures],
    }
    return told, etag_of(plan, months)


def save_progress(
    request: HttpRequest, where: tuple[str, str, int], wanted: ProgressIn, *, dry_run: bool
) -> tuple[dict[str, Any], str]:
    """Save the report of every measure that is named, or of none. Raises as the page does."""
    code, slug, months = where
    plan = _plan(request, code, slug, months)
    person = request.user
    assert isinstance(person, Person)
    expect(request, etag_of(plan, months))
    if reason := _shut(plan.assessment, cast(Months, months)):
        raise reason
    if wanted.months not in (None, months):
        words = ("รอบใน body ไม่ตรงกับที่อยู่", "the period in the body is not that of the address")
        raise fault("body.months", words, wanted.months, (str(months), str(months)))
    measures = _measures(plan, person, wanted)
    actions = []
    for number, (measure, entry) in enumerate(zip(measures, wanted.measures, strict=True)):
        actions.append(_action(measure, person, months, entry, f"body.measures.{number}"))
    try:
        for action in actions:
            action.execute()
    except Changed as error:
        raise stale(request.headers["If-Match"], etag_of(plan, months)) from error
    return {"dry_run": dry_run, "saved": [one.measure for one in wanted.measures]}, etag_of(plan, months)


def _measures(plan: Plan, person: Person, wanted: ProgressIn) -> list[Measure]:
    """The measures that are named. Raises ``ApiError``: 422 for unknown or doubled ones, 403 for another unit's."""
    rows = Measure.objects.filter(point__plan=plan, choice=Choice.ACCEPTED, point__dropped=False)
    known = {row.key: row for row in rows.select_related("point").prefetch_related("steps__units")}
    found = []
    for number, entry in enumerate(wanted.measures):
        where = f"body.measures.{number}.measure"
        measure = known.get(entry.measure)
        if measure is None:
            expected = (f"หนึ่งใน {', '.join(known)}", f"one of {', '.join(known)}")
            raise fault(where, ("ไม่มีมาตรการนี้ในแผน", "the plan has no such measure"), entry.measure, expected)
        if measure in found:
            raise fault(where, ("มาตรการนี้ซ้ำ", "this measure is named twice"), entry.measure)
        measure.point.plan = plan
        if not may_report_on(person, measure):
            words = (
                "มาตรการนี้เป็นของส่วนราชการอื่น ผู้ออกโทเคนไม่มีสิทธิรายงาน",
                "this measure is another unit's: the token's maker may not report on it",
            )
            raise ApiError(403, problem("progress.other_unit", where, words, entry.measure))
        found.append(measure)
    return found


def _action(measure: Measure, person: Person, months: int, entry: model.MeasureProgress, where: str) -> SaveReport:
    """The page's form with these values, found in order, as its action. Raises ``ApiError`` 422."""
    report = measure.reports.prefetch_related("deeds", "proofs__file").filter(months=months).first()
    for name in ("done", "proof"):
        if len(getattr(entry, name)) > _MOST:
            most = (f"ไม่เกิน {_MOST} รายการ", f"at most {_MOST}")
            raise fault(f"{where}.{name}", ("มีรายการมากเกินไป", "there are too many"), len(getattr(entry, name)), most)
    data = _typed(entry, report, where)

    def fill() -> tuple[bool, Any]:
        sheet = Sheet.of_data(measure, person, report, data)
        deeds = [(f"{where}.done.{number}", form) for number, form in enumerate(sheet.deeds)]
        proofs = [(f"{where}.proof.{number}", form) for number, form in enumerate(sheet.proofs)]
        return sheet.valid(), [(where, sheet.main), *deeds, *proofs]

    check(fill)
    sheet = Sheet.of_data(measure, person, report, data)
    sheet.valid()
    return action_of(sheet, cast(Months, months))


def _typed(entry: model.MeasureProgress, report: Report | None, where: str) -> QueryDict:
    """As the page's form would send it; what says the same as a saved row stays that row."""
    data = QueryDict(mutable=True)
    data["version"] = str(report.version if report else 0)
    data["status"], data["result"], data["obstacles"] = entry.status, entry.result or "", entry.obstacles or ""
    deeds = list(report.deeds.all()) if report else []
    for deed in entry.done:
        same = next((row for row in deeds if (row.text, row.date, row.end) == (deed.text, deed.date, deed.end)), None)
        if same:
            deeds.remove(same)
        add_row(data, "deed", {"pk": same.pk if same else "", **deed.model_dump()})
    proofs = list(report.proofs.all()) if report else []
    for number, proof in enumerate(entry.proof):
        values = {name: getattr(proof, name) or "" for name in ("kind", "title", "number", "subject", "url")}
        wanted = (*values.values(), proof.date, proof.path or "")
        kept = next((row for row in proofs if _says(row) == wanted), None)
        if kept:
            proofs.remove(kept)
        elif proof.path:
            raise fault(
                f"{where}.proof.{number}.path",
                ("API แนบไฟล์ใหม่ไม่ได้ และไม่มีไฟล์นี้ในรายงาน", "no file comes by the API, and the report has none like it"),
                proof.path,
                ("ไฟล์ที่แนบไว้แล้วในรายงานนี้", "a file that is in this report already"),
            )
        add_row(data, "proof", {"pk": kept.pk if kept else "", **values, "date": proof.date})
    return data


def _says(row: Any) -> tuple[Any, ...]:
    texts = (row.kind, row.title, row.number, row.subject, row.url)
    return (*texts, row.date, row.file.name if row.file else "")
