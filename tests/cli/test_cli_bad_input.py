"""The bad input table: each is a clear error (what, where, what to do), exit status 2, and nothing is written."""

from __future__ import annotations

import re

import pytest
from unchanged import everything

HEAD = "agency: {name: เทศบาลสมมติ}\nfiscal_year: 2568\n"
THAI = re.compile("[ก-๙]")
TABLE = {
    "unknown item": HEAD + "scores: {items: {i99: 90}}\n",
    "unknown indicator": HEAD + "scores: {indicators: {12: 90}}\n",
    "unknown instrument": HEAD + "scores: {instruments: {XYZ: 90}}\n",
    "score above 100": HEAD + "scores: {overall: 100.01}\n",
    "score below 0": HEAD + "scores: {items: {i1: -1}}\n",
    "text in a number cell": HEAD + "scores: {items: {i1: เก้าสิบ}}\n",
    "text in a count": HEAD + "respondents: {IIT: หลายคน}\n",
    "unknown key": HEAD + "scorse: {overall: 90}\n",
    "unknown level": HEAD + "scores: {level: ดีมาก}\n",
    "unknown verdict": HEAD + "verdicts: {o1: maybe}\n",
    "unknown option": HEAD + "tallies: {i1: {9: 3}}\n",
    "missing sheets": HEAD + "sheets: {IIT: none.csv}\n",
    "missing Parquet": HEAD + "sheets: {IIT: none.csv.parquet}\n",
    "two scores for one node": HEAD + "scores: {items: {i1: 90, I๑: 91}}\n",
    "year of another model": "agency: {name: x}\nfiscal_year: ๒๕๖๑\n",
    "year without framework": "agency: {name: x}\nfiscal_year: 2590\n",
    "no year": "agency: {name: x}\n",
    "text as year": "agency: {name: x}\nfiscal_year: ปีที่แล้ว\n",
    "unknown framework": "agency: {name: x}\nframework: ita-9999\n",
    "no agency": "fiscal_year: 2568\n",
    "empty file": "",
    "comments only": "# ยังไม่ได้กรอก\n",
    "a list": "- 1\n- 2\n",
    "a word": "สวัสดี\n",
    "broken YAML": HEAD + "scores: {overall: 90\n",
    "tab as indentation": HEAD + "scores:\n\toverall: 90\n",
    "repeated key": HEAD + "fiscal_year: 2567\n",
    "alias": HEAD + "notes: &a [x]\nsource: *a\n",
}


@pytest.mark.parametrize("text", TABLE.values(), ids=TABLE.keys())
def test_results_file(prongsai, tmp_path, text) -> None:
    path = tmp_path / "ผล.yaml"
    path.write_text(text, encoding="utf-8")
    refused(prongsai, tmp_path, path)


BYTES = {
    "not UTF-8": ("ผล.yaml", HEAD.encode("cp874")),
    "a picture": ("ผล.yaml", b"\x89PNG\r\n\x1a\n\x00\x00"),
    "broken XLSX": ("ผล.xlsx", b"PK\x03\x04 not a workbook"),
    "empty XLSX": ("ผล.xlsx", b""),
    "old XLS": ("ผล.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
}


@pytest.mark.parametrize(("name", "data"), BYTES.values(), ids=BYTES.keys())
def test_bytes(prongsai, tmp_path, name, data) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    refused(prongsai, tmp_path, path)


def refused(prongsai, folder, path) -> None:
    before = everything(folder)
    shown = prongsai("score", path)
    assert (shown.status, shown.out) == (2, "")
    assert path.name in shown.err or "none.csv" in shown.err
    told = prongsai("score", path, "--json")
    assert (told.status, told.err) == (2, "")
    for error in told.json["errors"]:
        assert THAI.search(error["message_th"]), error
        assert error["where"], error
        assert error["message_en"], error
        assert THAI.search(error["next_th"]), error
        assert error["message_th"] in shown.err
        assert error["next_th"] in shown.err
    for arguments in (
        ("plan", path, "-o", folder / "plan.yaml"),
        ("report", path, "--kind", "brief", "-o", folder / "brief.docx"),
        ("analyze", path),
        ("explain", path, "overall"),
    ):
        assert prongsai(*arguments).status == 2
    assert everything(folder) == before


def test_missing_file(prongsai, tmp_path) -> None:
    for arguments in (("score",), ("analyze",), ("plan", "check"), ("progress", "check"), ("framework", "check")):
        run = prongsai(*arguments, tmp_path / "none.yaml")
        assert run.status == 2
        assert "ไม่พบไฟล์" in run.err
        assert "none.yaml" in run.err


@pytest.mark.parametrize(
    "text",
    ["", "points: [}", "kind: poem\n", "- x\n", "kind: measures\nunknown: 1\n"],
    ids=["empty", "broken", "wrong kind", "list", "unknown key"],
)
@pytest.mark.parametrize("command", ["plan", "progress"])
def test_plan_and_progress_files(prongsai, tmp_path, command, text) -> None:
    path = tmp_path / "แผน.yaml"
    path.write_text(text, encoding="utf-8")
    run = prongsai(command, "check", path, "--json")
    assert run.status == 2
    for error in run.json["errors"]:
        assert "แผน.yaml" in error["where"]
        assert THAI.search(error["message_th"])
        assert THAI.search(error["next_th"])


def test_two_things_to_verify(prongsai, tmp_path) -> None:
    run = prongsai("verify", tmp_path / "one", "--database", tmp_path / "two.sqlite3", "--json")
    assert (run.status, run.json["errors"][0]["code"]) == (2, "ledger.one_at_a_time")
    assert THAI.search(run.json["errors"][0]["next_th"])
    assert everything(tmp_path) == {}
