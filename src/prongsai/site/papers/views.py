"""Documents of a year: every kind at one click, a preview, the letter fields, and what was taken out."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from prongsai.site.base.text import pick
from prongsai.site.base.views import signed_in
from prongsai.site.files.keep import MEDIA_TYPES
from prongsai.site.history.action import Refused
from prongsai.site.papers.access import may_have, paper_for
from prongsai.site.papers.actions import KeepLetter, TakeOut
from prongsai.site.papers.catalog import FORMATS, LAYOUTS, Kind, kind_of, kinds
from prongsai.site.papers.forms import LetterForm
from prongsai.site.papers.make import make, usual_layout
from prongsai.site.papers.models import Download, LetterFields
from prongsai.site.papers.sources import Sources
from prongsai.site.people.access import may
from prongsai.site.people.models import Person
from prongsai.site.people.permissions import May
from prongsai.site.rounds.access import assessment_for

PAGE = 50


@signed_in
@require_GET
def documents(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """All kinds and layouts, each in every format; below, what was taken out and whether it still holds."""
    assessment = assessment_for(request, code, slug, May.SEE)
    sources = Sources(assessment)
    digits = "arabic" if request.GET.get("digits") == "arabic" else "thai"
    assert isinstance(request.user, Person)
    inside = may(request.user, May.SEE_DRAFTS, assessment.agency)
    shown = [kind for kind in kinds() if may_have(request.user, assessment, kind)] if sources.result else []
    usual = usual_layout(sources)
    page = Paginator(_taken_out(assessment.pk), PAGE).get_page(request.GET.get("page")) if inside else None
    context = {
        "assessment": assessment,
        "agency": assessment.agency,
        "cards": [_card(kind, sources, usual) for kind in shown],
        "formats": FORMATS,
        "digits": digits,
        "inside": inside,
        "page": page,
        "rows": [_row(download, sources) for download in page] if page else [],
    }
    return render(request, "papers/documents.html", context)


def _taken_out(assessment: int) -> Any:
    return Download.objects.filter(assessment=assessment).select_related("by", "template")


def _card(kind: Kind, sources: Sources, usual: str) -> dict[str, Any]:
    """One kind: its variants, the usual one first, and what is still lacking for it."""
    layouts = sorted(kind.layouts, key=lambda name: name != usual)
    if "progress" in kind.needs:
        variants = [
            {"months": 12, "text": pick("รอบ 12 เดือน (สิ้นปี)", "12 months (year's end)")},
            {"months": 6, "text": pick("รอบ 6 เดือน", "6 months")},
        ]
    else:
        variants = [{"layout": name, "text": str(LAYOUTS.get(name, name))} for name in layouts] or [{"text": ""}]
    return {
        "kind": kind,
        "variants": [{"layout": "", "months": 12, **variant} for variant in variants],
        "lacks_plan": bool(kind.needs) and sources.plan is None,
        "template": sources.template(kind.name),
        "letter": kind.name in ("memo", "order", "announcement", "progress", "brief"),
    }


def _row(download: Download, sources: Sources) -> dict[str, Any]:
    kind = kind_of(download.kind)
    now = sources.made_from(download.kind, kind.needs if kind else frozenset(), download.months)
    layout = str(LAYOUTS.get(download.layout, "")) if download.layout else ""
    form = FORMATS.get(download.form, download.form)
    return {"download": download, "kind": kind, "layout": layout, "form": form, "stale": now != download.made_from}


@signed_in
@require_POST
def download(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Write a document from live data, record it, and hand it over."""
    assessment, wanted, _ = paper_for(request, code, slug)
    made = make(Sources(assessment), wanted)
    TakeOut(by=request.user, assessment=assessment, made=made).execute()  # type: ignore[arg-type]
    response = HttpResponse(made.data, content_type=MEDIA_TYPES[wanted.form])
    response["Content-Disposition"] = content_disposition_header(True, made.name) or "attachment"
    response["X-Content-SHA256"] = made.sha256
    return response


@signed_in
@require_GET
def preview(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """The document as a page of its own."""
    assessment, wanted, _ = paper_for(request, code, slug)
    html = make(Sources(assessment), replace(wanted, form="html")).data
    return as_page(html.replace(b"</title>", _FACE, 1))


# The file leaves the face to the reader's machine; where that has no Thai one, the site's own stands in.
_FACE = b'</title><link rel="stylesheet" href="/static/prongsai/tokens.css">'


def as_page(html: bytes) -> HttpResponse:
    """A document's HTML under a policy of its own: no script, nothing from elsewhere, its styles by their hashes.

    The writer puts one style sheet and a few sizes (``style="width:…"``) into the file, since it must need nothing
    else. The site's policy forbids both. Instead of allowing inline styles this allows exactly the ones that the
    writer wrote, each by its hash, and ``sandbox`` takes scripts, forms and our cookies' origin away altogether.
    """
    text = html.decode("utf-8")
    styles = {*re.findall(r"<style>(.*?)</style>", text, re.DOTALL), *re.findall(r' style="([^"]*)"', text)}
    digests = sorted(base64.b64encode(hashlib.sha256(style.encode()).digest()).decode() for style in styles)
    hashes = " ".join(f"'sha256-{digest}'" for digest in digests)
    response = HttpResponse(html, content_type="text/html; charset=utf-8")
    response["Content-Security-Policy"] = (
        "default-src 'none'; img-src data:; font-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'; "
        "sandbox allow-popups allow-popups-to-escape-sandbox; "
        f"style-src 'self' 'unsafe-hashes' {hashes}"
    )
    return response


@signed_in
def letter(request: HttpRequest, code: str, slug: str, kind: str) -> HttpResponse:
    """The letter fields of one kind, typed and remembered."""
    assessment = assessment_for(request, code, slug, May.PLAN)
    found = kind_of(kind)
    if found is None:
        raise Http404
    fields = Sources(assessment).letters.get(kind, {})
    own = LetterFields.objects.filter(assessment=assessment, kind=kind).first()
    start = {**fields, "version": own.version if own else 0}
    form = LetterForm(request.POST or None, initial=start, kind=kind)
    context: dict[str, Any] = {"assessment": assessment, "agency": assessment.agency, "form": form, "kind": found}
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        data = form.data_to_keep()
        try:
            KeepLetter(by=request.user, assessment=assessment, kind=kind, data=data, version=version).execute()  # type: ignore[arg-type]
        except Refused as refusal:
            typed = request.POST.copy()
            typed["version"] = str(own.version if own else 0)  # having seen the difference, one may go on
            form.data = typed
            context["problems"] = refusal.problems
            context["theirs"] = [
                (form.fields[name].label, fields.get(name, "–"), data.get(name, "–"))
                for name in form.fields
                if name != "version" and fields.get(name, "") != data.get(name, "")
            ]
            return render(request, "papers/letter.html", context, status=409)
        messages.success(request, pick("บันทึกช่องในหนังสือแล้ว", "The letter fields are kept."))
        return redirect("documents", code, slug)
    return render(request, "papers/letter.html", context, status=400 if form.errors else 200)
