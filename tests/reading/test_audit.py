"""The audit as a whole on invented reports: a consistent one is silent, its spoiled twin says what was spoiled."""

from __future__ import annotations

from pathlib import Path

import pytest

from prongsai.reading.audit import audit, families, silences
from prongsai.reading.finding import Finding
from prongsai.reading.read import read_file

GOOD = """\
รายงานการวิเคราะห์ผลการประเมินคุณธรรมและความโปร่งใสในการดำเนินงานของหน่วยงานภาครัฐ
ประจำปีงบประมาณ พ.ศ. 2568
เทศบาลตำบลสมมติ อำเภอตัวอย่าง จังหวัดจำลอง

ผลการประเมินในภาพรวมได้ 93.54 คะแนน อยู่ในระดับ ผ่านดี

ตารางที่ 1 คะแนนรายตัวชี้วัด

แบบ\tลำดับ\tตัวชี้วัด\tคะแนน
IIT\t1\tการปฏิบัติหน้าที่\t95.10
IIT\t2\tการใช้งบประมาณ\t93.20
IIT\t3\tการใช้อำนาจ\t94.30
IIT\t4\tการใช้ทรัพย์สินของราชการ\t90.40
IIT\t5\tการแก้ไขปัญหาการทุจริต\t92.50
EIT\t6\tคุณภาพการดำเนินงาน\t94.60
EIT\t7\tประสิทธิภาพการสื่อสาร\t93.70
EIT\t8\tการปรับปรุงการทำงาน\t91.80
OIT\t9\tการเปิดเผยข้อมูล\t88.00
OIT\t10\tการป้องกันการทุจริต\t100.00

ตัวชี้วัดที่ได้คะแนนต่ำสุด คือ ตัวชี้วัดที่ 9 การเปิดเผยข้อมูล ได้คะแนน 88.00 คะแนน
"""
SPOILED = [
    ("93.54", "83.54", {("sum.overall", "overall"), ("level.score", "level overall")}),
    ("การเปิดเผยข้อมูล ได้คะแนน 88.00", "การเปิดเผยข้อมูล ได้คะแนน 86.00", {("value.twice", "9")}),
    ("9 การเปิดเผยข้อมูล ได้คะแนน 88.00", "8 การปรับปรุงการทำงาน ได้คะแนน 91.80", {("claim.lowest", "8 9")}),
    ("ระดับ ผ่านดี", "ระดับ ผ่านดีเยี่ยม", {("level.score", "level overall")}),
    ("ระดับ ผ่านดี", "ระดับ A", {("level.other_year", "level")}),
]  # fmt: skip


def findings(folder: Path, text: str) -> list[Finding]:
    path = folder / "รายงาน.txt"
    path.write_text(text, encoding="utf-8")
    [reading] = read_file(path)
    return audit(reading)


def keys(found: list[Finding]) -> set[tuple[str, str]]:
    return {(one.rule.code, " ".join(one.nodes)) for one in found if not one.rule.code.startswith("repair.")}


def test_a_consistent_report_is_silent(tmp_path: Path) -> None:
    assert findings(tmp_path, GOOD) == []


@pytest.mark.parametrize(("right", "wrong", "expected"), SPOILED)
def test_what_was_spoiled_is_said(tmp_path: Path, right: str, wrong: str, expected: set[tuple[str, str]]) -> None:
    assert right in GOOD
    assert keys(findings(tmp_path, GOOD.replace(right, wrong))) == expected


def test_findings_stand_in_reading_order(tmp_path: Path) -> None:
    text = GOOD.replace("93.54", "83.54").replace("ได้คะแนน 88.00", "ได้คะแนน 86.00")
    lines = [one.where[0].line or 0 for one in findings(tmp_path, text)]
    assert lines == sorted(lines)


def test_a_contradiction_of_numbers_carries_the_repair_where_one_is_found(tmp_path: Path) -> None:
    found = findings(tmp_path, GOOD.replace("93.54", "98.54"))
    [wrong] = [one for one in found if one.rule.code == "sum.overall"]
    assert wrong.repair is not None
    assert "overall" in wrong.repair


def test_rules_without_data_say_why(tmp_path: Path) -> None:
    path = tmp_path / "รายงาน.txt"
    path.write_text(GOOD, encoding="utf-8")
    [reading] = read_file(path)
    why = {rule.code: silence.why for silence in silences(reading) for rule in silence.rules}
    assert "มาตรการ" in why["copied.steps"]
    assert "sum.overall" not in why


def test_every_family_is_whole() -> None:
    codes = [rule.code for family in families() for rule in family.rules]
    assert len(codes) == len(set(codes))
    assert len(families()) > 20
    for family in families():
        for rule in family.rules:
            assert rule.th
            assert rule.en
            assert "." in rule.code
