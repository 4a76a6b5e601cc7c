"""May this person have this token? The object or 404."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from prongsai.site.api.models import Token
from prongsai.site.people.access import may
from prongsai.site.people.permissions import May


def token_for(request: HttpRequest, pk: int) -> Token:
    """A token, for whoever administers its agency. Raises ``Http404``."""
    found = Token.objects.select_related("agency__parent", "by").filter(pk=pk).first()
    if found is None or not may(request.user, May.MANAGE_AGENCY, found.agency):  # type: ignore[arg-type]
        raise Http404
    return found
