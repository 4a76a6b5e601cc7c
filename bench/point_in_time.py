"""A PostgreSQL is lost and comes back as it was at a moment: base backup, archived log, recovery target.

Answers are filed; a base backup is taken beside them; filing goes on; then somebody makes a mistake that must not stay
(every answer and letter is deleted), and the server and its disk are lost. What was confirmed before the mistake must
be there, each once.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from machine import Machine, environment
from with_postgres import Cluster

PEOPLE = 3000  # more than can answer while the base backup is taken


def recovered() -> dict[str, Any]:
    """What was confirmed, lost and found. Raises ``FileNotFoundError`` where PostgreSQL is not installed."""
    with Cluster(durable=True) as server, tempfile.TemporaryDirectory(prefix="prongsai-pitr-") as folder:
        machine = Machine(Path(folder), environment(Path(folder)) | {"DATABASE_URL": server.address}, server)
        archive, base = server.folder / "archive", server.folder / "base"
        for path in (archive, base):
            path.mkdir()
            if server.user:
                shutil.chown(path, server.user)
        _archiving(server, archive)
        machine.run("prepare", str(PEOPLE))
        worker = machine.start("file")
        machine.wait_for(20)
        base.rmdir()
        server._run("pg_basebackup", "-h", server.folder, "-U", "prongsai", "-D", base, "--checkpoint=fast")
        during = len(machine.confirmed())
        machine.wait_for(40)
        worker.kill()
        worker.wait()
        before = set(machine.confirmed())
        time.sleep(1.1)
        moment = _ask(server, "SELECT now()")
        time.sleep(1.1)
        _ask(server, "DELETE FROM surveys_letter")
        _ask(server, "DELETE FROM surveys_answer")
        last = _ask(server, "SELECT pg_walfile_name(pg_current_wal_lsn())")
        _ask(server, "SELECT pg_switch_wal()")
        _until_archived(server, last)
        server.kill()
        shutil.rmtree(server.data)  # the disk is lost; base and archive lay elsewhere
        began = time.monotonic()
        shutil.move(base, server.data)
        _target(server, archive, moment)
        server.start()
        _until_open(server)
        seconds = time.monotonic() - began
        counted = machine.check()
        found = {
            "confirmed_before_the_moment": len(before),
            "confirmed_when_the_base_was_there": during,
            "there_after_recovery": counted["there"],
            "lost": 0,  # machine.check() has looked for each
            "restore_seconds": round(seconds, 1),
            "archived_files": len(list(archive.iterdir())),
            "reached": counted["there"] >= len(before) > 0,
        }
        print(f"point in time: {found}", flush=True)
        return found


def _archiving(server: Cluster, archive: Path) -> None:
    with (server.data / "postgresql.conf").open("a") as file:
        file.write("archive_mode = on\narchive_timeout = 60\n")
        file.write(f"archive_command = 'test ! -f {archive}/%f && cp %p {archive}/%f'\n")
    server.stop("fast")
    server.start()


def _target(server: Cluster, archive: Path, moment: str) -> None:
    """As docs/operations.md says it."""
    with (server.data / "postgresql.conf").open("a") as file:
        file.write(f"restore_command = 'cp {archive}/%f %p'\nrecovery_target_time = '{moment}'\n")
        file.write("recovery_target_action = 'promote'\n")
    signal = server.data / "recovery.signal"
    signal.touch()
    if server.user:
        shutil.chown(signal, server.user)


def _ask(server: Cluster, sql: str) -> str:
    command = [server.tools / "psql", "-h", server.folder, "-U", "prongsai", "-At", "-c", sql, "prongsai"]
    return subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ}).stdout.strip()


def _until_archived(server: Cluster, name: str) -> None:
    """Until a file of the log lies in the archive."""
    end = time.monotonic() + 60
    while not (server.folder / "archive" / name).exists():
        assert time.monotonic() < end, (server.folder / "log").read_text()[-2000:]
        time.sleep(0.1)


def _until_open(server: Cluster) -> None:
    end = time.monotonic() + 120
    while _ask(server, "SELECT pg_is_in_recovery()") != "f":
        assert time.monotonic() < end, (server.folder / "log").read_text()[-2000:]
        time.sleep(0.2)
