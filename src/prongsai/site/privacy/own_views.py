"""One's own data: why they are kept, a copy, requests, and notices that are new."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from prongsai.site.base.text import pick
from prongsai.site.base.views import signed_in
from prongsai.site.people.models import Person
from prongsai.site.people.staff_views import me_of, tried
from prongsai.site.privacy.actions import AskRequest, GiveCopy, PutAway, WithdrawRequest
from prongsai.site.privacy.copy_of import archive, counted
from prongsai.site.privacy.forms import OwnRequestForm
from prongsai.site.privacy.models import Request, RequestKind, Seen
from prongsai.site.privacy.versions import NEW, for_person, in_force


@signed_in
def own(request: HttpRequest) -> HttpResponse:
    """What is kept about me, and what I can ask."""
    person = me_of(request)
    form = OwnRequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        kind = RequestKind(form.cleaned_data["kind"])
        asked = AskRequest(by=person, kind=kind, person=person, words=form.cleaned_data["words"])
        if tried(form, asked)[0]:
            messages.success(
                request, pick("รับคำขอแล้ว วันครบกำหนดอยู่ในตาราง", "Entered; the due day stands in the table.")
            )
            return redirect("my_privacy")
    context = {
        "form": form,
        "requests": Request.objects.filter(person=person).order_by("-received", "-pk")[:20],
        "kept": counted(person),
        "notices": [in_force(name) for name in for_person(person)],
        "seen": {(one.audience, one.version): one.at for one in Seen.objects.filter(person=person)},
    }
    context["shown"] = [(one, context["seen"].get((one.audience, one.number))) for one in context["notices"]]  # type: ignore[attr-defined]
    return render(request, "privacy/own.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an own request back."""
    person = me_of(request)
    asked = Request.objects.filter(pk=pk, person=person).first()
    if asked is None:
        raise Http404
    WithdrawRequest(by=person, request=asked).execute()
    messages.success(request, pick("ถอนคำขอแล้ว", "Withdrawn."))
    return redirect("my_privacy")


@signed_in
@require_POST
def copy(request: HttpRequest) -> HttpResponse:
    """The whole copy of my data as a ZIP; the history says that it was made."""
    person = me_of(request)
    GiveCopy(by=person, person=person).execute()
    return as_download(person)


def as_download(person: Person) -> HttpResponse:
    """The archive, for nobody's cache."""
    response = HttpResponse(archive(person), content_type="application/zip")
    day = timezone.localdate().isoformat()
    response["Content-Disposition"] = f'attachment; filename="personal-data-{person.pk}-{day}.zip"'
    response["Cache-Control"] = "no-store"
    return response


@signed_in
@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """Put the new notices away: each version is shown once."""
    person = me_of(request)
    for name in request.session.pop(NEW, []):
        PutAway(by=person, audience=name).execute()
    return redirect("home")
