"""Repair of confused digits: the examples, their invented twins, and laws that hold for any agency."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations, product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from reading_sample import real_reports
from repair_sample import change, consistent, example, mend, planted, to

from prongsai.framework import for_year
from prongsai.reading.glyphs import usual_costs
from prongsai.reading.repair import Shown, repair, repair_prints
from prongsai.reading.repairing.candidates import DEAREST, Slot, scales_of, unit_of
from prongsai.reading.repairing.equations import binding_equations
from prongsai.reading.repairing.search import Forest
from prongsai.thai.digits import to_arabic, to_thai

# The examples: numbers as five agencies printed them.

CONFUSED_NINES = {"1": "98.28", "2": "96.56", "3": "99.35", "4": "90.75", "5": "96.34", "i11": "98.71"}
TWO_VALUES = {"2": "87.57", "4": "83.34", "5": "89.56", "8": "94.25", "EIT": "95.23"}


def test_nines_read_as_eights_come_back() -> None:
    framework, texts, level = example("bangpla-2567")
    repaired = mend(framework.fiscal_year or 0, texts, level)
    assert to(repaired) == CONFUSED_NINES
    assert repaired.respondents["IIT"].respondents == 31
    assert "i11 = 153 × 20 / 31 = 98.71" in change(repaired, "i11").evidence
    assert change(repaired, "4").evidence == ("4 = (84.52 + 98.71 + 89.03) / 3 = 90.7533 → 90.75",)


def test_an_overall_that_several_answers_would_explain_stays_open() -> None:
    framework, texts, level = example("bangpla-2567")
    repaired = mend(framework.fiscal_year or 0, texts, level)
    assert {one.node for one in repaired.undecided} == {"6", "7", "8", "overall"}
    assert {str(choice.number) for choice in change(repaired, "overall").choices} >= {"97.72", "97.02"}
    assert change(repaired, "overall").as_json()["to"] is None


def test_of_two_printed_values_the_one_that_fits_is_kept() -> None:
    framework, texts, level = example("takbai-2565")
    for node in ("1", "3", "6"):
        texts[node] *= 2  # as often as the report prints them
    repaired = mend(framework.fiscal_year or 0, texts, level)
    assert to(repaired) == TWO_VALUES
    assert repaired.numbers["1"] == Decimal("94.16")
    assert repaired.numbers["overall"] == Decimal("95.28")
    assert [one.node for one in repaired.undecided] == ["7"]
    assert {str(choice.number) for choice in change(repaired, "7").choices} == {"95.48", "95.49"}


@pytest.mark.parametrize("name", ["sisaket-2568", "thatalat-2566"])
def test_what_no_equation_contradicts_is_left_alone(name: str) -> None:
    framework, texts, level = example(name)
    repaired = mend(framework.fiscal_year or 0, texts, level)
    assert (repaired.cost, repaired.changes, repaired.broken) == (0, (), ())


def test_two_values_without_an_equation_are_not_decided() -> None:
    framework, texts, level = example("krokkaeo-2562")
    repaired = mend(framework.fiscal_year or 0, texts, level)
    assert to(repaired) == {}
    assert not change(repaired, "7").covered


def test_the_real_reports_say_the_same() -> None:
    found = {reading.fiscal_year: to(repair(reading)) for reading in real_reports().values()}
    assert CONFUSED_NINES in found.values()
    assert TWO_VALUES in found.values()


# Their invented twins.


def twin(year: int = 2567, seed: int = 3) -> dict[str, str]:
    return dict(consistent(year, seed, respondents=29))


def test_a_twin_with_all_nines_of_its_indicators_read_as_eights() -> None:
    true = {
        node: to_thai(text)
        for node, text in {
            **{"i1": "95.86", "i2": "97.24", "i3": "100.00", "1": "97.70"},
            **{"i4": "96.55", "i5": "95.17", "i6": "97.24", "2": "96.32"},
            **{"i7": "98.62", "i8": "97.93", "i9": "96.55", "3": "97.70"},
            **{"i10": "84.83", "i11": "97.24", "i12": "89.66", "4": "90.58"},
            **{"i13": "96.55", "i14": "95.86", "i15": "94.48", "5": "95.63"},
        }.items()
    }
    printed = true | {node: true[node].replace("๙", "๘", 1) for node in ("1", "2", "3", "4", "5", "i11")}
    repaired = mend(2567, printed)
    assert to(repaired) == {node: to_arabic(true[node]) for node in ("1", "2", "3", "4", "5", "i11")}
    assert all(glyph.printed == "๘" for one in repaired.decided for m in one.misprints for glyph in m.glyphs or ())


def test_items_that_name_no_part_bind_nothing() -> None:
    true = twin()
    printed = true | dict.fromkeys(("e1", "e2", "e3", "e4", "e5", "e6", "e7", "e8", "e9"), "๖๑.๒๓")
    assert mend(2567, printed).cost == 0


def test_items_whose_weights_are_not_published_bind_nothing() -> None:
    assert not any("o1" in e.nodes for e in binding_equations(for_year(2568), ["9", "o1", "o2", "o3"]))


def test_missing_scores_stay_missing() -> None:
    printed = twin()
    del printed["i2"], printed["OIT"]
    printed["4"] = "๑๒.๓๔"
    repaired = mend(2567, printed)
    assert "4" in repaired.broken
    assert not {"i2", "OIT"} & repaired.numbers.keys()


def test_arabic_digits_are_repaired_too() -> None:
    true = {"IIT": "90.06", "1": "95.10", "2": "91.20", "3": "88.30", "4": "85.40", "5": "90.30"}
    assert mend(2568, true).cost == 0
    assert to(mend(2568, true | {"IIT": "30.06"})) == {"IIT": "90.06"}
    assert to(mend(2568, true | {"IIT": "98.86"})) == {"IIT": "90.06"}


def test_a_score_on_the_instruments_own_scale_binds_the_one_out_of_a_hundred() -> None:
    rest = [Shown(str(n), text) for n, text in enumerate(("82.10", "84.20", "83.30", "85.40", "82.35"), 1)]
    whole = Shown("IIT", "25.04 คะแนน", Decimal("25.04"), Decimal(30))  # of 30: 83.47
    assert repair_prints(for_year(2568), [*rest, whole]).cost == 0
    wrong = Shown("IIT", "25.84", Decimal("25.84"), Decimal(30))
    repaired = repair_prints(for_year(2568), [*rest, wrong])
    assert to(repaired) == {"IIT": "25.04"}


def test_a_coarser_print_of_the_same_score_is_no_contradiction() -> None:
    printed: dict[str, list[str]] = {node: [text] for node, text in twin().items()}
    exact = Decimal(to_arabic(printed["overall"][0]))
    printed["overall"].append(str(exact.quantize(Decimal("0.1"))))
    assert mend(2567, printed).cost == 0


def test_a_score_below_the_range_of_all_others_is_not_preferred() -> None:
    """An indicator of 45 where 95 is printed would do as well as the total's own digit, but hardly exists."""
    printed = {"IIT": "๘๓.๑๒", "1": "๙๕.๑๐", "2": "๙๑.๒๐", "3": "๙๓.๕๐", "4": "๙๕.๔๐", "5": "๙๐.๔๐"}
    assert to(mend(2568, printed)) == {"IIT": "93.12"}


