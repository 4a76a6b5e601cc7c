"""Health and readiness before the rest: whoever looks from this machine knows no host name, and needs no session."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse

from prongsai.site.operation.urls import urlpatterns

Next = Callable[[HttpRequest], HttpResponse]
_EARLY: dict[str, Next] = {f"/{one.pattern}": one.callback for one in urlpatterns}


class OperationMiddleware:
    """Answers the addresses of operation; everything else goes on."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """What is not there (metrics without a token) is not found like any other address."""
        view = _EARLY.get(request.path_info)
        if view is None:
            return self.get_response(request)
        try:
            return view(request)
        except Http404:
            return self.get_response(request)
