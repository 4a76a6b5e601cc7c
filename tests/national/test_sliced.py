"""A nation counted in slices is the nation counted whole: the same integers, scores, errors and files."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from nation_sample import odd_nation
from polars.testing import assert_frame_equal

from prongsai.errors import InputError
from prongsai.national.compared import Asked, compare
from prongsai.national.engines import count, engine
from prongsai.national.nation import Nation, open_nation
from prongsai.national.score import score_nation
from prongsai.national.sliced import measured
from prongsai.national.uncertain import estimates
from prongsai.national.write import write_results

COUNT = 60


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Nation:
    return open_nation(odd_nation(tmp_path_factory.mktemp("nation"), COUNT))


@pytest.mark.parametrize(("name", "agencies"), [("polars", 7), ("polars", COUNT)])
def test_slices_are_the_whole(nation: Nation, name: str, agencies: int) -> None:
    counted = count(nation, engine("polars"), moments=True)
    scores = score_nation(nation, counted)
    sure = estimates(scores, counted)
    found = measured(nation, engine(name), errors=True, agencies=agencies)
    for survey, one in counted.items():
        assert replace(one, pairs=None).same(found.counted[survey])
    for part in ("low", "high", "shown_low", "shown_high", "exact", "state", "levels", "again"):
        assert np.array_equal(getattr(found.scores, part), getattr(scores, part)), part
    assert {key: list(value) for key, value in found.scores.sheets.items()} == {
        key: list(value) for key, value in scores.sheets.items()
    }
    assert found.scores.nation is nation
    assert found.estimates
    for field in fields(sure):
        if field.name != "nodes":
            ours, whole = getattr(found.estimates, field.name), getattr(sure, field.name)
            np.testing.assert_allclose(ours, whole, rtol=1e-12, atol=1e-12)  # sums of floats, in other pieces


def test_the_files_are_the_same(nation: Nation, tmp_path: Path) -> None:
    for name, agencies in (("whole", COUNT), ("slices", 11)):
        found = measured(nation, engine("polars"), errors=True, agencies=agencies)
        compared = compare(found.scores, found.counted, Asked(small_area=True), every=found.estimates)
        write_results(tmp_path / name, compared, workbook=False)
    for name in ("nation.json", "agencies.csv", "aggregates.csv"):
        assert (tmp_path / "whole" / name).read_bytes() == (tmp_path / "slices" / name).read_bytes(), name
    for name in ("scores.parquet", "small_area.parquet"):
        whole, slices = (pl.read_parquet(tmp_path / way / name) for way in ("whole", "slices"))
        assert_frame_equal(whole, slices, rel_tol=1e-9)


def test_without_errors_nothing_is_summed(nation: Nation) -> None:
    found = measured(nation, engine("polars"), errors=False, agencies=20)
    assert found.estimates is None
    assert all(one.pairs is None for one in found.counted.values())


def test_sheets_that_went_in_the_meantime_are_missed(nation: Nation) -> None:
    surveys = {name: replace(one, sheets=one.sheets + 1) for name, one in nation.surveys.items()}
    with pytest.raises(InputError, match="changed while they were counted"):
        measured(replace(nation, surveys=surveys), engine("polars"), errors=False, agencies=20)
