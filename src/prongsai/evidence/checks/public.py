"""May everyone see it: no login page, no file that asks for permission, not just a home page."""

from __future__ import annotations

import re

import httpx

from prongsai.evidence.finding import Finding, Seen

ORDER = 20
_LOGIN_HOSTS = {"accounts.google.com", "login.microsoftonline.com", "login.live.com"}
_CLOUDS = {"drive.google.com": "Google Drive", "docs.google.com": "Google Drive", "1drv.ms": "OneDrive"}
_LOGIN_PATH = re.compile(r"/(?:log-?in|sign-?in|wp-login\.php)(?:[/?.]|$)", re.IGNORECASE)
_HOME = re.compile(r"/?(?:index|home|default|main)?(?:\.(?:html?|php|aspx?))?/?", re.IGNORECASE)
_SHORTENERS = {
    "bit.ly",
    "tinyurl.com",
    "goo.gl",
    "t.ly",
    "cutt.ly",
    "rebrand.ly",
    "shorturl.at",
    "shorturl.asia",
    "t.co",
}


def check(seen: Seen) -> list[Finding]:
    """Says nothing where nothing was opened."""
    if not seen.fetched.ok or seen.content is None:
        return []
    found = []
    first, last = httpx.URL(seen.fetched.url), httpx.URL(seen.fetched.final_url)
    if last.host in _LOGIN_HOSTS and first.host in _CLOUDS:
        cloud = _CLOUDS[first.host]
        th = f"ไฟล์บน {cloud} ไม่ได้เปิดสิทธิ์ให้บุคคลทั่วไป ควรเผยแพร่บนเว็บไซต์หลัก หรือเปิดสิทธิ์ให้ทุกคนที่มีลิงก์"
        found.append(Finding("public.permission", "error", th, f"the file on {cloud} is not open to everyone"))
    elif last.host in _LOGIN_HOSTS or (seen.content.asks_password and (_LOGIN_PATH.search(last.path) or _short(seen))):
        found.append(
            Finding(
                "public.login",
                "error",
                "ลิงก์นำไปยังหน้าเข้าสู่ระบบ บุคคลทั่วไปจึงไม่เห็นข้อมูล",
                f"the link leads to a login page at {last.host}",
            )
        )
    elif seen.content.asks_password:
        found.append(
            Finding(
                "public.password_field",
                "note",
                "หน้านี้มีช่องรหัสผ่านอยู่ด้วย โปรดตรวจว่าเห็นข้อมูลโดยไม่ต้องเข้าสู่ระบบ",
                "the page also has a password field",
            )
        )
    if _HOME.fullmatch(last.path) and not last.query:
        deeper = not _HOME.fullmatch(first.path)
        found.append(
            Finding(
                "public.home_page",
                "warning",
                "ลิงก์ถูกส่งต่อไปยังหน้าแรกของเว็บไซต์" if deeper else "ลิงก์เป็นหน้าแรกของเว็บไซต์ ไม่ใช่หน้าของข้อมูล",
                "the link is redirected to a home page" if deeper else "the link is a home page",
            )
        )
    if first.host.removeprefix("www.") in _SHORTENERS:
        found.append(
            Finding(
                "public.shortened",
                "warning",
                f"เป็นลิงก์ย่อ ปลายทางคือ {last} ควรยื่นลิงก์เต็ม",
                f"a shortened link; file the full one: {last}",
            )
        )
    return found or [Finding("public.open", "fine", "เห็นได้โดยไม่ต้องเข้าสู่ระบบ", "seen without a login")]


def _short(seen: Seen) -> bool:
    """A page that says hardly anything beside its login form."""
    return len(seen.content.text if seen.content else "") < 1500
