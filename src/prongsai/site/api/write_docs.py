"""The page on writing by the API and on webhooks, for everybody; its programs are run by tests as they stand."""

from __future__ import annotations

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from prongsai.site.api.models import Scope
from prongsai.site.api.webhooks_jobs import SECONDS, TRIES, WAITS
from prongsai.site.base.text import pick
from prongsai.site.portal.caching import public_page

PROGRAMS = Path(__file__).parent / "templates" / "api" / "programs"
_OF = {
    Scope.RESULTS: (
        "GET, PUT …/results",
        "ไฟล์ผลการประเมินเป็น JSON ได้ผลฉบับใหม่",
        "a results file as JSON; a new revision",
    ),
    Scope.LINKS: ("GET, PATCH …/links", "ลิงก์ของแต่ละข้อ OIT ข้อที่ไม่ส่งคงเดิม", "links by OIT item; items not sent stay"),
    Scope.PLAN: ("GET, PUT …/plan", "แผนมาตรการในรูปไฟล์แผน", "the plan in the shape of plan files"),
    Scope.PROGRESS: (
        "GET, PATCH …/progress/6, …/12",
        "ผลการดำเนินการของแต่ละมาตรการ มาตรการที่ไม่ส่งคงเดิม",
        "what was done by measure; measures not sent stay",
    ),
}


@public_page()
def docs_writing(request: HttpRequest) -> HttpResponse:
    """Tokens, changes, and webhooks with a receiver."""
    context = {
        "heading": pick("API สำหรับระบบของหน่วยงาน และ webhook", "The API for an agency’s systems, and webhooks"),
        "rights": [(scope, scope.label, address, pick(th, en)) for scope, (address, th, en) in _OF.items()],
        "links": (PROGRAMS / "links.txt").read_text(encoding="utf-8"),
        "receiver": (PROGRAMS / "receiver.txt").read_text(encoding="utf-8"),
        "tries": TRIES,
        "seconds": round(SECONDS),
        "waits": ", ".join(f"{wait.total_seconds() / 60:,.0f}" for wait in WAITS),
    }
    return render(request, "api/docs_writing.html", context)
