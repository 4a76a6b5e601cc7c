"""Results files: what is understood, and what is refused with file, line, key and the next step."""

from decimal import Decimal
from pathlib import Path

import pytest

from prongsai.errors import InputError
from prongsai.scoring.as_json import sheet_json
from prongsai.scoring.results import from_yaml, load_results
from prongsai.yaml_file import parse
from result_sample import NAME, problems, results, sheet

HEAD = "agency: {name: เทศบาลตัวอย่าง}\nfiscal_year: 2568\n"


@pytest.mark.parametrize(
    ("text", "code", "where", "words"),
    [
        (HEAD + "scores:\n  items:\n    i99: 90\n", "unknown_code", "ผล.yaml:5 scores.items.i99", ["i99", "ita-2568"]),
        (HEAD + "scores:\n  items:\n    i1: 101\n", "shape", "ผล.yaml:5 scores.items.i1", ["101", "100"]),
        (HEAD + "scores:\n  overall: -0.01\n", "shape", "ผล.yaml:4 scores.overall", ["-0.01", "0"]),
        (HEAD + "scores:\n  overall: ดีมาก\n", "shape", "ผล.yaml:4 scores.overall", ["ดีมาก", "ตัวเลข"]),
        (HEAD + "scores:\n  items:\n    i1: 9O\n", "shape", "ผล.yaml:5 scores.items.i1", ["9O", "ตัวเลข"]),
        (HEAD + "scores:\n  overall: true\n", "shape", "ผล.yaml:4 scores.overall", ["True"]),
        (HEAD + "scores:\n  overall: .nan\n", "shape", "ผล.yaml:4 scores.overall", [".nan"]),
        (HEAD + "scores:\n  items:\n    e1: {EIT.1: 120}\n", "shape", "ผล.yaml:5 scores.items.e1.EIT.1", ["120"]),
        (
            HEAD + "scores:\n  items:\n    e1: {EIT.3: 90}\n",
            "unknown_code",
            "ผล.yaml:5 scores.items.e1.EIT.3",
            ["EIT.3"],
        ),
        (HEAD + "scores:\n  items:\n    e1: {IIT: 90}\n", "wrong_instrument", "ผล.yaml:5 scores.items.e1.IIT", ["EIT"]),
        (
            HEAD + "scores:\n  items:\n    i1: {EIT.1: 90}\n",
            "wrong_instrument",
            "ผล.yaml:5 scores.items.i1.EIT.1",
            ["IIT"],
        ),
        (HEAD + "scores:\n  items: {i1: 90, I๑: 91}\n", "twice", "ผล.yaml:4 scores.items.I๑", ["90", "91"]),
        (HEAD + "scores:\n  indicators: {11: 90}\n", "unknown_code", "ผล.yaml:4 scores.indicators.11", ["11"]),
        (HEAD + "scores:\n  components: {IIT2: 90}\n", "unknown_code", "ผล.yaml:4 scores.components.IIT2", ["IIT"]),
        (HEAD + "scores:\n  level: AA\n", "level", "ผล.yaml:4 scores.level", ["AA", "ผ่านดีเยี่ยม"]),
        (HEAD + "scores:\n  totl: 90\n", "shape", "ผล.yaml:4 scores.totl", ["90"]),
        (HEAD + "tallies:\n  i1: {5: 3, 6: 1}\n", "option", "ผล.yaml:4 tallies.i1.6", ["6", "5"]),
        (HEAD + "tallies:\n  i1: {5: -1}\n", "shape", "ผล.yaml:4 tallies.i1.5", ["-1"]),
        (HEAD + "tallies:\n  i1: {5: 1.5}\n", "shape", "ผล.yaml:4 tallies.i1.5", ["1.5"]),
        (HEAD + "tallies:\n  i1: {5: many}\n", "shape", "ผล.yaml:4 tallies.i1.5", ["many"]),
        (HEAD + "tallies:\n  i1: {5: 1, ๕: 2}\n", "twice", "ผล.yaml:4 tallies.i1.๕", ["1", "2"]),
        (HEAD + "tallies:\n  i1: {5: 1}\n  I1: {5: 2}\n", "twice", "ผล.yaml:5 tallies.I1", ["i1"]),
        (HEAD + "tallies:\n  i1: {EIT.1: {5: 1}}\n", "wrong_instrument", "ผล.yaml:4 tallies.i1.EIT.1", ["IIT"]),
        (HEAD + "tallies:\n  1: {5: 1}\n", "unknown_code", "ผล.yaml:4 tallies.1", ["i1"]),
        (HEAD + "tallies:\n  i99: {5: 1}\n", "unknown_code", "ผล.yaml:4 tallies.i99", ["i99"]),
        (HEAD + "tallies:\n  i1: {7: {5: 1}}\n", "unknown_code", "ผล.yaml:4 tallies.i1.7", ["7"]),
        (HEAD + "verdicts:\n  o6: maybe\n", "verdict", "ผล.yaml:4 verdicts.o6", ["maybe", "not_disclosed"]),
        (HEAD + "verdicts:\n  o99: disclosed\n", "unknown_code", "ผล.yaml:4 verdicts.o99", ["o99"]),
        (HEAD + "verdicts:\n  o6: disclosed\n  ๐6: disclosed\n", "twice", "ผล.yaml:5 verdicts.๐6", ["o6"]),
        (HEAD + "respondents: {IIT: -1}\n", "shape", "ผล.yaml:3 respondents.IIT", ["-1"]),
        (HEAD + "respondents: {XIT: 5}\n", "unknown_code", "ผล.yaml:3 respondents.XIT", ["XIT"]),
        (HEAD + "printed: {i99: [90]}\n", "unknown_code", "ผล.yaml:3 printed.i99", ["i99"]),
        (HEAD + "colour: blue\n", "shape", "ผล.yaml:3 colour", ["blue"]),
        ("agency: {province: ยะลา}\nfiscal_year: 2568\n", "shape", "ผล.yaml:1 agency.name", []),
        ("fiscal_year: 2568\n", "shape", "ผล.yaml:1 agency", []),
        ("agency: {name: ก}\n", "no_year", "ผล.yaml", ["ปีงบประมาณ"]),
        ("[1, 2]\n", "shape", "ผล.yaml", []),
    ],
)
def test_bad_input_is_refused_with_place_and_reason(text: str, code: str, where: str, words: list[str]) -> None:
    found = problems(text)
    assert [(p.code, p.where) for p in found] == [(f"results.{code}", where)]
    said = f"{found[0].th} {found[0].en} {found[0].next_th}"
    assert all(word in said for word in words), said
    assert "function" not in said


