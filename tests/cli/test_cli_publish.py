"""``prongsai publish`` and ``prongsai export``: which results, where to, what is refused."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
SISAKET = EXAMPLES / "sisaket-2568"
FREE = ("--documents", "", "--published", "21/11/2569")


def test_a_folder_for_the_agencys_website(prongsai, tmp_path) -> None:
    out = tmp_path / "ita"
    run = prongsai(
        "publish", EXAMPLES, "--agency", "เทศบาลเมืองศรีสะเกษ", "--fiscal-year", "๒๕๖๘", "-o", out,
        "--plan", SISAKET / "plan.yaml", "--approved", "นายกเทศมนตรี; ; 1/2/2569", *FREE, "--json",
    )  # fmt: skip
    assert run.status == 0, run.err
    assert run.json["fiscal_year"] == 2568
    assert set(run.json["files"]) == {p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file()}
    page = (out / "index.html").read_text(encoding="utf-8")
    assert "92.89" in page
    assert 'datetime="2026-02-01"' in page


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--agency", "เทศบาลเมืองสีสะเกษ"], "เทศบาลเมืองศรีสะเกษ"),
        ([], "--agency"),
        (["--agency", "เทศบาลเมืองศรีสะเกษ", "--fiscal-year", "2567"], "2568"),
        (["--agency", "เทศบาลเมืองศรีสะเกษ", "--approved", ";x"], "--approved"),
        (["--agency", "เทศบาลเมืองศรีสะเกษ", "--approved", "นายก;;เมื่อวาน"], "--approved"),
        (["--agency", "เทศบาลเมืองศรีสะเกษ", "--plan", EXAMPLES / "bangpla-2567/plan.yaml"], "ita-2567"),
        (["--agency", "เทศบาลเมืองศรีสะเกษ", "--documents", "odt"], "odt"),
    ],
)
def test_what_cannot_be_used_is_said_and_nothing_is_written(prongsai, tmp_path, arguments, said) -> None:
    run = prongsai("publish", EXAMPLES, "-o", tmp_path / "ita", *arguments)
    assert run.status == 2
    assert said in run.err
    assert list(tmp_path.iterdir()) == []


def test_links_become_a_page(prongsai, tmp_path) -> None:
    table = tmp_path / "links.csv"
    table.write_text("ข้อ,ลิงก์,วันที่มีผล,หมายเหตุ\no1,https://example.go.th/a,1/10/2567,โครงสร้าง\n", encoding="utf-8")
    run = prongsai("publish", SISAKET / "results.yaml", "-o", tmp_path / "ita", "--links", table, *FREE)
    assert run.status == 0, run.err
    assert "https://example.go.th/a" in (tmp_path / "ita" / "oit.html").read_text(encoding="utf-8")


def test_results_files_become_open_data(prongsai, tmp_path) -> None:
    run = prongsai("export", EXAMPLES, "--fiscal-year", "2568", "-o", tmp_path, "--formats", "csv,parquet", "--json")
    assert run.status == 0, run.err
    folder = Path(run.json["folder"])
    assert folder == tmp_path / "ita-2568" / "revision-1"
    assert {path.name for path in folder.iterdir() if path.is_dir()} == {"csv", "parquet"}
    with (folder / "csv" / "scores.csv").open(encoding="utf-8") as file:
        scores = {line["node"]: line["score"] for line in csv.DictReader(file)}
    assert scores["overall"] == "92.89"
    assert scores["EIT.1"] == ""


def test_a_published_revision_stays_and_the_next_stands_beside_it(prongsai, tmp_path) -> None:
    asked = ("export", EXAMPLES, "--fiscal-year", "2568", "-o", tmp_path, "--formats", "csv")
    assert prongsai(*asked).status == 0
    again = prongsai(*asked)
    assert again.status == 2
    assert "--revision 2" in again.err
    assert prongsai(*asked, "--revision", 2, "--note", "แก้ไข").status == 0
    assert prongsai(*asked, "--revision", 4).status == 2
    assert {path.name for path in (tmp_path / "ita-2568").iterdir()} == {"revision-1", "revision-2", "revisions.json"}


def test_a_nation_becomes_open_data(prongsai, tmp_path) -> None:
    assert prongsai("simulate", "--agencies", 20, "-o", tmp_path / "nation").status == 0
    run = prongsai("export", tmp_path / "nation", "-o", tmp_path / "open", "--formats", "csv", "--json")
    assert run.status == 0, run.err
    assert run.json["agencies"] == 20


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--formats", "csv,ods"], "ods"),
        (["--revision", "0"], "--revision 0"),
        (["--published", "never"], "--published"),
        ([], "publish.frameworks"),
        (["--fiscal-year", "2599"], "publish.frameworks"),
        (["--about", "nowhere.yaml"], "nowhere.yaml"),
    ],
)
def test_an_export_that_cannot_be_made_writes_nothing(prongsai, tmp_path, arguments, said) -> None:
    run = prongsai("export", EXAMPLES, "-o", tmp_path, "--json", *arguments)
    assert run.status == 2
    assert said in run.out
    assert list(tmp_path.iterdir()) == []


def test_corrected_results_stand_beside_what_is_published(prongsai, tmp_path) -> None:
    asked = ("publish", SISAKET / "results.yaml", *FREE)
    assert prongsai(*asked, "-o", tmp_path / "first").status == 0
    run = prongsai(*asked, "-o", tmp_path / "second", "--earlier", tmp_path / "first", "--json")
    assert run.status == 0, run.err
    assert {f"data/ita-2568/revision-{number}/SHA256SUMS" for number in (1, 2)} <= set(run.json["files"])
    refused = prongsai(*asked, "-o", tmp_path / "third", "--earlier", tmp_path)
    assert refused.status == 2
    assert "publish.earlier" not in refused.err
    assert not (tmp_path / "third").exists()
