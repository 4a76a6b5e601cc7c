"""What an agency reads of its verdicts and answers to them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from prongsai.site.base.text import pick
from prongsai.site.base.views import signed_in
from prongsai.site.history.action import Refused
from prongsai.site.inspection.access import evidence_for
from prongsai.site.inspection.actions.clarify import APPEAL, CLARIFICATION, FileClarification, WithdrawClarification
from prongsai.site.inspection.judge_access import told_for
from prongsai.site.inspection.judge_forms import ClarifyForm
from prongsai.site.inspection.judging import rules_of
from prongsai.site.inspection.models import State
from prongsai.site.inspection.told import told
from prongsai.site.people.access import may
from prongsai.site.people.permissions import May
from prongsai.site.rounds.access import assessment_for
from prongsai.site.rounds.deadlines import Deadline, deadlines
from prongsai.site.rounds.models import Assessment, StageKind


@signed_in
def evidence_result(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """The verdicts of an agency's items with their reasons, and until when it can clarify."""
    assessment = told_for(request, code, slug)
    rows = told(assessment)
    windows = answer_windows(assessment)
    person: Any = request.user
    lost = [one for one in rows if not one.full]
    context = {
        "assessment": assessment,
        "agency": assessment.agency,
        "rows": rows,
        "lost": lost,
        "passed": len(rows) - len(lost),
        "final": bool(rows) and all(one.line.evidence.state == State.FINAL for one in rows),
        "answers": may(person, May.PLAN, assessment.agency),
        "published": assessment.round.framework.inspection is not None,
        **windows,
    }
    return render(request, "inspection/result.html", context)


def answer_windows(assessment: Assessment) -> dict[str, Any]:
    """Until when an agency can clarify, and appeal where the framework knows that."""
    found: dict[str, Deadline] = {one.kind: one for one in deadlines(assessment)}
    rules = rules_of(assessment.round.framework)
    return {
        "rules": rules,
        "window": found.get(StageKind.CLARIFICATION),
        "appeal_window": found.get(StageKind.APPEAL) if rules.appeal else None,
    }


@signed_in
def evidence_clarify(request: HttpRequest, code: str, slug: str, item: str) -> HttpResponse:
    """Answer one preliminary verdict, or appeal against a decided one where the framework has that."""
    assessment = assessment_for(request, code, slug, May.PLAN)
    evidence = evidence_for(request, assessment, item)
    windows = answer_windows(assessment)
    if evidence.state not in (State.PRELIMINARY, State.DECIDED):
        raise Http404
    kind = CLARIFICATION if evidence.state == State.PRELIMINARY else APPEAL
    rules, found = windows["rules"], told(assessment, item)[0]
    before = evidence.clarifications.filter(kind=kind, state="withdrawn").first()
    initial = {"text": before.text, "links": list(before.links.all())} if before else {}
    form = ClarifyForm(request.POST or None, evidence=evidence, new=rules.clarify_on == "new", initial=initial)
    refused = None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            FileClarification(
                by=request.user,  # type: ignore[arg-type]
                evidence=evidence,
                text=data["text"],
                links=list(data["links"]),
                new=data.get("new", []),
                kind=kind,
            ).execute()
        except Refused as error:
            refused = error.problems
        else:
            said = pick(f"ยื่นคำชี้แจงข้อ {item} แล้ว", f"The clarification on {item} is filed.")
            appealed = pick(f"ยื่นอุทธรณ์ข้อ {item} แล้ว", f"The appeal on {item} is filed.")
            messages.success(request, appealed if kind == APPEAL else said)
            return redirect("evidence_result", code, slug)
    context = {
        "assessment": assessment,
        "agency": assessment.agency,
        "one": found,
        "line": found.line,
        "appeal": kind == APPEAL,
        "form": form,
        "refused": refused,
        "window": windows["appeal_window" if kind == APPEAL else "window"],
        "rules": rules,
    }
    return render(request, "inspection/clarify.html", context, status=409 if refused or form.errors else 200)


@require_POST
@signed_in
def evidence_clarify_back(request: HttpRequest, code: str, slug: str, item: str) -> HttpResponse:
    """Take a clarification (or appeal) back that nobody has decided yet."""
    assessment = assessment_for(request, code, slug, May.PLAN)
    evidence = evidence_for(request, assessment, item)
    filed = evidence.clarifications.filter(state="filed").first()
    if filed is None:
        raise Http404
    WithdrawClarification(by=request.user, evidence=evidence, clarification=filed).execute()  # type: ignore[arg-type]
    messages.success(request, pick(f"ถอนคำชี้แจงข้อ {item} แล้ว ยื่นใหม่ได้ภายในกำหนด", f"{item} can be filed again."))
    return redirect("evidence_result", code, slug)
