"""Bring a plan file in: a dry run with what would change, then all or nothing."""

from __future__ import annotations

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from prongsai.errors import InputError
from prongsai.site.base.text import pick
from prongsai.site.files.keep import keep, receive
from prongsai.site.files.models import Stored
from prongsai.site.people.file_views import file_for
from prongsai.site.people.permissions import May
from prongsai.site.plans.access import plan_for
from prongsai.site.plans.actions.files import ImportPlan
from prongsai.site.plans.editing import confirmed, done, editing, person
from prongsai.site.plans.models import Plan
from prongsai.site.plans.plan_files import preview, read_upload

ACCEPTED = frozenset({"yaml"})


@editing
def choose(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Choose a file; on POST the preview of what it would change."""
    plan = plan_for(request, code, slug, May.PLAN)
    upload = request.FILES.get("file")
    if request.method != "POST":
        return _page(request, plan, {})
    if not isinstance(upload, UploadedFile):
        return _page(request, plan, {"missing": True}, 400)
    try:
        received = receive(upload, ACCEPTED)
        read_upload(received.data, received.name, plan)
    except InputError as error:
        return _page(request, plan, {"problems": error.problems}, 400)
    return _preview(request, plan, keep(received, plan.assessment.agency, person(request)))


def _preview(request: HttpRequest, plan: Plan, stored: Stored) -> HttpResponse:
    found = preview(plan, read_upload(stored.read(), stored.name, plan))
    return _page(request, plan, {"preview": found, "stored": stored})


def _page(request: HttpRequest, plan: Plan, extra: dict[str, object], status: int = 200) -> HttpResponse:
    context = {"assessment": plan.assessment, "agency": plan.assessment.agency, "plan": plan, **extra}
    return render(request, "plans/import.html", context, status=status)


@editing
@require_POST
def take(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Take the previewed file over; when the plan changed since the preview, show a new one."""
    plan = plan_for(request, code, slug, May.PLAN)
    typed = request.POST.get("file", "")
    if not (typed.isascii() and typed.isdigit() and len(typed) < 19):
        raise Http404
    stored = file_for(request, int(typed))
    if stored.agency_id != plan.assessment.agency_id or stored.kind not in ACCEPTED:
        raise Http404
    if request.POST.get("revision") != str(plan.revision):
        messages.warning(
            request,
            pick(
                "แผนเปลี่ยนไปหลังจากที่แสดงตัวอย่าง โปรดตรวจดูอีกครั้ง",
                "The plan changed since the preview: please look again.",
            ),
        )
        return _preview(request, plan, stored)
    shape = read_upload(stored.read(), stored.name, plan)
    action = ImportPlan(by=person(request), plan=plan, shape=shape, sha256=stored.sha256, confirmed=confirmed(request))
    action.execute()
    return done(request, plan, "", ("นำเข้ามาตรการจากไฟล์แล้ว", "Plan imported from the file."))
