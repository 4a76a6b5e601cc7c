"""Secret, host names, address, HTTPS, debugging, and what the framework itself says."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import ERROR, run_checks

from prongsai.site.env import Environment, environment
from prongsai.site.operation.doctor.finding import Finding, found, ok

_HERE = ("localhost", "127.0.0.1", "::1")
_LEAST_SECRET = 50


def check() -> Iterator[Finding]:
    """All settings that can be judged without leaving the process."""
    given = environment()
    host = urlsplit(given.address).hostname or ""
    public = host not in _HERE
    yield from _secret()
    yield from _hosts(given, host)
    yield from _https(given, public)
    yield from _second_factor(given, public)
    if given.debug:
        yield found(
            "broken" if public else "note",
            "settings.debug",
            "PRONGSAI_DEBUG",
            ("เปิดหน้าตรวจข้อผิดพลาดอยู่ ซึ่งแสดงข้อมูลภายในแก่ผู้เข้าชม", "debug pages are on and show internals to visitors"),
            ("ลบ PRONGSAI_DEBUG แล้วเริ่มระบบใหม่", "unset PRONGSAI_DEBUG and start again"),
        )
    else:
        yield ok("settings.debug", "PRONGSAI_DEBUG", "ปิดอยู่", "off")
    for message in run_checks():
        if message.level >= ERROR:
            yield found(
                "broken",
                f"settings.{message.id or 'check'}",
                str(message.obj or "settings"),
                (f"โครงสร้างเว็บแจ้งว่า {message.msg}", str(message.msg)),
                (message.hint or "ดู docs/configuration.md", message.hint or "see docs/configuration.md"),
            )


def _second_factor(given: Environment, public: bool) -> Iterator[Finding]:
    where = "PRONGSAI_SECOND_FACTOR"
    usual = Environment.model_fields["second_factor"].default
    free = ", ".join(role for role in usual if role not in given.second_factor)
    if not free:
        yield ok("settings.second_factor", where, "บังคับครบทุกบทบาท", "required of all roles that should have one")
        return
    yield found(
        "bad" if public else "note",
        "settings.second_factor",
        where,
        (f"ไม่บังคับการยืนยันสองขั้นกับ {free}", f"no second factor is required of {free}"),
        ("ลบตัวแปรนี้ เพื่อบังคับตามค่าตั้งต้น", "unset it, so that the usual roles must have one"),
    )


def _secret() -> Iterator[Finding]:
    where = "PRONGSAI_SECRET_KEY"
    if len(settings.SECRET_KEY) < _LEAST_SECRET:
        yield found(
            "bad",
            "settings.secret",
            where,
            (
                f"สั้นเพียง {len(settings.SECRET_KEY)} อักขระ ควรมี {_LEAST_SECRET} ขึ้นไป",
                f"{len(settings.SECRET_KEY)} characters; expected {_LEAST_SECRET} or more",
            ),
            (
                "ลบตัวแปรนี้เพื่อให้ระบบสร้างเองในโฟลเดอร์ข้อมูล (ทุกคนต้องเข้าสู่ระบบและตั้งยืนยันสองขั้นใหม่)",
                "unset it: one is made in the data folder (everyone signs in and sets up the second factor anew)",
            ),
        )
    else:
        yield ok("settings.secret", where, "ยาวพอ", "long enough")


def _hosts(given: Environment, host: str) -> Iterator[Finding]:
    where = "PRONGSAI_HOSTS"
    if "*" in given.hosts:
        yield found(
            "bad",
            "settings.hosts",
            where,
            ("รับทุกชื่อโฮสต์ (*)", "every host name is answered (*)"),
            (f'กำหนดเฉพาะชื่อที่ใช้ เช่น ["{host}"]', f'name only those in use, for example ["{host}"]'),
        )
    elif not any(host == one or (one.startswith(".") and host.endswith(one)) for one in given.hosts):
        yield found(
            "broken",
            "settings.hosts",
            where,
            (
                f"ไม่มี {host} ซึ่งเป็นโฮสต์ใน PRONGSAI_ADDRESS ผู้ใช้จะเปิดเว็บไซต์ไม่ได้",
                f"does not have {host}, the host of PRONGSAI_ADDRESS: people would be refused",
            ),
            (f'เพิ่ม "{host}" ในรายการ', f'add "{host}" to the list'),
        )
    else:
        yield ok("settings.hosts", where, ", ".join(given.hosts), ", ".join(given.hosts))


def _https(given: Environment, public: bool) -> Iterator[Finding]:
    scheme, where = urlsplit(given.address).scheme, "PRONGSAI_HTTPS"
    if given.https != (scheme == "https"):
        yield found(
            "bad",
            "settings.https",
            where,
            (
                f"ไม่ตรงกับ PRONGSAI_ADDRESS ({given.address})",
                f"does not agree with PRONGSAI_ADDRESS ({given.address})",
            ),
            (
                "กำหนด PRONGSAI_HTTPS=true พร้อมที่อยู่ https:// หรือ false พร้อม http://",
                "set PRONGSAI_HTTPS=true with an https:// address, or false with http://",
            ),
        )
    elif public and not given.https:
        yield found(
            "bad",
            "settings.https",
            where,
            (
                "ผู้อื่นเข้าถึงเว็บไซต์ได้โดยไม่เข้ารหัส รหัสผ่านและคำตอบอ่านได้ระหว่างทาง",
                "others reach the site without encryption: passwords and answers can be read on the way",
            ),
            (
                "วาง nginx ที่มีใบรับรองไว้ข้างหน้า (docs/operations.md) แล้วกำหนด PRONGSAI_HTTPS=true",
                "put nginx with a certificate in front (docs/operations.md) and set PRONGSAI_HTTPS=true",
            ),
        )
    else:
        yield ok("settings.https", where, given.address, given.address)
