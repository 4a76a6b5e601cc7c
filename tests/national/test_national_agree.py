"""Small odd nations drawn at random: the engines agree with each other and with scoring, whatever people answered."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nation_sample import assert_counted, assert_equal

from prongsai.framework import by_id
from prongsai.national.engines import count, engine
from prongsai.national.engines.duckdb import DuckdbEngine
from prongsai.national.nation import Nation, open_nation
from prongsai.national.score import score_nation
from prongsai.scoring.structure import structure
from prongsai.scoring.wide import AGENCY, RESPONDENT, Layout, containers, layout, marks
from prongsai.yaml_file import dump

FRAMEWORKS = ("rehearsal", "ita-2566")  # few rows, so that the definition is short; one with uneven steps
# Agencies (numbers far apart, negative too), files, and how likely an empty cell is.
NUMBERS = st.lists(st.integers(-(2**31), 2**31 - 1), min_size=1, max_size=6, unique=True)
SIZES = st.sampled_from([0, 0, 1, 2, 9, 300])


def sheets(wide: Layout, numbers: list[int], empty: float, dice: np.random.Generator) -> pl.DataFrame:
    """Sheets of some agencies in any order; ``numbers``: an agency for each sheet."""
    columns = {}
    for row in wide.rows:
        chosen = dice.integers(0, len(row.options), len(numbers))
        gone = dice.random(len(numbers)) < empty
        values = [None if no else int(one) for one, no in zip(chosen, gone, strict=True)]
        columns[row.code] = pl.Series(values, dtype=dice.choice([pl.Int8, pl.UInt8, pl.Int64]))
    respondents = dice.permutation(10 * len(numbers) + 1)[: len(numbers)]
    keys = {AGENCY: pl.Series(numbers, dtype=pl.Int64), RESPONDENT: pl.Series(respondents, dtype=pl.Int64)}
    return pl.DataFrame({**keys, **columns})


@st.composite
def nations(draw: st.DrawFn) -> tuple[str, list[int], list[list[int]], int, float]:
    """Framework, agencies, for each survey the agency of each sheet, seed, share of empty cells."""
    framework = draw(st.sampled_from(FRAMEWORKS))
    numbers = draw(NUMBERS)
    surveys = containers(by_id(framework), "survey")
    asked = [[n for n in numbers for _ in range(draw(SIZES))] for _ in surveys]
    return framework, numbers, asked, draw(st.integers(0, 2**32)), draw(st.sampled_from([0.0, 0.1, 0.9, 1.0]))


def write(folder: Path, drawn: tuple[str, list[int], list[list[int]], int, float]) -> Nation:
    name, numbers, asked, seed, empty = drawn
    framework, dice = by_id(name), np.random.default_rng(seed)
    tree = structure(framework)
    text = [f"a{number}" for number in numbers]
    about = dict.fromkeys(("code", "name", "kind", "province"), text)
    pl.DataFrame({AGENCY: numbers, **about, "staff": [None if n % 2 else 7 for n in numbers]}).cast(
        {"staff": pl.Int64}
    ).write_parquet(folder / "agencies.parquet")
    for container, agencies in zip(containers(framework, "survey"), asked, strict=True):
        place = folder / "sheets" / container
        place.mkdir(parents=True)
        order = list(dice.permutation(agencies)) if dice.random() < 0.5 else agencies
        table = sheets(layout(tree, container), order, empty, dice)
        cut = int(dice.integers(0, len(table) + 1))
        for turn, part in enumerate((table[:cut], table[cut:])):
            part.write_parquet(place / f"{turn}.parquet", metadata=marks(framework, container))
    told = {"framework": name, "version": framework.version}
    (folder / "nation.yaml").write_text(dump(told), encoding="utf-8")
    return open_nation(folder)


@pytest.fixture(scope="module")
def duckdb() -> Iterator[DuckdbEngine]:
    opened = DuckdbEngine()
    yield opened
    opened.close()


@given(nations())
@settings(max_examples=max(10, settings.default.max_examples // 10))
def test_engines_agree_on_odd_nations(
    duckdb: DuckdbEngine, drawn: tuple[str, list[int], list[list[int]], int, float]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        nation = write(Path(folder), drawn)
        counted = count(nation, engine("polars"), moments=True)
        by_duckdb = count(nation, duckdb, moments=True)
        assert all(by_duckdb[name].same(one) for name, one in counted.items())
        for mine in nation.slices(2):
            for name, one in count(mine, engine("polars"), moments=True).items():
                here = np.isin(nation.numbers, mine.numbers)
                assert np.array_equal(one.sheets, counted[name].sheets[here])
                assert np.array_equal(one.pairs, counted[name].pairs[here])
        assert_counted(nation, counted)
        assert_equal(score_nation(nation, counted), counted)