@pytest.mark.parametrize(
    ("year", "code", "words"),
    [
        ("2561", "year.other_model", ["2561", "2562"]),
        ("๒๕๖๑", "year.other_model", ["2561"]),
        ("2018", "year.other_model", ["2561"]),
        ("2590", "year.no_framework", ["2590", "framework"]),
        ("68", "year.unreadable", ["68", "2568"]),
        ("ปีที่แล้ว", "year.unreadable", ["ปีที่แล้ว"]),
    ],
)
def test_a_year_without_framework_is_refused_by_name(year: str, code: str, words: list[str]) -> None:
    (found,) = problems(f"agency: {{name: ก}}\nfiscal_year: {year}\n")
    assert (found.code, found.where) == (code, "ผล.yaml:2 fiscal_year")
    assert all(word in f"{found.th} {found.next_th}" for word in words)


def test_an_unknown_framework_lists_those_there_are() -> None:
    (found,) = problems("agency: {name: ก}\nframework: ita-2599\n")
    assert (found.code, found.where) == ("framework.unknown", "ผล.yaml:2 framework")
    assert "ita-2568" in found.next_th


@pytest.mark.parametrize(("content", "code"), [("", "file.empty"), ("a: [1", "yaml.broken"), ("a: *x", "yaml.broken")])
def test_empty_and_broken_files(tmp_path: Path, content: str, code: str) -> None:
    path = tmp_path / "ผล.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_results(path)
    assert caught.value.problems[0].code == code
    assert caught.value.problems[0].where.startswith("ผล.yaml")


def test_all_problems_are_reported_at_once() -> None:
    found = problems(HEAD + "scores: {overall: 101, items: {i1: x, i2: 102}}\ntallies: {i3: {a: b}}\nfoo: 1\n")
    assert [p.where.split(" ")[1] for p in found] == [
        "scores.overall",
        "scores.items.i1",
        "scores.items.i2",
        "tallies.i3.a",
        "foo",
    ]
    found = problems(HEAD + "scores: {level: AA, items: {i98: 1, i99: 2}}\n")
    assert [p.code for p in found] == ["results.unknown_code", "results.unknown_code", "results.level"]


