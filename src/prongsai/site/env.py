"""What an operator may set, read from the environment and refused when it is not understood.

``docs/configuration.md`` is made from this file (``make docs``). Secrets may come from files: a variable that ends in
``_FILE`` names the file that holds the value.
"""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

PREFIX = "PRONGSAI_"
# Variables of other rooms and of the tests that share the prefix: Thai, English.
ELSEWHERE = {
    "PRONGSAI_CACHE": (
        "โฟลเดอร์ของตัวพิมพ์ที่สร้างสำหรับ PDF ถ้าไม่กำหนดคือแคชของผู้ใช้",
        "folder of the faces that are made for PDFs; the user's cache if unset",
    ),
    "PRONGSAI_CASES": ("ใช้ในการทดสอบเท่านั้น: โฟลเดอร์รายงานจริง", "for tests only: a folder of real reports"),
    "PRONGSAI_FULL": ("ใช้ในการทดสอบเท่านั้น: ทดสอบส่วนที่หนัก", "for tests only: the heaviest, too"),
    "PRONGSAI_NEED_ALL": ("ใช้ในการทดสอบเท่านั้น: ไม่ข้ามการทดสอบใด", "for tests only: none may be skipped"),
}


# Kinds of roles (people/models.py, which needs the settings to be read first).
RoleName = Literal[
    "officer", "unit_owner", "approver", "agency_admin", "assessor", "supervisor", "inspector", "surveyor",
    "system_admin",
]  # fmt: skip


class Provider(BaseModel, frozen=True, extra="forbid"):
    """An OpenID Connect provider. Its people are known here by ``id:value``, the value being that of ``claim``.

    ``second_factor``: the values of ``amr`` or ``acr`` in its ID tokens that count as a second factor; none if empty.
    ``issuer``: how its metadata must name it; ``server_url`` (before ``/.well-known/``) if empty.
    """

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    name: str
    client_id: str
    secret: str = ""
    server_url: str = Field(pattern=r"^https?://")
    claim: str = "preferred_username"
    second_factor: list[str] = []
    issuer: str = ""


def _set(default: Any, en: str, th: str, **rules: Any) -> Any:
    """A variable with its default and its meaning in both languages."""
    return Field(default, description=en, json_schema_extra={"th": th}, **rules)


