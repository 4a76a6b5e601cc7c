"""The real reports: everything that the examples hold of them is read, and nothing that they do not print."""

from __future__ import annotations

from decimal import Decimal

import pytest
from reading_sample import CASES, ROOT, claims, real_reports, score, scores

from prongsai.reading.as_json import results_of
from prongsai.reading.model import Reading
from prongsai.reading.read import read_file
from prongsai.scoring.results import Results, load_results
from prongsai.scoring.score import score as score_of

EXAMPLES = sorted((ROOT / "examples").glob("*/results.yaml"))


@pytest.fixture(params=EXAMPLES, ids=lambda path: path.parent.name)
def pair(request: pytest.FixtureRequest) -> tuple[Results, Reading]:
    known = load_results(request.param)
    reports = real_reports()
    if known.agency.name not in reports:
        pytest.skip(f"the report of this example is not in {CASES}")
    return known, reports[known.agency.name]


def printed(known: Results) -> dict[str, set[Decimal]]:
    values = {node: {value} for node, value in known.given.items()}
    for node, several in known.printed.items():
        values.setdefault(node, set()).update(several)
    return values


def test_every_printed_score_is_read_and_no_other(pair: tuple[Results, Reading]) -> None:
    known, reading = pair
    assert scores(reading) == printed(known)
    assert all(value.of is None for value in reading.values)


def test_agency_year_and_level_are_read(pair: tuple[Results, Reading]) -> None:
    known, reading = pair
    assert reading.kind == known.agency.kind
    assert (reading.district, reading.province) == (known.agency.district, known.agency.province)
    assert reading.fiscal_year == known.fiscal_year
    assert {word.text for word in reading.levels} == ({known.level} if known.level else set())


def test_every_value_keeps_its_place_and_its_printed_text(pair: tuple[Results, Reading]) -> None:
    _, reading = pair
    for value in reading.values:
        assert value.where.line is not None
        assert value.text.translate(str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")) == str(value.value)


def test_a_reading_can_be_scored(pair: tuple[Results, Reading]) -> None:
    known, reading = pair
    sheet = score_of(results_of(reading))
    assert sheet.results.fiscal_year == known.fiscal_year
    if "overall" in known.given:
        assert sheet.values["overall"].given == known.given["overall"]


def of_year(year: int) -> Reading:
    found = [reading for reading in real_reports().values() if reading.fiscal_year == year]
    if not found:
        pytest.skip(f"no report of {year}")
    return found[0]


def test_items_are_listed_by_aspect_whatever_their_codes_look_like() -> None:
    aspects = of_year(2567).aspects
    assert sorted(aspects) == [1, 2, 3, 4, 5, 6, 7]
    assert aspects[5] == ["i4", "i5", "i6", "o14", "o15", "o16", "o17"]
    listed = {code for codes in aspects.values() for code in codes}
    assert {f"o{number}" for number in range(1, 36)} - listed == {"o7", "o8", "o9", "o10"}


def test_a_code_is_kept_with_the_wording_that_stands_beside_it() -> None:
    beside = {(word.code, word.text[:34]) for word in of_year(2567).wordings}
    assert ("i5", "ในหน่วยงานของท่าน ใช้จ่ายงบประมาณเ") in beside  # the wording of i4
    assert any(word.code == "o14" and word.printed == "๑๑๔" for word in of_year(2567).wordings)


def test_lists_said_to_be_in_order_are_claimed_by_instrument() -> None:
    lists = [(claim.subject, claim.nodes) for claim in claims(of_year(2567), "descending")]
    assert lists == [("IIT", ("1", "2", "3", "4", "5")), ("EIT", ("6", "7", "8")), ("OIT", ("9", "10"))]


def test_an_indicator_called_by_a_wrong_number_is_told_by_its_name() -> None:
    reading = of_year(2565)
    assert ("1", "การเปิดเผยข้อมูล") in {(name.code, name.text) for name in reading.names}
    assert score(reading, "9") == "100"
    [down] = claims(reading, "descending")
    assert down.nodes == ("9", "10", "6", "7", "8", "1", "3", "5", "2", "4")


def test_counts_and_thresholds_of_headings_are_claims_over_what_follows() -> None:
    reading = of_year(2565)
    assert [(claim.number, claim.subject, len(claim.nodes)) for claim in claims(reading, "count")] == [
        (Decimal(9), "strength", 7),
        (Decimal(3), "weakness", 3),
    ]
    below = {claim.number: claim.nodes for claim in claims(reading, "all_below")}
    assert below[Decimal(80)] == ("5", "2", "4")
    assert len(below[Decimal(90)]) == 16


def test_levels_of_instruments_are_kept_apart() -> None:
    found = [(level.code, level.text) for level in of_year(2565).node_levels]
    assert found == [("IIT", "A"), ("EIT", "AA"), ("OIT", "AA")]


def test_statements_rest_on_items_and_cite_others() -> None:
    reading = of_year(2568)
    strengths = {said.indicator: said for said in reading.statements if said.kind == "strength"}
    assert strengths["4"].items == ("i11",)
    assert strengths["4"].other_items == ("i12",)
    weak = {code for said in reading.statements if said.kind == "weakness" for code in said.items}
    assert {"o6", "o15", "o27", "i1", "i2"} <= weak
    [all_reach] = claims(reading, "all_at_least")
    assert (all_reach.nodes, all_reach.number) == (("IIT", "EIT.1", "EIT.2", "OIT"), Decimal(85))
    assert [figure.text for figure in reading.figures] == ["ภาพที่ 2"]


def test_items_that_share_one_explanation_are_one_statement() -> None:
    reading = of_year(2566)
    assert ("i8", "i9") in [said.items for said in reading.statements]
    assert {"e2@EIT.1", "e14@EIT.1"} <= set(scores(reading))
    assert reading.action_year == 2567


def test_lowest_is_claimed_within_the_instrument_it_is_said_of() -> None:
    lowest = {(claim.subject, claim.nodes) for claim in claims(of_year(2562), "lowest")}
    assert {("IIT", ("4",)), ("EIT", ("7",)), ("OIT", ("9",))} <= lowest


def test_a_table_of_many_units_is_one_reading_each() -> None:
    files = sorted(CASES.glob("*.csv"))
    if not files:
        pytest.skip(f"no table of units in {CASES}")
    readings = read_file(files[0])
    assert len(readings) > 30
    assert {reading.fiscal_year for reading in readings} == {2563}
    of = {(value.node, str(value.of)) for value in readings[0].values if value.of}
    assert of == {("IIT", "30"), ("EIT", "30"), ("OIT", "40")}
    assert all(score(reading, "overall") and reading.levels for reading in readings)
