"""A backup is taken beside processes that write, everything is destroyed, and what was confirmed before is there.

``make drill`` does the same with the whole site, respondents over HTTP, both databases and a nation's answers.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from machine import FULL, Machine, machine  # noqa: F401 - a fixture

COMMAND = [sys.executable, "-c", "from prongsai.cli.main import run; run()"]


def prongsai(machine: Machine, *arguments: object, status: int = 0) -> Any:  # noqa: F811
    command = [*COMMAND, *map(str, arguments), "--json"]
    done = subprocess.run(command, env=machine.environment, check=False, capture_output=True, encoding="utf-8")
    assert done.returncode == status, done.stdout + done.stderr
    return json.loads(done.stdout)


def destroy(machine: Machine) -> None:  # noqa: F811
    for name in ("data", "keys"):
        shutil.rmtree(machine.folder / name)
    if machine.cluster:
        for tool in (["dropdb", "--force"], ["createdb"]):
            machine.cluster._run(tool[0], "-h", machine.cluster.folder, "-U", "prongsai", *tool[1:], "prongsai")


def test_confirmed_before_the_moment_is_there_after_all_was_lost(machine: Machine) -> None:  # noqa: F811
    backup, apart = machine.folder / "backup", machine.folder / "apart"
    machine.environment.pop("PRONGSAI_SECRET_KEY", None)  # the site makes and keeps its own
    extra = machine.folder / "data" / "opendata" / "2568" / "r1.csv"
    extra.parent.mkdir(parents=True)
    extra.write_text("published")
    worker = machine.start("file")
    machine.wait_for(10)
    before = set(machine.confirmed())
    taken = prongsai(machine, "backup", backup, "--survey-keys", apart)
    worker.kill()
    worker.wait()
    assert taken["counts"]["letters"] + taken["counts"]["answers"] == taken["counts"]["spent"] >= len(before)
    nothing_secret_in(backup, apart, machine.folder)
    refused_beside_what_is_there(machine, backup)
    destroy(machine)
    assert prongsai(machine, "restore", backup, "--survey-keys", apart) == {
        "at": taken["at"], "counts": taken["counts"], "lost": [], "letters_without_key": 0,
        "history": {"whole": True, "links": taken["counts"]["entries"]},
    }  # fmt: skip
    assert extra.read_text() == "published"
    assert prongsai(machine, "verify")["whole"]
    machine.run("finish")
    found = json.loads((machine.folder / "found.json").read_text())
    assert before <= set(found["kept"])
    assert len(found["kept"]) == len(set(found["kept"])) == taken["counts"]["spent"]
    assert found["spent"] == found["kept"]
    sealed = prongsai(machine, "verify")  # with a new key: the lost machine's was in no backup
    assert (sealed["whole"], sealed["waiting"]) == (True, 0)
    assert sealed["links"] > taken["counts"]["entries"]


def nothing_secret_in(backup: Path, apart: Path, folder: Path) -> None:
    """Neither the site's key nor any survey key, and nobody else may read it."""
    names = {path.name for path in backup.rglob("*")}
    assert "ledger-public.pem" in names  # to verify with
    for secret in (folder / "keys").rglob("*"):
        assert secret.name not in names
    assert not names & {"secret-key", "ledger-key.pem", "private", "codes"}
    key = (folder / "data" / "secret-key").read_bytes()
    assert all(key not in path.read_bytes() for path in backup.rglob("*") if path.is_file())
    assert len(list((apart / "private").iterdir())) == 1
    for path in (backup, *backup.rglob("*"), apart, *apart.rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path


def refused_beside_what_is_there(machine: Machine, backup: Path) -> None:  # noqa: F811
    """A backup or a restore replaces nothing, and a damaged backup is not given back."""

    def why(*arguments: object) -> str:
        return str(prongsai(machine, *arguments, status=2)["errors"][0]["code"])

    size = sum(path.stat().st_size for path in backup.rglob("*") if path.is_file())
    assert why("backup", backup) == "backup.taken"
    assert why("backup", machine.folder / "data" / "backup") == "backup.inside"
    assert why("restore", backup) == "restore.there"
    assert why("restore", machine.folder) == "file.unreadable"
    assert size == sum(path.stat().st_size for path in backup.rglob("*") if path.is_file())
    damaged = machine.folder / "damaged"
    shutil.copytree(backup, damaged)
    dump = next(damaged.glob("database.*"))
    with dump.open("rb+") as file:
        file.seek(dump.stat().st_size // 2)
        file.write(b"\x00\x01\x02")
    assert why("restore", damaged) == "restore.damaged"
    newer = machine.folder / "newer"
    shutil.copytree(backup, newer)
    said = json.loads((newer / "backup.json").read_text())
    (newer / "backup.json").write_text(json.dumps(said | {"version": "99.0.0"}))
    assert why("restore", newer) == "restore.newer"


def test_without_the_survey_keys_it_is_said_how_many_answers_nobody_can_open(machine: Machine) -> None:  # noqa: F811
    worker = machine.start("file")
    machine.wait_for(10)
    worker.kill()
    worker.wait()
    taken = prongsai(machine, "backup", machine.folder / "backup")
    destroy(machine)
    restored = prongsai(machine, "restore", machine.folder / "backup")
    assert restored["letters_without_key"] == taken["counts"]["letters"] >= 10
    assert restored["lost"] == []


@pytest.mark.skipif(not FULL, reason="PRONGSAI_FULL is not set")
def test_a_wrong_key_is_told(machine: Machine) -> None:  # noqa: F811
    """Another survey key under the right name opens nothing; another key of the history makes every entry altered."""
    backup, apart = machine.folder / "backup", machine.folder / "apart"
    worker = machine.start("file")
    machine.wait_for(10)
    worker.kill()
    worker.wait()
    taken = prongsai(machine, "backup", backup, "--survey-keys", apart)
    for key in (apart / "private").iterdir():
        key.write_bytes(X25519PrivateKey.generate().private_bytes_raw())
    other = Ed25519PrivateKey.generate().public_key()
    pem = other.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    (backup / "secrets" / "ledger-public.pem").write_bytes(pem)
    said = json.loads((backup / "backup.json").read_text())
    said["files"]["secrets/ledger-public.pem"] = hashlib.sha256(pem).hexdigest()  # whoever altered it was careful
    (backup / "backup.json").write_text(json.dumps(said))
    destroy(machine)
    restored = prongsai(machine, "restore", backup, "--survey-keys", apart, status=1)
    assert restored["letters_without_key"] == taken["counts"]["letters"] >= 10
    assert restored["history"]["whole"] is False
