"""The whole nation, engine against engine and every agency against scoring alone: ``make test-full``."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from nation_sample import assert_equal

from prongsai.framework import by_id
from prongsai.national.engines import count, engine
from prongsai.national.nation import open_nation
from prongsai.national.score import score_nation
from prongsai.simulation.nation import NationSpec, write_nation
from prongsai.simulation.population import whole_nation


@pytest.mark.skipif(not os.environ.get("PRONGSAI_FULL"), reason="takes minutes: make test-full (PRONGSAI_FULL=1)")
def test_every_agency_of_the_nation(tmp_path: Path) -> None:
    write_nation(NationSpec(by_id("ita-2568"), whole_nation(), 20), tmp_path / "n")
    nation = open_nation(tmp_path / "n")
    counted = count(nation, engine("polars"), moments=True)
    by_duckdb = count(nation, engine("duckdb"), moments=True)
    assert all(by_duckdb[name].same(one) for name, one in counted.items())
    assert_equal(score_nation(nation, counted), counted)
