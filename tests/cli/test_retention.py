"""``prongsai retention``: says what is over its time, and erases it only when told to."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

_MAKE = """
import django, datetime as dt
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.utils import timezone
from prongsai.site.people.models import Person
from prongsai.site.notices.models import Notice
who = Person.objects.create_user("a.person", given_name="ก", family_name="ข")
old = timezone.now() - dt.timedelta(days=400)
Notice.objects.create(to=who, key="k", subject="s", text="t", state="sent", sent_at=old, at=old)
"""


@pytest.mark.skipif("PRONGSAI_FULL" not in os.environ, reason="migrates a database of its own")
def test_a_dry_run_counts_and_erases_nothing_and_then_it_goes(tmp_path: Path) -> None:
    around = {
        **os.environ, "PRONGSAI_DATA": str(tmp_path / "data"), "DJANGO_SETTINGS_MODULE": "prongsai.site.settings",
        "DATABASE_URL": "",
    }  # fmt: skip
    (tmp_path / "data").mkdir()

    def run(*arguments: str) -> Any:
        found = subprocess.run(
            [sys.executable, *arguments], env=around, capture_output=True, text=True, check=True, cwd=tmp_path
        )
        return json.loads(found.stdout) if found.stdout.startswith("{") else found.stdout

    def counted(*more: str) -> int:
        told = run("-c", "from prongsai.cli.main import run; run()", "retention", "--json", *more)
        return int(next(one["count"] for one in told["rules"] if one["rule"] == "notice"))

    run("-c", _MAKE)
    assert [counted("--dry-run"), counted("--dry-run"), counted(), counted()] == [1, 1, 1, 0]