def test_every_change_is_shown_with_its_glyphs() -> None:
    true = twin()
    nine = next(n for n in ("IIT", "EIT", "OIT", "overall") if "๙" in true[n])
    printed = true | {nine: true[nine].replace("๙", "๘", 1)}
    repaired = mend(2567, printed)
    found = change(repaired, nine).as_json()
    assert found["from"] == [printed[nine]]
    assert {(glyph["from"], glyph["to"]) for glyph in found["glyphs"]} == {("๘", "๙")}
    if found["decided"]:
        assert found["to"] == to_arabic(true[nine])
        assert found["evidence"]


# Laws.

AGENCY = st.tuples(st.sampled_from((2563, 2565, 2566, 2567, 2568)), st.integers(0, 400))


@given(AGENCY, st.booleans())
def test_a_consistent_report_needs_no_repair(agency: tuple[int, int], thai: bool) -> None:
    repaired = mend(agency[0], consistent(*agency, thai=thai))
    assert (repaired.cost, repaired.changes, repaired.broken) == (0, (), ())


@settings(max_examples=30)
@given(AGENCY, st.integers(1, 3))
def test_with_the_best_repair_all_equations_hold_and_nothing_is_left(agency: tuple[int, int], count: int) -> None:
    spoiled = planted(*agency, count)
    repaired = mend(spoiled.year, spoiled.printed)
    assume(None not in repaired.numbers.values())
    assert not repaired.unsolved
    again = mend(spoiled.year, {node: to_thai(f"{number:.2f}") for node, number in repaired.numbers.items()})
    assert (again.cost, again.changes, again.broken) == (0, (), ())


