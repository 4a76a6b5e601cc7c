"""The disk of PostgreSQL is full while respondents send: a kind page, nothing half stored, and then all goes on."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from machine import FULL, PEOPLE, Machine, environment, installed
from respondents import PATIENCE, Respondents, Site

from prongsai.survey.words import words

SIZE = 120_000_000  # bytes: an empty cluster takes about 40 million
pytestmark = pytest.mark.skipif(not FULL, reason="PRONGSAI_FULL is not set")


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk in memory that can be filled without harm to any other, where PostgreSQL's user may look."""
    place = Path(tempfile.mkdtemp(prefix="prongsai-disk-"))
    place.chmod(0o755)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "prongsai-test", str(place)]
    if shutil.which("mount") is None or os.getuid() != 0 or subprocess.run(mount, check=False).returncode:
        place.rmdir()
        pytest.skip("a small disk can only be mounted by root, in a machine that permits it")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)
        place.rmdir()


def fill(place: Path) -> Path:
    """Take what is left."""
    ballast = place / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return ballast


def test_the_disk_of_the_database_is_full(small_disk: Path, tmp_path: Path, record_property: Any) -> None:
    with installed(environment(tmp_path), tmp_path, small_disk) as machine:
        site = Site(machine)
        site.start()
        crowd, everybody = Respondents(machine, site), range(PEOPLE)
        try:
            crowd.type_codes(everybody)
            crowd.begin(everybody)
            machine.wait_for(PEOPLE // 10)
            ballast = fill(small_disk)
            enough(machine, crowd)
            before = len(machine.confirmed())
            ballast.unlink()
            if not running(machine):
                machine.cluster.start()
            crowd.wait()
        finally:
            crowd.ended.set()
            site.stop()
        record_property("answers", {**check(machine, crowd), "turned_away": len(crowd.refused)})
        assert len(machine.confirmed()) > before


def enough(machine: Machine, crowd: Respondents) -> None:
    """Until many were turned away."""
    end = time.monotonic() + PATIENCE
    while len(crowd.refused) < 30:
        assert time.monotonic() < end, f"{len(machine.confirmed())} confirmed, {len(crowd.refused)} refused"
        time.sleep(0.02)


def running(machine: Machine) -> bool:
    """Whether PostgreSQL is there: one that cannot write its log gives up."""
    try:
        os.kill(machine.cluster.first, 0)
    except (FileNotFoundError, ProcessLookupError):
        return False
    return True


def check(machine: Machine, crowd: Respondents) -> dict[str, int]:
    """The law of this room, and what people were told; returns what was counted."""
    counted = machine.check()
    kept = set(json.loads((machine.folder / "found.json").read_text())["kept"])
    assert crowd.told_spent <= kept
    assert {person for person in range(PEOPLE) if person % 2 == 0} <= kept, "who sent again until it was confirmed"
    title = words().texts["unable_title"].encode()
    assert {status for status, _ in crowd.refused} == {503}
    assert all(title in page for _, page in crowd.refused)
    return counted
