"""Pages: what everybody needs to check, the state of the chain for who runs or assesses, and a head on paper."""

from __future__ import annotations

import hashlib

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from prongsai.ledger.head import Head
from prongsai.ledger.verify import FAULTS, Finding
from prongsai.site.base.fields import ThaiDateField
from prongsai.site.base.forms import Form
from prongsai.site.base.text import T, pick
from prongsai.site.base.views import signed_in
from prongsai.site.history.action import Refused
from prongsai.site.history.keys import public_pem
from prongsai.site.history.models import Entry
from prongsai.site.integrity.actions import PostHead, latest
from prongsai.site.integrity.models import Posting, Verification
from prongsai.site.people.access import may
from prongsai.site.people.models import Person
from prongsai.site.people.permissions import May
from prongsai.site.portal.caching import public_page

_PAGE = 50
_WAITS = 600  # seconds after which a waiting entry is a sign that no worker runs


class PostingForm(Form):
    """Where and when a head was posted."""

    line = forms.CharField(
        label=T("บรรทัดหัวบัญชี", "The line of the head"),
        help_text=T("คัดลอกทั้งบรรทัดตามที่ประกาศ", "The whole line, as it was posted."),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocomplete": "off"}),
        max_length=300,
    )
    place = forms.CharField(
        label=T("ประกาศไว้ที่ใด", "Where it was posted"),
        help_text=T(
            "เช่น เลขหนังสือเวียน ที่อยู่หน้าเว็บของหน่วยงานอื่น ฉบับของหนังสือพิมพ์",
            "Such as a letter’s number, another office’s web page, a newspaper’s issue.",
        ),
        max_length=300,
    )
    day = ThaiDateField(label=T("วันที่ประกาศ", "Day of posting"))


def _posted() -> str:
    """What the page shows beside the releases: the newest row of the register, and the keys."""
    newest = Posting.objects.order_by("-pk").values_list("pk", flat=True).first()
    return f"{newest or 0} {hashlib.sha256(public_pem().encode()).hexdigest()}"


@public_page(key=lambda _request: _posted())
def public(request: HttpRequest) -> HttpResponse:
    """What anybody needs to check that nothing published was changed: posted heads, the public key, the commands."""
    context = {
        "heading": pick("ตรวจว่าผลที่เผยแพร่ไม่ถูกแก้", "Check that published results were not changed"),
        "posted": Posting.objects.all()[:_PAGE],
        "pem": public_pem(),
    }
    return render(request, "integrity/public.html", context)


@require_safe
def key(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The public halves of every key there was."""
    return HttpResponse(public_pem(), content_type="application/x-pem-file")


@require_safe
def heads(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """All posted heads, a line each, with where they were posted: what ``prongsai verify --head`` takes."""
    lines = [f"# {one.day.isoformat()} {one.place}\n{one.line}\n" for one in Posting.objects.all()]
    return HttpResponse("".join(lines), content_type="text/plain; charset=utf-8")


for _view in (key, heads):
    _view.public_page = True  # type: ignore[attr-defined]


@signed_in
def chain_state(request: HttpRequest) -> HttpResponse:
    """How long the chain is, what waits, what the last verifications found, where heads were posted; and one more."""
    person = _allowed(request)
    head = latest()
    form = PostingForm(request.POST or None, initial={"line": head.line() if head else "", "day": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            PostHead(by=person, **form.cleaned_data).execute()
        except Refused as error:
            form.add_error(None, pick(error.problems[0].th, error.problems[0].en))
        else:
            messages.success(request, pick("ลงทะเบียนการประกาศแล้ว", "The posting is registered."))
            return redirect("integrity_chain")
    waiting, verifications = Entry.objects.filter(number=None).order_by("at"), list(Verification.objects.all()[:7])
    oldest = waiting.first()
    context = {
        "head": head,
        "form": form,
        "waiting": waiting.count(),
        "late": bool(oldest and (timezone.now() - oldest.at).total_seconds() > _WAITS),
        "verifications": verifications,
        "findings": _told(verifications[0] if verifications else None),
        "page": Paginator(Posting.objects.select_related("by"), _PAGE).get_page(request.GET.get("page")),
        "unposted": _unposted(head),
    }
    return render(request, "integrity/chain.html", context, status=400 if form.errors else 200)


@signed_in
def paper(request: HttpRequest) -> HttpResponse:
    """The head now, as a page to print, sign and file."""
    _allowed(request)
    head = latest()
    if head is None:
        raise Http404
    groups = [head.hash[start : start + 8] for start in range(0, len(head.hash), 8)]
    return render(request, "integrity/paper.html", {"head": head, "line": head.line(), "groups": groups})


def _allowed(request: HttpRequest) -> Person:
    """Who assesses everybody, or administers the site. Raises ``Http404``."""
    person = request.user
    if not isinstance(person, Person) or not (may(person, May.ASSESS) or may(person, May.MANAGE_SYSTEM)):
        raise Http404
    return person


def _told(newest: Verification | None) -> list[tuple[Finding, str]]:
    found = [Finding(*one) for one in newest.findings] if newest else []
    return [(one, pick(*FAULTS[one.fault])) for one in found]


def _unposted(head: Head | None) -> int:
    """Links that no posted head covers."""
    newest = Posting.objects.first()
    return (head.number if head else 0) - (newest.number if newest else 0)
