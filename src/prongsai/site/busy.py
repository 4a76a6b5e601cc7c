"""What is said to those for whose page there is no room now (``base/overload.py``): made once, asks nothing."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string

from prongsai.site.api.envelope import BASE
from prongsai.site.api.errors import plain
from prongsai.site.base.headers import HEADERS
from prongsai.site.base.overload import class_of, come_again

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

# Both languages in one page: who reads it is not known yet.
_THAI = {
    "title": "มีผู้ใช้จำนวนมากในขณะนี้",
    "wait": "ระบบให้ผู้ตอบแบบสำรวจไปก่อน หน้านี้จึงยังเปิดไม่ได้ โปรดรอสักครู่แล้วลองใหม่",
    "again": "ลองใหม่",
    "not_saved": "สิ่งที่ท่านเพิ่งส่งยังไม่ได้บันทึก",
    "send": "โปรดรอสักครู่ แล้วโหลดหน้านี้ใหม่และยืนยันการส่งอีกครั้ง หรือกดย้อนกลับเพื่อกลับไปยังแบบที่กรอกไว้",
}
_ENGLISH = {
    "title": "Many people are here at once",
    "wait": "Those who answer surveys go first, so this page cannot be opened now. Please wait a moment.",
    "again": "Try again",
    "not_saved": "What you just sent has not been saved.",
    "send": "Please wait a moment, then reload this page and confirm to send it again, or go back to the form.",
}
_ALWAYS = {**HEADERS, "Cache-Control": "no-store"}
_PAGE = _ALWAYS | {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
}
_API = _ALWAYS | {
    "Content-Type": "application/json",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Retry-After",
    "Content-Language": "th, en",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
# A part of a page is asked for by script: what is there stays there, with all that is typed, and this goes above it.
_PART = _PAGE | {"HX-Retarget": "#main", "HX-Reswap": "afterbegin show:#main:top"}
_NOTE = (
    '<p class="note warning" role="alert">มีผู้ใช้จำนวนมากในขณะนี้ รายการนี้ยังไม่สำเร็จ โปรดรอสักครู่แล้วลองใหม่ '
    '<span lang="en">Many people are here at once. This was not done: please wait a moment and try again.</span></p>'
)


def refusal(environ: WSGIEnvironment) -> tuple[dict[str, str], bytes]:
    """Headers and body of the 503: the API's error, a note in the page that asked, or a page in both languages."""
    again = {"Retry-After": str(come_again())}
    if settings.SECURE_HSTS_SECONDS:
        again["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
    if environ.get("PATH_INFO", "").startswith(BASE):
        return _API | again, _error()
    if environ.get("HTTP_HX_REQUEST") == "true":
        return _PART | again, _NOTE.encode()
    return _PAGE | again, _page(saving=class_of(environ) == "saving")


@cache
def _error() -> bytes:
    return bytes(plain(503).response().content)


@cache
def _page(*, saving: bool) -> bytes:
    return render_to_string("base/busy.html", {"th": _THAI, "en": _ENGLISH, "saving": saving}).encode()
