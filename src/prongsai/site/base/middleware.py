"""What every request passes: the reader's language, and refusals turned into pages that say what to do."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from prongsai.errors import InputError, ProngsaiError

Next = Callable[[HttpRequest], HttpResponse]
LANGUAGE_COOKIE = "language"


class LanguageMiddleware:
    """Thai unless the address or the reader's cookie asks for English; what the browser prefers is not asked."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the language of ``?language=``, else of the cookie."""
        asked = request.GET.get(LANGUAGE_COOKIE) or request.COOKIES.get(LANGUAGE_COOKIE)
        language = "en" if asked == "en" else "th"
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class RefusalMiddleware:
    """An action that refuses, or an input that cannot be used, becomes a page with the reason and what to do next."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Show the problems: 400 for an input, 409 for a step that is not possible now."""
        if not isinstance(error, ProngsaiError):
            return None
        status = 400 if isinstance(error, InputError) else 409
        back = request.headers.get("Referer", "/") if request.method == "POST" else None
        return render(request, "base/refused.html", {"problems": error.problems, "back": back}, status=status)
