"""Each signal fires on what was planted and is quiet in clean agencies of the same size; nothing official changes."""

from __future__ import annotations

import os

import numpy as np
import polars as pl
import pytest
from signal_sample import sight_of, simulated

from prongsai.national.columns import Mask
from prongsai.national.signals import readers
from prongsai.national.signals.combine import Evidence, beside_peers, look, rarity
from prongsai.national.signals.cuts import cuts
from prongsai.national.signals.evaluate import Rate, false_alarms, precision, recall, truth
from prongsai.national.signals.report import as_bytes, summary, table

full = pytest.mark.skipif(not os.environ.get("PRONGSAI_FULL"), reason="heavy; make test-full")
PLANTED = ("coached", "copied", "straight", "invented", "all_best")


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory):
    """A nation in which 40 % of the sheets of one survey are spoiled in a tenth of the agencies."""
    sight = simulated(tmp_path_factory.mktemp("nation") / "n", 700, 31, PLANTED, faulty=0.1, spoiled=0.4)
    findings = look(sight)
    return findings, truth(sight, findings.evidence.containers)


def _marked(found, signal: str, container: str) -> Mask:
    """What a signal marks by itself at one clean agency in 300; its share of the union's false alarms aside."""
    evidence = found[0].evidence
    names = [one.SIGNAL.name for one in evidence.signals]
    rareness = cuts().rareness(names, beside_peers(evidence), evidence.classes)
    return np.asarray(rareness[names.index(signal), evidence.containers.index(container)] >= 2.5)


@pytest.mark.parametrize(
    ("signal", "kind", "container"),
    [
        ("copies", "copied", "IIT"),
        ("copies", "coached", "IIT"),
        ("copies", "invented", "EIT.2"),
        ("alike", "coached", "IIT"),
        ("straight", "straight", "IIT"),
        ("digits", "coached", "IIT"),
    ],
)
def test_a_signal_fires_on_what_it_is_for_and_not_on_clean_agencies_of_that_size(
    found, signal, kind, container
) -> None:
    findings, told = found
    marked = _marked(found, signal, container)
    faulty = told.of(kind) & (told.size >= 2)
    sizes = findings.evidence.classes[findings.evidence.containers.index(container)]
    clean = told.clean & np.isin(sizes, np.unique(told.size[faulty]))
    assert faulty.sum() >= 5
    assert marked[faulty].mean() >= (0.6 if signal == "digits" else 0.8)
    assert marked[clean].mean() <= 0.01


def test_kinds_that_leave_traces_are_found_and_all_best_is_not(found) -> None:
    findings, told = found
    rates = recall(findings, told)

    def large(kind: str) -> float:
        rate = sum((rate for (one, size), rate in rates.items() if one == kind and size >= 2), Rate(0, 0))
        assert rate.of >= 5
        return rate.share

    assert large("straight") >= 0.9
    assert large("coached") >= 0.9
    assert large("copied") >= 0.9
    assert large("all_best") <= 0.4  # nothing in the answers tells them from honest ones; the page says so
    assert precision(findings, told).share > 0.8


def test_an_honest_nation_is_left_alone(tmp_path) -> None:
    sight = simulated(tmp_path / "n", 1500, 32)
    findings = look(sight)
    alarms = false_alarms(findings, truth(sight, findings.evidence.containers))["all"]
    assert alarms.of == 1500
    assert alarms.interval[0] <= 0.01


@full
@pytest.mark.parametrize("difficulty", ["usual", "uneven", "ceiling", "crowds"])
def test_one_clean_agency_in_a_hundred_is_marked(tmp_path, difficulty) -> None:
    sight = simulated(tmp_path / "n", 6000, 33, difficulty=difficulty)
    findings = look(sight)
    alarms = false_alarms(findings, truth(sight, findings.evidence.containers))["all"]
    assert alarms.share <= 0.02


def test_reasons_name_survey_signal_and_figures_in_both_languages(found) -> None:
    findings, _ = found
    order = findings.order()
    assert findings.agencies[order[0]] == np.nanmax(findings.agencies)
    for line in order[:40]:
        reasons = findings.reasons(line)
        assert reasons
        for reason in reasons:
            assert reason.rarity >= 100
            assert reason.th
            assert any(sign.isdigit() for sign in reason.en)
    clean = int(np.flatnonzero(~findings.flagged.any(axis=0))[0])
    assert findings.reasons(clean) == []


def test_every_signal_says_what_it_is_and_gives_a_reason_anywhere(found) -> None:
    findings, _ = found
    evidence = findings.evidence
    names = [one.SIGNAL.name for one in evidence.signals]
    assert len(set(names)) == len(names) == len(readers())
    for number, signal in enumerate(evidence.signals):
        about = signal.SIGNAL
        assert about.title_th
        assert any("ก" <= sign <= "๙" for sign in about.sees_th)
        assert about.sees_en.isascii()
        assert len(about.source) > 20
        for place, container in enumerate(evidence.containers):
            known = np.flatnonzero(np.isfinite(evidence.value[number, place]))
            for line in known[:: max(1, len(known) // 3)]:
                assert all(signal.reason(findings.sight, container, int(line)))


def test_groups_smaller_than_k_are_not_looked_at(found) -> None:
    findings, _ = found
    sight = findings.sight
    k = sight.nation.framework.disclosure.k
    small = {name: sight.sheets(name).sizes < k for name in sight.surveys}
    assert any(one.any() for one in small.values())
    for name, one in small.items():
        assert np.isnan(findings.strength[:, findings.evidence.containers.index(name), one]).all()
    written = table(findings)
    assert written.filter(pl.col("sheets") < k).is_empty()


def test_scores_are_the_same_before_and_after(found) -> None:
    findings, _ = found
    again = sight_of(findings.sight.nation.folder)
    for name in ("low", "high", "shown_low", "shown_high", "levels"):
        np.testing.assert_array_equal(getattr(findings.sight.scores, name), getattr(again.scores, name))


def test_a_habit_of_the_whole_nation_marks_nobody(tmp_path) -> None:
    sight = simulated(tmp_path / "n", 400, 34, difficulty="crowds")
    findings = look(sight)
    assert ("arrival", "IIT") in findings.silent
    assert summary(findings)["silent"]


def test_peers_make_evidence_smaller_never_greater(found) -> None:
    evidence = found[0].evidence
    beside = beside_peers(evidence)
    known = np.isfinite(evidence.value)
    assert np.array_equal(np.isfinite(beside), known)
    above = known & (evidence.value > 0)
    assert (beside[above] <= evidence.value[above] + 1e-9).all()
    odd = Evidence(evidence.signals, evidence.containers, np.where(known, evidence.value * 3, np.nan), evidence.classes)
    assert np.nanmax(beside_peers(odd)) < 3 * np.nanmax(beside_peers(evidence)) + 1


def test_rarity_is_a_hundred_at_the_cut_and_never_more_than_is_known() -> None:
    assert rarity(0.0) == 100
    assert rarity(1.0) == pytest.approx(1000)
    assert rarity(50.0) == 1e6


def test_rates_have_wilsons_interval() -> None:
    low, high = Rate(8, 10).interval
    assert (low, high) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert Rate(0, 0).interval == (0.0, 1.0)
    assert Rate(3, 10) + Rate(5, 10) == Rate(8, 20)


def test_the_same_nation_gives_the_same_findings(found) -> None:
    first, second = table(found[0]), table(look(sight_of(found[0].sight.nation.folder)))
    assert first.equals(second)
    assert as_bytes(first, ".parquet")
