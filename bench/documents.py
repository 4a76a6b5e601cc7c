"""Documents per second: the full set for simulated agencies, beside python-docx + one LibreOffice call each.

The full set of one agency is three documents (analysis, measures, memo), each as DOCX, PDF and HTML, charts
included. Both routes write the same document trees in the same run, each in a fresh process on one core
where the system allows pinning. Writes ``build/bench/documents.json``.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from prongsai.analysis.findings import findings
from prongsai.documents.build import build
from prongsai.documents.request import Request
from prongsai.documents.tree import Document
from prongsai.documents.writers import write
from prongsai.framework import for_year
from prongsai.improvement.draft import draft_plan
from prongsai.scoring.results import Results
from prongsai.scoring.score import score
from prongsai.simulation import Spec, simulate

KINDS = ("analysis", "measures", "memo")
OUT = Path("build/bench/documents.json")


@dataclass(frozen=True)
class Route:
    """What one route took. ``cpu`` counts child processes too; ``peak`` is the largest process in MB."""

    name: str
    agencies: int
    seconds: float
    cpu: float
    peak: float

    @property
    def rate(self) -> float:
        """Agencies per second of one core."""
        return self.agencies / self.cpu


def documents(results: Results) -> list[Document]:
    """The three document trees of one agency, scoring and drafting included."""
    sheet = score(results)
    plan = draft_plan(sheet, findings(sheet))
    return [build(Request(kind=kind, sheet=sheet, plan=plan, layout="indicators")) for kind in KINDS]


def own(agencies: list[Results]) -> int:
    """Our writers; returns the bytes written."""
    return sum(
        len(write(document, name))
        for results in agencies
        for document in documents(results)
        for name in ("docx", "pdf", "html")
    )


def office(agencies: list[Results]) -> int:
    """python-docx for DOCX, then one LibreOffice call each for PDF and HTML of it."""
    total = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, results in enumerate(agencies):
            for position, document in enumerate(documents(results)):
                path = Path(folder) / f"{number}-{position}.docx"
                path.write_bytes(write(document, "docx"))
                for target in ("pdf", "html"):
                    subprocess.run(
                        ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless",
                         "--convert-to", target, "--outdir", folder, str(path)],
                        check=True, capture_output=True, timeout=120,
                    )  # fmt: skip
                    total += path.with_suffix(f".{target}").stat().st_size
                total += path.stat().st_size
    return total


def _measured(name: str, agencies: int, year: int, pipe: object) -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    # The agencies are the input: inventing them is not part of writing their documents.
    results = [simulate(Spec(for_year(year), seed=seed)).results for seed in range(1, agencies + 1)]
    before, began = _cpu(), time.perf_counter()
    {"own": own, "office": office}[name](results)
    seconds, cpu = time.perf_counter() - began, _cpu() - before
    users = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    peak = max(resource.getrusage(user).ru_maxrss for user in users) / 1024
    pipe.send(Route(name, agencies, seconds, cpu, peak))  # type: ignore[attr-defined]


def _cpu() -> float:
    """Processor seconds of this process and its finished children."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def measure(name: str, agencies: int, year: int) -> Route:
    """One route in a process of its own."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_measured, args=(name, agencies, year, there))
    process.start()
    while not here.poll(1):
        if not process.is_alive():
            raise SystemExit(f"the {name} route failed (exit {process.exitcode})")
    result: Route = here.recv()
    process.join()
    return result


def help_seconds() -> float:
    """The best of five of ``prongsai --help`` as a whole process."""
    command = [str(Path(sys.executable).parent / "prongsai"), "--help"]
    times = []
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - began)
    return sorted(times)[2]


def main() -> None:
    """Run both routes and print and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agencies", type=int, default=100)
    parser.add_argument("--office-agencies", type=int, default=4, help="LibreOffice is slow: a few are enough")
    parser.add_argument("--year", type=int, default=2568)
    asked = parser.parse_args()
    routes = [measure("own", asked.agencies, asked.year)]
    if shutil.which("soffice"):
        routes.append(measure("office", asked.office_agencies, asked.year))
    else:
        print("LibreOffice is not installed: only our own route was measured")
    figures = {
        "machine": f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}",
        "date": time.strftime("%Y-%m-%d"),
        "set": f"{', '.join(KINDS)} as DOCX, PDF, HTML; fiscal year {asked.year}",
        "routes": [{**asdict(route), "agencies_per_second_per_core": route.rate} for route in routes],
        "help_seconds": help_seconds(),
    }
    if len(routes) == 2:
        figures["times_faster_cpu"] = routes[0].rate / routes[1].rate
        wall = [route.agencies / route.seconds for route in routes]
        figures["times_faster_wall"] = wall[0] / wall[1]
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    for route in routes:
        print(f"{route.name:8} {route.rate:6.2f} agencies/s/core  {route.seconds:7.1f} s  peak {route.peak:5.0f} MB")
    if len(routes) == 2:
        by_cpu, by_wall = figures["times_faster_cpu"], figures["times_faster_wall"]
        print(f"{by_cpu:.1f} times LibreOffice by CPU, {by_wall:.1f} by wall time")
    print(f"prongsai --help {figures['help_seconds']:.2f} s; figures in {OUT}")


if __name__ == "__main__":
    main()
