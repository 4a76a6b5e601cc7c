"""``prongsai survey``: out to other tools and back, through the real entry."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree
from python_calamine import CalamineWorkbook

from prongsai.framework import by_id
from prongsai.scoring.sheets import read_sheets
from prongsai.scoring.structure import structure
from prongsai.scoring.tally import Tally
from prongsai.survey.questionnaire import questionnaire

R = questionnaire(by_id("rehearsal"), "R")
CODES = ",".join(line.code for line in R.lines)
FULL = ",".join(line.options[-1] for line in R.lines)


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    path = tmp_path / "answers.csv"
    path.write_text(f"SubmissionDate,{CODES},KEY\nt,{FULL},a\nt,{FULL},b\nt,{FULL},a\n", encoding="utf-8")
    return path


def test_a_form_is_written_whole_and_named(prongsai, tmp_path: Path) -> None:
    out = tmp_path / "f.xlsx"
    run = prongsai("survey", "xlsform", "rehearsal", "-o", out, "--json")
    assert (run.status, run.json["questionnaire"]) == (0, "rehearsal/R")
    assert run.json["languages"] == ["th", "en", "ms-Arab", "ms-Latn"]
    heading, settings = CalamineWorkbook.from_path(str(out)).get_sheet_by_name("settings").to_python()
    assert dict(zip(heading, settings, strict=True))["version"] == run.json["version"]
    again = prongsai("survey", "xlsform", "rehearsal/R", "-o", out)
    assert again.status == 2
    assert "--force" in again.err
    assert prongsai("survey", "xlsform", "rehearsal/r", "-o", out, "--force").status == 0


def test_a_codebook_is_written(prongsai, tmp_path: Path) -> None:
    run = prongsai("survey", "ddi", "๒๕๖๕/IIT", "-o", tmp_path / "b.xml")
    assert run.status == 0
    assert etree.parse(tmp_path / "b.xml").getroot().tag == "{ddi:codebook:2_5}codeBook"


def test_what_is_not_published_is_filled_in_from_a_wording(prongsai, tmp_path: Path) -> None:
    wording, out = tmp_path / "w.yaml", tmp_path / "e.xlsx"
    refused = prongsai("survey", "xlsform", "2569/EIT.2", "-o", out)
    assert refused.status == 2
    assert "ita-2569/EIT.2 eligible" in refused.err
    assert not out.exists()
    assert prongsai("survey", "wording", "2569/EIT.2", "-o", wording).status == 0
    assert prongsai("survey", "xlsform", "2569/EIT.2", "-o", out, "--wording", wording).status == 2  # still empty
    filled = re.sub('""$', '"ถ้อยคำ"', wording.read_text(encoding="utf-8"), flags=re.MULTILINE)
    wording.write_text(filled, encoding="utf-8")
    assert prongsai("survey", "xlsform", "2569/EIT.2", "-o", out, "--wording", wording).status == 0


@pytest.mark.parametrize("name", ["2569", "2569/OIT", "nothing/R", "2501/IIT"])
def test_a_questionnaire_that_does_not_exist_is_unusable(prongsai, tmp_path: Path, name: str) -> None:
    run = prongsai("survey", "ddi", name, "-o", tmp_path / "b.xml", "--json")
    assert run.status == 2
    assert run.json["errors"][0]["next_th"]


def test_answers_are_looked_at_before_they_are_written(prongsai, answers: Path, tmp_path: Path) -> None:
    out = tmp_path / "sheets.csv"
    dry = prongsai("survey", "import", answers, "--form", "rehearsal/R", "--from", "odk", "--json")
    assert (dry.status, dry.json["answers"], dry.json["rows_repeated"], dry.json["written"]) == (0, 2, [4], None)
    assert [one["kind"] for one in dry.json["columns_dropped"]] == ["time", "tool"]
    run = prongsai("survey", "import", answers, "--form", "rehearsal/R", "--from", "odk", "-o", out)
    assert run.status == 0
    assert "SubmissionDate: เวลา" in run.out
    counted, _ = read_sheets(out, structure(by_id("rehearsal")), "R")
    assert counted["r1"] == Tally({"5": 2})
    assert prongsai("survey", "import", answers, "--form", "rehearsal/R", "--from", "odk", "-o", out).status == 2


def test_a_wrong_cell_writes_nothing(prongsai, answers: Path, tmp_path: Path) -> None:
    out = tmp_path / "sheets.csv"
    answers.write_text(f"{CODES}\n{FULL}\n9{FULL[1:]}\n", encoding="utf-8")
    run = prongsai("survey", "import", answers, "--form", "rehearsal/R", "--from", "odk", "-o", out)
    assert (run.status, out.exists()) == (1, False)
    assert "answers.csv:3 A" in run.err
    asked = prongsai("survey", "import", answers, "--form", "rehearsal/R", "--from", "odk", "--json")
    assert [error["code"] for error in asked.json["errors"]] == ["import.option"]


def test_a_likeness_is_confirmed_by_a_mapping(prongsai, answers: Path, tmp_path: Path) -> None:
    text = (R.text("r1") or "").replace("สำนักงานของเรา", "สำนักงานเรา")
    answers.write_text(f"{text}\nมาก\n", encoding="utf-8")
    out, mapping = tmp_path / "sheets.csv", tmp_path / "m.yaml"
    base = ("survey", "import", answers, "--form", "rehearsal", "--from", "google-forms", "-o", out)
    guessed = prongsai(*base, "--write-mapping", mapping, "--json")
    assert (guessed.status, guessed.json["to_confirm"], out.exists()) == (1, [f"{text} → r1"], False)
    assert prongsai(*base, "--mapping", mapping).status == 0
    assert out.read_text(encoding="utf-8").splitlines()[1].startswith("4,")


def test_another_tool_and_another_file_are_unusable(prongsai, answers: Path, tmp_path: Path) -> None:
    assert prongsai("survey", "import", answers, "--form", "rehearsal", "--from", "paper").status == 2
    assert prongsai("survey", "import", tmp_path / "no.csv", "--form", "rehearsal", "--from", "odk").status == 2
    assert prongsai("survey", "import", answers, "--from", "odk").status == 2
