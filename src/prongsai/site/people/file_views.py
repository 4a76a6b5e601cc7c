"""Serving kept files to those who may have them (here, since the files room knows nobody)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from prongsai.site.agencies.models import Agency
from prongsai.site.base.views import signed_in
from prongsai.site.files.keep import PICTURES, for_display
from prongsai.site.files.models import Stored
from prongsai.site.files.serve import attachment
from prongsai.site.people.access import may
from prongsai.site.people.models import Person
from prongsai.site.people.permissions import May


def file_for(request: HttpRequest, pk: int) -> Stored:
    """A kept file of an agency whose drafts this person may see. Raises ``Http404``."""
    stored = Stored.objects.select_related("agency").filter(pk=pk).first()
    assert isinstance(request.user, Person)
    if stored is None or stored.agency is None or not may(request.user, May.SEE_DRAFTS, stored.agency):
        raise Http404
    return stored


@signed_in
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The file's bytes as an attachment, exactly as they were received or written."""
    return attachment(file_for(request, pk))


@signed_in
def picture(request: HttpRequest, pk: int) -> HttpResponse:
    """A picture drawn anew for display, without metadata. An agency's emblem is for all who see the agency."""
    stored = _emblem(request, pk) or file_for(request, pk)
    if stored.kind not in PICTURES:
        raise Http404
    return HttpResponse(for_display(stored.read()), content_type="image/jpeg")


def _emblem(request: HttpRequest, pk: int) -> Stored | None:
    agency = Agency.objects.filter(emblem=pk).select_related("emblem").first()
    assert isinstance(request.user, Person)
    return agency.emblem if agency and may(request.user, May.SEE, agency) else None
