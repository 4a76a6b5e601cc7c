"""Databases of earlier versions open with today's code: migrated, and their pages are there."""

from __future__ import annotations

import gzip
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

STORED = sorted((Path(__file__).parent / "stored").glob("*.sql.gz"))
# Runs in a process of its own, since settings name one database. Prints address and status of each page.
OPEN = """
import django; django.setup()
from django.conf import settings
settings.ALLOWED_HOSTS = ["testserver"]
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.test import Client
from prongsai.site.people.models import Person, Role
from prongsai.site.rounds.models import Assessment
for role in Role.objects.filter(kind="officer").select_related("agency", "person"):
    client = Client()
    client.force_login(role.person, backend="allauth.account.auth_backends.AuthenticationBackend")
    for one in Assessment.objects.filter(agency=role.agency, results__isnull=False).distinct().select_related("round"):
        for page in ("", "results/", "results/items/", "plan/", "progress/", "approval/", "documents/"):
            address = f"/agencies/{role.agency.code}/{one.round.slug}/{page}"
            print(client.get(address).status_code, address)
    print(client.get(f"/agencies/{role.agency.code}/history/").status_code, role.agency.code, "history")
"""


def test_there_is_one() -> None:
    assert STORED


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.name)
def test_opens(path: Path, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "prongsai.sqlite3") as database:
        database.executescript(gzip.decompress(path.read_bytes()).decode())
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    environment |= {"PRONGSAI_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "prongsai.site.settings"}
    run = subprocess.run(
        [sys.executable, "-c", OPEN], check=False, env=environment, capture_output=True, encoding="utf-8"
    )
    assert run.returncode == 0, run.stderr[-2000:]
    lines = run.stdout.splitlines()
    assert len(lines) >= 5 * 8
    assert [line for line in lines if not line.startswith("200 ")] == []
