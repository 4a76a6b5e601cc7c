"""Pages of the frame: language switch, errors, and what happens when a session ends while someone types."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_POST

from prongsai.site.base.middleware import LANGUAGE_COOKIE

View = Callable[..., HttpResponse]


def signed_in(view: View) -> View:
    """Only for people who are signed in; what was typed before a session ended is kept and can be sent again."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method == "POST":
            return session_over(request)
        return redirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")

    guarded.signed_in = True  # type: ignore[attr-defined]  # tests find pages that forgot it
    return guarded


def session_over(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The session or the form's token is too old: the typed text is shown and can be sent again after signing in.

    ``reason``: Django's, of a wrong token; ``rest`` where the rights of administration are over.
    """
    typed = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and "password" not in name
        for value in values
    ]
    context = {
        "typed": typed,
        "files": list(request.FILES),
        "action": request.get_full_path(),
        "rest": reason == "rest",
        "secret": any("password" in name for name in request.POST),  # never shown, so it has to be typed again
    }
    return render(request, "base/session_over.html", context, status=403)


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Switch between Thai and English and stay on the page."""
    wanted = "en" if request.POST.get("language") == "en" else "th"
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    response.set_cookie(LANGUAGE_COOKIE, wanted, max_age=365 * 86400, samesite="Lax", secure=request.is_secure())
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Not there, or not for this person: the two look the same."""
    return render(request, "base/not_found.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """A fault of ours; or a database that is full, restarting or away, of which a page says what to do."""
    away = (OperationalError, InterfaceError)
    if not isinstance(sys.exc_info()[1], away):
        with contextlib.suppress(*away):  # the frame around a page asks it, too
            return render(request, "base/failed.html", status=500)
    sent = {"saving": request.method == "POST"}
    response = HttpResponse(render_to_string("base/busy.html", {"th": _AWAY_TH, "en": _AWAY_EN, **sent}), status=503)
    response.headers["Retry-After"] = "60"
    return response


# Both languages in one page, which asks the database for nothing.
_AWAY_TH = {
    "title": "ระบบบันทึกข้อมูลไม่ได้ชั่วคราว",
    "wait": "ฐานข้อมูลกำลังเริ่มใหม่หรือใช้ไม่ได้ โปรดลองใหม่ในหนึ่งนาที หากยังไม่ได้ โปรดแจ้งผู้ดูแลระบบ",
    "again": "ลองใหม่",
    "not_saved": "ยังไม่มีการยืนยันว่าบันทึกแล้ว",
    "send": "โปรดรอหนึ่งนาที แล้วเปิดหน้าเดิมดูว่ารายการของท่านอยู่ในระบบหรือไม่ก่อนส่งอีกครั้ง หากยังเปิดไม่ได้ โปรดแจ้งผู้ดูแลระบบ",
}
_AWAY_EN = {
    "title": "Nothing can be stored at the moment",
    "wait": "The database is restarting or cannot be used. Please try again in a minute; then tell the administrator.",
    "again": "Try again",
    "not_saved": "It was not confirmed that this was stored.",
    "send": "Please wait a minute and look at the page before to see whether it is there, before you send it again.",
}
