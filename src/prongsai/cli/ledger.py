"""``prongsai verify`` and ``prongsai head``: whether the history is as it was sealed, and the line to post of it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from prongsai.cli.main import FINE, WRONG
from prongsai.cli.options import Json
from prongsai.cli.output import print_json, say, table
from prongsai.errors import InputError, Problem

if TYPE_CHECKING:
    from prongsai.ledger.verify import Finding
    from prongsai.site.history.chain import Checked

_FAULT_TH = {
    "missing": "รายการหายไป",
    "altered": "ข้อมูลไม่ตรงกับที่ผนึกไว้",
    "personal": "ชื่อหรือข้อความไม่ตรงกับที่ผนึกไว้",
    "link": "ไม่ต่อกับรายการก่อนหน้า",
    "signature": "ไม่ได้ผนึกด้วยกุญแจของระบบนี้",
    "shorter": "บัญชีสั้นกว่าหัวบัญชีที่เคยประกาศ",
    "head": "ไม่ตรงกับหัวบัญชีที่เคยประกาศ",
}

Database = Annotated[
    str | None,
    Parameter(
        name="--database",
        help="ไฟล์ SQLite หรือที่อยู่ postgres:// ที่จะตรวจ เช่น สำเนาสำรอง (a backup; the site's own if not given)",
    ),
]


def verify(
    *,
    database: Database = None,
    heads: Annotated[
        list[Path] | None,
        Parameter(name="--head", help="ไฟล์ข้อความที่มีหัวบัญชีซึ่งเคยประกาศไว้ (files with heads that were posted)"),
    ] = None,
    key: Annotated[
        Path | None,
        Parameter(name="--key", help="กุญแจสาธารณะ (PEM) แทนกุญแจที่เก็บในเครื่องนี้ (public keys to trust instead)"),
    ] = None,
    json: Json = False,
) -> int:
    """ตรวจว่าประวัติการดำเนินการไม่ถูกแก้ไขหลังผนึก และบอกรายการแรกที่ถูกแก้ (verify the history against its chain).

    สถานะเมื่อจบเป็น 1 เมื่อพบสิ่งที่ถูกแก้ไข ไม่เปลี่ยนแปลงข้อมูลใด (exit status 1 where something was changed; changes nothing)
    """
    from prongsai.ledger.head import read_heads

    posted = tuple(one for path in heads or () for one in read_heads(_text(path), str(path)))
    _open(database)
    from prongsai.site.history import chain, keys

    found = chain.check(posted, keys.read_keys(key) if key else ())
    if json:
        print_json(_as_json(found))
    else:
        _tell(found)
    return FINE if found.report.whole else WRONG


def head(*, database: Database = None) -> int:
    """พิมพ์หัวบัญชีของประวัติ หนึ่งบรรทัด สำหรับประกาศหรือเก็บไว้นอกระบบ (the chain's head, one line to post or keep).

    ผู้ที่เก็บบรรทัดนี้ไว้ตรวจภายหลังได้ว่าไม่มีผู้ใดแก้ประวัติก่อนหน้านั้น แม้แต่ผู้ดูแลเครื่อง (holds even whoever runs the machine)
    """
    _open(database)
    from prongsai.site.history import chain

    chain.extend()
    now = chain.head()
    if now is None:
        raise InputError(
            Problem(
                "ledger.empty",
                database or "database",
                "ยังไม่มีประวัติการดำเนินการ",
                "there is no history yet",
                "เมื่อมีผู้ดำเนินการใด ๆ ในระบบแล้ว จึงมีหัวบัญชี",
            )
        )
    say(now.line())
    return FINE


def _text(path: Path) -> str:
    from prongsai.errors import unreadable

    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise unreadable(path, error) from error
    except UnicodeDecodeError as error:
        raise InputError(
            Problem("ledger.head", str(path), "ไม่ใช่ไฟล์ข้อความ UTF-8", "no UTF-8 text", "โปรดเก็บหัวบัญชีเป็นไฟล์ข้อความ")
        ) from error


def _open(database: str | None) -> None:
    """Set the site up on a database that is there and has a history."""
    if database is not None:
        if "://" not in database:
            path = Path(database)
            if not path.is_file():
                raise _no_history(database)
            database = f"sqlite:///{path.resolve()}"
        os.environ["DATABASE_URL"] = database
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prongsai.site.settings")
    import django
    from django.db import DatabaseError, connection

    django.setup()
    from prongsai.site.history.models import Entry

    try:
        with connection.cursor() as cursor:
            columns = connection.introspection.get_table_description(cursor, Entry._meta.db_table)
    except DatabaseError as error:
        raise _no_history(database or "DATABASE_URL") from error
    if "number" not in {column.name for column in columns}:
        raise _no_history(database or "DATABASE_URL")


def _no_history(where: str) -> InputError:
    return InputError(
        Problem(
            "ledger.database",
            where,
            "ไม่พบฐานข้อมูลของโปร่งใสที่มีประวัติซึ่งผนึกไว้",
            "no database of Prongsai with a sealed history",
            "ตรวจชื่อไฟล์หรือที่อยู่ หากเป็นฐานข้อมูลรุ่นก่อน ให้เริ่มระบบด้วย prongsai serve หนึ่งครั้งก่อน",
        )
    )


def _tell(found: Checked) -> None:
    report = found.report
    if report.whole:
        say(f"✓ ประวัติ {report.links:,} รายการไม่ถูกแก้ไข", "green")
    else:
        first = report.findings[0]
        say(f"✗ พบสิ่งที่ถูกแก้ไข รายการแรกคือลำดับที่ {first.number:,} {first.name}".rstrip(), "red")
        table(
            (">ลำดับที่", "รายการ", "สิ่งที่พบ"),
            [(f"{one.number:,}", one.name, _FAULT_TH[one.fault]) for one in report.findings],
        )
    if report.erased:
        say(f"ลบข้อมูลส่วนบุคคลแล้ว {report.erased:,} รายการ ส่วนที่เหลือยังพิสูจน์ได้", "dim")
    if found.waiting and found.since:
        say(f"รอผนึก {found.waiting:,} รายการ ตั้งแต่ {found.since:%Y-%m-%d %H:%M} (ผนึกเองเมื่อระบบทำงาน)", "dim")


def _as_json(found: Checked) -> dict[str, Any]:
    report = found.report
    return {
        "whole": report.whole,
        "links": report.links,
        "last": report.last,
        "erased": report.erased,
        "waiting": found.waiting,
        "findings": [_finding(one) for one in report.findings],
    }


def _finding(one: Finding) -> dict[str, Any]:
    return {"number": one.number, "record": one.name, "fault": one.fault}
