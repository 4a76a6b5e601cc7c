"""``prongsai read``: for people, for programs, and its exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from prongsai.cli.main import main

REPORT = """\
รายงานผลการประเมิน ITA ประจำปีงบประมาณ พ.ศ. 2568
เทศบาลตำบลสมมติ อำเภอตัวอย่าง จังหวัดจำลอง
ได้คะแนนรวม ๙๐.๒๕ คะแนน อยู่ในระดับผ่านดี
ตัวชี้วัดที่ 1 การปฏิบัติหน้าที่ ได้คะแนน 99.42 คะแนน
"""


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.txt"
    path.write_text(REPORT, encoding="utf-8")
    return path


def test_a_table_for_people(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", str(report)]) == 0
    out = capsys.readouterr().out
    for words in ("เทศบาลตำบลสมมติ", "ระดับ ผ่านดี", "๙๐.๒๕", "99.42", "บรรทัด 3"):
        assert words in out


def test_json_for_programs(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", str(report), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    [result] = found["results"]
    assert result["overall"]["score"] == "90.25"
    assert result["indicators"]["1"]["printed"] == ["99.42"]
    assert found["errors"] == []


def test_no_score_found_is_status_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "none.txt"
    path.write_text("ประกาศเรื่องการแข่งขันกีฬาประจำตำบล", encoding="utf-8")
    assert main(["read", str(path)]) == 1
    assert "ไม่พบคะแนน" in capsys.readouterr().out
    assert main(["read", str(path), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["results"][0]["overall"] == {}


def test_a_report_of_another_scheme_is_status_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "moit.txt"
    path.write_text("รายงาน MOIT 1 MOIT 2 MOIT 3 ของโรงพยาบาล", encoding="utf-8")
    assert main(["read", str(path)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "MOIT" in captured.err


def test_one_bad_file_does_not_stop_the_others(
    report: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "missing.txt"
    assert main(["read", str(report), str(missing), "--json"]) == 2
    found = json.loads(capsys.readouterr().out)
    assert len(found["results"]) == 1
    assert str(missing) in found["errors"][0]["where"]


def test_a_folder_is_read_whole(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (report.parent / "notes.bin").write_bytes(b"\0")
    assert main(["read", str(report.parent)]) == 0
    assert "report.txt" in capsys.readouterr().out


def test_many_agencies_are_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = ["agency,fiscal_year,level,overall"] + [f"คณะที่ {n},2563,C,7{n}.30" for n in range(5)]
    path = tmp_path / "units.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    assert main(["read", str(path)]) == 0
    out = capsys.readouterr().out
    assert out.count("2563") == 5
    assert "74.30" in out
