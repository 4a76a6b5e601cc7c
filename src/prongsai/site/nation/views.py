"""The national pages: each once for the assessor of the round and once for everybody, where a revision is published."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from prongsai.errors import ProngsaiError
from prongsai.site.base.templatetags.prongsai import day
from prongsai.site.base.text import T, pick
from prongsai.site.base.views import View, signed_in
from prongsai.site.files.keep import MEDIA_TYPES, receive
from prongsai.site.nation import agency as one_agency
from prongsai.site.nation import arriving, beside, heat, items, league, movers, odd, overview, spread
from prongsai.site.nation.access import job_for, nation_for, published_for, revision_for
from prongsai.site.nation.actions import StartGathering
from prongsai.site.nation.adjusting import DropAdjustment, KeepAdjustment
from prongsai.site.nation.models import NationResult
from prongsai.site.nation.reading import Reading
from prongsai.site.nation.table import Table, as_csv, as_xlsx

Build = Callable[..., dict[str, Any] | None]
# Page → its tab, and what computes it. The first is the front page.
PAGES: dict[str, tuple[Any, Build]] = {
    "": (T("ภาพรวม", "Overview"), overview.build),
    "spread": (T("การกระจาย", "Distribution"), spread.build),
    "league": (T("รายหน่วยงาน", "Agencies"), league.build),
    "movers": (T("การเปลี่ยนแปลง", "Changes"), movers.build),
    "heat": (T("ตัวชี้วัดตามกลุ่ม", "Heat map"), heat.build),
    "items": (T("รายข้อ", "Items"), items.build),
}
# For the assessor alone.
INSIDE: dict[str, tuple[Any, Build]] = {
    "odd": (T("ควรตรวจดูซ้ำ", "Second look"), odd.build),
    "beside": (T("มิใช่คะแนนทางการ", "Not official"), beside.build),
}
_SHORT = 12


def _inside(request: HttpRequest, slug: str) -> Reading | None:
    """The newest revision, for the assessor; None before the first gathering."""
    found = nation_for(request, slug)
    newest = found.nation_results.select_related("file", "signals", "round").first()
    return Reading(newest, public=False) if newest else None


def _outside(slug: str) -> Reading:
    return Reading(published_for(slug), public=True)


def basis(reading: Reading) -> list[tuple[str, str]]:
    """What the numbers rest on, as pages and files say it."""
    result = reading.result
    told = [
        (pick("การประเมิน", "Round"), reading.round_name),
        (pick("ฉบับที่", "Revision"), str(reading.revision)),
        (pick("ประมวลเมื่อ", "Gathered"), day(result.at)),
        (
            pick("หน่วยงานที่มีผล", "Agencies with results"),
            pick(f"{result.scored:,} จาก {result.agencies:,}", f"{result.scored:,} of {result.agencies:,}"),
        ),
        (pick("กรอบ", "Framework"), f"{result.framework_id} v{result.framework_version}"),
        ("SHA-256", reading.file.sha256[:_SHORT]),
    ]
    for title, count in reading.assumed:
        text = pick(title.th, title.en or title.th)
        told.append((pick("สมมติฐาน", "Hypothesis"), pick(f"{text}: {count:,} หน่วยงาน", f"{text}: {count:,} agencies")))
    return told


def _pages(reading: Reading) -> dict[str, tuple[Any, Build]]:
    return PAGES if reading.public else PAGES | INSIDE


def _frame(reading: Reading, page: str) -> dict[str, Any]:
    """What every page has: tabs, scores to choose from, what it rests on."""
    return {
        "reading": reading,
        "round": reading.round,
        "page_name": page,
        "tabs": [(name, text, reading.address(name)) for name, (text, _) in _pages(reading).items()],
        "basis": basis(reading),
        "nodes": [(node, reading.name(node)) for node in reading.nodes],
        "kinds": reading.kinds,
        "provinces": [(name, overview.province_name(name)) for name in reading.provinces],
        "downloads": [(form.upper(), reading.address("file", page or "overview", form)) for form in ("xlsx", "csv")],
    }


def _shown(request: HttpRequest, reading: Reading | None, page: str, **more: Any) -> HttpResponse:
    if reading is None:
        raise Http404
    name = page or "overview"
    pages = _pages(reading)
    found = one_agency.build(reading, request.GET, **more) if page == "agency" else pages[page][1](reading, request.GET)
    if found is None:
        raise Http404
    frame = _frame(reading, page)
    if page == "agency":
        frame["downloads"] = [
            (form.upper(), reading.address("agency_file", more["code"], form)) for form in ("xlsx", "csv")
        ]
        frame["reasons"] = odd.of_agency(reading, more["code"])
    return render(request, f"nation/{name}.html", {**frame, **found, "inside": not reading.public})


def _both(page: str) -> tuple[View, View]:
    """The page for the assessor, and for everybody."""

    @signed_in
    def inside(request: HttpRequest, slug: str, **more: Any) -> HttpResponse:
        return _shown(request, _inside(request, slug), page, **more)

    def outside(request: HttpRequest, slug: str, **more: Any) -> HttpResponse:
        return _shown(request, _outside(slug), page, **more)

    return inside, outside


VIEWS = {page: _both(page) for page in (*(name for name in PAGES if name), "agency")}
second_look = _both("odd")[0]
beside_page = _both("beside")[0]


@signed_in
def front(request: HttpRequest, slug: str) -> HttpResponse:
    """The assessor's front page; before the first gathering, how to begin."""
    found = nation_for(request, slug)
    reading = _inside(request, slug)
    if reading is None:
        context = {
            "round": found,
            "job": found.nation_jobs.select_related("by").first(),
            "agencies": found.assessments.count(),
            "scored": found.assessments.filter(results__isnull=False).distinct().count(),
        }
        return render(request, "nation/none.html", context)
    return _shown(request, reading, "")


