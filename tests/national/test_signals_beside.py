"""Signals beside the answers: each one sees what it was made for, and leaves honest agencies alone."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from shutil import copytree
from types import ModuleType
from typing import cast

import numpy as np
import polars as pl
import pytest
from nation_sample import edit, tell_sheets
from scipy import stats

from prongsai.errors import InputError
from prongsai.framework import by_id
from prongsai.improvement.proposals import proposals
from prongsai.national.engines import count, engine
from prongsai.national.nation import open_nation
from prongsai.national.score import score_nation
from prongsai.national.signals import arrival, interviews, tails
from prongsai.national.signals.alike_texts import families, shingles
from prongsai.national.signals.sight import Floats, Interviews, Sight
from prongsai.simulation.nation import NationSpec, write_nation

NAMES = ("gap", "jump", "arrival", "interviews", "surveyors", "links", "texts")
SPEC = NationSpec(by_id("ita-2568"), 500, 12, faulty=0.4, spoiled=0.6)


def look(folder: Path, before: Sight | None = None) -> Sight:
    nation = open_nation(folder)
    counted = count(nation, engine("polars"))
    return Sight(nation, counted, score_nation(nation, counted), before)


def reader(name: str) -> ModuleType:
    return import_module(f"prongsai.national.signals.{name}")


def evidence(name: str, sight: Sight) -> dict[str, Floats]:
    return cast(dict[str, Floats], reader(name).evidence(sight))


@pytest.fixture(scope="module")
def sight(tmp_path_factory: pytest.TempPathFactory) -> Sight:
    folder = tmp_path_factory.mktemp("signals")
    write_nation(replace(SPEC, framework=by_id("ita-2567"), faults=()), folder / "before")
    write_nation(SPEC, folder / "now")
    return look(folder / "now", look(folder / "before"))


@pytest.fixture(scope="module")
def truth(sight: Sight) -> pl.DataFrame:
    return pl.read_parquet(sight.nation.folder / "truth" / "agencies.parquet")


def caught(odd: Floats, truth: pl.DataFrame, planted: pl.Expr) -> float:
    """The share of planted agencies beyond what one in fifty clean ones reach."""
    clean = truth.select(pl.all_horizontal(pl.col("fault", "links", "texts").is_null())).to_series().to_numpy()
    cut = np.nanquantile(odd[clean], 0.98)
    found = odd[truth.select(planted.fill_null(value=False)).to_series().to_numpy()]
    return float(np.mean(found[np.isfinite(found)] > cut))


FAULT, LINKS, TEXTS = pl.col("fault"), pl.col("links"), pl.col("texts")


@pytest.mark.parametrize(
    ("name", "container", "planted", "least"),
    [
        ("gap", "IIT", FAULT == "all_best", 0.1),  # five times the false alarms: means say little where all are high
        ("jump", "IIT", FAULT == "all_best", 0.1),
        ("arrival", "IIT", FAULT.is_in(["coached", "copied"]), 0.9),
        ("arrival", "EIT.1", FAULT == "stuffed", 0.9),
        ("interviews", "EIT.2", FAULT.is_in(["invented", "speeding"]), 0.9),
        ("surveyors", "EIT.2", FAULT == "invented", 0.4),
        ("links", "OIT", LINKS == "dead", 0.9),
        ("texts", "OIT", TEXTS.is_in(["copied", "source"]), 0.9),
    ],
)
def test_a_signal_sees_what_was_planted(
    sight: Sight, truth: pl.DataFrame, name: str, container: str, planted: pl.Expr, least: float
) -> None:
    odd = evidence(name, sight)[container]
    assert caught(odd, truth, planted) >= least
    beside = LINKS.is_not_null() | TEXTS.is_not_null()
    other = FAULT.is_not_null() & ~beside if name in ("links", "texts") else beside & FAULT.is_null()
    assert caught(odd, truth, other) < 0.1, "others look like anybody"


@pytest.mark.parametrize("name", NAMES)
def test_reasons_have_figures_in_both_languages(sight: Sight, name: str) -> None:
    for container, odd in evidence(name, sight).items():
        assert odd.shape == sight.nation.numbers.shape
        th, en = reader(name).reason(sight, container, int(np.nanargmax(odd)))
        assert any("\u0e00" <= mark <= "\u0e7f" for mark in th)
        assert not any("\u0e01" <= mark <= "\u0e2e" for mark in en.replace(_names(sight), "")) or name == "texts"
        assert any(mark.isdigit() for mark in th)
        assert any(mark.isdigit() for mark in en)


def _names(sight: Sight) -> str:
    return str(sight.nation.agencies["name"][0])


@pytest.mark.parametrize("name", NAMES)
def test_a_framework_of_one_survey_and_nothing_beside_it_is_no_trouble(tmp_path: Path, name: str) -> None:
    write_nation(NationSpec(by_id("rehearsal"), 12, 3, faults=()), tmp_path / "n")
    for beside in ("texts", "arrivals"):
        (tmp_path / "n" / f"{beside}.parquet").unlink()
    lonely = look(tmp_path / "n")
    for odd in evidence(name, lonely).values():
        assert np.isnan(odd).all()


def test_a_gap_is_measured_in_what_peers_differ_by_and_needs_another_survey(sight: Sight, tmp_path: Path) -> None:
    odd = evidence("gap", sight)
    assert set(odd) == {"IIT", "EIT.1", "EIT.2"}
    assert 0.7 < float(np.nanstd(odd["IIT"])) < 1.6
    copytree(sight.nation.folder, tmp_path / "n")
    for path in (tmp_path / "n" / "sheets").glob("EIT.*/*.parquet"):
        edit(path, lambda table: table.filter(pl.col("agency") != 3))
    tell_sheets(tmp_path / "n")
    again = evidence("gap", look(tmp_path / "n"))
    assert np.isnan([again[name][2] for name in again]).all(), "the inside survey alone, and two without a sheet"
    assert np.isfinite(again["IIT"][3:]).all()


def test_a_surveyor_is_compared_with_all_others_of_the_agency(sight: Sight) -> None:
    sheets, held = sight.sheets("EIT.2"), sight.interviews("EIT.2")
    assert held is not None
    line = int(np.nanargmax(evidence("surveyors", sight)["EIT.2"]))
    here = slice(sheets.starts[line], sheets.starts[line + 1])
    answered = (sheets.positions[here] >= 0).any(axis=1)
    th, en = reader("surveyors").reason(sight, "EIT.2", line)
    who, own, others = (int(number) for number in re.findall(r"\b\d+\b(?!\.\d)", en.replace(",", ""))[:3])
    assert own == (held.surveyor[here][answered] == who).sum()
    assert own + others == answered.sum()
    assert f"หมายเลข {who}" in th


def test_years_are_matched_by_code(sight: Sight, tmp_path: Path) -> None:
    """The same agencies under other numbers and in another order give the same evidence."""
    assert sight.before is not None
    old = sight.before.nation.folder
    shuffled = tmp_path / "before"
    number = pl.col("agency")
    for path in sorted(old.rglob("*.parquet")):
        if "truth" not in path.parts:
            to = shuffled / path.relative_to(old)
            to.parent.mkdir(parents=True, exist_ok=True)
            marks = {k: v for k, v in pl.read_parquet_metadata(path).items() if k.startswith("prongsai")}
            pl.read_parquet(path).with_columns((5_000 - number).cast(pl.Int32).alias("agency")).write_parquet(
                to, metadata=marks
            )
    (shuffled / "nation.yaml").write_bytes((old / "nation.yaml").read_bytes())
    again = replace(sight, before=look(shuffled), _kept={})
    np.testing.assert_allclose(evidence("jump", again)["IIT"], evidence("jump", sight)["IIT"], rtol=1e-9)


def _arrivals(container: str = "IIT", day: int | None = 3, sheets: int = 4) -> pl.DataFrame:
    about = {"agency": [1, 2], "container": ["IIT", container], "day": [1, day], "sheets": [9, sheets]}
    return pl.DataFrame(about)


def _links(item: str) -> pl.DataFrame:
    return pl.DataFrame({"agency": [1], "container": ["OIT"], "item": [item], "host": ["a.example"], "dead": [True]})


@pytest.mark.parametrize(
    ("signal", "file", "table", "where"),
    [
        ("texts", "texts", pl.DataFrame({"agency": [1], "text": ["ก"]}), "measure"),
        ("texts", "texts", pl.DataFrame({"agency": [1], "measure": [1], "text": [None]}), "text"),
        ("arrival", "arrivals", _arrivals(container="EIT.9"), "EIT.9"),
        ("arrival", "arrivals", _arrivals(day=None), "day"),
        ("arrival", "arrivals", _arrivals(day=10**9), "year"),
        ("arrival", "arrivals", _arrivals(sheets=-1), "below 0"),
        ("arrival", "arrivals", _arrivals().with_columns(agency=pl.lit(7_000)), "agency"),
        ("links", "links", _links("o99"), "o99"),
        ("links", "links", _links("o1").with_columns(container=pl.lit("OIT.9")), "OIT.9"),
    ],
)
def test_a_table_beside_the_sheets_that_cannot_be_used_is_refused(
    small: Path, tmp_path: Path, signal: str, file: str, table: pl.DataFrame, where: str
) -> None:
    folder = tmp_path / "n"
    copytree(small, folder)
    table.write_parquet(folder / f"{file}.parquet")
    with pytest.raises(InputError) as refusal:
        evidence(signal, look(folder))
    assert where in f"{refusal.value} {refusal.value.problems[0].where}"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small") / "n"
    write_nation(NationSpec(by_id("ita-2568"), 12, 3), folder)
    return folder


def test_a_host_that_is_away_counts_once_and_is_told(small: Path, tmp_path: Path) -> None:
    """All links of one agency lie on a dead host, another's are dead one by one on two hosts that partly answer."""
    folder = tmp_path / "n"
    copytree(small, folder)
    items = [name for name in pl.read_parquet(folder / "verdicts" / "OIT.parquet").columns if name != "agency"]
    lines = [
        {
            "agency": agency,
            "item": item,
            "host": "one.example" if turn % 2 else "two.example",
            "dead": agency in (2, 3) and turn > 2,
        }
        for agency in range(2, 13)
        for turn, item in enumerate(items)
    ]
    lines += [{"agency": 1, "item": item, "host": "gone.example", "dead": True} for item in items]
    table = pl.DataFrame(lines).select("agency", pl.lit("OIT").alias("container"), "item", "host", "dead")
    table.write_parquet(folder / "links.parquet")
    marks = {k: v for k, v in pl.read_parquet_metadata(small / "verdicts" / "OIT.parquet").items() if "prongsai" in k}
    failed = {
        item: [0, 0, 1] + [0] * 9 for item in items
    }  # all items of the third agency, whose links are dead as well
    verdicts = pl.DataFrame({"agency": range(1, 13), **failed}).cast(pl.Int32)
    verdicts.write_parquet(folder / "verdicts" / "OIT.parquet", metadata=marks)
    sight = look(folder)
    odd = evidence("links", sight)["OIT"]
    assert odd[1] > 3
    assert odd[0] < 2
    assert np.isnan(odd[2])
    assert (odd[3:] < 0).all()
    th, en = reader("links").reason(sight, "OIT", 0)
    assert f"{len(items)} more lie on a host" in en
    assert "ควรตรวจซ้ำ" in th
    assert f"{len(items) - 3} of {len(items)} passed items" in reader("links").reason(sight, "OIT", 1)[1]


