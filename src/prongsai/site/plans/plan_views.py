"""The plan page, drafting, kind and year, export, and comments."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from prongsai.improvement.files import to_yaml
from prongsai.improvement.filing import filed_as
from prongsai.site.base.text import pick
from prongsai.site.base.views import signed_in
from prongsai.site.people.access import may
from prongsai.site.people.permissions import May
from prongsai.site.plans.access import measure_in, plan_for
from prongsai.site.plans.actions.comments import WriteComment
from prongsai.site.plans.actions.measures import AcceptAll
from prongsai.site.plans.actions.whole import DraftPlan, SetKind
from prongsai.site.plans.convert import as_plan
from prongsai.site.plans.editing import ask, confirmed, done, editing, page_context, person
from prongsai.site.plans.effect import earlier_plan
from prongsai.site.plans.forms import KindForm
from prongsai.site.plans.models import Plan, PlanState
from prongsai.site.plans.page import overview
from prongsai.site.plans.states import ask_for_time, editing_window
from prongsai.site.results.sheet import current
from prongsai.site.rounds.access import assessment_for
from prongsai.site.rounds.models import Assessment


@signed_in
@require_GET
def plan(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """The plan of an agency's year; before there is one, the one button that draws it up."""
    assessment = assessment_for(request, code, slug, May.SEE)
    found = assessment.plans.first()
    sees_drafts = may(person(request), May.SEE_DRAFTS, assessment.agency)
    if found is not None and not sees_drafts and found.state != PlanState.PUBLISHED:
        found = None
    if found is None:
        return _empty(request, assessment, sees_drafts)
    found.assessment = assessment
    context = {**page_context(request, found, overview(found)), "show_all": "all" in request.GET}
    if context["may_plan"]:
        context["earlier"] = earlier_plan(assessment)
    return render(request, "plans/plan.html", context)


def _empty(request: HttpRequest, assessment: Assessment, sees_drafts: bool) -> HttpResponse:
    year = assessment.round.fiscal_year
    context = {
        "assessment": assessment,
        "agency": assessment.agency,
        "sees_drafts": sees_drafts,
        "may_plan": may(person(request), May.PLAN, assessment.agency),
        "has_results": current(assessment) is not None,
        "window": editing_window(assessment),
        "ask_for_time": ask_for_time(),
        "form": KindForm(initial={"kind": "measures", "action_year": year + 1 if year else None}),
        "filings": [(name, filed_as(kind, year)) for kind, name in Plan.KINDS] if year else [],
    }
    return render(request, "plans/empty.html", context)


@editing
@require_POST
def draft(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Draw up the plan from the results."""
    assessment = assessment_for(request, code, slug, May.PLAN)
    form = KindForm(request.POST)
    if not form.is_valid():
        context = {"assessment": assessment, "agency": assessment.agency, "form": form}
        return render(request, "plans/kind.html", context, status=400)
    action = DraftPlan(by=person(request), assessment=assessment, **form.cleaned_data)
    made: Plan = action.execute()
    made.assessment = assessment
    if action.new_units:
        names = ", ".join(action.new_units)
        messages.warning(
            request,
            pick(
                f"มาตรการกล่าวถึงส่วนราชการที่ยังไม่มีในทะเบียน ระบบเพิ่มชื่อทั่วไปให้แล้ว โปรดเปลี่ยนเป็นชื่อของหน่วยงาน: {names}",
                f"The measures name units you had not listed; they were added under their usual names: {names}",
            ),
        )
    words = ("ร่างมาตรการแล้ว โปรดพิจารณารับ แก้ไข หรือตัดออกทีละมาตรการ", "Drawn up: accept, edit or drop each measure.")
    return done(request, made, "", words)


@editing
def kind(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Change the kind of document and its year."""
    found = plan_for(request, code, slug, May.PLAN)
    form = KindForm(request.POST or None, initial={"kind": found.kind, "action_year": found.action_year})
    if request.method == "POST" and form.is_valid():
        SetKind(by=person(request), plan=found, confirmed=confirmed(request), **form.cleaned_data).execute()
        return done(request, found, "", ("บันทึกชนิดเอกสารและปีที่ดำเนินการแล้ว", "Kind and year saved."))
    context = {"assessment": found.assessment, "agency": found.assessment.agency, "plan": found, "form": form}
    return render(request, "plans/kind.html", context, status=400 if form.is_bound else 200)


@editing
@require_POST
def accept_all(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Accept every proposal that waits."""
    found = plan_for(request, code, slug, May.PLAN)
    action = AcceptAll(by=person(request), plan=found, confirmed=confirmed(request))
    action.execute()
    words = (f"รับมาตรการที่เสนอทั้งหมด {action.count} มาตรการแล้ว", f"Accepted {action.count} proposed measures.")
    return done(request, found, "", words)


@signed_in
@require_GET
def plan_file(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """The accepted measures as a plan file, as the command line takes it."""
    found = plan_for(request, code, slug, May.SEE)
    response = HttpResponse(to_yaml(as_plan(found)), content_type="application/yaml; charset=utf-8")
    name = f"plan-{code}-{found.action_year}.yaml"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


@signed_in
def comment(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Advice of those who coach, answers of those who plan."""
    coaches = may(person(request), May.COACH, assessment_for(request, code, slug, May.SEE).agency)
    found = plan_for(request, code, slug, May.COACH if coaches else May.PLAN)
    about = (request.POST if request.method == "POST" else request.GET).get("measure", "")
    if about and not (about.isascii() and about.isdigit()):
        raise Http404
    measure = measure_in(found, int(about)) if about else None
    if request.method != "POST":
        return ask(request, found, measure or found, "comment", measure=measure)
    WriteComment(by=person(request), plan=found, measure=measure, text=request.POST.get("text", "")).execute()
    messages.success(request, pick("ส่งความเห็นแล้ว", "Comment sent."))
    where = f"measure-{measure.pk}" if measure else "comments"
    return redirect(f"{redirect('plan', code, slug).url}#{where}")
