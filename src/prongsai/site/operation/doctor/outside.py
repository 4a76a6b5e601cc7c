"""What lies outside this machine: the mail server, identity providers, other clocks. Connects, and sends nothing."""

from __future__ import annotations

import datetime as dt
import smtplib
import subprocess
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from prongsai.site.env import environment
from prongsai.site.operation.doctor.finding import Finding, found, ok
from prongsai.site.people.issuer import WrongIssuer, check_issuer, expected_issuer, metadata_address

_PATIENCE = 5.0  # seconds
_OFF, _FAR_OFF = 5.0, 60.0  # seconds; a header of HTTP has whole seconds
_NTP = ("เปิดการตั้งเวลาอัตโนมัติ เช่น timedatectl set-ntp true", "turn NTP on, for example: timedatectl set-ntp true")


def mail() -> Iterator[Finding]:
    """Whether the server of mail answers and speaks TLS as asked; nothing is sent and nobody logs in."""
    where = "PRONGSAI_EMAIL_URL"
    if environment().email_url.startswith("console"):
        yield found(
            "note",
            "mail.console",
            where,
            ("ไม่ส่งอีเมลจริง ข้อความแจ้งเตือนเห็นได้ในระบบเท่านั้น", "no mail is sent; reminders are seen on the site only"),
            ("กำหนด smtp+tls://user:password@host:port", "set smtp+tls://user:password@host:port"),
        )
        return
    server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=_PATIENCE) as line:
            line.ehlo()
            if settings.EMAIL_USE_TLS:
                line.starttls()
            line.noop()
    except (OSError, smtplib.SMTPException) as error:
        yield found(
            "bad",
            "mail.unreachable",
            f"{where} {server}",
            ("ติดต่อเซิร์ฟเวอร์อีเมลไม่ได้", f"the mail server cannot be used ({type(error).__name__})"),
            ("ตรวจชื่อ พอร์ต TLS และไฟร์วอลล์", "see to name, port, TLS and firewall"),
        )
        return
    yield ok("mail.reachable", f"{where} {server}", "ติดต่อได้", "answers")
    if (
        settings.EMAIL_HOST_PASSWORD
        and not settings.EMAIL_USE_TLS
        and settings.EMAIL_HOST not in ("localhost", "127.0.0.1")
    ):
        yield found(
            "bad",
            "mail.plain",
            where,
            ("ส่งรหัสผ่านโดยไม่เข้ารหัส", "the password goes unencrypted"),
            ("ใช้ smtp+tls://", "use smtp+tls://"),
        )


def providers() -> Iterator[Finding]:
    """Whether each identity provider answers with the metadata of the issuer that is configured."""
    for one in environment().oidc:
        where = f"PRONGSAI_OIDC {one.id}"
        expected = expected_issuer(one.server_url, one.issuer)
        try:
            answer = httpx.get(metadata_address(one.server_url), timeout=_PATIENCE)
            check_issuer(answer.raise_for_status().json(), expected)
        except WrongIssuer as error:
            yield found(
                "bad",
                "provider.issuer",
                where,
                (
                    f"ผู้ให้บริการแจ้งชื่อ {error.named} แต่ที่ตั้งค่าไว้คือ {expected} จึงเข้าสู่ระบบทางนี้ไม่ได้",
                    f"its metadata name {error.named}, expected {expected}: nobody can sign in this way",
                ),
                (
                    "ตรวจ server_url ถ้าถูกแล้ว กำหนด issuer ตามชื่อที่ผู้ให้บริการยืนยัน",
                    "see to server_url; if it is right, set issuer to the name that the provider confirms",
                ),
            )
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            yield found(
                "bad",
                "provider.unreachable",
                where,
                ("อ่านข้อมูลของผู้ให้บริการยืนยันตัวตนไม่ได้", f"its metadata cannot be read ({type(error).__name__})"),
                ("ตรวจ server_url ชื่อโฮสต์ และไฟร์วอลล์", "see to server_url, host name and firewall"),
            )
        else:
            yield ok("provider.issuer", where, "ชื่อตรงกับที่ตั้งค่าไว้", "bears the configured name")


def clock(address: str | None = None) -> Iterator[Finding]:
    """The time of this machine beside the database's, the system's own word, and an HTTP server's if one is named."""
    yield from _database()
    yield from _system()
    if address:
        yield from _http(address)


def _database() -> Iterator[Finding]:
    if connection.vendor != "postgresql":
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            row = cursor.fetchone()
    except DatabaseError:
        return  # said by the database's own check
    assert row is not None
    yield _judged("DATABASE_URL", row[0])


def _system() -> Iterator[Finding]:
    command = ["timedatectl", "show", "-p", "NTPSynchronized", "--value"]
    try:
        said = subprocess.run(command, check=False, capture_output=True, text=True, timeout=_PATIENCE).stdout.strip()  # noqa: S603 - fixed words, no shell
    except (OSError, subprocess.TimeoutExpired):
        said = ""
    if said == "yes":
        yield ok("clock.ntp", "timedatectl", "ตั้งเวลาอัตโนมัติ", "kept by NTP")
    elif said == "no":
        yield found(
            "note",
            "clock.ntp",
            "timedatectl",
            ("เครื่องนี้ไม่ได้ตั้งเวลาอัตโนมัติ", "this machine's time is not kept by NTP"),
            _NTP,
        )


def _http(address: str) -> Iterator[Finding]:
    try:
        answer = httpx.head(address, timeout=_PATIENCE)
        theirs = parsedate_to_datetime(answer.headers["date"])
    except (httpx.HTTPError, httpx.InvalidURL, KeyError, ValueError) as error:
        host = urlsplit(address).hostname or address
        yield found(
            "note",
            "clock.unknown",
            host,
            ("ไม่ได้เวลาจากเซิร์ฟเวอร์นี้", f"no time from this server ({type(error).__name__})"),
            ("ระบุเว็บไซต์อื่นด้วย --clock", "name another site with --clock"),
        )
        return
    yield _judged(urlsplit(address).hostname or address, theirs)


def _judged(where: str, theirs: dt.datetime) -> Finding:
    away = abs((timezone.now() - theirs).total_seconds())
    if away <= _OFF:
        return ok("clock.near", where, f"ต่างกัน {away:.1f} วินาที", f"{away:.1f} s apart")
    return found(
        "bad" if away > _FAR_OFF else "note",
        "clock.apart",
        where,
        (
            f"นาฬิกาต่างกัน {away:,.0f} วินาที กำหนดเวลาปิดรับอาจผิด",
            f"the clocks are {away:,.0f} s apart: deadlines may be wrong",
        ),
        _NTP,
    )
