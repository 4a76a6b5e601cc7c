from __future__ import annotations

import polars as pl
import pytest
from python_calamine import CalamineWorkbook
from unchanged import everything

from prongsai.cli.main import main
from prongsai.national.signals.report import NO_PROOF_TH


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("signals") / "n"
    assert main(["simulate", "-o", str(folder), "--agencies", "150", "--seed", "4"]) == 0
    return folder


def test_flagged_agencies_are_told_with_reasons_and_the_caution(prongsai, nation) -> None:
    run = prongsai("signals", nation)
    assert run.status == 0
    assert NO_PROOF_TH in run.out.replace("\n", "")
    found = prongsai("signals", nation, "--json").json
    assert 0 < found["flagged"] < 40
    assert found["flagged"] == len({one["code"] for one in found["found"]})
    assert "no proof" in found["note"]
    assert all(one["code"] in run.out for one in found["found"][:5])
    assert all(one["sheets"] is None or one["sheets"] >= 10 for one in found["found"])


@pytest.mark.parametrize("suffix", [".xlsx", ".csv", ".parquet"])
def test_the_same_lines_are_written_in_every_format(prongsai, nation, tmp_path, suffix) -> None:
    out = tmp_path / f"สัญญาณ{suffix}"
    assert prongsai("signals", nation, "-o", out).status == 0
    wanted = [one["reason_th"] for one in prongsai("signals", nation, "--json").json["found"]]
    if suffix == ".xlsx":
        rows = CalamineWorkbook.from_path(str(out)).get_sheet_by_index(0).to_python()
        assert rows[0][0] == NO_PROOF_TH
        assert [row[rows[1].index("สิ่งที่พบ")] for row in rows[2:]] == wanted
    else:
        table = pl.read_csv(out) if suffix == ".csv" else pl.read_parquet(out)
        assert table["reason_th"].to_list() == wanted


def test_nothing_is_written_over_or_of_an_unknown_kind(prongsai, nation, tmp_path) -> None:
    (tmp_path / "x.csv").write_text("mine")
    before = everything(tmp_path)
    for name in ("x.csv", "x.docx"):
        run = prongsai("signals", nation, "-o", tmp_path / name)
        assert run.status == 2
        assert "✗" in run.err
    assert prongsai("signals", tmp_path).status == 2
    assert everything(tmp_path) == before


def test_last_year_must_be_the_year_before(prongsai, nation) -> None:
    run = prongsai("signals", nation, "--before", nation)
    assert run.status == 2
    assert "ปีก่อน" in run.err
