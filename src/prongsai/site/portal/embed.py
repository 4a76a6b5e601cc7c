"""What an agency's own website may show of its year: a page for a frame, a badge, a table; and how to paste them."""

from __future__ import annotations

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_exempt

from prongsai.publishing.agency.card import BADGE, Addresses, in_words, snippets
from prongsai.site.base.text import pick
from prongsai.site.portal.caching import public_page
from prongsai.site.portal.folder import has_folder
from prongsai.site.portal.found import card_of, published_agency


@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})  # here alone: the page has nothing to press but a link
@public_page()
def frame(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Level, total and instruments in a small page that any website may show in a frame."""
    found = published_agency(code, slug)
    address = _whole(reverse("portal_agency_year", args=[code, slug]))
    rows = [(found.name(node), found.head(node).text) for node in ("overall", *(one.code for one in found.instruments))]
    return render(request, "portal/embed_frame.html", {"found": found, "rows": rows, "address": address})


@csp_update({"frame-src": [SELF]})  # for the look at the frame
@public_page(key=lambda _request, code, slug: str(has_folder(code, slug)))
def page(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """What there is to paste, how it looks, and the folder to upload."""
    found = published_agency(code, slug)
    at = Addresses(
        _whole(reverse("portal_agency_year", args=[code, slug])),
        _whole(reverse("portal_badge", args=[code, slug])),
        _whole(reverse("portal_embed", args=[code, slug])),
    )
    card = card_of(found)
    title = pick("นำผลไปแสดงในเว็บไซต์ของหน่วยงาน", "Show the result on the agency’s website")
    context = {
        "found": found,
        "words": in_words(card),
        "badge_size": BADGE,
        "snippets": dict(zip(("badge", "frame", "table"), snippets(card, at), strict=True)),
        "address": at.page,
        "folder": has_folder(code, slug),
        "heading": title,
        "crumbs": [(found.row.name, reverse("portal_agency_year", args=[code, slug])), (title, "")],
    }
    return render(request, "portal/embed.html", context)


def _whole(path: str) -> str:
    return f"{settings.SITE_ADDRESS}{path}"
