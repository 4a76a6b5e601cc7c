"""What a nation's folder may not hold: said with file and column, exit status 2, nothing written."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from nation_sample import edit

from prongsai.cli.main import main
from prongsai.errors import InputError
from prongsai.framework import by_id
from prongsai.national.nation import open_nation
from prongsai.scoring.wide import marks
from prongsai.simulation.nation import NationSpec, write_nation

SHEETS = "sheets/IIT/00000.parquet"


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nation") / "clean"
    write_nation(NationSpec(by_id("ita-2568"), 12, 3), folder)
    return folder


@pytest.fixture
def folder(clean: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(clean, tmp_path / "nation"))


def put(
    row: int, column: str, value: object, kind: pl.DataType | None = None
) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Put one value into a table, with the column's type changed where it does not hold the value."""

    def change(table: pl.DataFrame) -> pl.DataFrame:
        values = table[column].to_list()
        values[row] = value
        return table.with_columns(pl.Series(column, values, dtype=kind or table[column].dtype))

    return change


def half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def middle(path: Path) -> None:
    """Noise in the data, with head and foot as they were."""
    data = bytearray(path.read_bytes())
    data[40:400] = bytes(255 - byte for byte in data[40:400])
    path.write_bytes(bytes(data))


def other_version(path: Path) -> None:
    edit(path, lambda table: table, {**marks(by_id("ita-2568"), "IIT"), "prongsai.version": "7"})


def second_version(path: Path) -> None:
    """Half of the sheets in another file, which was made for the version before."""
    table, half_of = pl.read_parquet(path), pl.col("respondent") % 2 == 0
    says = {**marks(by_id("ita-2568"), "IIT"), "prongsai.version": "0"}
    table.filter(half_of).write_parquet(path.with_stem("00001"), metadata=says)
    edit(path, lambda t: t.filter(~half_of))


BAD: dict[str, tuple[str, Callable[[Path], object], str, str]] = {
    "float with NaN": (SHEETS, lambda p: edit(p, put(1, "i3", float("nan"), pl.Float64())), "national.type", "i3"),
    "text": (SHEETS, lambda p: edit(p, lambda t: t.with_columns(pl.col("i2").cast(pl.String))), "national.type", "i2"),
    "option too high": (SHEETS, lambda p: edit(p, put(4, "i1", 6)), "national.option", "i1"),
    "option below": (SHEETS, lambda p: edit(p, put(4, "i1", -1)), "national.option", "i1"),
    "third option of two": (SHEETS, lambda p: edit(p, put(4, "i3", 2)), "national.option", "i3"),
    "unknown agency": (SHEETS, lambda p: edit(p, put(0, "agency", 99)), "national.agency", "99"),
    "no agency": (SHEETS, lambda p: edit(p, put(0, "agency", None)), "national.empty_key", "agency"),
    "respondent twice": (SHEETS, lambda p: edit(p, put(0, "respondent", 9)), "national.repeated", "9"),
    "respondent twice in two files": (SHEETS, lambda p: shutil.copy(p, p.with_stem("00001")), "national.repeated", "1"),
    "respondents in no order, one twice": (
        SHEETS,
        lambda p: edit(p, lambda t: put(0, "respondent", 9)(t).reverse()),
        "national.repeated",
        "9",
    ),
    "two versions mixed": (SHEETS, second_version, "national.mixed", "00001.parquet"),
    "no such row": (SHEETS, lambda p: edit(p, lambda t: t.rename({"i4": "i99"})), "national.column", "i99"),
    "no respondent": (SHEETS, lambda p: edit(p, lambda t: t.drop("respondent")), "national.column", "respondent"),
    "cut short": (SHEETS, half, "national.unreadable", "IIT"),
    "broken in the middle": (SHEETS, middle, "national.unreadable", "IIT"),
    "other version": (SHEETS, other_version, "national.mixed", "7"),
    "no marks": (SHEETS, lambda p: edit(p, lambda t: t, {}), "national.mixed", "IIT"),
    "other survey's file": (
        SHEETS,
        lambda p: shutil.copy(p, p.parents[1] / "EIT.1" / "1.parquet"),
        "national.mixed",
        "EIT.1",
    ),
    "other year's survey": (
        SHEETS,
        lambda p: shutil.copytree(p.parent, p.parents[1] / "XIT"),
        "national.container",
        "XIT",
    ),
    "verdict too high": ("verdicts/OIT.parquet", lambda p: edit(p, put(0, "o1", 2)), "national.option", "o1"),
    "verdict twice": ("verdicts/OIT.parquet", lambda p: edit(p, put(0, "agency", 2)), "national.repeated", "2"),
    "agency twice": ("agencies.parquet", lambda p: edit(p, put(0, "agency", 2)), "national.agencies", "agency"),
    "no staff": ("agencies.parquet", lambda p: edit(p, lambda t: t.drop("staff")), "national.agencies", "staff"),
    "agencies cut short": ("agencies.parquet", half, "national.unreadable", "agencies.parquet"),
    "older version": (
        "nation.yaml",
        lambda p: p.write_text(p.read_text("utf-8").replace("version: 1", "version: 0"), "utf-8"),
        "national.version",
        "version",
    ),
    "a file of sheets lost": (
        SHEETS,
        lambda p: p.rename(p.parents[3] / "lost.parquet"),
        "national.partial",
        "0 sheets",
    ),
    "lines of a file lost": (SHEETS, lambda p: edit(p, lambda t: t.head(-1)), "national.partial", "IIT"),
    "sheets that are no number": (
        "nation.yaml",
        lambda p: p.write_text(re.sub("IIT: .*", "IIT: many", p.read_text("utf-8")), "utf-8"),
        "national.nation",
        "sheets",
    ),
    "no framework": ("nation.yaml", lambda p: p.write_text("seed: 1\n"), "national.nation", "nation.yaml"),
    "no nation": ("nation.yaml", Path.unlink, "national.no_nation", ""),
}


def test_the_clean_nation_opens(clean: Path) -> None:
    nation = open_nation(clean)
    assert list(nation.surveys) == ["IIT", "EIT.1", "EIT.2"]
    assert nation.verdicts["OIT"][1].shape == (12, 28)


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_and_nothing_is_written(name: str, folder: Path, tmp_path: Path, capsys) -> None:
    path, spoil, code, said = BAD[name]
    spoil(folder / path)
    with pytest.raises(InputError) as refused:
        open_nation(folder)
    found = [problem for problem in refused.value.problems if problem.code == code]
    assert found, refused.value.problems
    assert any(said in f"{problem.where} {problem.en}" for problem in found)
    assert all(problem.th and problem.next_th for problem in found)
    before = sorted(tmp_path.iterdir())
    assert main(["national", str(folder), "-o", str(tmp_path / "out")]) == 2
    assert sorted(tmp_path.iterdir()) == before
    assert capsys.readouterr().out == ""


def test_every_problem_is_said_at_once(folder: Path) -> None:
    edit(folder / SHEETS, put(4, "i1", 6))
    edit(folder / "verdicts/OIT.parquet", put(0, "o1", 2))
    with pytest.raises(InputError) as refused:
        open_nation(folder)
    assert len(refused.value.problems) == 2
    assert SHEETS in refused.value.problems[0].where


def test_a_column_that_no_file_has_was_not_asked(folder: Path) -> None:
    edit(folder / SHEETS, lambda table: table.drop("i5"))
    assert "i5" not in [row.code for row in open_nation(folder).surveys["IIT"].layout.rows]
