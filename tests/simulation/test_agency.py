"""A simulated agency: the same for the same seed, near its truth, and the same through its files."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from prongsai.framework import by_id, catalog, for_year
from prongsai.scoring.as_json import sheet_json
from prongsai.scoring.results import load_results
from prongsai.scoring.score import score
from prongsai.simulation import Spec, simulate


def test_the_same_seed_gives_the_same_agency() -> None:
    spec = Spec(for_year(2568), seed=7)
    assert simulate(spec).sheets == simulate(spec).sheets
    assert simulate(spec).sheets != simulate(Spec(for_year(2568), seed=8)).sheets


@pytest.mark.parametrize("name", [entry.id for entry in catalog()])
def test_every_framework_can_be_simulated_and_scored(name: str) -> None:
    sheet = score(simulate(Spec(by_id(name), respondents=12)).results)
    assert sheet.values["overall"].informative
    assert 0 <= sheet.values["overall"].interval.low <= sheet.values["overall"].interval.high <= 100


def test_many_answers_come_near_the_truth() -> None:
    made = simulate(Spec(for_year(2564), seed=2, respondents=4000, spread=0.0, missing=0.0))
    sheet = score(made.results)
    for node, truth in made.truth.items():
        found = sheet.score(node)
        assert found is not None
        assert abs(found - truth) < Fraction(2), node


def test_files_give_the_same_scores(tmp_path: Path) -> None:
    made = simulate(Spec(for_year(2567), seed=4))
    direct, through = sheet_json(score(made.results)), sheet_json(score(load_results(made.write(tmp_path))))
    for key in ("overall", "components", "instruments", "indicators", "items"):
        assert direct[key] == through[key]


def test_what_is_not_disclosed_scores_nothing() -> None:
    sheet = score(simulate(Spec(for_year(2565), disclosed=0.0)).results)
    assert sheet.score("OIT") == 0