# Arrivals, without a nation.


def usual_days() -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    dice = np.random.default_rng(3)
    weights = np.linspace(0.5, 1.5, 30) * dice.gamma(3, 1, (200, 30))
    return np.stack([dice.multinomial(60, line / line.sum()) for line in weights])


def test_a_day_that_takes_a_third_of_all_sheets_is_odd() -> None:
    peers = arrival.fitted(usual_days())
    quiet = usual_days()[7]
    told = arrival.burst(quiet.tolist(), peers)
    assert told is not None
    assert told.deviate < 2
    quiet[12] += 30
    told = arrival.burst(quiet.tolist(), peers)
    assert told is not None
    assert told.deviate > 4
    assert (told.first, told.days) == (12, 1)
    assert told.seen == quiet[12]
    assert told.of == quiet.sum()
    assert "1 วัน" in arrival.sentences(told)[0]


def test_five_days_of_stuffing_are_odder_than_any_one_of_them() -> None:
    peers = arrival.fitted(usual_days())
    days = usual_days()[7]
    days[10:15] += 8
    told = arrival.burst(days.tolist(), peers)
    assert told is not None
    assert told.days == 7
    assert told.deviate > 2


def test_too_few_sheets_tell_nothing_about_days() -> None:
    assert arrival.burst([0, 2, 0], arrival.Peers(np.full(3, 1 / 3), (np.full(3, 9.0),) * 3)) is None


