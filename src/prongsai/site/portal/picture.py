"""Pictures of an agency's year: for links that people share, for its own web page, and a code that leads here."""

from __future__ import annotations

from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from prongsai.documents.qr import qr_png, qr_svg
from prongsai.publishing.agency import card
from prongsai.site.portal.caching import public_page
from prongsai.site.portal.found import card_of, published_agency


@public_page()
def picture(_request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Level, total and every instrument, 1200 × 630: what stands beside a link to the agency's page."""
    found = card_of(published_agency(code, slug))
    host = settings.SITE_ADDRESS.partition("://")[2]
    return HttpResponse(card.png(found, f"โปร่งใส · {host}"), content_type="image/png")


@public_page()
def badge(_request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """The same, small, for the agency's own page."""
    return HttpResponse(card.badge(card_of(published_agency(code, slug))), content_type="image/svg+xml")


@public_page()
def qr(_request: HttpRequest, code: str, slug: str, form: str) -> HttpResponse:
    """The address of the agency's page, to be read by a camera."""
    found = published_agency(code, slug)
    address = settings.SITE_ADDRESS + quote(reverse("portal_agency_year", args=[found.row.code, slug]), safe="/%")
    if form == "png":
        return HttpResponse(qr_png(address), content_type="image/png")
    return HttpResponse(qr_svg(address), content_type="image/svg+xml")
