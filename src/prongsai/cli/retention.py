"""``prongsai retention``: erases what is over its time now, or says beforehand what that is."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from prongsai.cli.main import FINE
from prongsai.cli.options import Json
from prongsai.cli.output import print_json, say, table

if TYPE_CHECKING:
    from prongsai.site.privacy.retention import Found


def retention(
    *,
    dry_run: Annotated[
        bool, Parameter(name="--dry-run", help="นับอย่างเดียว ไม่ลบสิ่งใด (count only, erase nothing)")
    ] = False,
    json: Json = False,
) -> int:
    """ลบหรือทำให้ไม่ระบุตัวตนซึ่งข้อมูลที่ครบกำหนดเก็บ (erase or make anonymous what is over its time).

    ปกติระบบทำเองทุกชั่วโมง ระยะเวลาของข้อมูลแต่ละอย่างอยู่ใน docs/security/privacy.md จำนวนที่ลบบันทึกในประวัติ
    (the worker does so every hour; the periods stand in docs/security/privacy.md, the numbers go into the history)
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prongsai.site.settings")
    import django

    django.setup()
    from prongsai.site.privacy import retention as work

    found = work.dry_run() if dry_run else work.retain()
    if json:
        print_json({"dry_run": dry_run, "rules": [_as_json(one) for one in found]})
        return FINE
    counted = "ครบกำหนด (over time)" if dry_run else "ลบแล้ว (erased)"
    rows = [(one.rule.name, one.rule.words.th, f"{one.count:,}") for one in found]
    table(("กฎ (rule)", "ระยะเวลา (period)", f">{counted}"), rows)
    say(f"รวม {sum(one.count for one in found):,} รายการ (rows in all)", "bold")
    return FINE


def _as_json(found: Found) -> dict[str, object]:
    return {"rule": found.rule.name, "days": found.rule.days, "count": found.count}
