"""``prongsai doctor``: looks at this installation and says what to mend."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from prongsai.cli.main import FINE, UNUSABLE, WRONG
from prongsai.cli.options import Json
from prongsai.cli.output import print_json, say
from prongsai.errors import InputError, Problem

if TYPE_CHECKING:
    from prongsai.site.operation.doctor.finding import Finding

_SIGNS = {"ok": ("✓", "green"), "note": ("·", "dim"), "bad": ("✗", "yellow"), "broken": ("✗✗", "bold red")}


def doctor(
    *,
    clock: Annotated[
        str | None,
        Parameter(
            name="--clock", help="เทียบเวลากับเว็บไซต์นี้ เช่น https://www.example.go.th (compare the time with a site)"
        ),
    ] = None,
    mail: Annotated[
        bool,
        Parameter(
            name="--mail", negative="--no-mail", help="ลองติดต่อเซิร์ฟเวอร์อีเมล ไม่ส่งสิ่งใด (connect to the mail server)"
        ),
    ] = True,
    json: Json = False,
) -> int:
    """ตรวจค่าที่กำหนด ฐานข้อมูล โฟลเดอร์ กุญแจ ตัวพิมพ์ โปรแกรม อีเมล และนาฬิกา แล้วบอกวิธีแก้ (examine this installation).

    ใช้ผู้ใช้เดียวกับเว็บไซต์ สถานะเมื่อจบเป็น 1 เมื่อมีสิ่งที่ควรแก้ 2 เมื่อเว็บไซต์ทำงานไม่ได้
    (run it as the site's user; exit status 1: something to mend, 2: the site cannot run)
    """
    _settings()
    import django

    django.setup()
    from prongsai.site.operation.doctor import examine

    found = list(examine(clock, mail=mail))
    states = {one.state for one in found}
    status = UNUSABLE if "broken" in states else WRONG if "bad" in states else FINE
    if json:
        print_json(_as_json(found))
    else:
        _tell(found)
    return status


def _settings() -> None:
    """Refuse settings that cannot be read, or a data folder that is not there: nothing may be made by looking.

    Raises ``InputError``.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prongsai.site.settings")
    from prongsai.site.env import environment

    try:
        given = environment()
    except SystemExit as error:
        raise InputError(
            Problem(
                "settings.unreadable",
                "environment",
                "ค่าที่กำหนดใช้ไม่ได้",
                str(error),
                "แก้ตัวแปรที่ระบุ ดู docs/configuration.md",
                "mend the variable that is named, see docs/configuration.md",
            )
        ) from None
    if not given.data.is_dir():
        raise InputError(
            Problem(
                "settings.no_data",
                f"PRONGSAI_DATA {given.data.resolve()}",
                "ไม่พบโฟลเดอร์ข้อมูล",
                "there is no data folder",
                "กำหนด PRONGSAI_DATA ให้ตรงกับของเว็บไซต์ หรือเริ่ม prongsai serve หนึ่งครั้ง",
                "set PRONGSAI_DATA to the site's, or start prongsai serve once",
            )
        )


def _tell(found: list[Finding]) -> None:
    for one in found:
        sign, style = _SIGNS[one.state]
        problem = one.problem
        same = problem.th == problem.en
        said = problem.th if same else f"{problem.th} ({problem.en})"
        say(f"{sign} {problem.where}: {said}", style)
        if problem.next_th:
            same = problem.next_th == problem.next_en
            say(f"    → {problem.next_th}" + ("" if same else f" ({problem.next_en})"))
    wrong = sum(one.state in ("bad", "broken") for one in found)
    say(f"\nตรวจ {len(found)} เรื่อง ต้องแก้ {wrong} เรื่อง ({len(found)} things looked at, {wrong} to mend)", "bold")


def _as_json(found: list[Finding]) -> dict[str, Any]:
    return {
        "to_mend": sum(one.state in ("bad", "broken") for one in found),
        "findings": [one.as_json() for one in found],
    }
