from __future__ import annotations

import pytest
from unchanged import everything

from prongsai.yaml_file import dump, read


@pytest.fixture
def plan(prongsai, files):
    path = files / "plan.yaml"
    run = prongsai("plan", files / "results.yaml", "-o", path, "--units", "สำนักปลัดสมมติ, กองคลังสมมติ")
    assert run.status == 0, run.err
    return path


def test_plan_is_written_and_says_what_is_in_it(prongsai, files, plan) -> None:
    data = read(plan).data
    assert (data["result_year"], data["action_year"], data["kind"]) == (2568, 2569, "measures")
    assert "สมมติ" in plan.read_text(encoding="utf-8")
    out = files / "action.yaml"
    run = prongsai("plan", files / "results.yaml", "-o", out, "--kind", "action_plan", "--action-year", "๒๕๗๐")
    assert run.status == 0
    assert "มาตรการ" in run.out
    assert read(out).data["action_year"] == 2570


def test_an_edited_plan_is_not_lost(prongsai, files, plan) -> None:
    plan.write_text("# แก้ไขแล้ว\n", encoding="utf-8")
    run = prongsai("plan", files / "results.yaml", "-o", plan)
    assert run.status == 2
    assert "--force" in run.err
    assert plan.read_text(encoding="utf-8") == "# แก้ไขแล้ว\n"
    assert prongsai("plan", files / "results.yaml", "-o", plan, "--force").status == 0
    assert read(plan).data["points"]


def test_change_from_last_year_stands_in_the_finding(prongsai, files) -> None:
    out = files / "trend.yaml"
    prongsai("plan", files / "results.yaml", "-o", out, "--previous", files / "previous.yaml")
    assert "เพิ่มขึ้น 10.00 คะแนนจากปีก่อน (78.00 คะแนน)" in " ".join(out.read_text(encoding="utf-8").split())


def test_missing_folder(prongsai, files) -> None:
    before = everything(files)
    run = prongsai("plan", files / "results.yaml", "-o", files / "none" / "plan.yaml")
    assert run.status == 2
    assert "ไม่มีโฟลเดอร์" in run.err
    assert everything(files) == before


def test_check_finds_what_is_wrong(prongsai, files, plan) -> None:
    data = read(plan).data
    data["points"] = data["points"][:1]
    data["points"][0]["measures"][0]["steps"][0]["units"] = []
    plan.write_text(dump(data), encoding="utf-8")
    run = prongsai("plan", "check", plan, "--results", files / "results.yaml", "--json")
    assert run.status == 1
    assert set(run.json) == {"file", "counts", "errors", "warnings", "problems"}
    codes = {problem["code"] for problem in run.json["problems"]}
    assert {"plan.no_unit", "plan.unanswered"} <= codes
    assert prongsai("plan", "check", plan).status == 1


def test_check_refuses_results_of_another_year(prongsai, files, plan) -> None:
    run = prongsai("plan", "check", plan, "--results", files / "previous.yaml")
    assert run.status == 2
    assert "ita-2567" in run.err


def test_progress_from_plan_to_check(prongsai, files, plan) -> None:
    out = files / "progress.yaml"
    assert prongsai("progress", plan, "-o", out, "--months", "๖").status == 0
    run = prongsai("progress", "check", out, "--json")
    assert run.status == 0
    assert (run.json["months"], run.json["share"], run.json["reached"]) == (6, "0.00", False)
    data = read(out).data
    data["measures"][0]["status"] = "done"
    out.write_text(dump(data), encoding="utf-8")
    run = prongsai("progress", "check", out, "--json")
    assert run.status == 1
    assert "progress.no_proof" in {problem["code"] for problem in run.json["problems"]}
    assert prongsai("progress", plan, "-o", out).status == 2


def test_framework_without_a_year_needs_an_action_year(prongsai, tmp_path) -> None:
    path = tmp_path / "results.yaml"
    path.write_text("agency: {name: x}\nframework: rehearsal\n", encoding="utf-8")
    run = prongsai("plan", path, "-o", tmp_path / "plan.yaml")
    assert run.status == 2
    assert "--action-year" in run.err
    assert prongsai("plan", path, "-o", tmp_path / "plan.yaml", "--action-year", "2569").status == 0
