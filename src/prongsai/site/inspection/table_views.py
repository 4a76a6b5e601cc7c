"""The public table of links: a page with its own address, a piece of HTML to embed, and files; no login, cacheable."""

from __future__ import annotations

from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.http import content_disposition_header
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_GET

from prongsai.documents.notices.links import fragment
from prongsai.documents.writers import write
from prongsai.site.base.views import signed_in
from prongsai.site.files.keep import MEDIA_TYPES
from prongsai.site.inspection.frozen import standing
from prongsai.site.inspection.models import Confirmation
from prongsai.site.inspection.table import FORMS, confirmed, document_of, rows_of, table_of, title_of
from prongsai.site.people.permissions import May
from prongsai.site.rounds.access import assessment_for

_SECONDS = 300  # how long others may keep it: a table that was taken back is gone after that


def _context(confirmation: Confirmation) -> dict[str, Any]:
    return {
        "confirmation": confirmation,
        "assessment": confirmation.assessment,
        "agency": confirmation.assessment.agency,
        "title": title_of(confirmation),
        "groups": rows_of(table_of(confirmation)),
        "forms": FORMS,
    }


def _public(request: HttpRequest, confirmation: Confirmation, more: str = "") -> HttpResponse:
    """An empty answer that says how long it may be kept; 304 for those who have this very table already."""
    tag = f'"{confirmation.digest[:32]}{more}"'
    response = HttpResponse(status=304 if request.headers.get("If-None-Match") == tag else 200)
    response["ETag"] = tag
    response["Cache-Control"] = f"public, max-age={_SECONDS}"
    return response


@xframe_options_exempt
# Nothing on it can be pressed in someone's name.
@csp_replace({"frame-ancestors": ["*"]})  # type: ignore[arg-type]
@require_GET
def oit_table(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """The table as a page. The language stands in the address, since the page is the same for everyone."""
    confirmation = confirmed(code, slug)
    language = "en" if request.GET.get("language") == "en" else "th"
    response = _public(request, confirmation, f"-{language}")
    if response.status_code == 200:
        with translation.override(language):
            context = {**_context(confirmation), "language": language}
            response.content = render_to_string("inspection/oit_table.html", context).encode()
    return response


@require_GET
def oit_fragment(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """The bare table, to be set into the agency's own page by its server or its script."""
    confirmation = confirmed(code, slug)
    response = _public(request, confirmation)
    response["Access-Control-Allow-Origin"] = "*"
    if response.status_code == 200:
        response.content = fragment(table_of(confirmation)).encode()
    return response


@require_GET
def oit_file(request: HttpRequest, code: str, slug: str, form: str) -> HttpResponse:
    """The table as a file."""
    if form not in FORMS:
        raise Http404
    confirmation = confirmed(code, slug)
    response = _public(request, confirmation, f"-{form}")
    if response.status_code == 200:
        response.content = write(document_of(table_of(confirmation), form), form)
        response["Content-Type"] = MEDIA_TYPES[form]
        name = f"OIT-{slug}-{code}.{form}"
        response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response


@signed_in
@require_GET
def evidence_publish(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """How to put the table on the agency's website: its address, two ways to embed it, and files."""
    assessment = assessment_for(request, code, slug, May.SEE_DRAFTS)
    confirmation = standing(assessment)
    context: dict[str, Any] = {"assessment": assessment, "agency": assessment.agency, "confirmation": confirmation}
    if confirmation:
        confirmation.assessment = assessment
        address = f"{settings.SITE_ADDRESS}{reverse('oit_table', args=(code, slug))}"
        context |= _context(confirmation) | {
            "address": address,
            "frame": f'<iframe src="{address}" title="{title_of(confirmation)}" width="100%" height="900"></iframe>',
            "fragment_address": f"{settings.SITE_ADDRESS}{reverse('oit_fragment', args=(code, slug))}",
            "fragment": fragment(table_of(confirmation)),
        }
    return render(request, "inspection/publish.html", context)