@settings(max_examples=30)
@given(AGENCY, st.integers(1, 3))
def test_every_number_that_differs_from_its_print_is_reported(agency: tuple[int, int], count: int) -> None:
    spoiled = planted(*agency, count)
    repaired = mend(spoiled.year, spoiled.printed)
    reported = {one.node for one in repaired.changes}
    for node, number in repaired.numbers.items():
        assert node in reported or number == Decimal(to_arabic(spoiled.printed[node]))


def test_decided_repairs_are_right() -> None:
    """At least 95 in 100, over fixed draws of one to three confused digits; the truth is among the open choices."""
    right = decided = named = opened = 0
    for year, seed, count in product((2565, 2567, 2568), range(8), (1, 2, 3)):
        spoiled = planted(year, seed, count, respondents=31 + seed)
        repaired = mend(year, spoiled.printed)
        for one in repaired.decided:
            decided += 1
            right += str(one.number) == to_arabic(spoiled.true[one.node])
        for one in repaired.undecided:
            if one.node in spoiled.nodes:
                opened += 1
                named += any(str(choice.number) == to_arabic(spoiled.true[one.node]) for choice in one.choices)
    assert decided > 50
    assert right / decided >= 0.95
    assert named / opened >= 0.95


NUMBER = st.integers(3000, 9999).map(lambda units: to_thai(f"{units // 100}.{units % 100:02d}"))


@settings(max_examples=15)
@given(st.lists(NUMBER, min_size=4, max_size=4))
def test_no_cheaper_repair_exists(texts: list[str]) -> None:
    """Against all sets of at most two changed glyphs, tried one by one."""
    nodes = ("1", "i1", "i2", "i3")
    scales = scales_of(Shown(node, text) for node, text in zip(nodes, texts, strict=True))
    [equation] = binding_equations(for_year(2567), scales.keys())
    unit = unit_of(scales.values())
    forest = Forest(
        {n: Slot(n, known, unit, usual_costs()) for n, known in scales.items()}, [equation], unit, floors={}
    )
    [tie] = forest.below["1"]
    options = {n: forest.slots[n].within(DEAREST) for n in nodes}
    printed = {n: options[n][0] for n in nodes}
    cheapest = 1000
    for pair in combinations(nodes, 2):
        for first, second in product(*(options[n] for n in pair)):
            if len(first.changed) + len(second.changed) > 2:
                continue
            chosen = printed | dict(zip(pair, (first, second), strict=True))
            parent, *children = (chosen[n] for n in nodes)
            if tie.holds((parent.low, parent.high), [(c.low, c.high) for c in children]):
                low = sum(w * c.low for w, c in zip(tie.weights, children, strict=True))
                high = sum(w * c.high for w, c in zip(tie.weights, children, strict=True))
                rounding = tie.rounding(parent.low * tie.scale, parent.high * tie.scale, (low + high) / 2)
                cheapest = min(cheapest, first.cost + second.cost + rounding)
    best = forest.solve("1").best.cost
    assert best <= cheapest
    if best < 3 * min(usual_costs().pairs.values()):
        assert best == cheapest
