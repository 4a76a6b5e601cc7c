"""What every request passes: the reader's language, and refusals turned into pages that say what to do."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from prongsai.errors import InputError, Problem, ProngsaiError

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


class BodyMiddleware:
    """What is larger than any page takes is refused by its stated length, before a byte of it is read or kept.

    Strangers have nothing to send but short forms; those who signed in upload files. A body without a stated length is
    never read at all (the server gives it no bytes).
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        """413 with what to do; looked at before the check of the form's token, which reads the body."""
        stated = request.META.get("CONTENT_LENGTH") or "0"
        size = int(stated[:20]) if stated.isdecimal() else 0  # no body has that many digits, and many take long to read
        if size <= settings.BODY_OF_STRANGERS:
            return None
        if request.user.is_authenticated and size <= settings.BODY_OF_STRANGERS + most():
            return None
        return render(request, "base/refused.html", {"problems": [_too_large()]}, status=413)


def most() -> int:
    """Bytes of all files of one form: several at once, or one archive of many."""
    return int(settings.UPLOAD_LIMIT * settings.UPLOADS_AT_ONCE)


def _too_large() -> Problem:
    limit = settings.UPLOAD_LIMIT // 1024**2
    return Problem(
        "body.too_large",
        "",
        "สิ่งที่ส่งมามีขนาดใหญ่เกินกว่าที่หน้านี้รับได้",
        "what was sent is larger than this page takes",
        f"โปรดกดย้อนกลับ แล้วส่งไฟล์ที่เล็กลง (ไฟล์ละไม่เกิน {limit} เมกะไบต์) หรือส่งคราวละน้อยไฟล์",
        f"Go back and send smaller files (at most {limit} MB each), or fewer at a time.",
    )


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
