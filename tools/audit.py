"""Asks whether any locked version has a known vulnerability: ``make audit``.

Exit status 0: every version was asked about, and none is known to be bad. 1: some are. 3: at least one could not be
asked about, so that nothing is known of it; pip-audit itself ends with 0 then and says "No known vulnerabilities
found", which is true of a machine without a network, too. (``make`` ends with 2 for either; the last line says which.)
Beside it, where a registry answers: which locked versions are behind the newest.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LOCKS = ("build.txt", "all.txt", "audit.txt", "fuzz.txt", "site.txt", "spark.txt")
FINE, BAD, UNKNOWN = 0, 1, 3
PATIENCE = 600  # seconds
BIN = Path(sys.executable).parent


@dataclass
class Answer:
    """What was learnt: versions with what is known against them, and those that nobody could say anything of."""

    asked: int = 0
    bad: dict[str, list[str]] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        """For who called."""
        return BAD if self.bad else UNKNOWN if self.unknown or not self.asked else FINE


def judged(found: Mapping[str, Any]) -> Answer:
    """pip-audit's JSON, where what was skipped is not passed over."""
    answer = Answer()
    for one in found["dependencies"]:
        if "skip_reason" in one:
            answer.unknown[one["name"]] = one["skip_reason"]
        else:
            answer.asked += 1
        if known := one.get("vulns"):
            mended = {item["id"]: ", ".join(item["fix_versions"]) or "none yet" for item in known}
            answer.bad[f"{one['name']} {one['version']}"] = [
                f"{name} (mended in {fix})" for name, fix in mended.items()
            ]
    return answer


def audited(lock: Path) -> Answer:
    """One lock file."""
    command = [str(BIN / "pip-audit"), "--disable-pip", "--require-hashes", "--progress-spinner", "off", "-f", "json"]
    try:
        done = subprocess.run(
            [*command, "-r", str(lock)], check=False, capture_output=True, text=True, timeout=PATIENCE
        )
        return judged(json.loads(done.stdout))
    except subprocess.TimeoutExpired:
        return Answer(unknown={lock.name: f"no answer within {PATIENCE} s"})
    except (ValueError, KeyError, OSError) as error:  # nothing on its standard output: it could not ask at all
        said = error if isinstance(error, OSError) else (done.stderr.strip().splitlines() or ["no answer"])[-1]
        return Answer(unknown={lock.name: re.sub(r"https?://\S+", "…", str(said))[:200]})


def behind() -> list[str] | None:
    """Parts of the site whose newest version is another; None where no registry answers."""
    lock = (ROOT / "requirements" / "site.txt").read_text(encoding="utf-8")
    extras = [f"--extra={name}" for name in re.findall(r"--extra (\w+)", (ROOT / "tools" / "lock.sh").read_text())]
    command = [str(BIN / "uv"), "pip", "compile", "pyproject.toml", *extras, "--universal", "--python-version=3.11"]
    done = subprocess.run(
        [*command, "--no-annotate", "--no-header", "--quiet", "--upgrade"],
        check=False, capture_output=True, text=True, cwd=ROOT, timeout=PATIENCE,
    )  # fmt: skip
    if done.returncode:
        return None
    locked, newest = (dict(re.findall(r"(?m)^([\w.-]+)==([^\s;\\]+)", text)) for text in (lock, done.stdout))
    return [
        f"{name} {locked[name]} → {newest[name]}"
        for name in sorted(locked)
        if newest.get(name, locked[name]) != locked[name]
    ]


def main() -> int:
    """See above."""
    status = FINE
    for name in LOCKS:
        answer = audited(ROOT / "requirements" / name)
        bad, unknown = len(answer.bad), len(answer.unknown)
        print(f"{name}: {answer.asked} versions asked about, {bad} vulnerable, {unknown} not known")
        for part, known in answer.bad.items():
            print(f"  {part}: {'; '.join(known)}")
        for part, why in list(answer.unknown.items())[:3]:
            print(f"  not asked: {part}: {why}")
        status = BAD if BAD in (status, answer.status) else max(status, answer.status)
    late = behind()
    said = "no registry answered" if late is None else ", ".join(late) or "none"
    print(f"behind the newest version: {said}")
    print({FINE: "no known vulnerability", BAD: "VULNERABLE", UNKNOWN: "NOT CHECKED: nobody could be asked"}[status])
    return status


if __name__ == "__main__":
    sys.exit(main())
