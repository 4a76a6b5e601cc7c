"""An agency reads its own history."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from prongsai.site.base.text import T
from prongsai.site.base.views import signed_in
from prongsai.site.history.entries import told_to
from prongsai.site.history.sentences import sentence
from prongsai.site.people.access import agency_for
from prongsai.site.people.models import Person
from prongsai.site.people.permissions import May

_PAGE = 50
ROOM_NAMES = {
    "agencies": T("หน่วยงานและส่วนราชการ", "Agency and units"),
    "people": T("บุคลากรและสิทธิ", "People and roles"),
    "rounds": T("ปฏิทินการประเมิน", "Calendar"),
    "results": T("ผลการประเมิน", "Results"),
    "surveys": T("แบบสำรวจ", "Surveys"),
    "field": T("งานสัมภาษณ์", "Interviews"),
    "evidence": T("หลักฐาน OIT", "OIT evidence"),
    "inspection": T("ตรวจประเมิน OIT", "OIT inspection"),
    "nation": T("ผลทุกหน่วยงาน", "Results of all agencies"),
    "plan": T("มาตรการ", "Measures"),
    "progress": T("การติดตามผล", "Progress"),
    "notices": T("การแจ้งเตือน", "Reminders"),
    "papers": T("เอกสาร", "Documents"),
    "approval": T("การพิจารณาอนุมัติ", "Approval"),
    "release": T("ข้อมูลเปิด", "Open data"),
    "api": T("API และ webhook", "API and webhooks"),
    "exchange": T("ส่งออกและนำเข้า", "Export and import"),
    "integrity": T("ประวัติที่ผนึก", "Sealed history"),
    "privacy": T("ข้อมูลส่วนบุคคล", "Personal data"),
    "demo": T("ข้อมูลตัวอย่าง", "Demo data"),
}


@signed_in
def history(request: HttpRequest, code: str) -> HttpResponse:
    """All that happened in an agency, newest first, as sentences; by day, by room and by who did it."""
    agency = agency_for(request, code, May.SEE_DRAFTS)
    every = told_to(agency)
    entries = every.select_related("actor")
    rooms = sorted(
        {action.partition(".")[0] for action in every.order_by().values_list("action", flat=True).distinct()}
    )
    room, actor = request.GET.get("room", ""), request.GET.get("actor", "")
    if room in rooms:
        entries = entries.filter(action__startswith=f"{room}.")
    if actor.isdigit():
        entries = entries.filter(actor_id=int(actor))
    page = Paginator(entries, _PAGE).get_page(request.GET.get("page"))
    context = {
        "agency": agency,
        "page": page,
        "lines": [(entry, sentence(entry)) for entry in page],
        "rooms": [(name, ROOM_NAMES.get(name, name)) for name in rooms],
        "actors": Person.objects.filter(pk__in=every.order_by().values("actor")),
        "room": room,
        "actor": actor,
    }
    return render(request, "exchange/history.html", context)
