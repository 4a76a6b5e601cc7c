"""Approval: a year's bundles, one bundle with its chain, what waits for me, signed files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from prongsai.documents.writers import write
from prongsai.errors import InputError
from prongsai.site.approval import signed_pdf
from prongsai.site.approval.access import bundle_for, file_for
from prongsai.site.approval.actions import Act, DecideOnPaper, Submit
from prongsai.site.approval.actions._bundle import STAGES
from prongsai.site.approval.actions.act import VERBS
from prongsai.site.approval.actions.submit import Standing
from prongsai.site.approval.forms import PaperForm, SubmitForm
from prongsai.site.approval.freeze import render as render_files
from prongsai.site.approval.models import Bundle, Verb
from prongsai.site.approval.sheet import sheet_of
from prongsai.site.approval.show import bundle_context, waiting_bundles, waiting_circulars
from prongsai.site.base.templatetags.prongsai import problem_text
from prongsai.site.base.text import pick
from prongsai.site.base.views import signed_in
from prongsai.site.env import environment
from prongsai.site.files.keep import MEDIA_TYPES, PICTURES, receive
from prongsai.site.files.serve import attachment
from prongsai.site.history.action import Refused
from prongsai.site.papers.letters import fields_of, letter_of
from prongsai.site.papers.sources import Sources
from prongsai.site.papers.views import as_page
from prongsai.site.people.models import Person
from prongsai.site.people.permissions import May
from prongsai.site.rounds.access import assessment_for
from prongsai.site.rounds.models import Assessment

SHEET_FORMS = ("pdf", "docx")


@signed_in
@require_GET
def approval(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Where the year's papers stand, all bundles, and what can be submitted now."""
    assessment = assessment_for(request, code, slug, May.SEE_DRAFTS)
    return render(request, "approval/approval.html", _year(assessment))


def _year(assessment: Assessment, form: SubmitForm | None = None, what: str = "") -> dict[str, Any]:
    plan = assessment.plans.first()
    bundles: list[Bundle] = []
    if plan:
        plan.assessment = assessment
        bundles = list(plan.bundles.select_related("by").prefetch_related("turns"))
    standing = Standing(plan) if plan else None
    memo = fields_of(assessment, "memo")
    start = {"memo_number": memo.get("number", "")}
    subjects = [
        {
            "name": name,
            "label": dict(Bundle.SUBJECTS)[name],
            "window": standing.windows.get(stage) if standing else None,
            "newest": next((b for b in bundles if b.subject == name), None),
            "refusal": _refusal(standing, name) if standing else None,
            "form": form if form and name == what else SubmitForm(initial=start, prefix=name),
        }
        for name, stage in STAGES.items()
    ]
    return {
        "assessment": assessment,
        "agency": assessment.agency,
        "plan": plan,
        "bundles": bundles,
        "subjects": subjects,
    }


def _refusal(standing: Standing, what: str) -> Refused | None:
    """Why a subject cannot be submitted now."""
    try:
        standing.ready(what)
    except Refused as refusal:
        return refusal
    return None


@signed_in
@require_POST
def submit(request: HttpRequest, code: str, slug: str, subject: str) -> HttpResponse:
    """Make the files, freeze them, and put them before the chain."""
    assessment = assessment_for(request, code, slug, May.SUBMIT)
    plan = assessment.plans.first()
    if subject not in STAGES or plan is None:
        raise Http404
    plan.assessment = assessment
    form = SubmitForm(request.POST, prefix=subject)
    if not form.is_valid():
        return render(request, "approval/approval.html", _year(assessment, form, subject), status=400)
    Standing(plan).ready(subject)  # before the work of making the files; the action asks again
    typed = form.cleaned_data
    fields = {**fields_of(assessment, "memo"), "number": typed["memo_number"]}
    fields["date"] = typed["memo_date"].isoformat() if typed["memo_date"] else ""
    rendered = render_files(Sources(assessment), subject, letter_of(fields, assessment.agency), typed["digits"])
    made = Submit(
        by=request.user,  # type: ignore[arg-type]
        plan=plan,
        what=subject,
        rendered=rendered,
        memo_number=typed["memo_number"],
        memo_date=typed["memo_date"],
    ).execute()
    messages.success(request, pick("เสนอเรื่องแล้ว เอกสารถูกตรึงไว้ไม่เปลี่ยนแปลง", "Submitted: the documents are frozen."))
    return redirect("bundle", made.pk)


