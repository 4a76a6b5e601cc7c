"""Databases of earlier versions open with today's code: migrated, scored as then, history whole, pages there.

``NAME.json`` beside each is what the version that stored it made of it (``tools/store_database.py``); those of issue-4
and issue-6 were told afterwards by the code of their own commits.
"""

from __future__ import annotations

import gzip
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import store_database

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
import json, store_database
from prongsai.site.history import chain
tied = chain.extend()
checked = chain.check()
# A stored database comes without its kept files, which the chain covers, too: that those are missing is right.
altered = [str(one) for one in checked.report.findings if not one.name.startswith("files.stored:")]
history = {"altered": altered, "waiting": checked.waiting, "links": checked.report.links, "tied": tied}
print(json.dumps({"told": store_database.tell(), "history": history}))
"""


def test_there_is_one() -> None:
    assert STORED


# Half a minute each: the newest in every run, all of them with PRONGSAI_FULL.
EACH = STORED if os.environ.get("PRONGSAI_FULL") else STORED[-1:]


@pytest.mark.parametrize("path", EACH, ids=lambda path: path.name)
def test_opens(path: Path, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "prongsai.sqlite3") as database:
        database.executescript(gzip.decompress(path.read_bytes()).decode())
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    paths = os.pathsep.join(filter(None, [str(Path(store_database.__file__).parent), os.environ.get("PYTHONPATH")]))
    environment |= {"PRONGSAI_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "prongsai.site.settings"}
    run = subprocess.run(
        [sys.executable, "-c", OPEN],
        check=False,
        env=environment | {"PYTHONPATH": paths},
        capture_output=True,
        encoding="utf-8",
    )
    assert run.returncode == 0, run.stderr[-2000:]
    *lines, last = run.stdout.splitlines()
    assert len(lines) >= 5 * 8
    assert [line for line in lines if not line.startswith("200 ")] == []
    found, then = json.loads(last), json.loads(path.with_name(f"{path.name.split('.sql')[0]}.json").read_text("utf-8"))
    entries = then.pop("history")
    assert found["told"].pop("history") == entries
    assert found["history"]["altered"] == []
    assert (found["history"]["waiting"], found["history"]["links"]) == (0, entries)
    assert found["told"].keys() == then.keys()
    for year, said in then.items():
        assert found["told"][year] == said, year
