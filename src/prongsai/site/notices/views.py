"""One's messages; and for administrators, what the jobs did not manage."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from pathlib import PurePath
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST
from django_tasks_db.models import DBTaskResult

from prongsai.site.base.text import pick
from prongsai.site.base.views import signed_in
from prongsai.site.notices.access import notice_for
from prongsai.site.notices.actions import RetryJob, RetryNotice
from prongsai.site.notices.models import Notice
from prongsai.site.notices.send import TRIES
from prongsai.site.people.access import need
from prongsai.site.people.models import Person
from prongsai.site.people.permissions import May

_PAGE = 50
_LATE = dt.timedelta(minutes=15)
_PLACE = re.compile(r'File "([^"]+)", line (\d+)')


@signed_in
def notices(request: HttpRequest) -> HttpResponse:
    """One's messages, unread first. What one has read is one's own affair and goes into no history."""
    own = Notice.objects.filter(to_id=request.user.pk).select_related("agency")
    if request.method == "POST":
        own.filter(read_at__isnull=True).update(read_at=timezone.now())
        return redirect("notices")
    unread = own.filter(read_at__isnull=True).count()
    page = Paginator(own.order_by(F("read_at").desc(nulls_first=True), "-at"), _PAGE).get_page(request.GET.get("page"))
    return render(request, "notices/notices.html", {"page": page, "unread": unread})


@require_POST
@signed_in
def notice_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a message as read and go where it leads."""
    notice = notice_for(request, pk)
    if notice.read_at is None:
        notice.read_at = timezone.now()
        notice.save(update_fields=["read_at"])
    inside = notice.link.startswith("/") and not notice.link.startswith("//")
    return redirect(notice.link if inside else "notices")


@signed_in
def jobs(request: HttpRequest) -> HttpResponse:
    """What is waiting, what failed and why, and a button to try again."""
    need(request, May.MANAGE_SYSTEM)
    if request.method == "POST":
        return _retry(request)
    now = timezone.now()
    counts = Notice.objects.aggregate(
        waiting=Count("pk", filter=Q(state="waiting")),
        sent=Count("pk", filter=Q(state="sent", sent_at__gte=now - dt.timedelta(days=7))),
        failed=Count("pk", filter=Q(state="failed")),
        late=Count("pk", filter=Q(state="waiting", next_try__lt=now - _LATE)),
    )
    troubled = Notice.objects.select_related("to", "agency").order_by("-at")
    failed = troubled.filter(state="failed")
    context = {
        "counts": counts,
        "page": Paginator(failed, _PAGE).get_page(request.GET.get("page")),
        "again": troubled.filter(state="waiting", tries__gt=0).order_by("next_try")[:_PAGE],
        "tasks": [_told(job) for job in DBTaskResult.objects.failed().order_by("-finished_at")[:_PAGE]],
        "tries": TRIES,
    }
    return render(request, "notices/jobs.html", context)


def _told(job: DBTaskResult[..., Any]) -> dict[str, object]:
    """A failed job with its error's type and place; the error's own words may quote a row or a person."""
    places = _PLACE.findall(job.traceback)
    place = f" {PurePath(places[-1][0]).name}:{places[-1][1]}" if places else ""
    error = job.exception_class_path.rpartition(".")[2]
    return {"pk": job.pk, "path": job.task_path, "at": job.finished_at, "error": f"{error}{place}".strip()}


def _retry(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, Person)
    given, job = request.POST.get("notice", ""), request.POST.get("job", "")
    if given.isdigit():
        RetryNotice(by=request.user, notice_id=int(given)).execute()
        messages.success(request, pick("นำข้อความเข้าคิวส่งอีกครั้งแล้ว", "The message is in the queue again."))
    elif job:
        try:
            RetryJob(by=request.user, job_id=uuid.UUID(job)).execute()
        except ValueError:
            return redirect("jobs")
        messages.success(request, pick("นำงานเข้าคิวอีกครั้งแล้ว", "The job is in the queue again."))
    return redirect("jobs")
