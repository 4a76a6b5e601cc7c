"""``prongsai verify`` and ``prongsai head``: whether something is as it was sealed, and the line to post of it."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from prongsai.cli.main import FINE, WRONG
from prongsai.cli.options import Json
from prongsai.cli.output import note, print_json, say, table
from prongsai.errors import InputError, Problem

if TYPE_CHECKING:
    from prongsai.cli.proven import Trust
    from prongsai.ledger.verify import Finding
    from prongsai.site.history.chain import Checked

_BACKUP = "backup.json"

Database = Annotated[
    str | None,
    Parameter(
        name="--database",
        help="ไฟล์ SQLite หรือที่อยู่ postgres:// ที่จะตรวจ (a database; the site's own if nothing is given)",
    ),
]


@dataclass(frozen=True)
class Said:
    """What was verified and found. ``kind``: database, backup, release or export; ``links`` that the chain has."""

    kind: str
    findings: list[Finding]
    links: int = 0
    last: str = ""
    erased: int = 0
    checked: Checked | None = None


def verify(
    what: Annotated[
        Path | None,
        Parameter(
            name="WHAT",
            help="สิ่งที่จะตรวจ: โฟลเดอร์สำเนาสำรอง ฉบับที่ดาวน์โหลด (โฟลเดอร์หรือ ZIP) ไฟล์ส่งออกของหน่วยงาน หรือไฟล์ฐานข้อมูล "
            "(a backup, a downloaded release, an agency's export, or a database file)",
        ),
    ] = None,
    /,
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
    proof: Annotated[
        Path | None,
        Parameter(name="--proof", help="ไฟล์หลักฐานการผนึกของฉบับหรือไฟล์ส่งออก (the .proof.json of a release or an export)"),
    ] = None,
    json: Json = False,
) -> int:
    """ตรวจว่าไม่มีสิ่งใดถูกแก้หลังผนึก และบอกแถวหรือไฟล์แรกที่ถูกแก้ (verify history, backups, exports and releases).

    สถานะเมื่อจบเป็น 1 เมื่อพบสิ่งที่ถูกแก้ไข ไม่เปลี่ยนแปลงข้อมูลใด (exit status 1 where something was changed; changes nothing)
    """
    from prongsai.cli.proven import Trust, is_export, is_release
    from prongsai.ledger.head import read_heads
    from prongsai.ledger.keys import read_keys

    if what is not None and database is not None:
        raise InputError(
            Problem(
                "ledger.one_at_a_time",
                f"{what}, --database",
                "ระบุทั้งสิ่งที่จะตรวจและ --database พร้อมกัน จึงไม่ทราบว่าต้องการตรวจสิ่งใด",
                "two things to verify are given: one is expected",
                "โปรดตรวจทีละอย่าง: เรียกคำสั่งสองครั้ง ครั้งละหนึ่งสิ่ง",
                "Run the command twice, once for each.",
            )
        )
    posted = tuple(one for path in heads or () for one in read_heads(_text(path), str(path)))
    trust = Trust(posted, read_keys(key) if key else ())
    if what is None:
        found = _database(database, trust)
    elif (what / _BACKUP).is_file():
        found = _backup(what, trust)
    elif is_release(what):
        found = _release(what, proof, trust)
    elif is_export(what):
        found = _export(what, proof, trust)
    else:
        found = _database(str(what), trust)
    if json:
        print_json(_as_json(found))
    else:
        _tell(found)
    return WRONG if found.findings else FINE


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


# --- what is verified


def _database(database: str | None, trust: Trust, kind: str = "database") -> Said:
    _open(database)
    from prongsai.site.history import chain
    from prongsai.site.operation.database import unapplied

    whole = not any(unapplied())
    if not whole:
        note("ฐานข้อมูลเป็นของรุ่นอื่น จึงตรวจเฉพาะประวัติ (of another version: only the history itself is verified)")
    found = chain.check(trust.heads, trust.keys, rows=whole)
    report = found.report
    return Said(kind, report.findings, report.links, report.last, report.erased, found)


def _backup(folder: Path, trust: Trust) -> Said:
    """First its own list of files, then the history in its database, with the files that lie in it."""
    own = _own_keys()
    aside = Path(tempfile.mkdtemp(prefix="prongsai-verify-"))  # a site that starts writes into its data folder
    atexit.register(shutil.rmtree, aside, ignore_errors=True)
    for name in ("files", "opendata"):
        if (folder / "data" / name).is_dir():
            (aside / name).symlink_to((folder / "data" / name).resolve())
    os.environ["PRONGSAI_DATA"] = str(aside)
    inside = folder / "secrets" / "ledger-key.pem"
    os.environ["PRONGSAI_LEDGER_KEY"] = str(own if own else inside.resolve())
    if not own and not trust.keys:
        note("ใช้กุญแจสาธารณะที่อยู่ในสำเนาเอง โปรดระบุ --key หรือ --head (by the backup's own keys: give --key or --head)")
    file = folder / "database.sqlite3"
    if not file.is_file():
        raise InputError(
            Problem(
                "ledger.dump",
                str(folder),
                "สำเนานี้เป็นของ PostgreSQL ต้องคืนลงฐานข้อมูลเปล่าก่อน",
                "a dump of PostgreSQL: it has to be restored first",
                "คืนข้อมูลด้วย prongsai restore แล้วสั่ง prongsai verify",
                "prongsai restore into an empty database, then prongsai verify",
            )
        )
    said = _database(str(file), trust, "backup")
    from prongsai.ledger.verify import Finding
    from prongsai.site.operation.backup import manifest

    changed = [Finding(0, name, "covered") for name in manifest.faults(folder, manifest.read(folder))]
    return Said("backup", [*said.findings, *changed], said.links, said.last, said.erased, said.checked)


def _release(path: Path, proof: Path | None, trust: Trust) -> Said:
    from prongsai.cli.proven import check_release, proof_beside

    given = proof_beside(path, proof)
    return Said("release", check_release(path, given, trust), given.head.number, given.head.hash)


def _export(path: Path, proof: Path | None, trust: Trust) -> Said:
    """Its own manifest says which row; the proof, or this site's history, whether it is the one that was exported."""
    _setup()
    from prongsai.cli.proven import check_export, proof_beside
    from prongsai.ledger.verify import Finding
    from prongsai.site.exchange.archive import opened

    try:
        sha256 = opened(path).sha256
    except InputError as error:
        if error.problems[0].code not in ("exchange.hash", "exchange.list"):
            raise
        return Said("export", [Finding(0, one.where, "covered") for one in error.problems])
    if proof or path.with_name(f"{path.stem}.proof.json").is_file():
        given = proof_beside(path, proof)
        return Said("export", check_export(path, sha256, given, trust), given.head.number, given.head.hash)
    said = _database(None, trust, "export")
    from prongsai.site.history.models import Entry

    if not Entry.objects.filter(action="exchange.export", facts__sha256=sha256, number__isnull=False).exists():
        said.findings.append(Finding(0, path.name, "covered"))
    return said


