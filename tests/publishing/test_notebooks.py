"""The notebooks do what they say, from a release alone, and notice when a number in it was changed."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any

import nbclient
import nbformat
import polars as pl
import pytest

from prongsai.framework import for_year
from prongsai.national.aggregates import aggregates
from prongsai.national.counted import Counted
from prongsai.national.disclosed import withheld
from prongsai.national.engines import count, engine
from prongsai.national.nation import open_nation
from prongsai.national.score import NationScores, score_nation
from prongsai.national.uncertain import estimates
from prongsai.publishing.gather import Edition, of_nation
from prongsai.publishing.opendata.release import release
from prongsai.simulation.nation import NationSpec, write_nation

NOTEBOOKS = Path(__file__).parents[2] / "docs" / "notebooks"
HEADS = ("overall", "IIT", "EIT", "EIT.1", "EIT.2", "OIT")


@pytest.fixture(scope="module", name="nation")
def one_nation(tmp_path_factory: pytest.TempPathFactory) -> tuple[NationScores, dict[str, Counted]]:
    folder = tmp_path_factory.mktemp("nation")
    write_nation(NationSpec(for_year(2568), 40, 7), folder)
    nation = open_nation(folder)
    counting = engine("polars")
    counted = count(nation, counting, moments=True)
    counting.close()
    return score_nation(nation, counted), counted


@pytest.fixture(scope="module", name="folder")
def one_release(nation: tuple[NationScores, dict[str, Counted]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    scores, counted = nation
    published = of_nation(scores, counted, Edition(dt.date(2025, 12, 1)), estimates(scores, counted))
    return release(published, tmp_path_factory.mktemp("opendata"), ("csv",)).folder


def executed(name: str, folder: Path, more: str = "") -> Any:
    """The notebook after a run on a release. ``more``: a last cell."""
    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", 4)
    if more:
        notebook.cells.append(nbformat.v4.new_code_cell(more))
    os.environ["RELEASE"] = str(folder)
    try:
        return nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    finally:
        del os.environ["RELEASE"]


def printed(notebook: Any) -> str:
    return "".join(out.get("text", "") for cell in notebook.cells for out in cell.get("outputs", []))


def test_the_national_table_is_that_of_the_nation(
    nation: tuple[NationScores, dict[str, Counted]], folder: Path, tmp_path: Path
) -> None:
    told = tmp_path / "table.csv"
    seen = printed(executed("national-table", folder, f"nation.write_csv({str(told)!r})"))
    assert "ไม่ตรง 0" in seen
    scores, counted = nation
    whole = aggregates(scores, counted, "nation", hidden=withheld(scores, counted))[0]
    for row in pl.read_csv(told).iter_rows(named=True):
        of = whole.at(row["node"])
        assert (row["agencies"], row["told"]) == (40, of.scored), row
        if row["told"] and of.mean is not None:
            # From scores as published, of two decimals each: at most half a hundredth from the mean of the exact ones.
            assert abs(row["mean_low"] - float(of.mean.low)) <= 0.0101, row
            assert abs(row["mean_high"] - float(of.mean.high)) <= 0.0101, row
    assert set(HEADS) <= set(pl.read_csv(told)["node"])


@pytest.mark.parametrize(
    ("table", "column"), [("scores", "score"), ("distributions", "n_5")], ids=["a score", "a number of people"]
)
def test_a_changed_number_is_noticed(folder: Path, tmp_path: Path, table: str, column: str) -> None:
    (tmp_path / "csv").mkdir()
    for path in (folder / "csv").glob("*.csv"):
        (tmp_path / "csv" / path.name).write_bytes(path.read_bytes())
    target = tmp_path / "csv" / f"{table}.csv"
    frame = pl.read_csv(target, infer_schema_length=None)
    line = frame.with_row_index().filter(pl.col("node") == "i1", pl.col(column).is_not_null())["index"][0]
    frame[line, column] = frame[line, column] - 1
    frame.write_csv(target)
    with pytest.raises(nbclient.exceptions.CellExecutionError, match="AssertionError"):
        executed("national-table", tmp_path)


def test_two_agencies_are_compared_in_sentences(folder: Path) -> None:
    seen = printed(executed("compare-two-agencies", folder))
    assert all(f"{node}: " in seen for node in HEADS)
    assert "สูงกว่า" in seen or "เท่ากัน" in seen or "บอกไม่ได้" in seen


def test_they_carry_no_output_and_no_place(folder: Path) -> None:
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        notebook = nbformat.read(path, 4)
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        assert code
        assert all(not cell.outputs and cell.execution_count is None for cell in code)
        assert "prongsai" not in "".join(cell.source for cell in code)