# Interviews, without a nation.


def held(starts: list[int], seconds: list[int], surveyor: int = 1) -> Interviews:
    return Interviews(*(np.array(one) for one in ([surveyor] * len(starts), starts, seconds)))


PEERS = interviews.Usual(90.0, ((0.001, 0.0), (0.02, 0.0), (0.1, 0.0), (0.001, 0.0)))


def found(some: Interviews) -> dict[str, tuple[int, int]]:
    marked = interviews.marks(np.zeros(len(some.started), np.int64), 1, some, PEERS.floor)
    return {name: (int(marked.seen[k, 0]), int(marked.of[k, 0])) for k, name in enumerate(interviews.MARKS)}


def test_marks_of_interviews_are_counted_by_hand() -> None:
    some = held([0, 400, 1000, 1300, 9000, 90_000], [300, 310, 60, 300, 500, 80])
    # within one sitting: 0-400-1000-1300; 9000 is more than two hours later, 90000 is another day
    assert found(some) == {"short": (2, 6), "regular": (0, 2), "unbroken": (0, 3), "at_once": (0, 3)}
    assert found(held([0, 300, 605, 900], [240, 250, 245, 240])) == {
        "short": (0, 4), "regular": (2, 2), "unbroken": (3, 3), "at_once": (0, 3),
    }  # fmt: skip
    assert found(held([0, 100], [300, 300]))["at_once"] == (1, 1)
    assert found(held([0, 100], [-1, 300]))["short"] == (0, 1), "unknown times count nowhere"


