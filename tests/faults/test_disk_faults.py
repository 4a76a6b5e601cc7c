"""The disk below SQLite is full, cannot be written any more, or is slow, while people answer and officers approve.

Each is a small disk of its own that is filled, broken and taken away without harm to any other. The law is that of
``test_survey_faults``, and for acts that of ``test_approval_faults``; what people are told is part of it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from machine import FULL, HERE, PEOPLE, Machine, environment
from respondents import Respondents, Site
from test_survey_disk_full import enough, fill

from needs import missing
from prongsai.survey.words import words

SIZE = 100_000_000  # bytes
BUNDLES = 20
SYNC_MS = 150  # of the slow disk; a good one takes a few
pytestmark = pytest.mark.skipif(not FULL, reason="PRONGSAI_FULL is not set")


@dataclass
class Disk:
    """A file system of its own in a file."""

    image: Path
    place: Path

    def mount(self) -> None:
        run("mount", "-o", "loop,errors=remount-ro", str(self.image), str(self.place))

    def fail(self) -> None:
        """As the kernel finds a fault in it: from now on nothing can be written, also to files that are open."""
        mounts = Path("/proc/mounts").read_text().splitlines()
        device = next(line.split()[0] for line in mounts if line.split()[1] == str(self.place))
        Path(f"/sys/fs/ext4/{Path(device).name}/trigger_fs_error").write_text("1")

    def mend(self) -> None:
        """What an operator does with it, all that uses it having ended."""
        end = time.monotonic() + 60
        while subprocess.run(["umount", str(self.place)], check=False, capture_output=True).returncode:
            assert time.monotonic() < end, "somebody still uses the disk"
            time.sleep(0.2)
        subprocess.run(["fsck.ext4", "-p", str(self.image)], check=False, capture_output=True)
        self.mount()


def run(*command: str) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, f"{command}: {done.stderr}"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    if os.getuid() != 0 or shutil.which("mkfs.ext4") is None:
        pytest.skip("a disk of its own needs root and mkfs.ext4")
    made = Disk(tmp_path / "disk.image", Path(tempfile.mkdtemp(prefix="prongsai-disk-")))
    with made.image.open("wb") as file:
        file.truncate(SIZE)
    run("mkfs.ext4", "-q", "-m", "0", str(made.image))
    try:
        made.mount()
    except AssertionError as error:
        made.place.rmdir()
        pytest.skip(f"this machine mounts no disk: {error}")
    try:
        yield made
    finally:
        subprocess.run(["umount", "--lazy", str(made.place)], check=True)
        made.place.rmdir()


@pytest.fixture
def machine(disk: Disk, tmp_path: Path) -> Machine:
    """Data and keys on the small disk, all else beside."""
    return on(disk.place, tmp_path)


def on(place: Path, folder: Path) -> Machine:
    own = environment(folder) | {"PRONGSAI_DATA": str(place / "data"), "PRONGSAI_KEYS": str(place / "keys")}
    made = Machine(folder, own)
    made.run("prepare", str(PEOPLE))
    made.run("prepare", str(BUNDLES), program="approver")
    return made


class Load:
    """Respondents over HTTP, officers beside them."""

    def __init__(self, machine: Machine) -> None:
        self.machine, self.site = machine, Site(machine)
        self.site.start()
        self.crowd = Respondents(machine, self.site)
        self.crowd.type_codes(range(PEOPLE))
        self.officers = machine.start("approve", program="approver")
        self.crowd.begin(range(PEOPLE))
        machine.wait_for(PEOPLE // 10)

    def turned_away(self) -> None:
        """Until many were told to come again, and the officers' acts failed."""
        enough(self.machine, self.crowd)
        self.before = len(self.machine.confirmed())
        self.officers.kill()  # whoever waits for an act has heard nothing
        self.officers.wait()

    def end(self) -> None:
        self.crowd.ended.set()
        self.officers.kill()
        self.officers.wait()
        self.site.stop()

    def check(self) -> dict[str, int]:
        """The law, after everybody tried again."""
        self.machine.run("approve", program="approver")
        counted = self.machine.check()
        acts = self.machine.check_approvals()
        assert acts["there"] == BUNDLES * 2
        title = words().texts["unable_title"].encode()
        assert {status for status, _ in self.crowd.refused} <= {503}
        assert all(title in page for _, page in self.crowd.refused)
        return {**counted, "turned_away": len(self.crowd.refused), "acts": acts["there"]}


def test_the_disk_of_sqlite_is_full(disk: Disk, machine: Machine, record_property) -> None:
    load = Load(machine)
    try:
        ballast = fill(disk.place)
        load.turned_away()
        ballast.unlink()
        load.crowd.wait()  # by itself: nobody restarts anything
    finally:
        load.end()
    counted = load.check()
    assert counted["confirmed"] > load.before
    record_property("answers", counted)


def test_the_disk_cannot_be_written_any_more(disk: Disk, machine: Machine, record_property) -> None:
    load = Load(machine)
    try:
        disk.fail()
        load.turned_away()
        load.site.kill_all()
        disk.mend()
        load.site.start()
        load.crowd.wait()
    finally:
        load.end()
    counted = load.check()
    assert counted["confirmed"] > load.before
    record_property("answers", counted)


def test_the_disk_is_slow(tmp_path: Path, record_property) -> None:
    """Every sync takes 150 ms longer. People wait for it; who waits too long is asked to send again."""
    if shutil.which("cc") is None:
        missing("a C compiler (Debian: gcc)")
    library = tmp_path / "slow_disk.so"
    run("cc", "-shared", "-fPIC", "-o", str(library), str(HERE / "slow_disk.c"), "-ldl")
    machine = on(tmp_path, tmp_path)
    machine.environment |= {"LD_PRELOAD": str(library), "SLOW_DISK_MS": str(SYNC_MS)}
    load = Load(machine)
    began = time.monotonic()
    try:
        for _ in range(3):
            with contextlib.suppress(AssertionError):
                load.crowd.wait()
        load.crowd.wait()
        seconds = time.monotonic() - began
        load.officers.wait(240)
    finally:
        load.end()
    del machine.environment["LD_PRELOAD"]
    record_property("answers", {**load.check(), "seconds": round(seconds, 1), "sync_ms": SYNC_MS})
