from __future__ import annotations

import json

import polars as pl
from unchanged import everything

from prongsai.scoring.wide import AGENCY


def test_a_simulated_nation_is_scored_and_written(prongsai, tmp_path) -> None:
    nation, out = tmp_path / "ประเทศจำลอง", tmp_path / "ผล"
    assert prongsai("simulate", "-o", nation, "--agencies", "25", "--seed", "3").status == 0
    run = prongsai("national", nation, "-o", out)
    assert run.status == 0
    assert "25" in run.out
    assert sorted(path.name for path in out.iterdir()) == ["agencies.csv", "nation.json", "scores.parquet"]
    summary = json.loads((out / "nation.json").read_text(encoding="utf-8"))
    scores = pl.read_parquet(out / "scores.parquet")
    assert scores[AGENCY].n_unique() == summary["agencies"] == 25
    assert scores.filter(pl.col("origin") == "withheld").select("low", "high").null_count().sum_horizontal()[0] % 2 == 0
    line = pl.read_csv(out / "agencies.csv", schema_overrides={"IIT_low": pl.String}).row(4, named=True)
    one = scores.filter((pl.col(AGENCY) == 5) & (pl.col("node") == "IIT")).row(0, named=True)
    assert line["IIT_low"] == str(one["low"]) == str(one["high"])
    undetermined = summary["level_not_determined"]
    assert sum(summary["levels"].values()) + undetermined == 25


def test_every_embedded_engine_prints_the_same(prongsai, tmp_path) -> None:
    assert prongsai("simulate", "-o", tmp_path / "n", "--agencies", "12", "--fiscal-year", "2564").status == 0
    first, second = (prongsai("national", tmp_path / "n", "--json", "--engine", e).json for e in ("polars", "duckdb"))
    assert first.pop("engine") == "polars"
    assert second.pop("engine") == "duckdb"
    assert first == second


def test_results_are_never_written_over(prongsai, tmp_path) -> None:
    assert prongsai("simulate", "-o", tmp_path / "n", "--agencies", "5", "--honest").status == 0
    before = everything(tmp_path)
    for out in (tmp_path / "n", tmp_path / "none" / "x"):
        run = prongsai("national", tmp_path / "n", "-o", out)
        assert run.status == 2
        assert "→" in run.err
    assert everything(tmp_path) == before
