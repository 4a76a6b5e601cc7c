"""Bringing in results: template, upload, dry run, accept or drop, and the revisions that came in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from prongsai.analysis.disclosure import shown_score
from prongsai.errors import InputError, Problem, ProngsaiError
from prongsai.scoring.template import write_template
from prongsai.site.base.forms import Form
from prongsai.site.base.text import T, pick
from prongsai.site.base.views import signed_in
from prongsai.site.files.keep import MEDIA_TYPES, receive
from prongsai.site.people.permissions import May
from prongsai.site.results.access import import_for, revision_for
from prongsai.site.results.actions import AcceptImport, DropImport, RestoreResult, TryImport, short
from prongsai.site.results.import_preview import choices_shown, findings_shown, lines
from prongsai.site.results.imports import ACCEPTED, check_ready, decided, try_file
from prongsai.site.results.models import Import, Result
from prongsai.site.results.sheet import current, current_sheet
from prongsai.site.results.stored import sheet_of_data
from prongsai.site.rounds.access import assessment_for
from prongsai.site.rounds.deadlines import deadline
from prongsai.site.rounds.models import Assessment, StageKind

_CHOICE = "choose:"
_REVISIONS = 30
_MOST_PROBLEMS = 60


class UploadForm(Form):
    """One file; what it is, is told by its content."""

    file = forms.FileField(
        label=T("ไฟล์ผลการประเมิน", "File with the results"),
        widget=forms.FileInput({"accept": ".xlsx,.yaml,.yml,.json,.pdf,.docx,.html,.htm,.txt,.md"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit = settings.UPLOAD_LIMIT // (1024 * 1024)
        self.fields["file"].help_text = pick(
            f"แบบกรอก XLSX, ไฟล์ผล YAML หรือรายงานที่เผยแพร่ (PDF, Word, HTML, ข้อความ) ขนาดไม่เกิน {limit} เมกะไบต์",
            f"XLSX template, YAML results file, or a published report (PDF, Word, HTML, text), {limit} MB at most.",
        )


@signed_in
def bring_in(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Upload a file; it is tried, and what it would change is shown next. Nothing is changed here."""
    assessment = assessment_for(request, code, slug, May.IMPORT)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            received = receive(form.cleaned_data["file"], ACCEPTED)
            tried = try_file(assessment, received)
            action = TryImport(by=request.user, assessment=assessment, received=received, tried=tried)  # type: ignore[arg-type]
            return redirect("import_preview", code, slug, action.execute().pk)
        except ProngsaiError as error:
            problems = error.problems
    context = {
        **_ready(assessment),
        "form": form,
        "problems": problems[:_MOST_PROBLEMS],
        "more": max(0, len(problems) - _MOST_PROBLEMS),
        "deadline": deadline(assessment, StageKind.RESULTS),
        "waiting": assessment.imports.filter(state="tried").select_related("file", "by")[:5],
        "revisions": [_revision(one) for one in _revisions(assessment)],
    }
    failed = request.method == "POST"
    return _page(request, "import_upload", assessment, context, 400 if failed else 200)


