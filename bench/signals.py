"""Odd patterns: ``make bench-signals``. Writes ``build/bench/signals.json`` and the tables of ``docs/signals.md``.

Finds precision and recall on simulated nations whose seeds, difficulties and (two of them) kinds of fault were not
used for tuning, with last year's nation beside this year's. ``--tune`` learns the cuts anew from the tuning nations.
Nations are kept below ``build/bench-signals``.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from times import in_turns

from prongsai.framework import by_id
from prongsai.national.engines import count, engine
from prongsai.national.nation import Nation, open_nation
from prongsai.national.score import score_nation
from prongsai.national.signals import readers
from prongsai.national.signals.combine import Findings, gather, look
from prongsai.national.signals.cuts import learn
from prongsai.national.signals.evaluate import OF_BEST, Rate, false_alarms, lesson, precision, recall, truth
from prongsai.national.signals.sight import Sight
from prongsai.simulation.answers import difficulty
from prongsai.simulation.faults import BESIDE, HELD_OUT, KINDS
from prongsai.simulation.nation import NationSpec, write_nation
from prongsai.simulation.population import whole_nation

OUT, DOCS, KEPT = Path("build/bench/signals.json"), Path("docs/signals.md"), Path("build/bench-signals")
SIZES = ("< 10", "10–19", "20–49", "50–99", "100–199", "≥ 200")


@dataclass(frozen=True)
class Made:
    """A simulated nation: framework, seed, difficulty, which kinds of fault (``FAULTS``), last year's framework."""

    framework: str
    seed: int
    difficulty: str = "usual"
    faults: str = "tuning"
    before: str | None = None

    @property
    def name(self) -> str:
        """Also the folder's."""
        return f"{self.framework}-{self.seed}-{self.difficulty}" + (
            "" if self.faults == "tuning" else f"-{self.faults}"
        )


FAULTS: dict[str, tuple[str, ...]] = {"tuning": (*KINDS, *BESIDE), "held-out": tuple(HELD_OUT), "honest": ()}
NEW, LAST = "ita-2568", "ita-2567"
TUNING = (
    Made(NEW, 101, before=LAST),
    Made(NEW, 102, before=LAST),
    Made("ita-2565", 103, before="ita-2564"),
    Made(NEW, 104, faults="honest", before=LAST),
)
TEST = (
    Made(NEW, 201, before=LAST),
    Made(NEW, 202, "ceiling", before=LAST),
    Made(NEW, 203, "uneven", before=LAST),
    Made(NEW, 204, "crowds", before=LAST),
    Made("ita-2564", 205),
    Made(NEW, 206, before=LAST, faults="held-out"),
    Made(LAST, 207, "uneven", faults="held-out"),
    Made(NEW, 208, faults="honest", before=LAST),
)


def main() -> None:
    """Tune if asked, test, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agencies", type=int, default=whole_nation())
    parser.add_argument("--tune", action="store_true", help="learn cuts.yaml anew")
    asked = parser.parse_args()
    if asked.tune:
        tune(asked.agencies)
    tested = [tested_on(made, asked.agencies) for made in TEST]
    found = {
        "machine": f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}",
        "date": time.strftime("%Y-%m-%d"),
        "load_before": os.getloadavg()[0],
        "agencies": asked.agencies,
        "tuned_on": [made.name for made in TUNING],
        "nations": tested,
        **measure(seen(TEST[0], asked.agencies).nation),
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(into_page(tested))


def simulated(made: Made, framework: str, agencies: int) -> Path:
    """The folder of a nation, made if it is not there."""
    folder = KEPT / str(agencies) / made.name / framework
    if not (folder / "nation.yaml").exists():
        shutil.rmtree(folder, ignore_errors=True)
        kinds = FAULTS[made.faults]
        write_nation(
            NationSpec(by_id(framework), agencies, made.seed, kinds, difficulty=difficulty(made.difficulty)), folder
        )
    return folder


def seen(made: Made, agencies: int) -> Sight:
    """A nation as signals see it, with last year's where it has one."""

    def one(framework: str, before: Sight | None) -> Sight:
        nation = open_nation(simulated(made, framework, agencies))
        counted = count(nation, engine("polars"))
        return Sight(nation, counted, score_nation(nation, counted), before)

    return one(made.framework, one(made.before, None) if made.before else None)


def tune(agencies: int) -> None:
    """Learn tails, handicaps and the cut from the tuning nations."""
    lessons = []
    for made in TUNING:
        sight = seen(made, agencies)
        evidence = gather(sight)
        lessons.append(lesson(evidence, truth(sight, evidence.containers)))
        print("learnt from", made.name, flush=True)
    names = ", ".join(made.name for made in TUNING)
    learn(lessons).write(f"bench/signals.py --tune, {agencies} agencies each: {names}")


def tested_on(made: Made, agencies: int) -> dict[str, Any]:
    """All figures of one nation."""
    sight = seen(made, agencies)
    findings = look(sight)
    told = truth(sight, findings.evidence.containers)
    hit = recall(findings, told)
    kinds = list(dict.fromkeys(kind for kind, _ in hit))
    print("tested on", made.name, flush=True)
    return {
        "nation": made.name,
        "false_alarms": {name: _as_json(rate) for name, rate in false_alarms(findings, told).items()},
        "precision": _as_json(precision(findings, told)),
        "recall": {
            kind: {SIZES[size]: _as_json(rate) for (one, size), rate in hit.items() if one == kind} for kind in kinds
        },
        "by_signal": by_signal(findings, told.clean),
    }


