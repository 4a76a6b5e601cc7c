"""Standard errors and intervals of the nation, beside the closed form in numpy and R ``survey``.

``measure`` times, interleaved, medians of five, by the clock and by processor time: what we do (from files, and from
moments alone) and the two-pass closed form that a statistician would write in numpy over sheets sorted by agency (from
files, and from arrays in memory). R ``svyby`` in chunks of 20 agencies is run on a sample of agencies where ``Rscript``
is found, and stands for the nation by proportion. The bootstrap, on a sample of agencies too, is a check of the errors
themselves. Alone: ``python bench/uncertainty.py [DIR]`` writes ``build/bench/uncertainty.json``.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from scipy.special import expit, logit, stdtrit
from times import in_turns

from prongsai.national.engines import count, engine
from prongsai.national.nation import Nation, Survey, open_nation
from prongsai.national.score import score_nation
from prongsai.national.uncertain import Estimates, estimates
from prongsai.scoring.wide import AGENCY
from prongsai.simulation.population import whole_nation

SAMPLE = 300  # agencies that R is run on
REPLICATES = 200
CLASSES = (5, 10, 30, 100)  # sizes from which a class of agencies begins
OUT = Path("build/bench/uncertainty.json")
Arrays = dict[str, Any]


def main() -> None:
    """Measure a nation that is there (or simulate one), print, write."""
    if len(sys.argv) > 1:
        folder = Path(sys.argv[1])
    else:
        from national import simulated

        folder, _ = simulated(whole_nation())
    found = {"date": time.strftime("%Y-%m-%d"), "load": os.getloadavg()[0], **measure(open_nation(folder))}
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=2, ensure_ascii=False))


def measure(nation: Nation) -> dict[str, Any]:
    """Seconds, their ratios, and how far the results lie apart."""
    polars = engine("polars")
    counted = count(nation, polars, moments=True)
    scores = score_nation(nation, counted)
    held = {name: arrays(nation, survey, read(survey)) for name, survey in nation.surveys.items()}

    def by_numpy() -> dict[str, Arrays]:
        tables = {name: arrays(nation, survey, read(survey)) for name, survey in nation.surveys.items()}
        return {name: closed_form(one) for name, one in tables.items()}

    works: dict[str, Callable[[], Any]] = {
        "moments": lambda: count(nation, polars, moments=True),
        "errors from moments": lambda: estimates(scores, counted),
        "errors from files": lambda: estimates(scores, count(nation, polars, moments=True)),
        "numpy from arrays": lambda: {name: closed_form(one) for name, one in held.items()},
        "numpy from files": by_numpy,
    }
    times = in_turns(works)
    busy_seconds = times.cpu_seconds()
    return {
        "agencies": len(nation.numbers),
        "seconds": times.seconds(),
        "cpu_seconds": busy_seconds,
        "from files, × numpy": round(busy_seconds["errors from files"] / busy_seconds["numpy from files"], 2),
        "from moments, × numpy": round(busy_seconds["errors from moments"] / busy_seconds["numpy from arrays"], 2),
        "furthest apart, points": apart(estimates(scores, counted), held),
        "bootstrap / linear SE": by_bootstrap(estimates(scores, counted), held["IIT"]),
        "R": by_r(nation, held, busy_seconds["errors from files"]),
    }


def read(survey: Survey) -> pl.DataFrame:
    """All sheets of a survey, sorted by agency."""
    wanted = [AGENCY, *(row.code for row in survey.layout.rows)]
    return pl.read_parquet(list(survey.files), columns=wanted).sort(AGENCY)


def arrays(nation: Nation, survey: Survey, table: pl.DataFrame) -> Arrays:
    """Points, answered-marks and weights of scores as arrays: sheets × rows, scores × rows."""
    rows = survey.layout.rows
    points, answered = np.zeros((len(table), len(rows))), np.zeros((len(table), len(rows)))
    for k, row in enumerate(rows):
        cells = table[row.code].fill_null(len(row.options)).to_numpy()
        points[:, k] = np.array([*row.points, 0.0])[cells] / survey.layout.scale
        answered[:, k] = cells < len(row.options)
    agencies, starts, sizes = np.unique(table[AGENCY].to_numpy(), return_index=True, return_counts=True)
    people = nation.agencies["staff"].cast(pl.Float64).fill_null(np.nan).to_numpy()
    place = np.searchsorted(nation.numbers, agencies)
    inside = survey.layout.container == next(iter(nation.surveys))
    nodes, weights = shares(nation, survey)
    return {
        "points": points, "answered": answered, "starts": starts, "sizes": sizes, "place": place, "nodes": nodes,
        "weights": weights, "people": people[place] if inside else np.full(len(agencies), np.inf),
    }  # fmt: skip


def shares(nation: Nation, survey: Survey) -> tuple[list[str], np.ndarray]:
    """All nodes, items first, and the weights of items in those above, all items answered: means of means."""
    rows, container = survey.layout.rows, survey.layout.container
    part = container if nation.tree.nodes[container].kind == "part" else None
    unit = dict(zip((row.node for row in rows), np.eye(len(rows)), strict=True))
    for node in [*nation.tree.of_kind("indicator", part=part), nation.tree.nodes[container]]:
        if node.instrument == (nation.tree.nodes[container].instrument or container):
            unit[node.id] = np.mean([unit[child] for child in node.ways[0].children], axis=0)
    return list(unit), np.stack(list(unit.values())[len(rows) :])


def closed_form(one: Arrays) -> Arrays:
    """The linearised ratio in two passes over the sheets: means, then sums of squared influences."""
    starts, sizes = one["starts"], one["sizes"].astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        answers = np.add.reduceat(one["answered"], starts)
        means = np.add.reduceat(one["points"], starts) / answers
        influence = (one["points"] - np.repeat(means, one["sizes"], axis=0) * one["answered"]) / np.repeat(
            answers, one["sizes"], axis=0
        )
        above = influence @ one["weights"].T
        squares = np.hstack([np.add.reduceat(np.square(influence), starts), np.add.reduceat(np.square(above), starts)])
        means = np.hstack([means, means @ one["weights"].T])
        se = np.sqrt(squares * ((1 - sizes / one["people"]) * sizes / (sizes - 1))[:, None])
        share = means / 100
        half = stdtrit(sizes - 1, 0.975)[:, None] * se / 100 / (share * (1 - share))
        low, high = 100 * expit(logit(share) - half), 100 * expit(logit(share) + half)
    return {"value": means, "se": se, "low": low, "high": high}


def apart(found: Estimates, held: dict[str, Arrays]) -> dict[str, float]:
    """The largest difference between ours and numpy's, where both have a number and answers differ."""
    furthest: dict[str, float] = dict.fromkeys(("value", "se", "low", "high"), 0.0)
    for one in held.values():
        theirs = closed_form(one)
        place = np.array([found.line(node) for node in one["nodes"]])
        some = (found.reason[place][:, one["place"]] == 0).T
        for field, before in furthest.items():
            mine = getattr(found, field)[place][:, one["place"]].T
            furthest[field] = max(before, float(np.nanmax(np.abs(mine - theirs[field])[some], initial=0)))
    return furthest


