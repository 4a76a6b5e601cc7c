"""``prongsai audit``: what it prints, its one JSON shape, its exit status."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

REPORT = """\
รายงานการวิเคราะห์ผลการประเมินคุณธรรมและความโปร่งใสในการดำเนินงานของหน่วยงานภาครัฐ
ประจำปีงบประมาณ พ.ศ. 2568
เทศบาลตำบลสมมติ อำเภอตัวอย่าง จังหวัดจำลอง

ตัวชี้วัดที่ 1 การปฏิบัติหน้าที่ ได้คะแนน {score} คะแนน

ประเด็นข้อคำถาม\tคะแนน
i1 การปฏิบัติงานหรือให้บริการเป็นไปตามขั้นตอนและระยะเวลา\t96.77
i2 การให้บริการอย่างเท่าเทียมกัน\t98.06
i3 การเรียกรับสินบน\t100.00
"""


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    (tmp_path / "good.txt").write_text(REPORT.format(score="98.28"), encoding="utf-8")
    (tmp_path / "wrong.txt").write_text(REPORT.format(score="88.28"), encoding="utf-8")
    return tmp_path


def test_a_report_without_contradiction(prongsai: Callable, reports: Path) -> None:
    run = prongsai("audit", reports / "good.txt")
    assert run.status == 0
    assert "ไม่พบสิ่งที่ขัดกัน" in run.out


def test_findings_are_told_with_arithmetic_and_place(prongsai: Callable, reports: Path) -> None:
    run = prongsai("audit", reports / "wrong.txt")
    assert run.status == 1
    assert "ตัวชี้วัดที่ 1 พิมพ์ไว้ 88.28" in run.out
    assert "(96.77 + 98.06 + 100.00) ÷ 3 = 98.28" in run.out
    assert "[mean.indicator]" in run.out
    assert "wrong.txt บรรทัด 5" in run.out
    assert "→ 1: พิมพ์ว่า 88.28" in run.out


def test_one_json_shape(prongsai: Callable, reports: Path) -> None:
    run = prongsai("audit", reports / "wrong.txt", "--json")
    assert run.status == 1
    assert set(run.json) == {"findings", "reports", "errors"}
    finding = next(one for one in run.json["findings"] if one["rule"] == "mean.indicator")
    assert set(finding) == {
        "rule", "severity", "confidence", "message_th", "message_en", "where", "printed", "computed", "repair",
    }  # fmt: skip
    assert finding["printed"] == ["88.28", "96.77", "98.06", "100.00"]
    assert finding["repair"]["1"]["from"] == ["88.28"]
    assert run.json["reports"][0]["fiscal_year"] == 2568


def test_verbose_names_the_silent_rules(prongsai: Callable, reports: Path) -> None:
    assert "กฎที่ตรวจไม่ได้" not in prongsai("audit", reports / "good.txt").out
    assert "copied.steps" in prongsai("audit", reports / "good.txt", "--verbose").out
    shape = prongsai("audit", reports / "good.txt", "--verbose", "--json").json
    assert any("copied.steps" in one["rules"] and one["why_th"] for one in shape["reports"][0]["silent"])


def test_a_folder_and_a_bad_file(prongsai: Callable, reports: Path) -> None:
    assert prongsai("audit", reports).status == 1
    (reports / "broken.pdf").write_bytes(b"%PDF-1.7 broken")
    run = prongsai("audit", reports, "--json")
    assert run.status == 2
    assert run.json["errors"]
    assert run.json["findings"]
    assert prongsai("audit", reports / "missing.txt").status == 2