def by_signal(findings: Findings, clean: Any) -> dict[str, dict[str, int]]:
    """How many clean and how many faulty agencies each signal marks by itself."""
    marked = (findings.strength >= 0).any(axis=1)
    return {
        signal.SIGNAL.name: {"clean": int(one[clean].sum()), "faulty": int(one[~clean].sum())}
        for signal, one in zip(findings.evidence.signals, marked, strict=True)
    }


def _as_json(rate: Rate) -> list[float]:
    return [rate.hit, rate.of, *(round(end, 4) for end in rate.interval)]


def measure(nation: Nation) -> dict[str, Any]:
    """Seconds of all signals of a nation whose counts and scores are there, by the clock and by the processor."""
    counted = count(nation, engine("polars"))
    scores = score_nation(nation, counted)
    times = in_turns({"look": lambda: look(Sight(nation, counted, scores))}, warm=False)
    return {
        "signals": len(readers()),
        "seconds": times.seconds(3)["look"],
        "cpu_seconds": times.cpu_seconds(3)["look"],
        "spread": times.spread(3)["look"],
    }


def into_page(tested: list[dict[str, Any]]) -> str:
    """Put the tables where the page has its marks; returns them."""
    report = tables(tested)
    text = DOCS.read_text(encoding="utf-8")
    marked = re.compile(r"(<!-- figures -->\n).*?(<!-- end of figures -->)", re.DOTALL)
    DOCS.write_text(marked.sub(lambda match: match[1] + report + match[2], text), encoding="utf-8")
    return report


def tables(tested: list[dict[str, Any]]) -> str:
    """The tables of the page: false alarms and precision by nation, recall by kind and size."""
    lines = [
        "| nation | clean agencies flagged | precision | by size of IIT: 10–19, 20–49, 50–99, 100–199, ≥ 200 |",
        "|---|---|---|---|",
    ]
    for one in tested:
        alarms = one["false_alarms"]
        sizes = ", ".join(_percent(alarms[f"size {size}"]) if f"size {size}" in alarms else "–" for size in range(1, 6))
        lines.append(f"| {one['nation']} | {_rate(alarms['all'])} | {_rate(one['precision'])} | {sizes} |")
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in tested:
        name = one["nation"]
        if "held-out" in name:
            title = "Kinds held out"
        elif "crowds" in name:
            title = "Kinds used for tuning, in the nation of meetings, where `arrival` is silent"
        elif name.startswith(NEW):
            title = "Kinds used for tuning, the other nations with all evidence"
        else:
            title = (
                "Kinds used for tuning, a framework of long questionnaires without devices' times, without last year"
            )
        groups.setdefault(title, []).append(one)
    for title, nations in groups.items():
        lines += [
            "",
            f"{title}:",
            "",
            "| kind | 10–19 | 20–49 | 50–99 | 100–199 | ≥ 200 | all ≥ 50 |",
            "|" + "---|" * 7,
        ]
        for kind in dict.fromkeys(kind for one in nations for kind in one["recall"]):
            by_size = {size: _sum(one["recall"].get(kind, {}).get(size) for one in nations) for size in SIZES}
            cells = [by_size[size] for size in SIZES[1:]] + [_sum(by_size[size] for size in SIZES[3:])]
            if kind in BESIDE:
                cells = [None] * 5 + [_sum(by_size.values())]
            name = kind.replace(OF_BEST, "(of a sheet best throughout)")
            lines.append(f"| {name} | " + " | ".join(_rate(cell) if cell else "" for cell in cells) + " |")
    lines += [
        "",
        "By signal, all tested nations together: the share of clean agencies that it marks by itself, how many of all "
        "that it marks had something planted (often several signals mark one), and where the idea is from.",
        "",
        "| signal | marks of clean agencies | planted, of those it marks | source |",
        "|---|---|---|---|",
    ]
    clean = sum(one["false_alarms"]["all"][1] for one in tested)
    for reader in readers():
        about = reader.SIGNAL
        marks = [one["by_signal"].get(about.name, {"clean": 0, "faulty": 0}) for one in tested]
        false, true = (sum(one[key] for one in marks) for key in ("clean", "faulty"))
        share = f"{100 * true / (true + false):.0f} % of {true + false:,}" if true + false else "marks none"
        lines.append(f"| `{about.name}` | {100 * false / clean:.2f} % | {share} | {about.source} |")
    return "\n".join(lines) + "\n"


def _sum(rates: Iterable[list[float] | None]) -> list[float] | None:
    known = [rate for rate in rates if rate and rate[1]]
    if not known:
        return None
    return _as_json(Rate(int(sum(rate[0] for rate in known)), int(sum(rate[1] for rate in known))))


def _percent(rate: list[float]) -> str:
    return f"{100 * rate[0] / rate[1]:.1f} %" if rate[1] else "–"


def _rate(rate: list[float]) -> str:
    return f"{_percent(rate)} ({100 * rate[2]:.1f}–{100 * rate[3]:.1f}; {rate[1]:,.0f})"


if __name__ == "__main__":
    main()
