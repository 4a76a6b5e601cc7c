"""Whether the sealed history was verified lately, and found whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import DatabaseError
from django.utils import timezone

from prongsai.site.history.models import Entry
from prongsai.site.integrity.models import Verification
from prongsai.site.operation.doctor.finding import Finding, found, ok

_LATE = dt.timedelta(days=2)
_RUN = "เริ่ม python -m prongsai.site work ซึ่งตรวจวันละครั้ง", "start python -m prongsai.site work: it verifies daily"


def check() -> Iterator[Finding]:
    """When the last verification was, and what it found."""
    try:
        newest, there = Verification.objects.first(), Entry.objects.exists()
    except DatabaseError:
        return  # the database's own check says what is wrong
    if newest is None or newest.at < timezone.now() - _LATE:
        if there:
            said = f"{newest.at:%Y-%m-%d %H:%M} UTC" if newest else "–"
            yield found(
                "note",
                "history.unverified",
                "history",
                (f"ไม่ได้ตรวจประวัติที่ผนึกไว้เกินสองวัน ล่าสุด {said}", f"the sealed history was last verified {said}"),
                _RUN,
            )
    elif newest.whole:
        yield ok(
            "history.whole",
            "history",
            f"ตรวจประวัติ {newest.at:%Y-%m-%d %H:%M} UTC ไม่พบสิ่งที่ถูกแก้",
            f"verified {newest.at:%Y-%m-%d %H:%M} UTC: nothing changed",
        )
    else:
        number, name, fault = newest.findings[0]
        yield found(
            "bad",
            "history.altered",
            "history",
            (f"พบสิ่งที่ถูกแก้ รายการแรก {number} {name}", f"something was changed, first {number} {name} ({fault})"),
            (
                "เก็บสำเนาฐานข้อมูลไว้เป็นหลักฐาน แล้วเทียบกับสำเนาสำรองด้วย prongsai verify",
                "keep a copy of the database as evidence, and hold it against a backup: prongsai verify",
            ),
        )
