"""The confirmation by the chief executive: what it covers, what is missing, and taking it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from prongsai.site.base.text import pick
from prongsai.site.base.views import signed_in
from prongsai.site.inspection.access import confirming_for
from prongsai.site.inspection.actions.confirm import ConfirmEvidence, TakeBack
from prongsai.site.inspection.checklist import Checklist
from prongsai.site.inspection.chief import signs_as
from prongsai.site.inspection.filing import shut, window
from prongsai.site.inspection.forms import ReasonForm
from prongsai.site.inspection.frozen import content_of, digest_of, standing
from prongsai.site.inspection.models import State
from prongsai.site.people.permissions import May
from prongsai.site.rounds.access import assessment_for


@signed_in
def evidence_confirm(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """All that would be confirmed on one page; the button only for the chief executive or a delegate."""
    if request.method == "POST":
        return _confirm(request, code, slug)
    assessment = assessment_for(request, code, slug, May.SEE_DRAFTS)
    found = window(assessment)
    checklist = Checklist(assessment)
    confirmation = standing(assessment)
    content = confirmation.content if confirmation else content_of(assessment)
    lines = checklist.lines
    context = {
        "assessment": assessment,
        "agency": assessment.agency,
        "window": found,
        "shut": shut(found),
        "confirmation": confirmation,
        "earlier": assessment.confirmations.exclude(withdrawn_at=None).select_related("withdrawn_by")[:20],
        "groups": list(checklist.groups(lines)),
        "links": sum(len(one["links"]) for one in content["items"]),
        "missing": checklist.missing,
        "waiting": [line for line in lines if line.filled and line.evidence.state == State.OPEN],
        "troubled": [line for line in lines if line.worst in ("warning", "error")],
        "unchecked": sum(line.unchecked for line in lines),
        "digest": confirmation.digest if confirmation else digest_of(content),
        "signs_as": signs_as(request.user, assessment.agency),  # type: ignore[arg-type]
        "form": ReasonForm(),
    }
    return render(request, "inspection/confirm.html", context)


def _confirm(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    assessment, signed_as = confirming_for(request, code, slug)
    ConfirmEvidence(
        by=request.user,  # type: ignore[arg-type]
        assessment=assessment,
        signed_as=signed_as,
        digest=request.POST.get("digest", ""),
        accepts_missing="accepts_missing" in request.POST,
    ).execute()
    messages.success(
        request,
        pick(
            "ยืนยันหลักฐานแล้ว ตารางลิงก์สำหรับเว็บไซต์ของหน่วยงานพร้อมใช้",
            "Confirmed. The table of links for the agency’s website is ready.",
        ),
    )
    return redirect("evidence_publish", code, slug)


@require_POST
@signed_in
def evidence_take_back(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Take the confirmation back, with a reason."""
    assessment, signed_as = confirming_for(request, code, slug)
    reason = request.POST.get("reason", "").strip()[:500]
    TakeBack(by=request.user, assessment=assessment, signed_as=signed_as, reason=reason).execute()  # type: ignore[arg-type]
    messages.success(request, pick("ถอนการยืนยันแล้ว แก้ไขหลักฐานได้", "Taken back; the evidence can be changed."))
    return redirect("evidence", code, slug)
