from __future__ import annotations

import json

import pytest

from prongsai.framework.catalog import DATA


def test_list(prongsai) -> None:
    run = prongsai("framework", "list", "--json")
    assert run.status == 0
    found = {one["id"]: one for one in run.json["frameworks"]}
    assert found["ita-2568"]["items"] == {"IIT": 15, "EIT": 9, "OIT": 28}
    assert "rehearsal" in prongsai("framework", "list").out


@pytest.mark.parametrize("name", ["2568", "๒๕๖๘", "2025", "พ.ศ. 2568", "ita-2568", "ITA-2568"])
def test_show_by_year_or_id(prongsai, name) -> None:
    run = prongsai("framework", "show", name)
    assert run.status == 0
    assert "ita-2568" in run.out
    assert "ผ่านดีเยี่ยม" in run.out


@pytest.mark.parametrize(
    ("name", "code"), [("2561", "year.other_model"), ("2590", "year.no_framework"), ("x", "framework.unknown")]
)
def test_show_refuses_by_name(prongsai, name, code) -> None:
    run = prongsai("framework", "show", name, "--json")
    assert (run.status, run.json["errors"][0]["code"]) == (2, code)


def test_check_a_file_of_ones_own(prongsai, tmp_path) -> None:
    text = (DATA / "rehearsal.yaml").read_text(encoding="utf-8")
    path = tmp_path / "own.yaml"
    path.write_text(text, encoding="utf-8")
    assert prongsai("framework", "check", path).status == 0
    assert prongsai("framework", "check", path, "--json").json["errors"] == []
    path.write_text(text + "\nunheard_of: 1\n", encoding="utf-8")
    run = prongsai("framework", "check", path)
    assert run.status == 2
    assert "own.yaml" in run.err
    assert "unheard_of" in run.err


@pytest.mark.parametrize("name", ["results", "plan", "progress", "framework"])
def test_schema(prongsai, name) -> None:
    run = prongsai("schema", name)
    assert run.status == 0
    assert json.loads(run.out)["properties"]


def test_template_can_be_scored(prongsai, tmp_path) -> None:
    out = tmp_path / "แบบกรอก.xlsx"
    assert prongsai("template", out, "--fiscal-year", "๒๕๖๘", "--agency", "เทศบาลสมมติ").status == 0
    run = prongsai("score", out, "--json")
    assert (run.status, run.json["agency"]["name"]) == (0, "เทศบาลสมมติ")
    assert prongsai("template", out, "--fiscal-year", "2568").status == 2
    assert prongsai("template", tmp_path / "x.yaml", "--fiscal-year", "2568").status == 2
    assert prongsai("template", tmp_path / "y.xlsx").status == 2
    assert [path.name for path in tmp_path.iterdir()] == ["แบบกรอก.xlsx"]
