"""The fire drill: ``make drill``. A backup under load, everything destroyed, restored, verified, counted.

Respondents send answers over HTTP to the site as ``prongsai serve`` starts it. In the middle ``prongsai backup`` runs;
then every process is killed, database, files and keys are deleted, and ``prongsai restore`` gives the backup back. The
law: each answer that was confirmed before the stated moment is there exactly once, its code is spent, and the history
is whole. Beside it, what is lost where nobody kept the survey keys; and the time for a nation's answers.
Writes the part ``drill`` of ``build/bench/trust.json``.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "faults"), str(ROOT / "tools")]
OUT = ROOT / "build" / "bench" / "trust.json"
REACH_SECONDS = 300  # for a nation's answers

from machine import Machine, environment  # noqa: E402
from respondents import Respondents, Site  # noqa: E402

_FILES = """
import django; django.setup()
import hashlib, os
from prongsai.site.files.keep import Received, keep
for n in range({n}):
    keep(Received(f"{{n}}.txt", "txt", os.urandom(20000)), None, None)
"""
# One box, one form, and answers as long as those of IIT: the number of rows is what a restore has to carry.
_NATION = """
import django; django.setup()
import secrets
from django.db import connection, transaction
from prongsai.site.surveys.models import Answer, Box, Form
box, form = Box.objects.first(), Form.objects.first()
with transaction.atomic():
    for start in range(0, {n}, 10000):
        ids = [secrets.token_hex(16) for _ in range(10000)]
        rows = [Answer(id=one, box=box, form=form, packed=secrets.token_hex(20)) for one in ids]
        Answer.objects.bulk_create(rows, batch_size=200 if connection.vendor == "sqlite" else 5000)