class Environment(BaseSettings):
    """The site's settings. Names in the environment carry the prefix ``PRONGSAI_``, but for ``DATABASE_URL``."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    data: Path = _set(
        Path("build/site"),
        "Folder of database, uploads, published data and static files.",
        "โฟลเดอร์ของฐานข้อมูล ไฟล์ที่อัปโหลด ข้อมูลที่เผยแพร่ และไฟล์คงที่",
    )
    keys: Path | None = _set(
        None,
        "Folder of survey keys, outside every backup; `<data>-keys` beside the data folder if unset (anonymity.md).",
        "โฟลเดอร์กุญแจของแบบสำรวจ ต้องอยู่นอกการสำรองข้อมูลทุกชนิด ถ้าไม่กำหนดคือ `<data>-keys` ข้างโฟลเดอร์ข้อมูล (anonymity.md)",
    )
    ledger_key: Path | None = _set(
        None,
        "Ed25519 key (PEM) that seals the history; made and kept in the data folder if unset. Administrators of the "
        "database should not be able to read it. All public halves stand beside it in `ledger-public.pem` (ledger.md).",
        "กุญแจ Ed25519 (PEM) ที่ผนึกประวัติการดำเนินการ ถ้าไม่กำหนดระบบสร้างเองในโฟลเดอร์ข้อมูล ผู้ดูแลฐานข้อมูลไม่ควรอ่านได้ "
        "กุญแจสาธารณะทุกดอกที่เคยใช้อยู่ข้างกันใน `ledger-public.pem` (ledger.md)",
    )
    secret_key: str | None = _set(
        None,
        "Signs sessions and forms, encrypts second-factor secrets; made and kept in the data folder if unset. When it "
        "changes, everyone signs in and sets up the second factor anew.",
        "ลงนามเซสชันและแบบฟอร์ม และเข้ารหัสกุญแจยืนยันสองขั้น ถ้าไม่กำหนดระบบสร้างเองในโฟลเดอร์ข้อมูล "
        "ถ้าเปลี่ยน ทุกคนต้องเข้าสู่ระบบและตั้งยืนยันสองขั้นใหม่",
    )
    hosts: list[str] = _set(
        ["localhost", "127.0.0.1", "[::1]"],
        "Host names that are answered (JSON list).",
        "ชื่อโฮสต์ที่ตอบ (รายการ JSON)",
    )
    address: str = _set(
        "http://localhost:8000",
        "Address people type; links in e-mails begin with it.",
        "ที่อยู่ที่ผู้ใช้พิมพ์ ลิงก์ในอีเมลขึ้นต้นด้วยค่านี้",
    )
    https: bool = _set(
        False, "Served over HTTPS: cookies only there, HSTS on.", "ให้บริการผ่าน HTTPS: คุกกี้เฉพาะ HTTPS และ HSTS"
    )
    debug: bool = _set(
        False,
        "Django's debug pages; never where others can reach the site.",
        "หน้าตรวจข้อผิดพลาดของ Django ห้ามใช้เมื่อผู้อื่นเข้าถึงได้",
    )
    email_url: str = _set(
        "console:",
        "`console:`, `smtp://user:password@host:port` or `smtp+tls://…`.",
        "`console:` (ไม่ส่งจริง) หรือ `smtp://user:password@host:port` หรือ `smtp+tls://…`",
    )
    email_from: str = _set("prongsai@localhost", "Sender of reminders.", "ผู้ส่งอีเมลแจ้งเตือน")
    oidc: list[Provider] = _set(
        [],
        "OpenID Connect providers (JSON list of id, name, client_id, secret, server_url, claim, second_factor, issuer: "
        "below).",
        "ผู้ให้บริการยืนยันตัวตน OpenID Connect (รายการ JSON ดูด้านล่าง)",
    )
    second_factor: list[RoleName] = _set(
        ["approver", "assessor", "agency_admin", "system_admin"],
        "Roles that must have a second factor (JSON list of role names); `[]` only offers it, as for a trial.",
        "บทบาทที่ต้องใช้การยืนยันสองขั้น (รายการ JSON ของชื่อบทบาท) `[]` คือไม่บังคับผู้ใด เช่น ระบบทดลอง",
    )
    session_idle_minutes: int = _set(
        30,
        "Minutes without use after which people are signed out; what they were typing can be sent after signing in.",
        "จำนวนนาทีที่ไม่ใช้งานแล้วระบบให้ออกจากระบบ ข้อความที่กำลังพิมพ์ส่งต่อได้หลังเข้าสู่ระบบใหม่",
        ge=5,
    )
    session_hours: int = _set(
        12,
        "Hours after signing in at which people sign in again, however much they use the site.",
        "จำนวนชั่วโมงหลังเข้าสู่ระบบที่ต้องเข้าสู่ระบบใหม่ แม้ใช้งานอยู่ตลอด",
        ge=1,
        le=24,
    )
    signing_roots: Path | None = _set(
        None,
        "PEM file with the root certificates against which signed PDFs are valid.",
        "ไฟล์ PEM ของใบรับรองรากที่ใช้ตรวจลายมือชื่อดิจิทัลใน PDF",
    )
    timestamp_url: str = _set(
        "",
        "RFC 3161 authority that stamps preserved copies of evidence; none if unset.",
        "ผู้ให้บริการประทับรับรองเวลา (RFC 3161) ของสำเนาหลักฐาน OIT ถ้าไม่กำหนดคือไม่ประทับ",
    )
    timestamp_roots: Path | None = _set(
        None,
        "PEM file with the roots that its certificate must lead to.",
        "ไฟล์ PEM ของใบรับรองรากของผู้ให้บริการประทับรับรองเวลา",
    )
    pictures: bool = _set(
        True,
        "Take a picture of each preserved page, where Chromium is installed.",
        "ถ่ายภาพหน้าเว็บของสำเนาหลักฐาน เมื่อมี Chromium",
    )
    upload_limit_mb: int = _set(20, "Largest file that is accepted, in MB.", "ขนาดไฟล์สูงสุดที่รับ (เมกะไบต์)", ge=1)
    clamav: str = _set(
        "",
        "Socket of ClamAV's clamd, `unix:/run/clamav/clamd.ctl` or `tcp:host:3310`: files are scanned before they are "
        "taken in; not scanned if unset.",
        "ซ็อกเก็ตของ clamd (ClamAV) คือ `unix:/run/clamav/clamd.ctl` หรือ `tcp:host:3310` "
        "ระบบตรวจไวรัสทุกไฟล์ก่อนรับ ถ้าไม่กำหนดคือไม่ตรวจ",
        pattern=r"^$|^unix:/.+$|^tcp:.+:[0-9]{1,5}$",
    )
    database_url: str | None = _set(
        None,
        "`postgres://user:password@host:port/name`; SQLite in the data folder if unset.",
        "`postgres://user:password@host:port/name` ถ้าไม่กำหนดคือ SQLite ในโฟลเดอร์ข้อมูล",
        validation_alias="DATABASE_URL",
    )
    threads: int = _set(
        24,
        "Threads of each server process; each may hold one database connection.",
        "จำนวนเธรดของแต่ละโปรเซสเว็บ แต่ละเธรดอาจถือการเชื่อมต่อฐานข้อมูลหนึ่งรายการ",
        ge=4,
        le=128,
    )
    pages: int | None = _set(
        None,
        "So many of them at most may hold officers' and visitors' pages when there is more to do than the machine can "
        "(operations.md); five in eight if unset.",
        "จำนวนเธรดสูงสุดที่หน้าของเจ้าหน้าที่และผู้เยี่ยมชมใช้พร้อมกันเมื่อมีผู้ใช้เกินกำลังเครื่อง (operations.md) ถ้าไม่กำหนดคือห้าในแปด",
        ge=1,
        le=128,
    )
    patience: float = _set(
        2.0,
        "Seconds that respondents may have waited before the next are asked to come again in a moment (operations.md); "
        "0: nobody is ever sent away.",
        "จำนวนวินาทีที่ผู้ตอบอาจรอได้ก่อนที่ระบบจะขอให้ผู้มาใหม่รอสักครู่ (operations.md) ค่า 0 คือไม่มีการขอให้รอ",
        ge=0,
        le=60,
    )
    log: Literal["text", "json"] = _set(
        "text",
        "How the log is written to standard error: lines for people, or one JSON object a line.",
        "รูปแบบบันทึกการทำงาน (log) ทางช่องข้อผิดพลาดมาตรฐาน: ข้อความสำหรับคนอ่าน หรือ JSON บรรทัดละรายการ",
    )
    metrics_token: str | None = _set(
        None,
        "Opens `/metrics/` to a Prometheus that sends it as bearer token, 32 characters or more; no metrics if unset.",
        "เปิด `/metrics/` ให้ Prometheus ที่ส่งค่านี้เป็น bearer token ต้องยาว 32 อักขระขึ้นไป ถ้าไม่กำหนดคือไม่มีมาตรวัด",
        min_length=32,
    )
    privacy_contact: str = _set(
        "",
        "How to reach the data protection officer: shown below every privacy notice, to which respondents are led.",
        "ช่องทางติดต่อเจ้าหน้าที่คุ้มครองข้อมูลส่วนบุคคล แสดงท้ายประกาศความเป็นส่วนตัวทุกฉบับ ซึ่งหน้าแบบสำรวจมีลิงก์ไปถึง",
        max_length=300,
    )
    security_contact: str = _set(
        "",
        "Where to tell of a weakness, `mailto:…`, `https://…` or `tel:…`: shown at `/.well-known/security.txt`; no "
        "such page if unset.",
        "ช่องทางแจ้งช่องโหว่ คือ `mailto:…` `https://…` หรือ `tel:…` แสดงที่ `/.well-known/security.txt` ถ้าไม่กำหนดคือไม่มีหน้านี้",
        pattern=r"^$|^(?:mailto:[^\s@]+@[^\s@]+|https://\S+|tel:\+?[0-9-]+)$",
    )


@cache
def environment() -> Environment:
    """The settings in force.

    Raises ``SystemExit`` that names every variable which is unknown or cannot be read.
    """
    _from_files()
    known = {PREFIX + name.upper() for name in Environment.model_fields} | set(ELSEWHERE)
    unknown = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)
    if unknown:
        raise SystemExit(f"unknown settings: {', '.join(unknown)}; known: {', '.join(sorted(known))}")
    try:
        return Environment()
    except ValidationError as error:
        lines = [f"{_where(e['loc'])}: {e['msg']}" for e in error.errors()]
        raise SystemExit("settings that cannot be read:\n" + "\n".join(lines)) from error
    except SettingsError as error:  # a list that is no JSON; the library names the field and not the value
        field = re.search(r'field "(\w+)"', str(error))
        name = _where((field[1],)) if field else "settings"
        raise SystemExit(f'settings that cannot be read:\n{name}: expected JSON, for example ["one"]') from None


def variable(name: str) -> str:
    """What a field is called in the environment."""
    return str(Environment.model_fields[name].validation_alias or PREFIX + name.upper())


def _where(path: tuple[int | str, ...]) -> str:
    """``PRONGSAI_OIDC 0 client_id``: the variable, then the way to the value inside it."""
    return " ".join([PREFIX + str(path[0]).upper(), *(str(part) for part in path[1:])])


def _from_files() -> None:
    for name in [n for n in os.environ if n.startswith(PREFIX) and n.endswith("_FILE")]:
        os.environ[name.removesuffix("_FILE")] = Path(os.environ.pop(name)).read_text(encoding="utf-8").strip()
