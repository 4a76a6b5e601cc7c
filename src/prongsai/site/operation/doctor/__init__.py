"""Looks at an installation and says what is wrong, where, what was expected and how to mend it. Changes nothing.

``examine`` never raises for what it finds: a check that fails itself is a finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from prongsai.site.operation.doctor import database, folders, history, outside, programs, scanner, settings
from prongsai.site.operation.doctor.finding import Check, Finding, found


def examine(clock: str | None = None, *, mail: bool = True) -> Iterator[Finding]:
    """Every check in the order in which things depend on each other. ``clock``: an address whose time to compare."""
    checks: list[Check] = [settings.check, folders.check, database.check, history.check, programs.check, scanner.check]
    checks += [outside.mail] if mail else []
    checks += [outside.providers, partial(outside.clock, clock)]
    for check in checks:
        try:
            yield from check()
        except Exception as error:
            name = getattr(check, "__module__", "clock").rpartition(".")[2]
            yield found(
                "bad",
                "doctor.failed",
                name,
                (f"ตรวจส่วนนี้ไม่สำเร็จ ({type(error).__name__})", f"this check itself failed ({type(error).__name__})"),
                ("โปรดแจ้งผู้พัฒนา ดู CONTRIBUTING.md", "please report it, see CONTRIBUTING.md"),
            )
