"""``prongsai backup`` and ``prongsai restore``: a running site into a folder, and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from prongsai.cli.main import FINE, WRONG
from prongsai.cli.options import Json
from prongsai.cli.output import bullets, note, print_json, say

if TYPE_CHECKING:
    from prongsai.site.operation.backup.give_back import Restored
    from prongsai.site.operation.backup.take import Taken

Folder = Annotated[Path, Parameter(name="DIR", help="โฟลเดอร์สำเนาสำรอง (the backup's folder)")]


def backup(
    folder: Folder,
    /,
    *,
    with_secrets: Annotated[
        bool,
        Parameter(
            name="--with-secrets",
            help="รวมกุญแจของเว็บไซต์และกุญแจผนึกประวัติ ต้องเก็บสำเนานี้เป็นความลับ (with the site's own keys; keep it secret)",
        ),
    ] = False,
    survey_keys: Annotated[
        Path | None,
        Parameter(
            name="--survey-keys",
            help="เก็บกุญแจของกล่องคำตอบที่ยังไม่ผสมไว้ในโฟลเดอร์แยกนี้ ห้ามเก็บรวมกับสำเนา ดู docs/anonymity.md "
            "(keys of unmixed answers into this other folder; never keep it with the backup)",
        ),
    ] = None,
    json: Json = False,
) -> int:
    """สำรองฐานข้อมูลและไฟล์ของเว็บไซต์ขณะทำงาน ลงในโฟลเดอร์ใหม่ (back up database and files of the running site).

    ทุกคำตอบและทุกการดำเนินการที่ยืนยันก่อนเวลาที่ระบุอยู่ในสำเนาครบ (all that was confirmed before the stated moment is in it)
    """
    _open()
    from prongsai.site.operation.backup.take import take

    taken = take(folder, with_secrets=with_secrets, survey_keys=survey_keys)
    if json:
        print_json(_taken(taken))
    else:
        counts = taken.manifest.counts
        say(f"✓ สำรองข้อมูลแล้วที่ {taken.folder} ({taken.bytes / 1e6:,.1f} MB)", "green")
        say(f"  ทุกสิ่งที่ยืนยันก่อน {taken.manifest.at} อยู่ในสำเนา (everything confirmed before this moment)")
        say(f"  คำตอบ {counts.answers:,} รอผสม {counts.letters:,} ประวัติ {counts.entries:,} ไฟล์ {counts.files:,}")
        if counts.letters and not survey_keys:
            note(
                "ไม่มีกุญแจแบบสำรวจในสำเนา: ถ้ากุญแจในเครื่องหายหรือเปลี่ยนไปก่อนคืนข้อมูล "
                f"คำตอบที่รอผสม {counts.letters:,} ชุดจะเปิดไม่ได้ "
                "(no survey keys: unmixed answers can be opened only while this machine's keys exist)"
            )
    return FINE


def restore(
    folder: Folder,
    /,
    *,
    survey_keys: Annotated[
        Path | None,
        Parameter(name="--survey-keys", help="โฟลเดอร์กุญแจแบบสำรวจที่เก็บแยกไว้ (the survey keys that were kept apart)"),
    ] = None,
    json: Json = False,
) -> int:
    """คืนข้อมูลจากสำเนาสำรองลงในระบบที่ว่าง แล้วตรวจว่าครบและประวัติไม่ถูกแก้ (restore into an empty installation, and check).

    ไม่เขียนทับสิ่งใด สถานะเมื่อจบเป็น 1 เมื่อมีสิ่งที่ขาดหรือถูกแก้ (replaces nothing; exit status 1 where something is missing)
    """
    _open()
    from prongsai.site.history import chain
    from prongsai.site.operation.backup.give_back import give_back

    restored = give_back(folder, survey_keys)
    checked = chain.check()
    if json:
        print_json(_restored(restored, checked.report.whole, checked.report.links))
    else:
        counts = restored.manifest.counts
        say(f"✓ คืนข้อมูล ณ {restored.manifest.at} (everything confirmed before this moment)", "green")
        say(f"  คำตอบ {counts.answers:,} รอผสม {counts.letters:,} ประวัติ {counts.entries:,} ไฟล์ {counts.files:,}")
        if restored.lost:
            say(f"✗ สิ่งที่ขาดจากสำเนา {len(restored.lost):,} รายการ (missing)", "red")
            bullets(restored.lost[:20])
        if checked.report.whole:
            say(f"✓ ประวัติ {checked.report.links:,} รายการไม่ถูกแก้ไข")
        else:
            say("✗ ประวัติถูกแก้ไข ดูด้วย prongsai verify (the history was altered)", "red")
        if restored.letters_without_key:
            note(
                f"คำตอบที่รอผสม {restored.letters_without_key:,} ชุดไม่มีกุญแจ จึงเปิดไม่ได้ ดู docs/anonymity.md "
                "(unmixed answers without their key: see “What a lost key costs”)"
            )
    return FINE if not restored.lost and checked.report.whole else WRONG


def _open() -> None:
    import os

    os.umask(0o077)  # whatever is written is for this user alone
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prongsai.site.settings")
    import django

    from prongsai.site.operation.backup.told import told

    with told():  # the data folder is looked for, and made if it can be
        django.setup()


def _taken(taken: Taken) -> dict[str, Any]:
    manifest = taken.manifest
    return {
        "folder": str(taken.folder),
        "at": manifest.at,
        "bytes": taken.bytes,
        "database": manifest.database,
        "counts": manifest.counts.model_dump(),
        "secrets": manifest.secrets,
        "survey_keys": manifest.survey_keys,
    }


def _restored(restored: Restored, whole: bool, links: int) -> dict[str, Any]:
    return {
        "at": restored.manifest.at,
        "counts": restored.manifest.counts.model_dump(),
        "lost": list(restored.lost),
        "letters_without_key": restored.letters_without_key,
        "history": {"whole": whole, "links": links},
    }