def test_two_surveyors_may_hold_interviews_at_once() -> None:
    both = Interviews(np.array([1, 2]), np.array([0, 10]), np.array([300, 300]))
    assert found(both)["at_once"] == (0, 0)


def test_what_is_said_of_interviews_names_only_what_is_odd() -> None:
    some = held([0, 300, 605, 900, 1201], [240, 250, 245, 240, 250])
    marked = interviews.marks(np.zeros(5, np.int64), 1, some, PEERS.floor)
    th, en = interviews.sentences(marked, PEERS)
    assert "the same interval" in en
    assert "very short" not in en
    assert "3 จาก 3" in th


# Chances.


def test_tails_against_scipy() -> None:
    seen, of = np.array([1, 3, 10, 40]), 60
    exact = stats.binom.sf(seen - 1, of, 0.02)
    np.testing.assert_allclose(tails.spread_binomial(seen, of, 0.02, 0.0), exact, rtol=0.05, atol=1e-4)
    spread = stats.betabinom.sf(seen - 1, of, 0.1 * 9, 0.9 * 9)  # correlation 1 / (1 + 9)
    np.testing.assert_allclose(tails.spread_binomial(seen, of, 0.1, 0.1), spread, rtol=0.3, atol=2e-3)
    assert tails.spread_binomial(0, 10, 0.5, 0.2) == 1
    assert tails.spread_binomial(0, 0, 0.5, 0.2) == 1


def test_deviates_are_those_of_the_normal_law() -> None:
    chances = np.array([0.5, 0.01, 1e-12, 1e-200])
    np.testing.assert_allclose(tails.deviate(chances), stats.norm.isf(chances), rtol=1e-6, atol=1e-6)
    assert np.isfinite(tails.deviate(np.array([0.0, 1.0]))).all()


def test_what_is_usual_is_not_moved_by_a_few_that_cheat() -> None:
    dice = np.random.default_rng(8)
    of = np.full(500, 40.0)
    seen = dice.binomial(40, dice.beta(2, 38, 500)).astype(float)
    rate, alike = tails.usual(seen, of)
    assert rate == pytest.approx(0.05, abs=0.01)
    assert alike == pytest.approx(1 / 41, abs=0.01)
    seen[:25] = 38
    again, alike_again = tails.usual(seen, of)
    assert again == pytest.approx(rate, rel=0.1)
    assert alike_again == pytest.approx(alike, abs=0.01)


# Texts.


def test_families_are_texts_that_share_most_shingles() -> None:
    first = "จัดทำคู่มือการให้บริการประชาชนฉบับย่อและติดประกาศไว้ณจุดบริการทุกแห่งพร้อมช่องทางร้องเรียนที่ผู้มาติดต่อใช้ได้จริง"
    nearly = first.replace("ฉบับย่อ", "อย่างย่อ")
    other = "ทบทวนแผนการใช้จ่ายงบประมาณทุกไตรมาสและรายงานผลการเบิกจ่ายต่อที่ประชุมหัวหน้าส่วนราชการเพื่อเร่งรัดการดำเนินงาน"
    found = families(*shingles([first, other, nearly, first, "สั้น", ""]), 6)
    assert found[0] == found[2] == found[3]
    assert len({found[0], found[1], found[4], found[5]}) == 4


def test_prongsais_own_proposals_do_not_count(tmp_path: Path) -> None:
    write_nation(NationSpec(by_id("ita-2568"), 20, 3), tmp_path / "n")
    own = [one.title + " " + " ".join(step.text for step in one.steps) for some in proposals().values() for one in some]
    agencies = pl.read_parquet(tmp_path / "n" / "agencies.parquet")["agency"]
    lines = [(agency, turn, text) for agency in agencies[:6] for turn, text in enumerate(own[:5], 1)]
    written = "กำหนดให้ทุกกองประชุมทบทวนข้อร้องเรียนร่วมกับผู้แทนหมู่บ้านเดือนละครั้งแล้วประกาศผลไว้หน้าสำนักงาน"
    lines += [(agency, 6, written * 2) for agency in agencies[:2]]
    schema = {"agency": pl.Int32, "measure": pl.Int16, "text": pl.String}
    pl.DataFrame(lines, schema=schema, orient="row").write_parquet(tmp_path / "n" / "texts.parquet")
    odd = evidence("texts", look(tmp_path / "n"))["OIT"]
    assert (odd[:2] > 0.9).all(), "their own words are the same"
    assert np.isnan(odd[2:]).all(), "nothing of their own is left to compare"
