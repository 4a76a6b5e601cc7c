"""What lies beside the answers of a simulated nation, kinds of fault kept from tuning, and seeds that stay the same."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from prongsai.framework import by_id
from prongsai.simulation.answers import difficulty
from prongsai.simulation.faults import BESIDE, HELD_OUT, KINDS
from prongsai.simulation.nation import NationSpec, write_nation

SPEC = NationSpec(by_id("ita-2568"), 120, 4, faulty=0.5)


def sheets(folder: Path, container: str) -> pl.DataFrame:
    return pl.read_parquet(sorted((folder / "sheets" / container).glob("*.parquet")))


def truth(folder: Path) -> pl.DataFrame:
    return pl.read_parquet(folder / "truth" / "agencies.parquet")


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("beside") / "n"
    write_nation(replace(SPEC, faults=(*HELD_OUT, *BESIDE), agencies=200), folder)
    return folder


def test_a_seed_gives_the_nation_that_it_always_gave(tmp_path: Path) -> None:
    write_nation(NationSpec(by_id("ita-2568"), 20, 9), tmp_path)
    once = {
        "sheets/IIT/00000.parquet": "c72f59a2259e",
        "sheets/EIT.1/00000.parquet": "c9f9d88bc684",
        "verdicts/OIT.parquet": "95f42767d5ea",
        "arrivals.parquet": "49adee6b7724",
    }
    for name, digest in once.items():
        found = pl.read_parquet(tmp_path / name).write_csv()
        assert hashlib.sha256(found.encode()).hexdigest()[:12] == digest, name


def test_kinds_for_tuning_and_kinds_for_testing_are_not_the_same() -> None:
    assert not KINDS.keys() & HELD_OUT.keys()
    assert {kind.survey for kind in HELD_OUT.values()} == {"inside", "outside", "interviews"}


def test_held_out_kinds_are_planted_as_said(nation: Path) -> None:
    planted = truth(nation).filter(pl.col("fault").is_not_null())
    assert set(planted["fault"]) == set(HELD_OUT)
    spoiled = pl.read_parquet(nation / "truth" / "sheets.parquet")

    def of(kind: str, container: str) -> pl.DataFrame:
        numbers = planted.filter(pl.col("fault") == kind)["agency"].implode()
        here = spoiled.filter((pl.col("container") == container) & pl.col("agency").is_in(numbers))
        return sheets(nation, container).join(here.select("respondent"), on="respondent")

    rows = [name for name in sheets(nation, "IIT").columns if name.startswith("i")]
    inside = sheets(nation, "IIT")
    taken = of("neighbour", "IIT")
    elsewhere = inside.join(spoiled.select("respondent"), on="respondent", how="anti")
    found = taken.join(elsewhere, on=rows, how="left", nulls_equal=True, suffix="_of")
    assert found["agency_of"].null_count() < 0.1 * len(taken), (
        "they stand in the neighbour's file, but for spoiled ones"
    )
    middle = of("midpoint", "IIT").select(rows[5:]).to_numpy().astype(float)
    assert set(np.unique(middle)) <= {0, 1, 2, 3}
    days = pl.read_parquet(nation / "arrivals.parquet").filter(pl.col("container") == "EIT.1")
    hands = planted.filter(pl.col("fault") == "two_hands")["agency"].to_list()
    added = of("two_hands", "EIT.1").height / sheets(nation, "EIT.1").filter(pl.col("agency").is_in(hands)).height
    assert added == pytest.approx(0.2, abs=0.01), "a fifth of all that lie there"
    most = days.group_by("agency").agg(pl.col("sheets").max() / pl.col("sheets").sum())
    many = most.filter(pl.col("agency").is_in(hands))["sheets"].mean()
    assert isinstance(many, float)
    assert many < 0.2, "no single day takes all of a fifth that was added"


def test_nobody_holds_two_interviews_at_once(nation: Path) -> None:
    held = sheets(nation, "EIT.2").sort("agency", "surveyor", "started")
    gap = held.select((pl.col("started").shift(-1) - pl.col("started")).over("agency", "surveyor"))["started"]
    assert (gap.drop_nulls() >= held["seconds"].filter(gap.is_not_null())).all()
    days = held.group_by("agency", "surveyor").agg((pl.col("started") // 86_400).n_unique())["started"]
    assert days.mean() < 3, "surveyors come on a few days"  # type: ignore[operator]


def test_dead_links_are_planted_where_every_verdict_is_the_best(nation: Path, tmp_path: Path) -> None:
    links = pl.read_parquet(nation / "links.parquet")
    assert links["dead"].null_count() > 0
    told = truth(nation)
    dead = links.group_by("agency").agg(pl.col("dead").mean())
    dead = told.join(dead, on="agency").with_columns(pl.col("links").fill_null("honest"))
    assert dead.filter(pl.col("links") == "honest")["dead"].median() < 0.1  # type: ignore[operator]
    planted = dead.filter(pl.col("links") == "dead")
    assert len(planted) > 0
    assert (planted["dead"] > 0.15).all()
    verdicts = pl.read_parquet(nation / "verdicts" / "OIT.parquet").join(planted.select("agency"), on="agency")
    assert (verdicts.drop("agency").to_numpy() <= 0).all(), "position 0 is disclosed, -1 does not apply"


def test_copied_measures_are_another_agencys(nation: Path) -> None:
    texts = pl.read_parquet(nation / "texts.parquet")
    names = dict(pl.read_parquet(nation / "agencies.parquet").select("agency", "name").iter_rows())
    of = {agency: [text.replace(names[agency], "") for text in own] for agency, own in _by_agency(texts).items()}
    told = truth(nation)
    copied = told.filter(pl.col("texts") == "copied")
    assert 20 <= len(copied) <= 30, "kinds of which one alone stands in the nation have nobody to copy from"
    for agency, source in copied.select("agency", "text_from").iter_rows():
        assert set(of[agency]) <= set(of[source])
        assert len(of[agency]) >= 2
    assert set(told.filter(pl.col("texts") == "source")["agency"]) <= set(copied["text_from"])


def test_an_honest_nation_has_nothing_beside_the_answers_either(tmp_path: Path) -> None:
    write_nation(replace(SPEC, agencies=60, faults=()), tmp_path)
    told = truth(tmp_path)
    assert told["links"].null_count() == told["texts"].null_count() == 60


def test_years_have_the_same_agencies(tmp_path: Path) -> None:
    for year in ("ita-2567", "ita-2568"):
        write_nation(NationSpec(by_id(year), 30, 7), tmp_path / year)
    first, second = (pl.read_parquet(tmp_path / year / "agencies.parquet") for year in ("ita-2567", "ita-2568"))
    assert first.equals(second)
    assert not sheets(tmp_path / "ita-2567", "IIT").equals(sheets(tmp_path / "ita-2568", "IIT"))


def test_difficulties_change_what_they_say(tmp_path: Path) -> None:
    share = {}
    for name in ("usual", "ceiling", "crowds"):
        spec = NationSpec(by_id("ita-2568"), 60, 3, faults=(), difficulty=difficulty(name))
        write_nation(spec, tmp_path / name)
        share[name] = sheets(tmp_path / name, "IIT")["i1"].mean()
    assert share["ceiling"] > share["usual"]  # type: ignore[operator]
    days = {
        name: pl.read_parquet(tmp_path / name / "arrivals.parquet")
        .group_by("agency", "container")
        .agg(pl.col("sheets").max() / pl.col("sheets").sum())["sheets"]
        .quantile(0.9)
        for name in ("usual", "crowds")
    }
    assert days["crowds"] > 1.5 * days["usual"]  # type: ignore[operator]
    with pytest.raises(KeyError):
        difficulty("unheard of")


def _by_agency(texts: pl.DataFrame) -> dict[int, list[str]]:
    return dict(texts.group_by("agency").agg("text").iter_rows())
