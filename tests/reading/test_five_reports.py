"""The five real reports: all that is wrong in them is found, each by its rule and node, and nothing else.

The reports are not part of this repository. Invented twins of each finding stand in ``rules/``.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest

from prongsai.reading.audit import audit, families
from prongsai.reading.finding import Finding
from prongsai.reading.read import read_file

CASES = Path(os.environ.get("PRONGSAI_CASES") or Path(__file__).parents[3] / "shared" / "cases")

# Everything that the rules find, by report. What digits should read instead (repair.*) is tested with the repair.
EXPECTED: dict[str, set[tuple[str, str]]] = {
    "000": {
        ("sum.overall", "overall"),
        ("mean.indicator", "1"),
        ("mean.indicator", "2"),
        ("mean.indicator", "3"),
        ("mean.indicator", "4"),
        ("mean.indicator", "5"),
        ("mean.part_not_stated", "6"),
        ("mean.part_not_stated", "7"),
        ("mean.part_not_stated", "8"),
        ("respondents.implied", "i11"),
        ("claim.descending", "2 3 4 5"),
        ("wording.other_item", "i5 i4"),
        ("aspect.items_left_out", "o7 o8 o9 o10"),
        ("aspect.measures_missing", "aspect:5 aspect:6 aspect:7"),
        ("year.measures_head", "2567 2568"),
    },
    "001": {
        ("year.annex", "2567 2566"),
        ("order.dated_before_year", "149/2566"),
        ("order.undated", "149/2566"),
        ("item.unexplained", "i9"),
        ("item.other_indicator", "e7 6"),
        ("digits.equal_items", "e7@EIT.1 e14@EIT.1 e15@EIT.1"),
        ("copied.title", "i14 3 i27 5"),
        ("copied.steps", "e2 6 e7 7 e13 8"),
        ("proof.missing", "5"),
        ("proof.other_indicator", "3 5"),
        ("measure.renamed", "p1m1"),
        ("totals.missing", "overall"),
        ("progress.restates_plan", "p5m1"),
        ("progress.restates_plan", "p6m1"),
    },
    "002": {
        ("value.twice", "2"),
        ("value.twice", "4"),
        ("value.twice", "5"),
        ("value.twice", "7"),
        ("value.twice", "8"),
        ("mean.instrument", "IIT"),
        ("mean.instrument", "EIT"),
        ("sum.overall", "overall"),
        ("claim.lowest", "4 3"),
        ("claim.descending", "3 5 2"),
        ("count.listed", "9 10 6 7 8 1 3"),
        ("count.total", "strength weakness"),
        ("claim.all_below", "5 2 4"),
        ("claim.all_below", "i1 i2 i7 i8 i11 i12 i13 i14 i15 i20 i21 i24"),
        ("indicator.number", "9 5"),
        ("indicator.number", "9 1"),
        ("period.outside_year", "p3m3"),
        ("period.outside_year", "p5m2"),
        ("weakness.unanswered", "i29"),
    },
    "003": {
        ("level.score", "level overall"),
        ("value.twice", "7"),
        ("plan.ticked_done", "p1m1 p1m2 p2m1 p2m2 p3m1"),
        ("measure.unfit", "4 p1m1 p1m2"),
        ("annex.absent", "annex"),
    },
    "004": {
        ("claim.all_at_least", "OIT"),
        ("oit.not_plain_mean", "9 o6 o15"),
        ("oit.not_plain_mean", "10 o27"),
        ("mean.part_not_stated", "6"),
        ("mean.part_not_stated", "7"),
        ("mean.part_not_stated", "8"),
        ("digits.copied", "7 8 2 3"),
        ("strength.cites_weakest", "i11 i12"),
        ("failed.unanswered", "o6"),
        ("failed.unanswered", "o15"),
        ("failed.unanswered", "o27"),
        ("figure.gap", "ภาพ:1"),
        ("copied.steps", "1 8"),
    },
}
# What the sentence or the arithmetic of a finding must say.
SAID = [
    ("000", "sum.overall", "overall", "87.02"),
    ("000", "mean.indicator", "1", "ต่างกัน 10.00"),
    ("000", "mean.indicator", "4", "87.42"),
    ("000", "mean.part_not_stated", "7", "93.59"),
    ("000", "claim.descending", "2 3 4 5", "89.35"),
    ("000", "aspect.measures_missing", "aspect:5 aspect:6 aspect:7", "อาจถูกตัดท้าย"),
    ("001", "order.dated_before_year", "149/2566", "2563"),
    ("001", "digits.equal_items", "e7@EIT.1 e14@EIT.1 e15@EIT.1", "84.59"),
    ("002", "mean.instrument", "IIT", "5 ต้องเป็น 89.56"),
    ("002", "mean.instrument", "EIT", "95.23"),
    ("002", "sum.overall", "overall", "EIT ต้องเป็น 95.23"),
    ("002", "claim.all_below", "5 2 4", "89.16"),
    ("002", "period.outside_year", "p3m3", "๖๔"),
    ("002", "weakness.unanswered", "i29", "83.14"),
    ("003", "level.score", "level overall", "ระดับ B"),
    ("003", "value.twice", "7", "74.02 และ 94.02"),
    ("004", "claim.all_at_least", "OIT", "83.25"),
    ("004", "claim.all_at_least", "OIT", "ระดับผ่านที่พิมพ์ไว้"),
    ("004", "oit.not_plain_mean", "9 o6 o15", "90.00"),
    ("004", "oit.not_plain_mean", "10 o27", "87.50"),
    ("004", "strength.cites_weakest", "i11 i12", "96.42"),
]


@cache
def findings(case: str) -> list[Finding]:
    files = sorted(CASES.glob(f"{case}_*.txt"))
    if not files:
        pytest.skip(f"real reports not there: set PRONGSAI_CASES (looked in {CASES})")
    [reading] = read_file(files[0])
    return [finding for finding in audit(reading) if not finding.rule.code.startswith("repair.")]


def key(finding: Finding) -> tuple[str, str]:
    return finding.rule.code, " ".join(finding.nodes)


@pytest.mark.parametrize("case", EXPECTED)
def test_all_is_found_and_nothing_else(case: str) -> None:
    found = [key(finding) for finding in findings(case)]
    assert len(found) == len(set(found)), "the same thing said twice"
    assert set(found) - EXPECTED[case] == set(), "said, and not known to be true"
    assert EXPECTED[case] - set(found) == set(), "known, and not found"


@pytest.mark.parametrize(("case", "rule", "nodes", "words"), SAID)
def test_the_sentence_names_the_numbers(case: str, rule: str, nodes: str, words: str) -> None:
    [finding] = [one for one in findings(case) if key(one) == (rule, nodes)]
    assert words in f"{finding.th} {finding.computed}"


@pytest.mark.parametrize("case", EXPECTED)
def test_every_finding_has_a_place_and_both_languages(case: str) -> None:
    for finding in findings(case):
        assert finding.where, finding
        assert finding.th != finding.en
        shape = finding.as_json()
        assert set(shape) == {
            "rule", "severity", "confidence", "message_th", "message_en", "where", "printed", "computed", "repair",
        }  # fmt: skip


def test_a_report_in_the_month_after_the_year_is_right() -> None:
    assert not any("๑๒ เดือน" in finding.th for finding in findings("002") if finding.rule.code == "period.outside_year")


def test_expected_names_rules_that_exist() -> None:
    codes = {rule.code for family in families() for rule in family.rules}
    assert {code for expected in EXPECTED.values() for code, _ in expected} <= codes