"""


def main() -> int:
    """Every drill that this machine can do; 1 where the law is broken or a restore takes too long."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1500)
    parser.add_argument("--answers", type=int, default=1_400_000, help="of the nation; 0: leave it out")
    asked = parser.parse_args()
    found: dict[str, Any] = {
        "date": time.strftime("%Y-%m-%d"),
        "machine": f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}",
    }
    for database in ("sqlite", "postgresql"):
        try:
            found[database] = _drills(database, asked.people, asked.answers)
        except FileNotFoundError as error:
            found[database] = {"not_done": str(error)}
            print(f"{database}: not done, {error}")
    found["reached"] = all(one.get("reached", True) for one in found.values() if isinstance(one, dict))
    OUT.parent.mkdir(parents=True, exist_ok=True)
    whole = json.loads(OUT.read_text(encoding="utf-8")) if OUT.exists() else {}
    OUT.write_text(json.dumps({**whole, "drill": found}, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{OUT.relative_to(ROOT)}: {'reached' if found['reached'] else 'NOT reached'}")
    return 0 if found["reached"] else 1


def _drills(database: str, people: int, answers: int) -> dict[str, Any]:
    kept = drill(database, people, with_keys=True)
    lost = drill(database, people, with_keys=False)
    made: dict[str, Any] = {"keys_kept": kept, "keys_lost": lost}
    under_load = kept["confirmed_in_all"] > kept["confirmed_before_the_moment"] > 0
    whole = kept["lost"] == kept["twice"] == lost["missing_of_the_backup"] == 0 and kept["history_whole"]
    made["reached"] = under_load and whole
    if answers:
        made["nation"] = nation(database, answers)
        made["reached"] = made["reached"] and made["nation"]["restore_seconds"] <= REACH_SECONDS
    return made


def drill(database: str, people: int, *, with_keys: bool) -> dict[str, Any]:
    """One backup under load, loss of all, and restore. ``with_keys``: the survey keys were kept apart."""
    with _machine(database, people) as machine:
        _python(machine, _FILES.format(n=50))
        site = Site(machine)
        site.start()
        crowd = Respondents(machine, site)
        crowd.type_codes(range(people))
        watch = _Watch(machine)
        crowd.begin(range(people), lines=2)  # so few that they are still at it when the backup is there
        machine.wait_for(people // 10)
        taken = _taken(machine, with_keys)
        during = len(machine.confirmed())
        crowd.wait()
        site.kill_all()
        crowd.ended.set()
        watch.end()
        moment = dt.datetime.fromisoformat(taken["at"]).timestamp()
        before = {person for person, seen in watch.seen.items() if seen < moment}
        _destroy(machine)
        began = time.perf_counter()
        restored = _restored(machine, with_keys)
        seconds = time.perf_counter() - began
        verified = json.loads(_prongsai(machine, "verify", "--json"))
        made = {
            "confirmed_in_all": len(machine.confirmed()),
            "confirmed_before_the_moment": len(before),
            "confirmed_while_it_was_taken": during - len(before),
            "backup_bytes": taken["bytes"],
            "restore_seconds": round(seconds, 2),
            "history_whole": verified["whole"] and restored["lost"] == [],
            "entries": verified["links"],
            "files": restored["counts"]["files"],
        }
        made |= _all_there(machine, before) if with_keys else _without_keys(restored, before)
        print(f"{database}, keys {'kept apart' if with_keys else 'lost'}: {made}", flush=True)
        return made


def _all_there(machine: Machine, before: set[int]) -> dict[str, int]:
    """Close the survey, mix everything, and look for each answer."""
    machine.run("finish")
    found = json.loads((machine.folder / "found.json").read_text())
    assert found["state"] == "closed"
    assert found["spent"] == found["kept"], "a code is spent without its answer, or an answer is there without it"
    return {
        "answers_there": len(set(found["kept"])),
        "lost": len(before - set(found["kept"])),
        "twice": len(found["kept"]) - len(set(found["kept"])),
    }


def _without_keys(restored: dict[str, Any], before: set[int]) -> dict[str, int]:
    """What nobody can open any more; what the backup has must all be there."""
    there = restored["counts"]["answers"]
    return {
        "answers_there": there,
        "letters_without_key": restored["letters_without_key"],
        "lost": max(0, len(before) - there),
        "missing_of_the_backup": len(restored["lost"]),
    }


def nation(database: str, answers: int) -> dict[str, Any]:
    """Backup and restore of as many answers as a nation gives."""
    with _machine(database, 10) as machine:
        _python(machine, _NATION.format(n=answers))
        began = time.perf_counter()
        taken = _taken(machine, with_keys=True)
        backed = time.perf_counter() - began
        _destroy(machine)
        began = time.perf_counter()
        restored = _restored(machine, with_keys=True)
        seconds = time.perf_counter() - began
        assert restored["lost"] == []
        made = {
            "answers": restored["counts"]["answers"],
            "backup_bytes": taken["bytes"],
            "backup_seconds": round(backed, 1),
            "restore_seconds": round(seconds, 1),
        }
        print(f"{database}: {made}")
        return made


class _Watch:
    """When each confirmation was seen: never before it was given."""

    def __init__(self, machine: Machine) -> None:
        self.seen: dict[int, float] = {}
        self._machine, self._ended = machine, threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def _look(self) -> None:
        while not self._ended.wait(0.005):
            there = self._machine.confirmed()
            now = time.time()
            for person in there:
                self.seen.setdefault(person, now)

    def end(self) -> None:
        self._ended.set()
        self._thread.join()


@contextlib.contextmanager
def _machine(database: str, people: int) -> Iterator[Machine]:
    """An installation on the disk of the build folder, whose files do survive a power cut."""
    place = ROOT / "build" / "drill"
    place.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{database}-", dir=place))
    try:
        if database == "sqlite":
            made = Machine(folder, environment(folder))
            made.run("prepare", str(people))
            yield made
            return
        from with_postgres import Cluster

        with Cluster(durable=True) as cluster:
            made = Machine(folder, environment(folder) | {"DATABASE_URL": cluster.address}, cluster)
            made.run("prepare", str(people))
            yield made
    finally:
        shutil.rmtree(folder)


def _taken(machine: Machine, with_keys: bool) -> dict[str, Any]:
    keys = ["--survey-keys", str(machine.folder / "kept-apart")] if with_keys else []
    target = str(machine.folder / "backup")
    return dict(json.loads(_prongsai(machine, "backup", target, "--with-secrets", *keys, "--json")))


def _restored(machine: Machine, with_keys: bool) -> dict[str, Any]:
    keys = ["--survey-keys", str(machine.folder / "kept-apart")] if with_keys else []
    return dict(json.loads(_prongsai(machine, "restore", str(machine.folder / "backup"), *keys, "--json")))


def _destroy(machine: Machine) -> None:
    """Database, files, keys: nothing but the backup is left."""
    for name in ("data", "keys"):
        shutil.rmtree(machine.folder / name)
    if machine.cluster:
        cluster = machine.cluster
        cluster._run("dropdb", "-h", cluster.folder, "-U", "prongsai", "--force", "prongsai")
        cluster._run("createdb", "-h", cluster.folder, "-U", "prongsai", "prongsai")


def _prongsai(machine: Machine, *arguments: str) -> str:
    """Output of a command in that installation; fails where the command does."""
    command = [str(Path(sys.executable).with_name("prongsai")), *arguments]
    done = subprocess.run(command, env=machine.environment, check=False, capture_output=True, text=True)
    assert done.returncode == 0, f"{arguments}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
    return done.stdout


def _python(machine: Machine, code: str) -> None:
    own = {**machine.environment, "DJANGO_SETTINGS_MODULE": "prongsai.site.settings"}
    subprocess.run([sys.executable, "-c", code], env=own, check=True)


if __name__ == "__main__":
    sys.exit(main())
