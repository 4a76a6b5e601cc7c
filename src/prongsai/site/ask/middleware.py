"""Hands the respondent's addresses to a surface of their own, before any other middleware sees the request."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from prongsai.site.ask.surface import PREFIX, answer

Next = Callable[[HttpRequest], HttpResponse]


class SurfaceMiddleware:
    """First in ``MIDDLEWARE``: below ``/a/`` there is no session, cookie, login or CSRF token."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer what is below the prefix here; pass on the rest."""
        if request.path_info.startswith(PREFIX) or request.path_info == PREFIX[:-1]:
            return answer(request)
        return self.get_response(request)