@signed_in
@require_GET
def bundle(request: HttpRequest, pk: int) -> HttpResponse:
    """The brief first, then files, what changed, the chain, and the acts allowed now."""
    found = bundle_for(request, pk)
    return render(request, "approval/bundle.html", bundle_context(found, request.user))  # type: ignore[arg-type]


@signed_in
@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """A rank acts. A missing reason is asked for on the page, with what was typed kept."""
    found = bundle_for(request, pk)
    verb, order, text = request.POST.get("verb", ""), request.POST.get("order", ""), request.POST.get("text", "")
    known = {verb.value for verbs in VERBS.values() for verb in verbs}
    if verb not in known or not order.isascii() or not order.isdigit():
        context = bundle_context(found, request.user)  # type: ignore[arg-type]
        return render(request, "approval/bundle.html", {**context, "typed": text}, status=400)
    action = Act(
        by=request.user,  # type: ignore[arg-type]
        bundle=found,
        digest=request.POST.get("digest", ""),
        order=int(order),
        verb=Verb(verb),
        text=text,
    )
    try:
        action.execute()
    except Refused as refusal:
        if refusal.problems[0].code != "approval.reason":
            raise
        context = bundle_context(bundle_for(request, pk), request.user)  # type: ignore[arg-type]
        page = {**context, "typed": text, "problems": refusal.problems}
        return render(request, "approval/bundle.html", page, status=400)
    done = Verb(verb).label
    messages.success(request, pick(f"บันทึกแล้ว: {done}", f"Recorded: {done}"))
    return redirect("bundle", pk)


@signed_in
def signed(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring in a signed file: a scan, or a digitally signed PDF that is checked."""
    found = bundle_for(request, pk, May.SUBMIT)
    form = PaperForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            signature = _taken_in(request, found, form.cleaned_data)
        except InputError as error:
            for problem in error.problems:
                form.add_error("file", f"{problem_text(problem)} {pick(problem.next_th, problem.next_en)}".strip())
        except Refused as refusal:
            if refusal.problems[0].code not in ("approval.reason", "approval.signed_on"):
                raise
            name = "text" if refusal.problems[0].code == "approval.reason" else "signed_on"
            form.add_error(name, problem_text(refusal.problems[0]))
        else:
            messages.success(request, pick("บันทึกฉบับลงนามแล้ว", "The signed file is kept."))
            return redirect("bundle", signature.bundle_id)
    assessment = found.plan.assessment
    context = {"bundle": found, "assessment": assessment, "agency": assessment.agency, "form": form}
    return render(request, "approval/signed.html", context, status=400 if form.errors else 200)


def _taken_in(request: HttpRequest, found: Bundle, typed: dict[str, Any]) -> Any:
    digital = typed["method"] == "pades"
    received = receive(typed["file"], frozenset({"pdf"}) if digital else frozenset({"pdf"}) | PICTURES)
    verdict: dict[str, Any] = {}
    if digital:
        frozen = [(f.title, f.file.read()) for f in found.files.all() if f.file.kind == "pdf"]
        verdict = signed_pdf.examine(received.data, frozen, environment().signing_roots)
    return DecideOnPaper(
        by=request.user,  # type: ignore[arg-type]
        bundle=found,
        digest=request.POST.get("digest", ""),
        received=received,
        verb=Verb(typed["verb"]),
        signed_as=typed["signed_as"],
        signed_on=typed["signed_on"],
        text=typed["text"],
        verdict=verdict,
    ).execute()


@signed_in
@require_GET
def sheet(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The approval sheet as it stands now."""
    found = bundle_for(request, pk)
    if form not in SHEET_FORMS:
        raise Http404
    name = f"ใบเสนอพิจารณา-{found.plan.assessment.round.slug}-{found.number}.{form}"
    response = HttpResponse(write(sheet_of(found), form), content_type=MEDIA_TYPES[form])
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


@signed_in
@require_GET
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """A frozen file: its very bytes. HTML is a page under a policy of its own, the rest is downloaded."""
    found = file_for(request, pk)
    if found.file.kind == "html":
        return as_page(found.file.read())
    return attachment(found.file)


@signed_in
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """What waits for my act, across all agencies."""
    assert isinstance(request.user, Person)
    context = {
        "bundles": waiting_bundles(request.user),
        "circulars": waiting_circulars(request.user),
        "today": timezone.localdate(),
    }
    return render(request, "approval/inbox.html", context)
