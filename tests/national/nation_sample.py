"""Small nations on disk with every odd agency that counting and scoring must bear."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from prongsai.framework import by_id
from prongsai.national.columns import UNIT
from prongsai.national.counted import Counted
from prongsai.national.nation import Nation
from prongsai.national.score import ORIGINS, NationScores, results_of
from prongsai.scoring.interval import shown
from prongsai.scoring.score import score
from prongsai.scoring.sheets import count as count_sheets
from prongsai.scoring.wide import NATION_FILE, marks
from prongsai.simulation.nation import NationSpec, write_nation
from prongsai.yaml_file import dump, read

ENDS = 8  # units of a score that may have been cut off at the most
MOST = 12  # sheets of one survey that an agency keeps, so that Python can count them one by one
NO_SHEETS, ONE_SHEET, ITEM_UNANSWERED, NO_INSIDE, EMPTY_SHEETS, NOT_JUDGED, NOTHING_APPLIES, MISSING = range(1, 9)


def odd_nation(folder: Path, agencies: int, framework: str = "ita-2568", seed: int = 5) -> Path:
    """A nation of few sheets, whose first agencies are the odd ones named above."""
    found = by_id(framework)
    write_nation(NationSpec(found, agencies, seed), folder)
    for path in sorted((folder / "sheets").glob("*/*.parquet")):
        container = path.parent.name
        inside = container == sorted(p.name for p in (folder / "sheets").iterdir())[-1]
        edit(path, lambda table, inside=inside: _odd(table, inside), marks(found, container))
    for path in (folder / "verdicts").glob("*.parquet"):
        edit(path, _odd_verdicts, marks(found, path.stem))
    tell_sheets(folder)
    return folder


def tell_sheets(folder: Path) -> None:
    """Put into ``nation.yaml`` how many sheets there are now."""
    path = folder / NATION_FILE
    about = read(path).data
    about["sheets"] = {
        survey.name: pl.scan_parquet(survey / "*.parquet").select(pl.len()).collect().item()
        for survey in sorted((folder / "sheets").iterdir())
    }
    path.write_text(dump(about), encoding="utf-8")


def partition(folder: Path, parts: int) -> None:
    """Cut every file of sheets into several, as a cluster's partitions lie."""
    for path in sorted((folder / "sheets").glob("*/*.parquet")):
        says = {k: v for k, v in pl.read_parquet_metadata(path).items() if k.startswith("prongsai")}
        table = pl.read_parquet(path)
        size = -(-len(table) // parts)
        for turn in range(parts):
            table[turn * size : (turn + 1) * size].write_parquet(path.with_stem(f"{path.stem}-{turn}"), metadata=says)
        path.unlink()


def edit(path: Path, change: Callable[[pl.DataFrame], pl.DataFrame], says: dict[str, str] | None = None) -> None:
    """Change a Parquet file in place, keeping (or replacing) what it says of itself."""
    kept = (
        {k: v for k, v in pl.read_parquet_metadata(path).items() if k.startswith("prongsai")} if says is None else says
    )
    change(pl.read_parquet(path)).write_parquet(path, metadata=kept)


def _odd(table: pl.DataFrame, inside: bool) -> pl.DataFrame:
    rows = [name for name, kind in table.schema.items() if kind == pl.Int8]
    agency, line = pl.col("agency"), pl.int_range(pl.len()).over("agency")
    table = table.filter(line < pl.min_horizontal(agency % MOST + 1, MOST))
    table = table.filter((agency != NO_SHEETS) & ((agency != ONE_SHEET) | (line == 0)))
    if inside:
        table = table.filter(agency != NO_INSIDE)
    first, some = (agency == ITEM_UNANSWERED), (agency == MISSING)
    return table.with_columns(
        pl.when(~first).then(pl.col(rows[0])),
        *(pl.when(~some | (line % 3 == turn % 3)).then(pl.col(name)) for turn, name in enumerate(rows[1:])),
    ).with_columns(pl.when(agency != EMPTY_SHEETS).then(pl.col(rows)))


def _odd_verdicts(table: pl.DataFrame) -> pl.DataFrame:
    rows = table.columns[1:]
    agency = pl.col("agency")
    table = table.with_columns(pl.when(agency != NOTHING_APPLIES).then(pl.col(rows)).otherwise(pl.lit(-1, pl.Int8)))
    return table.filter(agency != NOT_JUDGED).with_columns(pl.when(agency != MISSING).then(pl.col(rows[0])))


def assert_counted(nation: Nation, counted: dict[str, Counted]) -> None:
    """Tallies and moments of every agency, against ``scoring.sheets`` with the sheets of that agency alone."""
    for container, survey in nation.surveys.items():
        by_agency = pl.read_parquet(list(survey.files)).partition_by("agency", as_dict=True)
        for line, number in enumerate(nation.numbers):
            table = by_agency.get((number,), pl.DataFrame())
            rows = [
                {r.code: "" if cell[r.code] is None else r.options[cell[r.code]] for r in survey.layout.rows}
                for cell in table.iter_rows(named=True)
            ]
            tallies, moments = count_sheets(rows, nation.tree, container, "one agency")
            found = counted[container].tallies(line)
            assert {n: t.counts for n, t in found.items()} == {n: t.counts for n, t in tallies.items()}, number
            assert counted[container].moments(line) == moments, number


def assert_same(out: Path, counted: dict[str, Counted]) -> None:
    """The integers that another process kept, against these."""
    with np.load(out) as kept:
        names = {name.split("/")[0] for name in kept.files}
        assert names == counted.keys()
        for name in kept.files:
            container, field = name.split("/")
            np.testing.assert_array_equal(kept[name], getattr(counted[container], field), name)


def assert_equal(scores: NationScores, counted: dict[str, Counted], assume: tuple[str, ...] = ()) -> None:
    """Every value of every agency, against ``scoring.score`` of that agency alone."""
    for line in range(len(scores.nation.numbers)):
        sheet = score(results_of(scores.nation, counted, line), assume)
        assert scores.level_names(line) == sheet.level.computed, line
        for place, node in enumerate(scores.nodes):
            value = sheet.values[node]
            ends = (value.interval.low, value.interval.high)
            where = (line, node)
            assert ORIGINS[int(scores.state[place, line])] == value.origin, where
            assert bool(scores.exact[place, line]) == value.interval.exact, where
            assert [int(scores.shown_low[place, line]), int(scores.shown_high[place, line])] == [
                int(shown(end) * 100) for end in ends
            ], where
            for end, units in zip(ends, (scores.low, scores.high), strict=True):
                assert 0 <= (end * UNIT).__floor__() - int(units[place, line]) <= ENDS, where