def public_front(request: HttpRequest, slug: str) -> HttpResponse:
    """The front page for everybody."""
    return _shown(request, _outside(slug), "")


def portal(request: HttpRequest) -> HttpResponse:
    """The rounds whose results are published."""
    found = NationResult.objects.select_related("round", "public_file").filter(
        published_at__isnull=False, round__own=None
    )
    readings = [Reading(one, public=True) for one in found.order_by("-round__fiscal_year", "round__slug")]
    return render(request, "nation/portal.html", {"readings": readings})


# --- files


def _file(reading: Reading | None, table: Table | None, name: str, form: str) -> HttpResponse:
    if reading is None or table is None or form not in ("csv", "xlsx"):
        raise Http404
    data = as_csv(table) if form == "csv" else as_xlsx(table, basis(reading))
    return _sent(data, form, f"nation-{reading.round.slug}-r{reading.revision}-{name}.{form}")


def _sent(data: bytes, form: str, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=MEDIA_TYPES.get(form, "application/zip"))
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _table_of(reading: Reading | None, page: str, asked: QueryDict) -> Table | None:
    name = "" if page == "overview" else page
    if reading is None or name not in _pages(reading):
        return None
    found = _pages(reading)[name][1](reading, asked)
    return found["table"] if found else None


@signed_in
def file(request: HttpRequest, slug: str, page: str, form: str) -> HttpResponse:
    """The table of a page, as asked for, to take along."""
    reading = _inside(request, slug)
    return _file(reading, _table_of(reading, page, request.GET), page, form)


def public_file(request: HttpRequest, slug: str, page: str, form: str) -> HttpResponse:
    """The same for everybody."""
    reading = _outside(slug)
    return _file(reading, _table_of(reading, page, request.GET), page, form)


def _agency_table(reading: Reading | None, code: str, asked: QueryDict) -> Table | None:
    found = one_agency.build(reading, asked, code) if reading else None
    return found["table"] if found else None


@signed_in
def agency_file(request: HttpRequest, slug: str, code: str, form: str) -> HttpResponse:
    """One agency's table."""
    reading = _inside(request, slug)
    return _file(reading, _agency_table(reading, code, request.GET), code, form)


def public_agency_file(request: HttpRequest, slug: str, code: str, form: str) -> HttpResponse:
    """The same for everybody."""
    reading = _outside(slug)
    return _file(reading, _agency_table(reading, code, request.GET), code, form)


@signed_in
def whole(request: HttpRequest, slug: str, revision: int) -> HttpResponse:
    """A revision as it is kept: all numbers of all agencies that may be shown."""
    result = revision_for(request, slug, revision)
    return _sent(result.file.read(), "zip", f"nation-{slug}-r{revision}.zip")


def public_whole(request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - Django gives it
    """The published revision as it is kept."""
    reading = _outside(slug)
    return _sent(reading.file.read(), "zip", f"nation-{slug}-r{reading.revision}.zip")


@signed_in
def arriving_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Odd patterns of surveys that are still open, or were: bursts of answers, times of interviews."""
    found = nation_for(request, slug)
    page = Paginator(arriving.odd_surveys(found), 50).get_page(request.GET.get("page"))
    context = {"round": found, "page": page, "shown": arriving.named(list(page))}
    return render(request, "nation/arriving.html", context)


# --- running


@signed_in
def revisions(request: HttpRequest, slug: str) -> HttpResponse:
    """What was gathered when, what is public, and gathering anew."""
    found = nation_for(request, slug)
    context = {
        "round": found,
        "results": list(found.nation_results.select_related("file", "by")),
        "jobs": list(found.nation_jobs.select_related("by", "result")[:4]),
        "agencies": found.assessments.count(),
        "scored": found.assessments.filter(results__isnull=False).distinct().count(),
    }
    return render(request, "nation/revisions.html", context)


@signed_in
@require_POST
def gather(request: HttpRequest, slug: str) -> HttpResponse:
    """Has a worker gather the round."""
    found = nation_for(request, slug)
    try:
        job = StartGathering(by=request.user, round=found).execute()  # type: ignore[arg-type]
    except ProngsaiError as error:
        _warn(request, error)
        return redirect("nation_revisions", slug)
    return redirect("nation_job", slug, job.pk)


@signed_in
@require_POST
def adjustment(request: HttpRequest, slug: str) -> HttpResponse:
    """Takes the assessor's file for an adjusted score, or takes the score away."""
    reading = _inside(request, slug)
    if reading is None:
        raise Http404
    try:
        if "drop" in request.POST:
            DropAdjustment(by=request.user, round=reading.round).execute()  # type: ignore[arg-type]
        elif isinstance(upload := request.FILES.get("file"), UploadedFile):
            received = receive(upload, frozenset({"yaml"}))
            KeepAdjustment(by=request.user, result=reading.result, received=received).execute()  # type: ignore[arg-type]
            messages.success(request, pick("คำนวณคะแนนปรับแล้ว มิใช่คะแนนทางการ", "Reckoned; not the official score."))
    except ProngsaiError as error:
        _warn(request, error)
    return redirect(reading.address("beside", what="adjusted"))


def _warn(request: HttpRequest, error: ProngsaiError) -> None:
    for problem in error.problems:
        said = (problem.where, pick(problem.th, problem.en), pick(problem.next_th, problem.next_en))
        messages.warning(request, " ".join(part for part in said if part))


@signed_in
def job(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """How far a gathering is; htmx asks for the piece that changes until it is done."""
    found = job_for(request, slug, pk)
    name = "nation/job_piece.html" if request.htmx else "nation/job.html"  # type: ignore[attr-defined]
    return render(request, name, {"round": found.round, "job": found})