def _page(
    request: HttpRequest, template: str, assessment: Assessment, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    own = {"assessment": assessment, "agency": assessment.agency}
    return render(request, f"results/{template}.html", {**own, **context}, status=status)


def _ready(assessment: Assessment) -> dict[str, Any]:
    """Why nothing can come in now, if anything stands against it."""
    try:
        check_ready(assessment)
    except ProngsaiError as error:
        return {"blocked": error.problems}
    return {}


def _revisions(assessment: Assessment) -> list[Result]:
    return list(assessment.results.select_related("file", "by")[:_REVISIONS])


def _revision(result: Result) -> dict[str, Any]:
    """A revision with its score and level, and the hash of its file."""
    found: dict[str, Any] = {"result": result, "hash": short(result.file.sha256) if result.file else ""}
    try:
        sheet = sheet_of_data(result.data, result.assume)
    except InputError:  # made by a framework that is not here any more
        return found
    return {**found, "overall": shown_score(sheet, "overall"), "level": " / ".join(sheet.level.names)}


@signed_in
def template(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """The XLSX template of this round with agency and year filled in."""
    assessment = assessment_for(request, code, slug, May.IMPORT)
    agency = assessment.agency
    known = {"kind": agency.kind, "district": agency.district, "province": agency.province, "staff": agency.staff}
    values: dict[tuple[str, ...], object] = {("agency", name): value for name, value in known.items() if value}
    data = write_template(assessment.round.framework, agency.name, values)
    response = HttpResponse(data, content_type=MEDIA_TYPES["xlsx"])
    name = f"แบบกรอกผล {slug} {agency.name}.xlsx"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


@signed_in
def preview(request: HttpRequest, code: str, slug: str, pk: int) -> HttpResponse:
    """What a tried file would change. POST ``do``: ``accept``, ``drop``, or ``look`` (again, with other choices)."""
    attempt = import_for(request, code, slug, pk)
    do = request.POST.get("do", "") if request.method == "POST" else ""
    chosen = {key.removeprefix(_CHOICE): str(value) for key, value in request.POST.items() if key.startswith(_CHOICE)}
    if do == "drop":
        DropImport(by=request.user, attempt=attempt).execute()  # type: ignore[arg-type]
        messages.success(request, pick("ยกเลิกแล้ว ไม่มีข้อมูลใดเปลี่ยน", "Dropped; nothing was changed."))
        return redirect("import", code, slug)
    problems: tuple[Problem, ...] = ()
    if do == "accept":
        base = request.POST.get("base", "")
        action = AcceptImport(
            by=request.user,  # type: ignore[arg-type]
            attempt=attempt,
            base=int(base) if base.isascii() and base.isdigit() and len(base) < 10 else -1,
            chosen=chosen,
        )
        try:
            result = action.execute()
            messages.success(request, pick(f"นำเข้าผลฉบับที่ {result.revision} แล้ว", f"Revision {result.revision} is in."))
            return redirect("results", code, slug)
        except ProngsaiError as error:
            problems = error.problems
            attempt.refresh_from_db(fields=["state"])
    context = {**_ready(attempt.assessment), **_would_change(attempt, chosen), "problems": problems}
    return _page(request, "import_preview", attempt.assessment, context, 409 if problems else 200)


def _would_change(attempt: Import, chosen: dict[str, str]) -> dict[str, Any]:
    before = current(attempt.assessment)
    old = current_sheet(attempt.assessment)
    choices = attempt.reading.get("choices", {})
    data, _ = decided(attempt.data, choices, chosen)
    new = sheet_of_data(data, before.assume if before else [], attempt.file.name)
    found = lines(old, new, attempt.findings)
    changed = [line for line in found if line.changed]
    return {
        "attempt": attempt,
        "hash": short(attempt.file.sha256),
        "base": before.revision if before else 0,
        "first": old is None,
        "changed": changed,
        "changed_groups": [line for line in changed if not line.detail and line.node != "level"],
        "changed_items": [line for line in changed if line.detail],
        "same": [line for line in found if not line.changed],
        "head": [line for line in found if line.node in ("overall", "level")],
        "lost": sum(line.new == "–" for line in changed),
        "findings": findings_shown(attempt.findings),
        "choices": choices_shown(choices, new, chosen),
        "disagreements": new.disagreements,
        "unread": attempt.reading.get("unread", []),
        "unread_count": attempt.reading.get("unread_count", 0),
        "remarks": attempt.reading.get("notes", []),
        "deadline": deadline(attempt.assessment, StageKind.RESULTS),
    }


@signed_in
@require_POST
def restore(request: HttpRequest, code: str, slug: str, revision: int) -> HttpResponse:
    """Goes back to an earlier revision, as a new one."""
    result = revision_for(request, code, slug, revision)
    made = RestoreResult(by=request.user, result=result).execute()  # type: ignore[arg-type]
    messages.success(
        request,
        pick(
            f"ใช้ผลตามฉบับที่ {revision} แล้ว บันทึกเป็นฉบับที่ {made.revision}",
            f"Revision {revision} is in force again, as revision {made.revision}.",
        ),
    )
    return redirect("import", code, slug)
