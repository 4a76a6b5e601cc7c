"""What a signal may look at: the sheets of each survey with agencies together, and what lies beside the answers.

Everything is read when it is first asked for, and only once. A signal is a file in this folder; see ``Signal``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, Protocol, TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from prongsai.errors import InputError, Problem
from prongsai.national.counted import Counted, Integers
from prongsai.national.nation import BESIDE, Nation
from prongsai.national.score import NationScores
from prongsai.scoring.wide import AGENCY, Layout

Floats = NDArray[np.float64]
Small = NDArray[np.int8]
Kind = Literal["answers", "surveys", "years", "arrivals", "interviews", "disclosure"]
Found = TypeVar("Found")


@dataclass(frozen=True)
class Signal:
    """What one signal is. ``source``: where the idea is from. ``sees_th``, ``sees_en``: what it looks at. ``kind``: the
    evidence it rests on.

    Its file also has two functions, as ``Reader`` says: ``evidence`` and ``reason``.
    """

    name: str
    title_th: str
    title_en: str
    source: str
    sees_th: str
    sees_en: str
    kind: Kind = "answers"


class Reader(Protocol):
    """A file of this folder that holds a signal."""

    SIGNAL: Signal

    def evidence(self, sight: Sight) -> dict[str, Floats]:
        """By container (survey, part or checklist) one number per agency: greater is odder, NaN cannot be told.

        No cut is made here; ``combine`` makes it from peers of the same size.
        """

    def reason(self, sight: Sight, container: str, line: int) -> tuple[str, str]:
        """What was seen in one agency (by position), with its figures: one sentence in Thai, one in English."""


@dataclass(frozen=True, eq=False)
class Sheets:
    """The answers of one survey, agencies together in the nation's order.

    ``positions``: sheets × rows, the option chosen by its place in the scale, -1 where nothing was answered.
    ``starts``: where each agency's sheets begin; one more: their number.
    """

    layout: Layout
    positions: Small
    starts: Integers

    @cached_property
    def ranks(self) -> Small:
        """The same answers as ranks: 0 earns least, the greatest earns most; -1 where nothing was answered."""
        found = np.empty_like(self.positions)
        for k, row in enumerate(self.layout.rows):
            rank_of = np.empty(len(row.points) + 1, np.int8)
            rank_of[np.argsort(row.points, kind="stable")] = np.arange(len(row.points), dtype=np.int8)
            rank_of[-1] = -1  # position -1 looks here
            found[:, k] = rank_of[self.positions[:, k]]
        return found

    @cached_property
    def best(self) -> Small:
        """The rank of the best option of every row."""
        return np.array([len(row.options) - 1 for row in self.layout.rows], np.int8)

    @cached_property
    def falls(self) -> NDArray[np.bool_]:
        """Rows where options further on earn less: questions asked the other way round."""
        return np.array([row.points[0] > row.points[-1] for row in self.layout.rows])

    @cached_property
    def sizes(self) -> Integers:
        """Sheets of each agency."""
        return np.diff(self.starts)

    @cached_property
    def owner(self) -> Integers:
        """The agency (by position) of each sheet."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    def of(self, line: int) -> slice:
        """Where the sheets of one agency lie."""
        return slice(int(self.starts[line]), int(self.starts[line + 1]))

    def per_agency(self, values: NDArray[np.generic]) -> Floats:
        """Sum of one value a sheet over each agency."""
        found: Floats = np.bincount(self.owner, np.asarray(values, np.float64), len(self.sizes)).astype(np.float64)
        return found

    def share(self, marked: NDArray[np.generic]) -> Floats:
        """Mean of one value a sheet over each agency, NaN where no sheet came."""
        with np.errstate(invalid="ignore"):
            found: Floats = self.per_agency(marked) / self.sizes
        return found


@dataclass(frozen=True, eq=False)
class Interviews:
    """What surveyors' devices say of each sheet, in the order of ``Sheets``: start and length in seconds."""

    surveyor: Integers
    started: Integers
    seconds: Integers


