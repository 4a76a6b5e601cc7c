"""A long watch: ``make soak``. The site as ``prongsai serve`` starts it, under mixed traffic, an hour by default.

Respondents with codes and by link, officers who read and write, approvals, uploads, the portal, the API, feeds, failing
logins, jobs and mixer beside, and a backup in the middle. Every minute: memory, open files and threads of every
process, connections and sizes of the database, times of each surface. Held against tolerances that stand below: nothing
may grow but what people stored, no answer may fail, each confirmed answer is counted at the end, the history verifies.
Writes the part ``soak`` of ``build/bench/trust.json`` and ``build/bench/soak.svg``. Listens on this machine only.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "faults"), str(ROOT / "tools"), str(ROOT / "bench")]
OUT = ROOT / "build" / "bench"
# What counts as flat over the judged time: Theil-Sen's line may rise by so much of the median, or by so much in all,
# whichever is more. Times rise and fall with whatever else the machine does, so they get more.
FLAT = {"mb": (0.05, 12.0), "files": (0.1, 6.0), "threads": (0.1, 4.0), "connections": (0.1, 4.0), "p50": (0.3, 10.0)}
FLAT["p99"] = (1.0, 250.0)
WARM = 0.25  # of the minutes, three at least: caches fill, threads begin
FEWEST = 20  # answers of a surface in a minute, below which its p99 says nothing

from machine import HERE, Machine, environment  # noqa: E402
from respondents import Site  # noqa: E402
from soak_picture import picture  # noqa: E402
from soak_traffic import RATES, Traffic  # noqa: E402


def main() -> int:
    """Soak, judge, write; 1 where something is not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--sqlite", action="store_true", help="instead of PostgreSQL")
    asked = parser.parse_args()
    database = "sqlite" if asked.sqlite else "postgresql"
    with _machine(database, asked.minutes) as machine:
        found = soak(machine, asked.minutes)
    found = {
        "date": time.strftime("%Y-%m-%d %H:%M"),
        "machine": f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}",
        "database": database,
        "load_beside": found.pop("load"),
        **found,
    }
    OUT.mkdir(parents=True, exist_ok=True)
    path = OUT / "trust.json"
    whole = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    part = "soak" if database == "postgresql" else "soak_sqlite"
    path.write_text(json.dumps({**whole, part: found}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (OUT / f"{part}.svg").write_text(picture(found), encoding="utf-8")
    for line in found["verdict"]:
        print(f"{'flat ' if line['flat'] else 'GROWS'} {line['what']}: {line['median']} rises by {line['rise']}")
    told = (
        "minutes",
        "requests",
        "answers",
        "sent_away",
        "errors",
        "first_errors",
        "backup",
        "history_whole",
        "passed",
    )
    print(json.dumps({key: found[key] for key in told}, ensure_ascii=False))
    return 0 if found["passed"] else 1


def soak(machine: Machine, minutes: float) -> dict[str, Any]:
    """Traffic, samples and a backup; then everything is counted."""
    plan = json.loads((machine.folder / "plan.json").read_text())
    site = Site(machine)
    site.start()
    try:
        traffic = Traffic(site.port, plan)
        watch = Watch(machine, site, traffic, minutes)
        watch.start()
        asyncio.run(traffic.run(minutes * 60))
        watch.end()
    finally:
        site.stop()
    heard = traffic.heard
    subprocess.run(
        [sys.executable, str(HERE / "busy_world.py"), str(machine.folder), "count"], env=machine.environment, check=True
    )
    counted = json.loads((machine.folder / "found.json").read_text())
    verified = json.loads(_prongsai(machine, "verify", "--json"))
    confirmed = heard.with_code + heard.by_link
    answers = {
        "confirmed": confirmed,
        "with_code": heard.with_code,
        "by_link": heard.by_link,
        "counted": counted["answers"],
        "codes_spent": counted["spent"],
        "unheard": heard.unheard,
    }
    all_there = confirmed <= counted["answers"] <= confirmed + heard.unheard and counted["letters"] == 0
    verdict = judge(watch.series, _times(heard.took, len(watch.series)))
    log = (machine.folder / "server").read_text(errors="replace")
    return {
        "minutes": minutes,
        "rates_a_minute": RATES,
        "requests": sum(len(one) for surface in heard.took.values() for one in surface.values()),
        "answers": answers,
        "sent_away": dict(heard.sent_away),
        "errors": len(heard.errors),
        "first_errors": heard.errors[:10],
        "server_log": log.splitlines()[-10:],
        "backup": watch.backup,
        "history_whole": verified["whole"],
        "tolerances": FLAT,
        "verdict": verdict,
        "series": watch.series,
        "times": _times(heard.took, len(watch.series)),
        "load": watch.load(),
        "passed": all_there
        and not heard.errors
        and verified["whole"]
        and watch.backup["done"]
        and all(one["flat"] for one in verdict),
    }


class Watch(threading.Thread):
    """Looks once a minute, and takes the backup in the middle."""

    def __init__(self, machine: Machine, site: Site, traffic: Traffic, minutes: float) -> None:
        super().__init__(daemon=True)
        self.machine, self.site, self.traffic, self.minutes = machine, site, traffic, minutes
        self.series: list[dict[str, Any]] = []
        self.backup: dict[str, Any] = {"done": False}
        self._ended = threading.Event()
        self._loads: list[float] = []

    def run(self) -> None:
        """Until the end."""
        while not self._ended.wait(self._until_the_next()):
            self.series.append(self._sample())
            self._loads.append(os.getloadavg()[0])
            self._tell()
            if not self.backup["done"] and len(self.series) >= self.minutes / 2:
                began = time.time()
                said = json.loads(_prongsai(self.machine, "backup", str(self.machine.folder / "backup"), "--json"))
                self.backup = {
                    "done": True,
                    "minute": len(self.series),
                    "seconds": round(time.time() - began, 1),
                    "bytes": said["bytes"],
                }

    def _tell(self) -> None:
        """Who watches sees each minute, and may end a run that goes wrong."""
        heard, processes = self.traffic.heard, self.series[-1]["processes"]
        memory = ", ".join(f"{role} {one['mb']:.0f} MB" for role, one in sorted(processes.items()))
        confirmed = heard.with_code + heard.by_link
        print(
            f"{len(self.series)}/{self.minutes:g} min: {confirmed} confirmed, {sum(heard.sent_away.values())} asked to"
            f" come again, {len(heard.errors)} errors; load {self._loads[-1]:.1f}; {memory}",
            file=sys.stderr,
            flush=True,
        )

    def _until_the_next(self) -> float:
        return max(0.0, self.traffic.heard.began + 60 * (len(self.series) + 1) - time.time() - 0.5)

    def end(self) -> None:
        """No more looks."""
        self._ended.set()
        self.join()

    def load(self) -> float:
        """The machine's load, this site's own and all others': the median of the minutes."""
        return round(statistics.median(self._loads), 1) if self._loads else 0.0

    def _sample(self) -> dict[str, Any]:
        processes: dict[str, dict[str, float]] = {}
        for pid in self.site._alive():
            with contextlib.suppress(OSError):  # one that has ended since
                role = self._role(pid)
                one = processes.setdefault(role, {"mb": 0.0, "files": 0, "threads": 0, "processes": 0})
                one["mb"] = round(one["mb"] + _proportional(pid), 1)
                one["files"] += len(list(Path(f"/proc/{pid}/fd").iterdir()))
                one["threads"] += len(list(Path(f"/proc/{pid}/task").iterdir()))
                one["processes"] += 1
        return {"processes": processes, "database": self._database()}

    def _role(self, pid: int) -> str:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
        parent = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        if "serve" in words:
            return "first" if pid == self.site.process.pid else "workers"
        return next((name for name in ("work", "mix") if name in words and parent == self.site.process.pid), "others")

    def _database(self) -> dict[str, float]:
        if self.machine.cluster is None:
            path = self.machine.folder / "data" / "prongsai.sqlite3"
            log = path.with_name(path.name + "-wal")
            sizes = [one.stat().st_size / 1e6 if one.exists() else 0.0 for one in (path, log)]
            return {"mb": round(sizes[0], 1), "wal_mb": round(sizes[1], 1)}
        import psycopg

        with psycopg.connect(self.machine.cluster.address) as asked:
            sums = asked.execute(
                "SELECT pg_database_size(current_database()) / 1e6, (SELECT sum(size) / 1e6 FROM pg_ls_waldir()),"
                " (SELECT count(*) - 1 FROM pg_stat_activity WHERE datname = current_database())"
            ).fetchone()
        assert sums
        return {"mb": round(float(sums[0]), 1), "wal_mb": round(float(sums[1]), 1), "connections": int(sums[2])}


def _proportional(pid: int) -> float:
    """Megabytes of a process: what it shares with others counts in part (RSS would count the workers' share twice)."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1000


# --- judging


def judge(
    series: Sequence[Mapping[str, Any]], times: Mapping[str, Sequence[Mapping[str, float]]]
) -> list[dict[str, Any]]:
    """Each series after the warm-up: its median, by how much its line rises until the end, and whether that is flat."""
    first = max(3, round(len(series) * WARM))
    found = []
    for role in sorted({role for one in series for role in one["processes"]} - {"others"}):
        for what in ("mb", "files", "threads"):
            values = [one["processes"].get(role, {}).get(what) for one in series]
            found.append(_line(f"{role} {what}", what, values, first))
    if any("connections" in one["database"] for one in series):
        found.append(_line("connections", "connections", [one["database"].get("connections") for one in series], first))
    for surface, minutes in sorted(times.items()):
        for what in ("p50", "p99"):
            values = [one.get(f"{what}_ms") if what == "p50" or one.get("n", 0) >= FEWEST else None for one in minutes]
            found.append(_line(f"{surface} {what} ms", what, values, first))
    return [one for one in found if one]


def _line(name: str, kind: str, values: Sequence[float | None], first: int) -> dict[str, Any]:
    points = [(at, value) for at, value in enumerate(values) if at >= first and value is not None]
    if len(points) < 4:
        return {}
    median = statistics.median(value for _, value in points)
    rise = theil_sen(points) * (points[-1][0] - points[0][0])
    share, least = FLAT[kind]
    flat = rise <= max(share * median, least)
    return {"what": name, "median": round(median, 1), "rise": round(rise, 2), "minutes": len(points), "flat": flat}


def theil_sen(points: Sequence[tuple[float, float]]) -> float:
    """The median of the slopes between all pairs of points: one odd minute does not move it."""
    return statistics.median((b[1] - a[1]) / (b[0] - a[0]) for a, b in combinations(points, 2) if a[0] != b[0])


def _times(took: Mapping[str, Mapping[int, Sequence[float]]], minutes: int) -> dict[str, list[dict[str, float]]]:
    """Percentiles of every surface by the minute."""
    made: dict[str, list[dict[str, float]]] = {}
    for surface, by_minute in took.items():
        made[surface] = []
        for minute in range(minutes):
            values = sorted(by_minute.get(minute, []))
            one: dict[str, float] = {"n": len(values)}
            for p in (50, 99):
                if values:
                    one[f"p{p}_ms"] = round(values[min(len(values) - 1, len(values) * p // 100)] * 1000, 1)
            made[surface].append(one)
    return made


# --- the installation


@contextlib.contextmanager
def _machine(database: str, minutes: float) -> Iterator[Machine]:
    """With enough codes for the time, on the disk of the build folder."""
    place = ROOT / "build" / "soak"
    place.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{database}-", dir=place))
    people = round(RATES["code"] * minutes * 1.2) + 60
    own = environment(folder) | {"PRONGSAI_SECOND_FACTOR": "[]"}
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        cluster = None
        if database == "postgresql":
            from with_postgres import Cluster

            cluster = stack.enter_context(Cluster(durable=True))
            own["DATABASE_URL"] = cluster.address
        command = [sys.executable, str(HERE / "busy_world.py"), str(folder), "prepare", str(people), "--published"]
        subprocess.run(command, env=own, check=True)
        yield Machine(folder, own, cluster)


def _prongsai(machine: Machine, *arguments: str) -> str:
    command = [str(Path(sys.executable).with_name("prongsai")), *arguments]
    done = subprocess.run(command, env=machine.environment, check=False, capture_output=True, text=True)
    assert done.returncode == 0, f"{arguments}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
