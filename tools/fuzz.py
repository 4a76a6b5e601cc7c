"""Every reader under the fuzzer: ``make fuzz SECONDS=300``, the time of all targets together.

A crash is kept as build/fuzz/NAME-… and said with the command that repeats it. What was learnt (build/fuzz/corpus) is
where the next run begins. Writes the part ``fuzz`` of build/bench/trust.json; exit status 1 where anything crashed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
OUT = ROOT / "build" / "fuzz"
BENCH = ROOT / "build" / "bench" / "trust.json"
RUN = "tests/fuzz/run.py"
LEAST = 3  # seconds of a target
START = 240  # seconds more: imports, and the last input
sys.path[:0] = [str(ROOT / "tests" / "fuzz"), str(ROOT / "tests")]


def main() -> int:
    """See above."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=300, help="of all targets together")
    parser.add_argument("targets", nargs="*", help="only these")
    asked = parser.parse_args()
    try:
        import atheris  # noqa: F401
    except ImportError as error:
        print(f"the fuzzer cannot be had here ({error}): no reader was fuzzed; make test tries each a little")
        return 1
    OUT.mkdir(parents=True, exist_ok=True)
    from every_target import every_target

    _empty_database()
    names = asked.targets or list(every_target())
    workers = os.cpu_count() or 1
    each = max(LEAST, asked.seconds * workers // len(names))
    began = time.time()
    with ThreadPoolExecutor(workers) as pool:
        found = dict(zip(names, pool.map(lambda name: _fuzzed(name, each), names), strict=True))
    crashes = {place: file for one in found.values() for place, file in one["crashes"].items()}
    told = {
        "date": time.strftime("%Y-%m-%d"),
        "machine": f"{workers} cores, {platform.system()}, Python {platform.python_version()}",
        "seconds": round(time.time() - began),
        "executions": sum(one["executions"] for one in found.values()),
        "crashes": len(crashes),
        "targets": found,
    }
    _write(told)  # a target that was not asked for keeps what was found of it before
    for name, one in found.items():
        for place, file in one["crashes"].items():
            print(f"{name}: {place}\n    {Path(sys.executable).relative_to(ROOT)} {RUN} {name} {file}")
    print(f"{told['executions']:,} tries of {len(names)} readers in {told['seconds']} s: {len(crashes)} crashes")
    return 1 if crashes else 0


def _empty_database() -> None:
    """What the site's targets begin with; making it takes longer than fuzzing a target."""
    from run import EMPTY

    EMPTY.unlink(missing_ok=True)
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{EMPTY}", "DJANGO_SETTINGS_MODULE": "site_settings"}
    environment["PYTHONPATH"] = str(ROOT / "tests")
    subprocess.run([sys.executable, "-m", "django", "migrate", "--verbosity=0"], check=True, env=environment)


def _fuzzed(name: str, seconds: int) -> dict[str, Any]:
    """One target in a process of its own; where that ends suddenly, its last input is the crash."""
    for old in OUT.glob(f"{name}-*"):
        old.unlink()
    result = OUT / f"{name}.json"
    result.unlink(missing_ok=True)
    with (OUT / f"{name}.log").open("wb") as log:
        command = [sys.executable, RUN, name, str(seconds)]
        try:
            status = subprocess.run(
                command, check=False, cwd=ROOT, stdout=log, stderr=log, timeout=seconds + START
            ).returncode
        except subprocess.TimeoutExpired:
            status = -1
    found: dict[str, Any] = {"executions": 0, "seconds": 0, "slowest": 0, "crashes": {}}
    if result.exists():
        found = json.loads(result.read_text(encoding="utf-8"))
    if status:
        left = sorted(file for kind in ("crash", "timeout", "oom") for file in OUT.glob(f"{name}-{kind}-*"))
        file = left[-1] if left else OUT / f"{name}.log"
        found["crashes"][f"ended with status {status}"] = str(file.relative_to(ROOT))
    print(
        f"{name:26} {found['executions']:>9,} tries {found['seconds']:>6} s  {len(found['crashes'])} crashes",
        flush=True,
    )
    return found


def _write(told: dict[str, Any]) -> None:
    BENCH.parent.mkdir(parents=True, exist_ok=True)
    whole = json.loads(BENCH.read_text(encoding="utf-8")) if BENCH.exists() else {}
    told["targets"] = {**whole.get("fuzz", {}).get("targets", {}), **told["targets"]}
    BENCH.write_text(json.dumps({**whole, "fuzz": told}, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
