"""What stops a backup is said as a refusal; PostgreSQL's tools look at certificates as the site does."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection

from prongsai.errors import InputError
from prongsai.site.operation.backup import postgres
from prongsai.site.operation.backup.give_back import give_back
from prongsai.site.operation.backup.take import take
from prongsai.site.operation.backup.told import told


@pytest.mark.django_db
def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(InputError) as caught:
        take(tmp_path / "file" / "backup")
    problem = caught.value.problems[0]
    assert problem.code == "backup.disk"
    assert problem.where.startswith(str(tmp_path / "file"))
    assert "install -d -o prongsai" in problem.next_en
    with pytest.raises(InputError):
        give_back(tmp_path / "nothing")


def test_what_is_no_fault_of_a_disk_goes_through() -> None:
    with pytest.raises(ZeroDivisionError), told():
        _ = 1 / 0


def test_the_tools_ask_for_the_certificate_that_the_site_asks_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """pg_dump by itself would give the password to whoever answers."""
    program = tmp_path / "15" / "bin" / "pg_dump"
    program.parent.mkdir(parents=True)
    program.write_text('#!/bin/sh\necho "$PGSSLMODE $PGSSLROOTCERT" >&2\nexit 1\n')
    program.chmod(0o755)
    monkeypatch.setattr(postgres, "_LATEST", tmp_path)
    options = {"sslmode": "verify-full", "sslrootcert": "/etc/prongsai/database.crt", "pool": True}
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", options)
    with pytest.raises(InputError, match=r"verify-full /etc/prongsai/database\.crt"):
        postgres.run("pg_dump")
