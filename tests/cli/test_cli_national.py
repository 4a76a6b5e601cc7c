from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from python_calamine import CalamineWorkbook
from unchanged import everything

from prongsai.framework import by_id
from prongsai.national.years import read_year
from prongsai.scoring.wide import AGENCY
from prongsai.simulation.nation import NationSpec, write_nation

ASSUME = ("--assume", "eit-mean-of-parts")


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same agencies in two years that follow each other."""
    folder = tmp_path_factory.mktemp("years")
    for name in ("ita-2567", "ita-2568"):
        write_nation(NationSpec(by_id(name), 60, 3), folder / name)
    return folder


def test_a_simulated_nation_is_scored_and_written(prongsai, tmp_path) -> None:
    nation, out = tmp_path / "ประเทศจำลอง", tmp_path / "ผล"
    assert prongsai("simulate", "-o", nation, "--agencies", "25", "--seed", "3").status == 0
    run = prongsai("national", nation, "-o", out)
    assert run.status == 0
    assert "25" in run.out
    assert sorted(path.name for path in out.iterdir()) == [
        "agencies.csv",
        "aggregates.csv",
        "aggregates.parquet",
        "nation.json",
        "scores.parquet",
    ]
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


def test_everything_beside_the_scores(prongsai, years, tmp_path) -> None:
    adjustment = tmp_path / "adjusted.yaml"
    adjustment.write_text(
        "title: คะแนนปรับสมมติ\ndecided_by: คณะสมมติ\nperception: {weight: 60, of: {IIT: 100}}\n"
        "effort: {weight: 40, of: {EIT.2: 100}}\n",
        encoding="utf-8",
    )
    out = tmp_path / "ผล"
    arguments = ("--before", years / "ita-2567", "--small-area", "--adjusted", adjustment, "--xlsx")
    run = prongsai("national", years / "ita-2568", "-o", out, *arguments, *ASSUME)
    assert run.status == 0, run.err
    assert "มิใช่คะแนนทางการ" in run.out
    assert "สูงขึ้นเกินกว่าความบังเอิญ" in run.out
    assert {path.name for path in out.iterdir()} >= {
        "changes.parquet",
        "small_area.parquet",
        "adjusted.csv",
        "nation.xlsx",
    }
    assert (out / "aggregates.csv").read_bytes().startswith(b"\xef\xbb\xbf"), "Excel reads Thai only with the mark"
    scores = pl.read_parquet(out / "scores.parquet")
    assert not {"shrunk", "adjusted"} & set(scores.columns), "what is not official stands apart"
    known = scores.filter(pl.col("se").is_not_null() & (pl.col("se") > 0))
    assert len(known) > 100
    assert known.select(
        ((pl.col("low95") <= pl.col("low") + 0.005) & (pl.col("low") - 0.005 <= pl.col("high95"))).all()
    ).item()
    agencies = pl.read_csv(out / "agencies.csv")
    ranked = agencies.filter(pl.col("IIT_rank").is_not_null())
    assert (ranked["IIT_rank_best"] <= ranked["IIT_rank"]).all()
    assert (ranked["IIT_rank"] <= ranked["IIT_rank_worst"]).all()
    assert (ranked["IIT_rank_in_kind_of"] <= ranked["IIT_rank_of"]).all()
    groups = pl.read_csv(out / "aggregates.csv", schema_overrides={"node": pl.String})
    assert set(groups["by"]) == {"nation", "kind", "province", "ministry"}
    changes = pl.read_parquet(out / "changes.parquet")
    assert "overall" not in changes["node"].cast(pl.String).to_list(), "the rule of OIT is another one"
    tested = changes.filter(pl.col("reason").cast(pl.String) == "tested")
    assert tested["q"].null_count() == tested["p"].null_count() == 0
    assert changes.filter(pl.col("reason").cast(pl.String) != "tested")["p"].null_count() == len(changes) - len(tested)
    told = json.loads((out / "nation.json").read_text(encoding="utf-8"))
    assert told["small_area"]["official"] is told["adjusted"]["official"] is False
    assert told["changes"]["nodes"]["IIT"]["tested"] + told["changes"]["nodes"]["IIT"]["no_sampling"] > 40
    assert "OIT" in told["changes"]["left_out"]
    book = CalamineWorkbook.from_path(out / "nation.xlsx")
    names = ["อ่านก่อน", "ประเทศ", "ประเภทหน่วยงาน", "จังหวัด", "กระทรวง", "หน่วยงาน", "การเปลี่ยนแปลง"]
    assert book.sheet_names == names
    lines = book.get_sheet_by_name("หน่วยงาน").to_python()
    assert len(lines) == 61
    assert isinstance(lines[1][lines[0].index("IIT")], float)


def test_a_year_before_as_answers_or_as_results(prongsai, years, tmp_path) -> None:
    kept = tmp_path / "kept"
    assert prongsai("national", years / "ita-2567", "-o", kept, *ASSUME).status == 0
    said = []
    for before in (years / "ita-2567", kept):
        out = tmp_path / f"out-{before.name}"
        assert prongsai("national", years / "ita-2568", "-o", out, "--before", before, *ASSUME).status == 0
        said.append(pl.read_parquet(out / "changes.parquet"))
    for name, close in (("difference", 0.006), ("se", 1e-12), ("degrees", 1e-9)):
        first, second = (table[name].to_numpy() for table in said)
        np.testing.assert_allclose(first, second, atol=close, err_msg=name)
    assert said[0]["reason"].equals(said[1]["reason"])
    assert read_year(kept).assumed == ("eit-mean-of-parts",)


def test_without_uncertainty_there_are_scores_and_groups_only(prongsai, years, tmp_path) -> None:
    assert prongsai("national", years / "ita-2568", "-o", tmp_path / "o", "--no-uncertainty").status == 0
    assert "se" not in pl.read_parquet(tmp_path / "o" / "scores.parquet").columns
    assert "IIT_rank" not in pl.read_csv(tmp_path / "o" / "agencies.csv").columns
    before = everything(tmp_path)
    for option in (("--before", tmp_path / "o"), ("--before", years / "ita-2567", "--no-uncertainty")):
        run = prongsai("national", years / "ita-2568", "-o", tmp_path / "p", *option)
        assert run.status == 2, "results without standard errors, and none wanted"
        assert "→" in run.err
    assert everything(tmp_path) == before


@pytest.mark.parametrize("spoil", ["another year", "cut", "no agencies", "not there", "version"])
def test_a_year_before_that_cannot_be_used(prongsai, years, tmp_path, spoil: str) -> None:
    kept = tmp_path / "kept"
    source = years / ("ita-2568" if spoil == "another year" else "ita-2567")
    assert prongsai("national", source, "-o", kept).status == 0
    if spoil == "cut":
        data = (kept / "scores.parquet").read_bytes()
        (kept / "scores.parquet").write_bytes(data[: len(data) // 2])
    elif spoil == "no agencies":
        (kept / "agencies.csv").unlink()
    elif spoil == "not there":
        kept = tmp_path / "elsewhere"
    elif spoil == "version":
        about = json.loads((kept / "nation.json").read_text(encoding="utf-8"))
        about["framework"]["version"] += 1
        (kept / "nation.json").write_text(json.dumps(about), encoding="utf-8")
    run = prongsai("national", years / "ita-2568", "--before", kept, "-o", tmp_path / "out")
    assert run.status == 2
    assert "→" in run.err
    assert not (tmp_path / "out").exists()