def bootstrap(one: Arrays, line: int, random: np.random.Generator) -> tuple[Any, int]:
    """Standard errors of all scores of one agency by drawing its sheets with replacement; and replicates dropped.

    A replicate in which nobody answered an item has no score; it is dropped and counted.
    """
    n, people = int(one["sizes"][line]), one["people"][line]
    sheets = slice(one["starts"][line], one["starts"][line] + n)
    times = random.multinomial(n, np.full(n, 1 / n), REPLICATES).astype(float)
    answers = times @ one["answered"][sheets]
    whole = (answers > 0).all(axis=1)
    means = (times @ one["points"][sheets])[whole] / answers[whole]
    scores = np.hstack([means, means @ one["weights"].T])
    return scores.std(axis=0, ddof=1) * np.sqrt((1 - n / people) * n / (n - 1)), int((~whole).sum())


def by_bootstrap(found: Estimates, one: Arrays, every: int = 4) -> dict[str, Any]:
    """Bootstrap over linear standard errors of a survey's scores above items: median and 5 to 95 % by size class."""
    random = np.random.default_rng(1)
    place = [found.line(node) for node in one["nodes"]][one["points"].shape[1] :]
    ratios: dict[str, list[float]] = {}
    dropped = 0
    for line in range(0, len(one["sizes"]), every):
        n = int(one["sizes"][line])
        linear = found.se[place, one["place"][line]]
        answered = one["answered"][one["starts"][line] :][:n].sum(axis=0).min()
        if n < CLASSES[0] or n >= one["people"][line] or not np.all(linear > 0) or answered < 2:
            continue
        errors, gone = bootstrap(one, line, random)
        dropped += gone
        begin = max(size for size in CLASSES if size <= n)
        ratios.setdefault(f"{begin}+", []).extend(errors[-len(place) :] / linear)
    quantiles = {name: np.round(np.quantile(ratios[name], [0.5, 0.05, 0.95]), 3).tolist() for name in sorted(ratios)}
    return {"replicates": REPLICATES, "dropped": dropped, "median, 5 %, 95 %": quantiles}


def by_r(nation: Nation, held: dict[str, Arrays], ours: float) -> dict[str, Any]:
    """R ``svyby`` on a sample of agencies, and by proportion on all."""
    if not shutil.which("Rscript"):
        return {"missing": "Rscript not found"}
    seconds, sheets, all_sheets = 0.0, 0, 0
    chosen = np.arange(0, len(nation.numbers), max(len(nation.numbers) // SAMPLE, 1))
    for name, one in held.items():
        owner = np.repeat(one["place"], one["sizes"])
        usable = np.repeat((one["sizes"] > 1) & (one["sizes"] <= one["people"]), one["sizes"])
        taken = np.isin(owner, chosen) & usable
        points, answered = one["points"][taken], one["answered"][taken]
        with np.errstate(invalid="ignore"):
            within = (one["weights"] > 0).T.astype(
                float
            )  # R averages each respondent's own answers: about as much work
            above, points = points @ within / (answered @ within), points / answered
        people = np.repeat(one["people"], one["sizes"])[taken]
        columns = {f"q{k}": column for k, column in enumerate([*points.T, *above.T])}
        table = pl.DataFrame({"agency": owner[taken], "people": people, **columns})
        table = table.with_columns(pl.col(pl.Float64).replace([np.inf, np.nan], None))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{name}.csv"
            table.write_csv(path)
            script = Path(__file__).with_name("svyby.R")
            said = subprocess.run(["Rscript", script, path], check=True, capture_output=True, text=True).stdout
        seconds += float(said)
        sheets += int(taken.sum())
        all_sheets += len(taken)
    whole = seconds * len(nation.numbers) / len(chosen)
    return {
        "agencies": len(chosen),
        "share_of_sheets": round(sheets / all_sheets, 4),
        "cpu_seconds": round(seconds, 2),
        "cpu_seconds_by_proportion": round(whole, 1),
        "× ours from files": round(whole / ours),
    }


if __name__ == "__main__":
    main()
