"""The virus scanner: whether it answers, finds what it must find, and takes files as large as the site does."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from prongsai.site.files.scanner import EICAR, ScannerDown, scan, version
from prongsai.site.operation.doctor.finding import Finding, found, ok


def check() -> Iterator[Finding]:
    """Sends the harmless test file, and zeros as many as an upload may have; nothing of anybody."""
    where = "PRONGSAI_CLAMAV"
    if not settings.CLAMAV:
        yield found(
            "note",
            "scanner.unset",
            where,
            ("ไม่ได้ตรวจไวรัสในไฟล์ที่อัปโหลด", "uploaded files are not scanned for viruses"),
            (
                "ติดตั้ง clamav-daemon แล้วกำหนด unix:/run/clamav/clamd.ctl ดู operations.md",
                "install clamav-daemon and set unix:/run/clamav/clamd.ctl, see operations.md",
            ),
        )
        return
    where = f"{where} {settings.CLAMAV}"
    try:
        said = version(settings.CLAMAV)
        seen = scan(EICAR, settings.CLAMAV)
    except ScannerDown as error:
        yield found(
            "bad",
            "scanner.away",
            where,
            (
                "ติดต่อโปรแกรมตรวจไวรัสไม่ได้ ระบบจึงไม่รับไฟล์ใด",
                f"the virus scanner cannot be asked, so no file is taken in ({error})",
            ),
            ("ตรวจว่า clamd ทำงาน และระบบเปิดซ็อกเก็ตได้", "see that clamd runs and that the site may open its socket"),
        )
        return
    if not seen:
        yield found(
            "bad",
            "scanner.blind",
            where,
            ("ตรวจไม่พบไฟล์ทดสอบ EICAR ฐานข้อมูลไวรัสอาจว่าง", f"does not find the EICAR test file ({said})"),
            ("ปรับฐานข้อมูลด้วย freshclam", "bring its signatures up to date with freshclam"),
        )
        return
    try:
        scan(bytes(settings.UPLOAD_LIMIT), settings.CLAMAV)
    except ScannerDown:
        limit = settings.UPLOAD_LIMIT // (1024 * 1024)
        yield found(
            "bad",
            "scanner.small",
            where,
            (
                f"ไม่รับไฟล์ขนาด {limit} เมกะไบต์ที่ระบบอนุญาต ไฟล์ใหญ่จะถูกปฏิเสธ",
                f"does not take the {limit} MB that an upload may have: large files are refused",
            ),
            (
                f"กำหนด StreamMaxLength {limit + 1}M ใน clamd.conf",
                f"set StreamMaxLength {limit + 1}M in clamd.conf",
            ),
        )
        return
    yield ok("scanner.ready", where, f"ตรวจไวรัสก่อนรับไฟล์ ({said})", f"files are scanned ({said})")
