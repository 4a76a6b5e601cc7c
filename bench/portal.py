"""Publishing at full size: ``make bench-portal``. Writes ``build/bench/portal.json``.

One round of a whole nation as open data, every format, and reading it back (the nation is that of ``make
bench-national``), each step by the clock and by processor time (threads added up); then, in ``portal_site.py``, seven
years of it on the site: pages, search, the API, kept pages beside a plain view; in ``portal_paint.py`` what a browser
sees of a page over a slow line.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import resource
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import portal_paint
import portal_site

from national import simulated
from prongsai.national.engines import count, engine
from prongsai.national.nation import open_nation
from prongsai.national.score import score_nation
from prongsai.national.uncertain import estimates
from prongsai.publishing.gather import Edition, of_nation
from prongsai.publishing.opendata.formats import module, names
from prongsai.publishing.opendata.release import release
from prongsai.publishing.read import read_release
from prongsai.simulation.population import whole_nation

OUT = Path("build/bench/portal.json")
ROOT = Path("build/bench-portal")
BUDGET = 60  # seconds for one round in all formats


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agencies", type=int, default=whole_nation())
    asked = parser.parse_args()
    found = {
        "machine": f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}",
        "versions": {"polars": pl.__version__},
        "date": time.strftime("%Y-%m-%d"),
        "load_before": os.getloadavg()[0],
        "export": export(asked.agencies),
        "site": portal_site.measure(asked.agencies),
    }
    found["paint"] = portal_paint.measure(asked.agencies)
    found["load_after"] = os.getloadavg()[0]
    kept = json.loads(OUT.read_text(encoding="utf-8")) if OUT.exists() else {}
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(kept | found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    for name, (clock, cpu) in found["export"]["seconds"].items():
        print(f"{name:24} {clock:8.2f} s {cpu:8.2f} s cpu")
    print(found["export"]["megabytes"], f"peak {found['export']['peak_megabytes']} MB")
    site = found["site"]
    print({name: value for name, value in site["filled"].items() if name != "years"})
    for name, one in site["single"]["pages"].items():
        print(
            f"{name:24} {one['ms']:8.1f} ms {one['p95_ms']:8.1f} ms p95 {one['queries']:4} queries {one['kB']:8.1f} kB"
        )
    print(site["single"]["api"], site["served"]["per_second"], site["served"]["of_plain"])
    for name, one in found["paint"]["pages"].items():
        print(f"{name:24} {one}")


def export(agencies: int) -> dict[str, Any]:
    """One round, every format by itself and all together with descriptions and checksums; then read back."""
    folder, _ = simulated(agencies)
    nation = open_nation(folder)
    counted = count(nation, engine("polars"), moments=True)
    scores = score_nation(nation, counted)
    times: dict[str, tuple[float, float]] = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        began, busy = time.perf_counter(), time.process_time()
        result = work()
        times[name] = (round(time.perf_counter() - began, 2), round(time.process_time() - busy, 2))
        return result

    sure = timed("standard errors", lambda: estimates(scores, counted))
    published = timed("gather", lambda: of_nation(scores, counted, Edition(dt.date(2026, 1, 1)), sure))
    sizes = {}
    for name in names():
        made = module(name)
        shutil.rmtree(ROOT, ignore_errors=True)
        ROOT.mkdir(parents=True)
        files = timed(name, lambda made=made: made.write(published, ROOT))
        sizes[name] = round(sum(path.stat().st_size for path in files) / 1e6, 1)
    shutil.rmtree(ROOT)
    whole = timed("release, all formats", lambda: release(published, ROOT))
    back = timed("read back (parquet)", lambda: read_release(whole.folder))
    assert back.same(published), "what was read back is not what was published"
    return {
        "agencies": len(published.agencies),
        "lines": {table.name: len(frame) for table, frame in published.tables()},
        "seconds": times,
        "budget_seconds": BUDGET,
        "within_budget": times["release, all formats"][0] <= BUDGET,
        "megabytes": sizes,
        "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


if __name__ == "__main__":
    main()
