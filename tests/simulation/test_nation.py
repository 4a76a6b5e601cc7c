"""A simulated nation: the same for the same seed, shaped like the real one, and honest about what was planted."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from prongsai.framework import by_id, for_year
from prongsai.simulation.faults import KINDS
from prongsai.simulation.nation import NationSpec, write_nation
from prongsai.simulation.population import must_answer, population, whole_nation


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def sheets(folder: Path, container: str) -> pl.DataFrame:
    return pl.read_parquet(sorted((folder / "sheets" / container).glob("*.parquet")))


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nation") / "n"
    write_nation(NationSpec(by_id("ita-2568"), 140, 4, faulty=0.5), folder)
    return folder


def test_the_same_seed_gives_the_same_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = NationSpec(by_id("ita-2568"), 20, 9)
    write_nation(spec, tmp_path / "a")
    write_nation(spec, tmp_path / "b")
    assert files(tmp_path / "a") == files(tmp_path / "b")
    write_nation(NationSpec(by_id("ita-2568"), 20, 10), tmp_path / "c")
    assert files(tmp_path / "a")["sheets/IIT/00000.parquet"] != files(tmp_path / "c")["sheets/IIT/00000.parquet"]
    monkeypatch.setattr("prongsai.simulation.nation.CHUNK", 7)
    write_nation(spec, tmp_path / "d")
    assert sheets(tmp_path / "d", "EIT.2").equals(sheets(tmp_path / "a", "EIT.2")), "chunks change nothing"


def test_a_whole_nation_has_the_real_counts_and_a_small_one_its_proportions() -> None:
    framework = for_year(2567)
    assert framework.national
    assert whole_nation() == framework.national.agencies
    places = population(framework, whole_nation(), 1)
    kinds = Counter(place.kind for place in places)
    local = ("subdistrict_organization", "subdistrict_municipality", "town_municipality", "city_municipality")
    special = ("provincial_organization", "special_local_government")
    assert sum(kinds[kind] for kind in (*local, *special)) == 7852
    assert len({place.province for place in places if place.kind == "province"}) == 76
    assert sum(place.inside for place in places) == pytest.approx(461_440, rel=0.05)
    assert all(place.inside <= place.staff for place in places)
    small = Counter(place.kind for place in population(framework, 833, 1))
    assert small["subdistrict_organization"] == pytest.approx(532, abs=1)
    assert sum(small.values()) == 833


@pytest.mark.parametrize(("staff", "answers"), [(12, 12), (30, 30), (250, 30), (301, 31), (4000, 400), (4001, 400)])
def test_who_must_answer_follows_the_published_rule(staff: int, answers: int) -> None:
    assert must_answer(by_id("ita-2564"), staff) == answers
    assert must_answer(by_id("ita-2568"), staff) == answers, "no rule is published; the earlier one is kept"


def test_options_follow_the_framework_and_respondents_stand_once(nation: Path) -> None:
    for container in ("IIT", "EIT.1", "EIT.2"):
        table = sheets(nation, container)
        assert table["respondent"].is_unique().all()
        assert table["i3" if container == "IIT" else "e1"].is_between(0, 1 if container == "IIT" else 5).all()
        assert 0 < table.null_count().sum_horizontal().item() < table.height
    assert "started" not in sheets(nation, "IIT").columns, "no time beside an answer given by oneself"
    assert "started" in sheets(nation, "EIT.2").columns


def test_scores_come_near_the_truth_and_the_published_mean(tmp_path: Path) -> None:
    means = {}
    for framework in ("ita-2564", "ita-2568"):
        folder = tmp_path / framework
        write_nation(NationSpec(by_id(framework), 400, 2, faults=()), folder)
        truth = pl.read_parquet(folder / "truth" / "agencies.parquet")
        means[framework] = float(np.mean(truth.select(pl.selectors.matches("^[ieo][0-9]")).mean().to_numpy()))
        published = by_id(framework).national
        assert published
        assert means[framework] == pytest.approx(float(published.mean or 0), abs=2.5)
    assert means["ita-2568"] > means["ita-2564"] + 5, "years drift as published"
    table = sheets(tmp_path / "ita-2568", "IIT").group_by("agency").agg(pl.col("i1").mean() * 20, pl.len().alias("n"))
    both = table.join(truth.select("agency", pl.col("i1").alias("true")), on="agency").filter(pl.col("n") >= 30)
    assert float((both["i1"] - both["true"]).mean()) == pytest.approx(0, abs=1.5)
    assert float(pl.Series(both.select(pl.corr("i1", "true"))).item()) > 0.8


def test_faults_are_planted_where_the_truth_says(nation: Path) -> None:
    truth = pl.read_parquet(nation / "truth" / "agencies.parquet")
    spoiled = pl.read_parquet(nation / "truth" / "sheets.parquet")
    planted = truth.filter(pl.col("fault").is_not_null())
    assert Counter(planted["fault"].to_list()) == dict.fromkeys(KINDS, 10)
    assert set(spoiled["agency"]) == set(planted["agency"])
    assert len(spoiled) == truth.select(pl.selectors.ends_with(" spoiled").sum()).sum_horizontal().item()

    def of(kind: str, container: str) -> pl.DataFrame:
        numbers = planted.filter(pl.col("fault") == kind)["agency"]
        here = spoiled.filter((pl.col("container") == container) & pl.col("agency").is_in(numbers.implode()))
        assert set(here["agency"]) == set(numbers), kind
        return sheets(nation, container).join(here.select("respondent"), on="respondent")

    best = of("all_best", "IIT").drop("agency", "respondent")
    assert all(best[name].n_unique() == 1 for name in best.columns)
    line = of("straight", "IIT").select("i1", "i2", "i5")
    assert (line["i1"] == line["i2"]).all()
    assert (of("speeding", "EIT.2")["seconds"] < 70).all()
    hurried = of("invented", "EIT.2").sort("agency", "started")
    gaps = hurried.select(pl.col("started").diff().over("agency")).to_series().drop_nulls()
    assert gaps.is_between(280, 320).all()
    copies = of("copied", "IIT").group_by("agency").agg(pl.struct(pl.selectors.matches("^i")).mode().first(), pl.len())
    assert (copies["len"] >= 2).any()
    assert of("stuffed", "EIT.1").height > 0


def test_an_honest_nation_has_no_fault(tmp_path: Path) -> None:
    write_nation(NationSpec(by_id("rehearsal"), 20, 4, faults=()), tmp_path)
    assert pl.read_parquet(tmp_path / "truth" / "sheets.parquet").is_empty()
    assert pl.read_parquet(tmp_path / "truth" / "agencies.parquet")["fault"].null_count() == 20


def test_kinds_whose_survey_a_framework_lacks_are_left_out(tmp_path: Path) -> None:
    write_nation(NationSpec(by_id("rehearsal"), 40, 4, faulty=0.5), tmp_path)
    faults = set(pl.read_parquet(tmp_path / "truth" / "agencies.parquet")["fault"].drop_nulls())
    assert faults == {"coached", "all_best", "copied", "straight"}
