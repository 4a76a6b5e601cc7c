"""The privacy notices: for everybody, by audience and version."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from prongsai.site.portal.caching import public_page
from prongsai.site.privacy.versions import audiences, in_force, versions


@public_page()
def notices(request: HttpRequest) -> HttpResponse:
    """Every notice in force."""
    return render(request, "privacy/notices.html", {"notices": [in_force(name) for name in audiences()]})


@public_page()
def notice(request: HttpRequest, kind: str) -> HttpResponse:
    """One notice: the version in force, or ``?version=``."""
    if kind not in audiences():
        raise Http404
    every, asked = versions(kind), request.GET.get("version", "")
    if asked and not (asked.isascii() and asked.isdigit() and 1 <= int(asked) <= len(every)):
        raise Http404
    current = in_force(kind)
    shown = every[int(asked) - 1] if asked else current
    context = {"notice": shown, "current": current, "versions": every, "contact": settings.PRIVACY_CONTACT}
    return render(request, "privacy/notice.html", context)
