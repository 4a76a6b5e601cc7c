"""May this person have this message? Only who it was written to."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from prongsai.site.notices.models import Notice


def notice_for(request: HttpRequest, pk: int) -> Notice:
    """One's own message. Raises ``Http404``."""
    notice = Notice.objects.filter(pk=pk, to_id=request.user.pk).first()
    if notice is None:
        raise Http404
    return notice
