"""The administrator's pages: what is over its time, records of processing, requests, erasure, incidents."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from prongsai.site.base.forms import Form
from prongsai.site.base.text import T, pick
from prongsai.site.base.views import signed_in
from prongsai.site.files.keep import MEDIA_TYPES
from prongsai.site.history.models import Entry
from prongsai.site.people.access import need
from prongsai.site.people.models import Person
from prongsai.site.people.permissions import May
from prongsai.site.people.staff_views import me_of, tried
from prongsai.site.privacy import records as ropa
from prongsai.site.privacy.actions import AnswerRequest, AskRequest, ErasePerson, GiveCopy, WriteIncident
from prongsai.site.privacy.anonymous import is_nameless
from prongsai.site.privacy.forms import AnswerForm, EraseForm, IncidentForm, RequestForm
from prongsai.site.privacy.inventory import elsewhere, rules
from prongsai.site.privacy.models import Incident, Request, RequestKind
from prongsai.site.privacy.own_views import as_download
from prongsai.site.privacy.retention import dry_run
from prongsai.site.privacy.traces import LEAST, Wanted, traces

_PAGE = 50


@signed_in
def overview(request: HttpRequest) -> HttpResponse:
    """Every rule with what is over its time now, what the last turns erased, and the ways to the other pages."""
    need(request, May.MANAGE_SYSTEM)
    due = {one.rule.name: one.count for one in dry_run()}
    last = Entry.objects.filter(action="privacy.retain").order_by("-pk")[:10]
    context = {
        "rules": [(rule, ropa.shredder_words(rule), due.get(rule.name)) for rule in rules().values()],
        "last": [(entry.at, entry.facts) for entry in last],
        "open": Request.objects.filter(state="open").count(),
        "clocks": [one for one in Incident.objects.filter(closed_at=None) if one.clock_open],
    }
    return render(request, "privacy/overview.html", context)


@signed_in
def records(request: HttpRequest) -> HttpResponse:
    """Records of processing, made from the inventory."""
    need(request, May.MANAGE_SYSTEM)
    return render(request, "privacy/records.html", {"records": ropa.records(), "elsewhere": elsewhere()})


@signed_in
def records_file(request: HttpRequest) -> HttpResponse:
    """The same as a workbook."""
    need(request, May.MANAGE_SYSTEM)
    response = HttpResponse(ropa.workbook(), content_type=MEDIA_TYPES["xlsx"])
    response["Content-Disposition"] = 'attachment; filename="records-of-processing.xlsx"'
    return response


@signed_in
def requests(request: HttpRequest) -> HttpResponse:
    """The register: open ones first, the nearest day on top."""
    need(request, May.MANAGE_SYSTEM)
    found = Request.objects.select_related("person").order_by(F("answered_at").asc(nulls_first=True), "due", "pk")
    page = Paginator(found, _PAGE).get_page(request.GET.get("page"))
    return render(request, "privacy/requests.html", {"page": page})


@signed_in
def request_add(request: HttpRequest) -> HttpResponse:
    """Enter a request of somebody without an account, or that came on paper."""
    need(request, May.MANAGE_SYSTEM)
    form = RequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        asked = AskRequest(
            by=me_of(request), kind=RequestKind(data["kind"]), person=data["username"], name=data["name"],
            contact=data["contact"], words=data["words"], received=data["received"],
        )  # fmt: skip
        if tried(form, asked)[0]:
            messages.success(request, pick("บันทึกคำขอแล้ว", "Entered."))
            return redirect("privacy_requests")
    return _fill(request, form, pick("บันทึกคำขอใช้สิทธิ", "Enter a request"), "/system/privacy/requests/")


@signed_in
def request_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: what was asked, until when, and the answer."""
    need(request, May.MANAGE_SYSTEM)
    asked = Request.objects.select_related("person", "by").filter(pk=pk).first()
    if asked is None:
        raise Http404
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        answered = AnswerRequest(by=me_of(request), request=asked, done=data["done"] == "yes", answer=data["answer"])
        if tried(form, answered)[0]:
            by_letter = pick("บันทึกคำตอบแล้ว โปรดแจ้งผู้ขอ", "Saved. Please tell the person.")
            told = pick("บันทึกคำตอบและแจ้งผู้ขอแล้ว", "Saved; the person is told.")
            messages.success(request, told if asked.person and asked.person.is_active else by_letter)
            return redirect("privacy_requests")
    context = {"asked": asked, "form": form}
    return render(request, "privacy/request.html", context, status=422 if form.errors else 200)


@signed_in
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """A person's data: where they stand, a copy on request, and erasure, which asks first."""
    need(request, May.MANAGE_SYSTEM)
    whom = _person(pk)
    form = EraseForm(request.POST or None, initial={"more": whom.username if len(whom.username) >= LEAST else ""})
    more = form.words() if request.method == "POST" and form.is_valid() else (whom.username,)
    namesakes = whom.namesakes().count()
    erase = request.method == "POST" and "look" not in request.POST and form.is_valid()
    if erase and not form.cleaned_data["sure"]:
        form.add_error("sure", T("โปรดตรวจรายการแล้วทำเครื่องหมายยืนยัน", "Read the list, then confirm here."))
    elif erase:
        asked = Request.objects.filter(person=whom, kind=RequestKind.ERASURE, state="open").first()
        reach = [one for one in (whom.full_name, whom.email, whom.phone, asked.contact if asked else "") if one]
        done, left = tried(form, ErasePerson(by=me_of(request), person=whom, more=more, request=asked))
        if done:
            told = {"left": left, "account": whom.pk, "reach": reach, "namesakes": namesakes}
            return render(request, "privacy/erased.html", told)
    context = {
        "whom": whom,
        "form": form,
        "found": [] if is_nameless(whom) else traces(Wanted(whom, more)),
        "nameless": is_nameless(whom),
        "namesakes": namesakes,
    }
    return render(request, "privacy/person.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def person_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """The copy of somebody's data, made on request; the history says by whom."""
    need(request, May.MANAGE_SYSTEM)
    whom = _person(pk)
    GiveCopy(by=me_of(request), person=whom).execute()
    return as_download(whom)


def _person(pk: int) -> Person:
    found = Person.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@signed_in
def incidents(request: HttpRequest) -> HttpResponse:
    """The register of incidents, each with its clock."""
    need(request, May.MANAGE_SYSTEM)
    found = Incident.objects.order_by(F("closed_at").asc(nulls_first=True), "-known_at")
    page = Paginator(found, _PAGE).get_page(request.GET.get("page"))
    return render(request, "privacy/incidents.html", {"page": page})


@signed_in
def incident(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Enter an incident, or what is known of it now."""
    need(request, May.MANAGE_SYSTEM)
    known = Incident() if pk is None else Incident.objects.filter(pk=pk).first()
    if known is None:
        raise Http404
    form = IncidentForm(request.POST or None, initial=IncidentForm.of(known) if pk else None)
    if request.method == "POST" and form.is_valid():
        done, _ = tried(form, WriteIncident(by=me_of(request), incident=form.into(known)))
        if done:
            messages.success(request, pick("บันทึกเหตุแล้ว", "Saved."))
            return redirect("privacy_incidents")
    return _fill(request, form, pick("เหตุละเมิดข้อมูลส่วนบุคคล", "Incident"), "/system/privacy/incidents/")


def _fill(request: HttpRequest, form: Form, heading: str, back: str) -> HttpResponse:
    context = {"form": form, "frame": "base/page.html", "heading": heading, "back": back}
    return render(request, "people/fill.html", context, status=422 if form.errors else 200)
