"""Handing a kept file over: always as a file to save, never as a page of ours."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from prongsai.site.files.keep import MEDIA_TYPES
from prongsai.site.files.models import Stored
from prongsai.site.files.names import safe_name


def attachment(stored: Stored) -> HttpResponse:
    """The bytes as they are, of the type that their content has, to be saved under a safe name.

    What is inside (a script in a PDF, markup behind a picture) meets no page of this site: the browser neither guesses
    another type nor opens it here, and if it did, a sandbox without an origin.
    """
    response = HttpResponse(stored.read(), content_type=MEDIA_TYPES.get(stored.kind, "application/octet-stream"))
    response["Content-Disposition"] = content_disposition_header(True, safe_name(stored.name, stored.kind)) or ""
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response