def test_what_people_write_is_understood() -> None:
    text = """
agency: {name: เทศบาลตัวอย่าง, staff: "๑,๒๑๐"}
fiscal_year: ๒๕๖๘
scores:
  overall: ๙๒.๘๙
  level: ระดับผ่าน
  components: {iit: 99.10, eit ส่วนที่ ๑: 99, EIT2: "98.5"}
  indicators: {๑: 99.42, ตัวชี้วัดที่ 2: 99.46}
  items:
    ข้อ i๑: 99.42
    I2: 98.84
    e1: {EIT.1: 99.19, ส่วนที่ 1: 99.19}
    EIT.2: {๒: 98, e3: 97}
verdicts: {๖: not_disclosed, ๐11: disclosed, O12: not_applicable}
tallies: {i๓: {"no": ๑๗๐, "yes": 3}}
respondents: {IIT: "173"}
printed: {"1": [99.42, ๙๙.๔๑], e1@EIT.1: [99.19]}
"""
    with pytest.raises(InputError):  # "ส่วนที่ 1" alone does not say of what
        from_yaml(parse(text, "x.yaml"))
    found = from_yaml(parse(text.replace(", ส่วนที่ 1: 99.19", ""), "x.yaml"))
    assert found.fiscal_year == 2568
    assert found.agency.staff == 1210
    assert found.level == "ผ่าน"
    assert found.given == {
        "overall": Decimal("92.89"),
        "IIT": Decimal("99.10"),
        "EIT.1": Decimal(99),
        "EIT.2": Decimal("98.5"),
        "1": Decimal("99.42"),
        "2": Decimal("99.46"),
        "i1": Decimal("99.42"),
        "i2": Decimal("98.84"),
        "e1@EIT.1": Decimal("99.19"),
        "e2@EIT.2": Decimal(98),
        "e3@EIT.2": Decimal(97),
    }
    assert {node: tally.counts for node, tally in found.tallies.items()} == {
        "i3": {"no": 170, "yes": 3},
        "o6": {"not_disclosed": 1},
        "o11": {"disclosed": 1},
        "o12": {},
    }
    assert found.respondents == {"IIT": 173}
    assert found.printed == {"1": (Decimal("99.42"), Decimal("99.41")), "e1@EIT.1": (Decimal("99.19"),)}


def test_numbers_stay_exact() -> None:
    found = from_yaml(parse(HEAD + "scores: {overall: 92.890, items: {i1: 0.1}}", "x.yaml"))
    assert str(found.given["overall"]) == "92.890"
    assert found.given["i1"] == Decimal("0.1")


def test_rows_nest_between_item_and_option() -> None:
    found = results(2564, tallies={"i1": {"1": {"4": 10}, "2": {"4": 9, "3": 1}}})
    assert {node: tally.counts for node, tally in found.tallies.items()} == {
        "i1.1": {"4": 10},
        "i1.2": {"4": 9, "3": 1},
    }
    (problem,) = problems(f"agency: {{name: {NAME}}}\nfiscal_year: 2564\ntallies: {{i1: {{4: 10}}}}\n")
    assert (problem.code, problem.where) == ("results.rows", "ผล.yaml:3 tallies.i1")


def test_parts_and_rows_nest_together_to_the_right_nodes() -> None:
    found = results(2568, tallies={"e1": {"EIT.1": {"5": 10}, "EIT ส่วนที่ 2": {"5": 4, "๔": 1}}})
    assert {node: tally.counts for node, tally in found.tallies.items()} == {
        "e1@EIT.1": {"5": 10},
        "e1@EIT.2": {"5": 4, "4": 1},
    }


def test_json_writes_scores_with_two_decimals_whatever_was_given() -> None:
    found = sheet_json(sheet(2568, scores={"indicators": {"1": 99.4, "4": 95}}, tallies={"i10": {"5": 10}}))
    assert found["indicators"]["1"] == {"score": "99.40", "origin": "given"}
    counted = sheet(2568, scores={"items": {"i1": 99.4}}, tallies={"i1": {"5": 97, "4": 3}})
    assert sheet_json(counted)["items"]["i1"] == {"score": "99.40", "origin": "counted", "given": "99.40"}
