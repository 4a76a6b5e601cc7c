"""Whether the database answers, keeps what it confirms, has this version's tables; and what waits in it."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import DatabaseError, connection
from django.utils import timezone

from prongsai.site.history.models import Entry
from prongsai.site.operation import signs
from prongsai.site.operation.database import sqlite_file, unapplied
from prongsai.site.operation.doctor.finding import Finding, found, ok

_WHERE = "DATABASE_URL"
_OLDEST_POSTGRES = 14  # of the framework's version in use
_LATE = 600  # seconds; work is looked at every five
_MIGRATE = (
    "รัน python -m prongsai.site migrate หรือเริ่ม prongsai serve",
    "run python -m prongsai.site migrate or start prongsai serve",
)


def check() -> Iterator[Finding]:
    """Reachable first: without that nothing else is asked."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        yield found(
            "broken",
            "database.unreachable",
            _WHERE,
            ("ติดต่อฐานข้อมูลไม่ได้", f"the database cannot be reached ({type(error).__name__})"),
            (
                "ตรวจว่าฐานข้อมูลทำงาน และค่า DATABASE_URL หรือสิทธิ์ของไฟล์ในโฟลเดอร์ข้อมูลถูกต้อง",
                "see that it runs, and that DATABASE_URL or the rights of its file are right",
            ),
        )
        return
    yield from (_postgres() if connection.vendor == "postgresql" else _sqlite())
    missing, newer = unapplied()
    if newer:
        yield found(
            "broken",
            "database.newer",
            _WHERE,
            (f"ฐานข้อมูลเป็นของรุ่นที่ใหม่กว่าโปรแกรม ({newer[-1]})", f"the database is of a newer version ({newer[-1]})"),
            ("ติดตั้งโปรแกรมรุ่นที่ใช้กับฐานข้อมูลนี้", "install the version that this database belongs to"),
        )
    elif missing:
        some = f"{len(missing)}: {missing[0]} …"
        yield found(
            "broken", "database.migrations", _WHERE, (f"โครงสร้างยังไม่ครบ {some}", f"not migrated {some}"), _MIGRATE
        )
    else:
        yield ok("database.migrations", _WHERE, "โครงสร้างเป็นรุ่นปัจจุบัน", "migrated")
        yield from _waiting()
        yield from _clock()


def _sqlite() -> Iterator[Finding]:
    journal, synchronous = _ask("PRAGMA journal_mode"), int(_ask("PRAGMA synchronous"))
    if journal != "wal" or synchronous < 2:
        yield found(
            "bad",
            "database.durable",
            str(sqlite_file() or _WHERE),
            (
                f"journal_mode={journal} synchronous={synchronous} ต้องเป็น wal และ 2 (FULL) "
                "มิฉะนั้นคำตอบที่ยืนยันแล้วอาจหายเมื่อไฟดับ",
                f"journal_mode={journal} synchronous={synchronous}; expected wal and 2 (FULL): "
                "what was confirmed could be lost when the power goes",
            ),
            (
                "วางโฟลเดอร์ข้อมูลบนดิสก์ของเครื่องนี้ ไม่ใช่โฟลเดอร์ของเครือข่าย",
                "put the data folder on a disk of this machine, not of the network",
            ),
        )
    else:
        yield ok("database.durable", _WHERE, "SQLite, WAL, synchronous FULL", "SQLite, WAL, synchronous FULL")


def _postgres() -> Iterator[Finding]:
    version = int(_ask("SHOW server_version_num")) // 10000
    if version < _OLDEST_POSTGRES:
        yield found(
            "broken",
            "database.version",
            _WHERE,
            (f"PostgreSQL {version} เก่าเกินไป", f"PostgreSQL {version}; expected {_OLDEST_POSTGRES} or newer"),
            ("ปรับรุ่น PostgreSQL", "upgrade PostgreSQL"),
        )
    off = [name for name in ("fsync", "synchronous_commit", "full_page_writes") if _ask(f"SHOW {name}") == "off"]
    if off:
        yield found(
            "bad",
            "database.durable",
            _WHERE,
            (
                f"{', '.join(off)} ปิดอยู่ คำตอบที่ยืนยันแล้วอาจหายเมื่อไฟดับ",
                f"{', '.join(off)} off: what was confirmed could be lost",
            ),
            ("เปิดค่าเหล่านี้ใน postgresql.conf", "turn them on in postgresql.conf"),
        )
    else:
        yield ok("database.durable", _WHERE, f"PostgreSQL {version}", f"PostgreSQL {version}, syncs to disk")


def _waiting() -> Iterator[Finding]:
    """What the processes beside the site should have done."""
    work, mix, (unsealed, since) = signs.jobs(), signs.letterbox(), signs.unsealed()
    start = "เริ่ม {0} (docs/operations.md)", "start {0} (docs/operations.md)"
    worker, mixer = (
        tuple(text.format(f"python -m prongsai.site {name}") for text in start) for name in ("work", "mix")
    )
    if work.oldest > _LATE or (unsealed and since > _LATE):
        yield found(
            "bad",
            "processes.work",
            "work",
            (
                f"งานรออยู่ {work.ready:,} รายการ และประวัติรอผนึก {unsealed:,} รายการ นานกว่าสิบนาที",
                f"{work.ready:,} jobs and {unsealed:,} unsealed entries, older than ten minutes",
            ),
            (worker[0], worker[1]),
        )
    else:
        yield ok("processes.work", "work", "ไม่มีงานค้าง", "nothing is late")
    if mix.unprepared or mix.behind or mix.closing:
        yield found(
            "bad",
            "processes.mix",
            "mix",
            (
                f"กล่องที่ยังไม่เตรียม {mix.unprepared:,} กล่องที่ควรผสมแล้ว {mix.behind:,} แบบสำรวจที่ยังปิดไม่เสร็จ {mix.closing:,}",
                f"{mix.unprepared:,} boxes not prepared, {mix.behind:,} overdue, {mix.closing:,} surveys not closed",
            ),
            (
                f"{mixer[0]} ถ้าทำงานอยู่แล้ว ดู “ถ้ากุญแจหาย” ใน docs/anonymity.md",
                f"{mixer[1]}; if it runs, see “What a lost key costs” in docs/anonymity.md",
            ),
        )
    else:
        yield ok("processes.mix", "mix", "ไม่มีกล่องค้าง", "no box waits")


def _clock() -> Iterator[Finding]:
    newest = Entry.objects.order_by("-pk").values_list("at", flat=True).first()
    if newest and newest > timezone.now():
        late = (newest - timezone.now()).total_seconds()
        yield found(
            "bad",
            "clock.back",
            "clock",
            (
                f"นาฬิกาช้ากว่ารายการล่าสุดในประวัติ {late:,.0f} วินาที",
                f"the clock is {late:,.0f} s before the newest entry of the history",
            ),
            ("เปิดการตั้งเวลาอัตโนมัติ (NTP) ของเครื่อง", "let the machine keep its time by NTP"),
        )


def _ask(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        row = cursor.fetchone()
    return str(row[0]) if row else ""