# --- where it is


def _own_keys() -> Path | None:
    """The key file of this installation, where it has sealed anything."""
    given = os.environ.get("PRONGSAI_LEDGER_KEY")
    path = Path(given) if given else Path(os.environ.get("PRONGSAI_DATA", "build/site")) / "ledger-key.pem"
    return path.resolve() if path.with_name("ledger-public.pem").is_file() else None


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


def _setup() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prongsai.site.settings")
    import django

    django.setup()


def _open(database: str | None) -> None:
    """Set the site up on a database that is there and has a history."""
    if database is not None:
        if "://" not in database:
            path = Path(database)
            if not path.is_file():
                raise _no_history(database)
            database = f"sqlite:///{path.resolve()}"
        os.environ["DATABASE_URL"] = database
    _setup()
    from django.db import DatabaseError, connection

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


# --- what is said


def _tell(found: Said) -> None:
    from prongsai.ledger.verify import FAULTS

    if not found.findings:
        say(_WHOLE[found.kind].format(links=f"{found.links:,}"), "green")
    else:
        first = found.findings[0]
        place = f"ลำดับที่ {first.number:,} " if first.number else ""
        th, en = FAULTS[first.fault]
        say(
            f"✗ พบสิ่งที่ถูกแก้ไข รายการแรกคือ {place}{first.name}: {th} (first changed: {first.name or first.number}, {en})",
            "red",
        )
        table(
            (">ลำดับที่", "รายการ", "สิ่งที่พบ"),
            [(f"{one.number:,}", one.name, " · ".join(FAULTS[one.fault])) for one in found.findings],
        )
    if found.erased:
        say(f"ลบข้อมูลส่วนบุคคลแล้ว {found.erased:,} รายการ ส่วนที่เหลือยังพิสูจน์ได้ (erased, still proven)", "dim")
    if found.checked and found.checked.waiting and found.checked.since:
        since = f"{found.checked.since:%Y-%m-%d %H:%M}"
        say(f"รอผนึก {found.checked.waiting:,} รายการ ตั้งแต่ {since} (waiting to be sealed)", "dim")


_WHOLE = {
    "database": "✓ ประวัติ {links} รายการไม่ถูกแก้ไข (nothing was changed)",
    "backup": "✓ สำเนาสำรองครบ ประวัติ {links} รายการไม่ถูกแก้ไข (the backup is whole, nothing was changed)",
    "release": "✓ ทุกไฟล์เป็นฉบับที่เผยแพร่ และอยู่ในประวัติถึงหัวบัญชีลำดับที่ {links} (all files are those that were published)",
    "export": "✓ เป็นไฟล์ที่ส่งออกจริง อยู่ในประวัติถึงลำดับที่ {links} (the very archive that was exported)",
}


def _as_json(found: Said) -> dict[str, Any]:
    return {
        "kind": found.kind,
        "whole": not found.findings,
        "links": found.links,
        "last": found.last,
        "erased": found.erased,
        "waiting": found.checked.waiting if found.checked else 0,
        "findings": [{"number": one.number, "record": one.name, "fault": one.fault} for one in found.findings],
    }
