"""May this person have this webhook? The object or 404."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from prongsai.site.api.models import Delivery, Webhook
from prongsai.site.people.access import may
from prongsai.site.people.permissions import May


def webhook_for(request: HttpRequest, pk: int) -> Webhook:
    """A webhook: of an agency for its administrators, of all for whoever runs rounds. Raises ``Http404``."""
    found = Webhook.objects.select_related("agency__parent", "by").filter(pk=pk).first()
    if found is None:
        raise Http404
    needed = May.MANAGE_AGENCY if found.agency else May.MANAGE_ROUNDS
    if not may(request.user, needed, found.agency):  # type: ignore[arg-type]
        raise Http404
    return found


def delivery_for(request: HttpRequest, pk: int) -> Delivery:
    """An event that was sent to such a webhook. Raises ``Http404``."""
    found = Delivery.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    found.webhook = webhook_for(request, found.webhook_id)
    return found
