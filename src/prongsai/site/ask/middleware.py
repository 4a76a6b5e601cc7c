"""The surface before the site: in front of Django for a WSGI server, or as its first middleware elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from http.client import responses
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

from prongsai.site.ask.surface import answer, is_below
from prongsai.site.ask.web import Request
from prongsai.site.base.overload import MARK

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

Next = Callable[[HttpRequest], HttpResponse]


def before(site: WSGIApplication, waits: Callable[[Mapping[str, Any]], bool] = lambda _: False) -> WSGIApplication:
    """A WSGI application that answers the surface's addresses itself and hands the others to the site.

    ``waits``: whether there is no room for a request now, so that it is asked to come again.
    """

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not is_below(environ.get("PATH_INFO", "")):
            return site(environ, start_response)
        if crowded := waits(environ):
            environ[MARK] = True
        else:
            connection.close_if_unusable_or_obsolete()  # as Django does when a request begins
        page = answer(Request(environ), crowded=crowded)
        start_response(f"{page.status} {responses[page.status]}", list(page.headers.items()))
        return (page.body,)

    return application


class SurfaceMiddleware:
    """First in ``MIDDLEWARE``: below ``/a/`` there is no session, cookie, login or CSRF token."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer what is below the prefix here; pass on the rest."""
        if not is_below(request.path_info):
            return self.get_response(request)
        page = answer(Request(request.META))
        response = HttpResponse(page.body, status=page.status, headers=page.headers)
        # Django's handler would log the path of every answer from 400 on, unless it believes that was done.
        response._has_been_logged = True  # type: ignore[attr-defined]
        return response
