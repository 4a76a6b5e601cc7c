from __future__ import annotations

from unchanged import everything


def test_one_agency_can_be_scored(prongsai, tmp_path) -> None:
    out = tmp_path / "จำลอง"
    assert prongsai("simulate", "-o", out, "--fiscal-year", "๒๕๖๘", "--seed", "7").status == 0
    run = prongsai("score", out / "results.yaml", "--json")
    assert run.status == 0
    assert run.json["framework"]["id"] == "ita-2568"
    assert prongsai("simulate", "-o", out, "--fiscal-year", "2568").status == 2
    assert [path.name for path in tmp_path.iterdir()] == ["จำลอง"]


def test_a_nation_is_a_folder_for_the_national_command(prongsai, tmp_path) -> None:
    out = tmp_path / "many"
    assert prongsai("simulate", "-o", out, "--framework", "rehearsal", "--agencies", "3").status == 0
    assert prongsai("national", out, "--json").json["agencies"] == 3


def test_years_are_a_folder_each_with_the_same_agencies(prongsai, tmp_path) -> None:
    out = tmp_path / "panel"
    assert prongsai("simulate", "-o", out, "--fiscal-year", "2568", "--agencies", "4", "--years", "2").status == 0
    assert sorted(path.name for path in out.iterdir()) == ["2567", "2568"]
    assert (out / "2567" / "agencies.parquet").read_bytes() == (out / "2568" / "agencies.parquet").read_bytes()
    assert prongsai("national", out / "2567", "--json").json["agencies"] == 4


def test_nothing_is_left_behind_on_failure(prongsai, tmp_path) -> None:
    for arguments in (
        ("-o", tmp_path / "none" / "x", "--fiscal-year", "2568"),
        ("-o", tmp_path / "x"),
        ("-o", tmp_path / "x", "--fiscal-year", "2561"),
        ("-o", tmp_path / "x", "--fiscal-year", "2568", "--respondents", "500"),
        ("-o", tmp_path / "x", "--fiscal-year", "2568", "--quality", "2"),
        ("-o", tmp_path / "x", "--fiscal-year", "2568", "--honest"),
        ("-o", tmp_path / "x", "--agencies", "3", "--staff", "50"),
        ("-o", tmp_path / "x", "--fiscal-year", "2568", "--years", "2"),
        ("-o", tmp_path / "x", "--agencies", "3", "--years", "12"),
        ("-o", tmp_path / "x", "--agencies", "3", "--framework", "rehearsal", "--years", "2"),
        ("-o", tmp_path / "x", "--agencies", "0"),
        ("-o", tmp_path / "x", "--agencies", "3", "--seed", "-1"),
    ):
        run = prongsai("simulate", *arguments)
        assert run.status == 2
        assert "→" in run.err
    assert everything(tmp_path) == {}
    assert list(tmp_path.iterdir()) == []
