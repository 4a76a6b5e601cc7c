"""Publishing a round: asked for, prepared, looked at, confirmed; taken back with a reason."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from prongsai.errors import Problem
from prongsai.framework import by_id
from prongsai.site.base.templatetags.prongsai import day
from prongsai.site.base.text import pick
from prongsai.site.base.views import signed_in
from prongsai.site.files.keep import MEDIA_TYPES
from prongsai.site.nation.access import nation_for, revision_for
from prongsai.site.nation.table import as_csv, as_xlsx
from prongsai.site.opendata.access import release_for
from prongsai.site.opendata.actions import (
    DropRelease,
    PrepareRelease,
    PublishRelease,
    WithdrawRelease,
    next_revision,
)
from prongsai.site.opendata.changes import KINDS, as_table, of_file
from prongsai.site.opendata.forms import NoteForm, ReasonForm
from prongsai.site.opendata.models import Release
from prongsai.site.opendata.reading import current

_AT_ONCE = 50


@signed_in
def ask(request: HttpRequest, slug: str, revision: int) -> HttpResponse:
    """What publishing a gathering means, and what changed; preparing it begins here."""
    result = revision_for(request, slug, revision)
    number = next_revision(result.round)
    form = NoteForm(request.POST if request.method == "POST" else None, first=number == 1)
    if request.method == "POST" and form.is_valid():
        note = form.cleaned_data.get("note", "")
        made = PrepareRelease(by=request.user, result=result, note=note).execute()  # type: ignore[arg-type]
        return redirect("release_review", slug, made.revision)
    context = {
        "round": result.round,
        "result": result,
        "form": form,
        "number": number,
        "public": current().filter(round=result.round).first(),
    }
    return render(request, "opendata/ask.html", context, status=400 if request.method == "POST" else 200)


@signed_in
def review(request: HttpRequest, slug: str, revision: int) -> HttpResponse:
    """How far the preparation is, then all that publishing will change; htmx asks for the piece that changes."""
    release = release_for(request, slug, revision)
    if request.htmx and release.going:  # type: ignore[attr-defined]
        return render(request, "opendata/piece.html", _frame(release))
    if request.htmx:  # type: ignore[attr-defined]
        response = HttpResponse()
        response["HX-Refresh"] = "true"
        return response
    return render(request, "opendata/review.html", _frame(release) | _changed(request, release))


def _frame(release: Release) -> dict[str, Any]:
    told = release.problem
    problem = Problem(told["code"], "", *(told[f"{name}"] for name in _TOLD)) if told else None
    return {"round": release.round, "release": release, "problem": problem}


_TOLD = ("message_th", "message_en", "next_th", "next_en")


def _changed(request: HttpRequest, release: Release) -> dict[str, Any]:
    if release.changes is None or release.state != "ready":
        return {}
    found = of_file(release.changes.read())
    sizes = dict(found["what"].value_counts().iter_rows())
    page = Paginator(range(len(found)), _AT_ONCE).get_page(request.GET.get("page"))
    return {
        "kinds": [(text, sizes.get(what, 0)) for what, text in KINDS.items()],
        "table": as_table(found[list(page)], by_id(release.framework_id)) if len(found) else None,
        "page": page,
        "public": current().filter(round=release.round).first(),
    }


@signed_in
def changes_file(request: HttpRequest, slug: str, revision: int, form: str) -> HttpResponse:
    """The whole list of what changes, to take along."""
    release = release_for(request, slug, revision)
    if release.changes is None or form not in ("csv", "xlsx"):
        raise Http404
    table = as_table(of_file(release.changes.read()), by_id(release.framework_id))
    basis = [
        (pick("การประเมิน", "Round"), release.round.name),
        (pick("ฉบับที่", "Revision"), str(release.revision)),
        (pick("จัดเตรียมเมื่อ", "Prepared"), day(release.at)),
    ]
    response = HttpResponse(as_csv(table) if form == "csv" else as_xlsx(table, basis), content_type=MEDIA_TYPES[form])
    name = f"changes-{slug}-r{revision}.{form}"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


@signed_in
@require_POST
def confirm(request: HttpRequest, slug: str, revision: int) -> HttpResponse:
    """Makes a prepared release public, or drops it."""
    release = release_for(request, slug, revision)
    act = DropRelease if "drop" in request.POST else PublishRelease
    act(by=request.user, release=release).execute()  # type: ignore[arg-type]
    if act is DropRelease:
        messages.success(request, pick("ไม่เผยแพร่ฉบับที่จัดเตรียมไว้", "Dropped; nothing was published."))
    else:
        messages.success(request, pick("เผยแพร่แล้ว", "Published."))
    return redirect("nation_revisions", slug)


@signed_in
def withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks for the reason, then takes every revision of a round back."""
    found = nation_for(request, slug)
    public = current().filter(round=found).first()
    if public is None:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        WithdrawRelease(by=request.user, round=found, reason=form.cleaned_data["reason"]).execute()  # type: ignore[arg-type]
        messages.success(request, pick("ยกเลิกการเผยแพร่แล้ว", "Withdrawn."))
        return redirect("nation_revisions", slug)
    context = {"round": found, "form": form, "public": public}
    return render(request, "opendata/withdraw.html", context, status=400 if request.method == "POST" else 200)
