"""``prongsai head`` and ``verify`` as people run them: on the site, a backup, an export; changed, and refused.

The database of the test is copied to a file instead of being migrated anew, and each process runs several commands.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from cast import make_cast
from django.conf import settings as site
from django.db import connection

from prongsai.site.agencies.actions import SaveUnit
from prongsai.site.agencies.models import Unit
from prongsai.site.exchange.actions import ExportAgency
from prongsai.site.files.keep import Received, keep
from prongsai.site.history import chain
from prongsai.site.history.models import Entry

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="copies a file; PostgreSQL is drilled"),
]
# Each command's exit status and what it printed, one after the other in one process.
PROGRAM = """
import contextlib, io, json, sys
from prongsai.cli.main import main
found = []
for words in json.loads(sys.argv[1]):
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            status = main(words)
        except SystemExit as end:
            status = end.code
    found.append([status, out.getvalue()])
print(json.dumps(found))
"""


@pytest.fixture
def data(tmp_path: Path, settings: Any) -> Path:
    """A data folder with a site's database, key, a kept file and an export of the agency beside it."""
    folder = tmp_path / "data"
    folder.mkdir()
    settings.LEDGER_KEY, settings.LEDGER_KEYS = folder / "ledger-key.pem", folder / "ledger-public.pem"
    cast = make_cast()
    for number in range(3):
        SaveUnit(by=cast.officer, unit=Unit(agency=cast.agency), values={"name": f"กองที่ {number}"}).execute()
    kept = keep(Received("one.txt", "txt", "หลักฐาน".encode()), cast.agency, cast.officer)
    ExportAgency(by=cast.agency_admin, of=cast.agency, target=tmp_path / "agency.zip").execute()
    chain.extend()
    entry = Entry.objects.get(action="exchange.export")
    head = chain.head(entry.number)
    assert head is not None
    (tmp_path / "agency.proof.json").write_text(chain.proof(entry, head).text(), encoding="utf-8")
    shutil.copytree(Path(kept.content.path).parents[1], folder / "files")
    connection.ensure_connection()
    with contextlib.closing(sqlite3.connect(folder / "prongsai.sqlite3")) as target:
        connection.connection.backup(target)
    assert site.LEDGER_KEY.exists()
    return folder


def run(data: Path, *commands: list[str]) -> list[tuple[int, str]]:
    """Commands in one process of their own."""
    inside = os.environ | {"PRONGSAI_DATA": str(data), "DJANGO_SETTINGS_MODULE": "prongsai.site.settings"}
    inside = {key: value for key, value in inside.items() if key not in ("DATABASE_URL", "PRONGSAI_LEDGER_KEY")}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps(commands)],
        check=False, env=inside, capture_output=True, encoding="utf-8", cwd=data.parent,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return [(status, text) for status, text in json.loads(done.stdout.splitlines()[-1])]


def altered(path: Path, sql: str) -> None:
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        database.execute(sql)


def test_the_site_an_export_and_a_backup(data: Path, tmp_path: Path) -> None:
    posted, backup, export = tmp_path / "posted.txt", tmp_path / "backup", tmp_path / "agency.zip"
    public = tmp_path / "public.pem"
    shutil.copy(data / "ledger-public.pem", public)
    (status, line), own, by_proof, taken = run(
        data, ["head"], ["verify"], ["verify", str(export), "--key", str(public)], ["backup", str(backup)]
    )
    posted.write_text(line, encoding="utf-8")
    assert (status, line[:13]) == (0, "prongsai head")
    assert (own[0], "ไม่ถูกแก้ไข" in own[1]) == (0, True), own
    assert by_proof[0] == 0, by_proof
    assert taken[0] == 0, taken

    _forge_row(export)
    damaged = tmp_path / "damaged"
    shutil.copytree(backup, damaged)
    altered(damaged / "database.sqlite3", "UPDATE history_entry SET action = 'x' WHERE number = 2")
    before = {path: path.read_bytes() for path in backup.rglob("*") if path.is_file()}
    *wrong, (status, said), row = run(
        data,
        ["verify", str(tmp_path / "nothing.sqlite3")],
        ["verify", "--head", str(export)],
        ["verify", "--key", str(posted)],
        ["verify", str(backup), "--head", str(posted)],
        ["verify", str(export)],
    )
    assert [one for one, _ in wrong] == [2, 2, 2], wrong
    assert (status, "สำเนาสำรองครบ" in said) == (0, True), said
    assert {path: path.read_bytes() for path in backup.rglob("*") if path.is_file()} == before  # nothing was written
    assert (row[0], "data/agencies.unit.jsonl:2" in row[1]) == (1, True), row
    ((status, said),) = run(data, ["verify", str(damaged), "--json"])
    found = json.loads(said)
    assert (status, found["kind"], found["findings"][0]["number"]) == (1, "backup", 2), said
    assert "database.sqlite3" in {one["record"] for one in found["findings"]}


def _forge_row(path: Path) -> None:
    """Change the second row of one table in an archive, and nothing else."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    table = "data/agencies.unit.jsonl"
    rows = parts[table].splitlines(keepends=True)
    rows[1] = rows[1].replace("กอง".encode(), "งาน".encode())
    parts[table] = b"".join(rows)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