@dataclass(frozen=True, eq=False)
class Sight:
    """One nation as signals see it. ``before``: last year's, where it was given; ``counted`` holds moments or not."""

    nation: Nation
    counted: dict[str, Counted]
    scores: NationScores
    before: Sight | None = None
    _kept: dict[object, object] = field(default_factory=dict, repr=False)

    def once(self, key: object, make: Callable[[], Found]) -> Found:
        """What ``make`` returns, made once for all signals that ask for the same key."""
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]  # type: ignore[return-value]

    @property
    def surveys(self) -> tuple[str, ...]:
        """The surveys and parts from which sheets came."""
        return tuple(self.nation.surveys)

    def sheets(self, container: str) -> Sheets:
        """The sheets of one survey or part."""
        return self.once(("sheets", container), lambda: self._sheets(container))

    def interviews(self, container: str) -> Interviews | None:
        """What is known of each interview of a survey; None where its sheets say nothing of it."""
        return self.once(("interviews", container), lambda: self._interviews(container))

    def beside(self, name: str, columns: Mapping[str, pl.DataType | type[pl.DataType]]) -> pl.DataFrame | None:
        """A table beside the sheets (``arrivals``, ``links``, ``texts``), or None where the nation has none.

        ``columns`` beside ``agency``. Adds ``line``, the agency's position. Raises ``InputError`` for a table that
        cannot be read, lacks a column or knows other agencies.
        """
        return self.once(("beside", name), lambda: self._beside(name, columns))

    @cached_property
    def lines_before(self) -> Integers:
        """Where each agency stands in last year's nation, by its code; -1 where it does not."""
        codes = self.nation.agencies["code"]
        if self.before is None:
            return np.full(len(codes), -1)
        last = {code: line for line, code in enumerate(self.before.nation.agencies["code"])}
        return np.array([last.get(code, -1) for code in codes], np.int64)

    def _order(self, container: str) -> Integers | slice:
        """How lines of the files are put so that agencies lie together; nothing to do where they already do."""
        files = list(self.nation.surveys[container].files)
        agency = pl.read_parquet(files, columns=[AGENCY])[AGENCY].to_numpy()
        return slice(None) if (np.diff(agency) >= 0).all() else np.argsort(agency, kind="stable")

    def _sheets(self, container: str) -> Sheets:
        survey = self.nation.surveys[container]
        codes = [row.code for row in survey.layout.rows]
        order = self._order(container)
        table = pl.read_parquet(list(survey.files), columns=[AGENCY, *codes])
        places = np.searchsorted(self.nation.numbers, table[AGENCY].to_numpy()[order])
        positions = np.empty((len(table), len(codes)), np.int8)
        for k, code in enumerate(codes):
            positions[:, k] = table[code].fill_null(-1).to_numpy()[order]
        starts = np.concatenate([[0], np.cumsum(np.bincount(places, minlength=len(self.nation.numbers)))])
        return Sheets(survey.layout, positions, starts)

    def _interviews(self, container: str) -> Interviews | None:
        files = list(self.nation.surveys[container].files)
        if not set(BESIDE) <= set(pl.read_parquet_schema(files[0])):
            return None
        order = self._order(container)
        table = pl.read_parquet(files, columns=list(BESIDE)).cast(pl.Int64).fill_null(-1)
        return Interviews(*(table[name].to_numpy()[order] for name in BESIDE))

    def _beside(self, name: str, columns: Mapping[str, pl.DataType | type[pl.DataType]]) -> pl.DataFrame | None:
        path = self.nation.folder / f"{name}.parquet"
        if not path.exists():
            return None
        try:
            table = pl.read_parquet(path)
        except Exception as error:  # whatever the library says of a broken file
            raise InputError(
                refused(path.name, "อ่านไฟล์ไม่ได้ ไฟล์อาจขาดหรือไม่ใช่ Parquet", f"cannot read: {error}")
            ) from error
        for column, kind in {AGENCY: pl.Int64(), **columns}.items():
            if column not in table.columns:
                raise InputError(refused(f"{path.name} {column}", "ไม่มีคอลัมน์นี้", "the column is missing"))
            found = table[column].dtype
            if found != kind and not (kind in (pl.Int64, pl.Int32) and found.is_integer()):
                raise InputError(refused(f"{path.name} {column}", f"ชนิดข้อมูลเป็น {found}", f"expected {kind}"))
            if table[column].null_count() and kind != pl.Boolean():  # of what was checked, null is: nobody knows
                raise InputError(refused(f"{path.name} {column}", "มีช่องว่าง", "there are empty cells"))
        numbers = self.nation.numbers
        wanted = table[AGENCY].to_numpy()
        line = np.searchsorted(numbers, wanted)
        if not np.array_equal(numbers[np.minimum(line, len(numbers) - 1)], wanted):
            raise InputError(refused(f"{path.name} {AGENCY}", "มีหน่วยงานที่ไม่รู้จักหรือช่องว่าง", "agencies that are not known"))
        return table.with_columns(pl.Series("line", line))


def refused(where: str, th: str, en: str) -> Problem:
    """What is wrong with a table beside the sheets."""
    return Problem("signals.beside", where, th, en, "โปรดตรวจสอบการส่งออกข้อมูล แล้วส่งออกใหม่ทั้งชุด ยังไม่ได้เขียนไฟล์ใด")
