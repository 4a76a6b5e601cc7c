"""A reading for programs, and as results to be scored."""

from __future__ import annotations

from pathlib import Path

import pytest
from reading_sample import covered, read_text

from prongsai.errors import InputError
from prongsai.reading.as_json import reading_json, readings_json, results_of
from prongsai.reading.model import Reading
from prongsai.reading.source import Source
from prongsai.scoring.as_json import sheet_json
from prongsai.scoring.score import score

TEXT = """\
คะแนนรวม ๙๐.๒๕ คะแนน อยู่ในระดับผ่านดี
IIT ได้คะแนน 92.10 คะแนน EIT ส่วนที่ 1 ได้คะแนน 88.40 คะแนน
ตัวชี้วัดที่ 7 ประสิทธิภาพการสื่อสาร ได้คะแนน ๗๔.๐๒ คะแนน
ตัวชี้วัดที่ 7 ประสิทธิภาพการสื่อสาร ได้คะแนน 94.02 คะแนน
ตัวชี้วัดที่ 7 ประสิทธิภาพการสื่อสาร ได้คะแนน 94.02 คะแนน
OIT 30.85 จาก 40 คะแนน
ข้อ e1 การให้บริการ (EIT ส่วนที่ 2 77.54 คะแนน)
"""


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    return read_text(tmp_path, covered(TEXT))


def test_the_shape_is_that_of_score_with_printed_and_where(reading: Reading) -> None:
    found = reading_json(reading)
    shape = sheet_json(score(results_of(reading)))
    missing = {"assumed", "unknown", "disagreements"}  # what only scoring can say
    assert set(shape) - missing <= set(found)
    assert found["overall"] == {
        "score": "90.25",
        "printed": ["๙๐.๒๕"],
        "where": ["report.txt บรรทัด 5"],
        "level": "ผ่านดี",
        "level_where": ["report.txt บรรทัด 5"],
    }
    assert found["components"].keys() == {"IIT", "EIT.1", "OIT"}
    assert found["items"]["e1"]["parts"]["EIT.2"]["printed"] == ["77.54"]


def test_all_printed_values_are_there_and_the_most_frequent_is_chosen(reading: Reading) -> None:
    seven = reading_json(reading)["indicators"]["7"]
    assert (seven["score"], seven["other_scores"]) == ("94.02", ["74.02"])
    assert seven["printed"] == ["๗๔.๐๒", "94.02", "94.02"]
    assert len(seven["where"]) == 3


def test_results_hold_one_value_as_given_and_all_as_printed(reading: Reading) -> None:
    results = results_of(reading)
    assert str(results.given["7"]) == "94.02"
    assert [str(value) for value in results.printed["7"]] == ["74.02", "94.02"]
    assert "OIT" not in results.given  # 30.85 of 40 is no score of 100
    assert (results.level, results.agency.district) == ("ผ่านดี", "ตัวอย่าง")


def test_all_files_together(reading: Reading) -> None:
    found = readings_json([reading, reading])
    assert [result["file"] for result in found["results"]] == ["report.txt", "report.txt"]
    assert {"results", "plan", "progress", "unread", "errors"} == set(found)


def test_without_a_framework_nothing_can_be_scored() -> None:
    with pytest.raises(InputError, match="fiscal year"):
        results_of(Reading(Source("empty.txt", "text", ())))
