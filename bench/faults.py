"""Faults under load, and a restore to a moment: the second half of ``make drill``.

Runs the heavy tests of ``tests/faults``, and those of other rooms that the table of faults names, one after the other
and keeps what each measured (its ``record_property``); says which of the table's tests did not pass here. Then a
point-in-time recovery of PostgreSQL is really done. Writes the parts ``faults`` and ``point_in_time`` of
``build/bench/trust.json``.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "faults"), str(ROOT / "tools")]
OUT = ROOT / "build" / "bench" / "trust.json"
TABLE = ROOT / "docs" / "security" / "faults.md"

from point_in_time import recovered  # noqa: E402


def main() -> int:
    """Every fault that this machine can have; 1 where one of them broke the law."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="tests whose name contains this; `none`: no tests")
    parser.add_argument("--no-recovery", action="store_true", help="without the point-in-time recovery")
    asked = parser.parse_args()
    found = {"date": time.strftime("%Y-%m-%d"), "load": round(os.getloadavg()[0], 1),
             "machine": f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"}  # fmt: skip
    parts: dict[str, Any] = {}
    if asked.only != "none":
        parts["faults"] = {**found, "tests": tested(asked.only)}
    if not asked.no_recovery:
        try:
            parts["point_in_time"] = {**found, **recovered()}
        except FileNotFoundError as error:
            parts["point_in_time"] = {**found, "not_done": str(error), "reached": True}
    OUT.parent.mkdir(parents=True, exist_ok=True)
    whole = json.loads(OUT.read_text(encoding="utf-8")) if OUT.exists() else {}
    if asked.only and "faults" in parts:  # some of them: beside what the others said
        parts["faults"]["tests"] = {**whole.get("faults", {}).get("tests", {}), **parts["faults"]["tests"]}
    if "faults" in parts:
        tests = parts["faults"]["tests"]
        parts["faults"]["reached"] = all(one["outcome"] != "failed" for one in tests.values())
        parts["faults"]["not_measured"] = not_measured(tests)
        print("rows of the table not measured here:", ", ".join(parts["faults"]["not_measured"]) or "none")
    OUT.write_text(json.dumps({**whole, **parts}, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    reached = all(part["reached"] for part in parts.values())
    print(f"{OUT.relative_to(ROOT)}: {'reached' if reached else 'NOT reached'}")
    return 0 if reached else 1


def named() -> list[str]:
    """The tests that the table of faults names, as pytest calls them."""
    found = re.findall(r"`([\w/]+\.py::\w+)`", TABLE.read_text(encoding="utf-8"))
    return [f"tests/{one}" for one in dict.fromkeys(found)]


def not_measured(tests: dict[str, Any]) -> list[str]:
    """Tests of the table of which no variant passed, or not every one that there is."""

    def passed(one: str) -> bool:
        outcomes = {told["outcome"] for name, told in tests.items() if name.partition("[")[0] == one}
        return outcomes == {"passed"}

    return [one for one in named() if not passed(one)]


def tested(only: str) -> dict[str, Any]:
    """Name of each test → outcome, seconds, and what it measured."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "tests/faults",
            *(one for one in named() if not one.startswith("tests/faults/")),
            f"--junitxml={report}",
            "-o",
            "junit_family=xunit1",
        ]
        command += ["-k", only] if only else []
        subprocess.run(command, check=False, cwd=ROOT, env={**os.environ, "PRONGSAI_FULL": "1"})
        cases = ET.parse(report).getroot().iter("testcase")
        return {f"{case.get('file')}::{case.get('name')}": _told(case) for case in cases}


def _told(case: ET.Element) -> dict[str, Any]:
    outcome = "passed"
    for name, said in (("skipped", "skipped"), ("failure", "failed"), ("error", "failed")):
        outcome = said if case.find(name) is not None else outcome
    given = {str(one.get("name")): ast.literal_eval(str(one.get("value"))) for one in case.iter("property")}
    return {"outcome": outcome, "seconds": round(float(case.get("time") or 0), 1), **given}


if __name__ == "__main__":
    sys.exit(main())
