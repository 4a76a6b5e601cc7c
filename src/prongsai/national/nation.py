"""The door of a nation's folder: everything is checked before anything is counted.

Parquet from elsewhere may hold anything. What is refused, with file, column, what was found and what was expected:
a file that cannot be read to its end, wrong types (NaN too), options outside the scale, agencies that are not in
``agencies.parquet``, respondents that stand twice, files made for different framework versions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from prongsai.errors import InputError, Problem
from prongsai.framework import Framework, by_id
from prongsai.national.counted import Integers
from prongsai.national.keys import Keys, Span, read_keys, repeated
from prongsai.scoring.structure import Structure, structure
from prongsai.scoring.wide import (
    ABSENT,
    AGENCIES_FILE,
    AGENCY,
    NATION_FILE,
    RESPONDENT,
    Layout,
    containers,
    layout,
    marks,
)
from prongsai.yaml_file import read

MINISTRY = "ministry"  # a column of agencies.parquet that may be missing or empty
BESIDE = ("surveyor", "started", "seconds")  # what a file of interviews may say beside the answers
_AGAIN_TH = "โปรดตรวจสอบการส่งออกข้อมูล แล้วส่งออกใหม่ทั้งชุด ยังไม่ได้เขียนไฟล์ใด"


@dataclass(frozen=True)
class Survey:
    """The checked files of one survey or part. ``layout`` has the rows that the files really have.

    ``sheets``: the lines of the files. ``spans``: each file's least and greatest agency. ``between``: the agencies that
    are meant (both ends), where it is not all that the files hold.
    """

    layout: Layout
    files: tuple[Path, ...]
    sheets: int
    spans: tuple[Span, ...] = ()
    between: Span | None = None

    def only(self, first: int, last: int) -> Survey:
        """Of the agencies from one number to another, and of the files that have some of them."""
        kept = [
            (path, span)
            for path, span in zip(self.files, self.spans, strict=True)
            if span[0] <= last and first <= span[1]
        ]
        files, spans = tuple(path for path, _ in kept), tuple(span for _, span in kept)
        return replace(self, files=files, spans=spans, between=(first, last))

    def scan(self) -> pl.LazyFrame:
        """The lines of the agencies that are meant."""
        lines = pl.scan_parquet(list(self.files))
        return lines.filter(pl.col(AGENCY).is_between(*self.between)) if self.between else lines


@dataclass(frozen=True)
class Nation:
    """A checked nation. ``verdicts``: for each checklist its layout and positions, one line per agency, null as -2."""

    folder: Path
    framework: Framework
    agencies: pl.DataFrame
    surveys: dict[str, Survey]
    verdicts: dict[str, tuple[Layout, Integers]]

    @cached_property
    def numbers(self) -> Integers:
        """The agencies' numbers, ascending: the order of every result."""
        return self.agencies[AGENCY].to_numpy().astype(np.int64)

    @property
    def tree(self) -> Structure:
        """The framework unfolded."""
        return structure(self.framework)

    def slices(self, agencies: int) -> Iterator[Nation]:
        """The nation in slices of so many agencies, in order: what is made of one slice can go before the next."""
        for first in range(0, len(self.numbers), agencies):
            mine = self.agencies[first : first + agencies]
            ends = int(mine[AGENCY][0]), int(mine[AGENCY][-1])
            yield replace(
                self,
                agencies=mine,
                surveys={name: survey.only(*ends) for name, survey in self.surveys.items()},
                verdicts={
                    name: (rows, lines[first : first + agencies]) for name, (rows, lines) in self.verdicts.items()
                },
            )


NOT_JUDGED = -2


def open_nation(folder: Path) -> Nation:
    """Check a nation's folder through. Raises ``InputError`` with every kind of problem found in its files."""
    framework, told = _framework(folder)
    agencies = _agencies(folder)
    tree = structure(framework)
    known = agencies[AGENCY]
    problems: list[Problem] = []
    surveys: dict[str, Survey] = {}
    verdicts: dict[str, tuple[Layout, Integers]] = {}
    _check_folders(folder, framework, problems)
    for container in containers(framework, "survey"):
        wide = layout(tree, container)
        files = tuple(sorted((folder / "sheets" / container).glob("*.parquet")))
        door = _Door(folder, framework, wide, (AGENCY, RESPONDENT), problems)
        if not files:
            door.whole(0, told)
        elif (rows := door.shape(files)) is not None:
            kept = replace(wide, rows=rows)
            keys = door.values(files, kept, known, 0)
            door.whole(keys.lines, told)
            surveys[container] = Survey(kept, files, keys.lines, tuple(keys.spans))
    for container in containers(framework, "checklist"):
        wide = layout(tree, container)
        path = folder / "verdicts" / f"{container}.parquet"
        door = _Door(folder, framework, wide, (AGENCY,), problems)
        if path.exists() and (rows := door.shape((path,))) is not None:
            kept = replace(wide, rows=rows)
            door.values((path,), kept, known, ABSENT)
            if not problems:
                verdicts[container] = kept, _lines(path, kept, known)
    if not surveys and not verdicts and not problems:
        problems.append(_problem("national.empty", str(folder), "ไม่มีไฟล์คำตอบหรือผลการตรวจ", "no sheets, no verdicts"))
    if problems:
        raise InputError(problems[:50])
    return Nation(folder, framework, agencies, surveys, verdicts)


def _framework(folder: Path) -> tuple[Framework, dict[str, int]]:
    """The framework, and how many sheets of each survey the folder says it has (it may say nothing)."""
    path = folder / NATION_FILE
    if not path.is_file():
        raise InputError(
            Problem(
                "national.no_nation",
                str(folder),
                f"ไม่มีไฟล์ {NATION_FILE} ในโฟลเดอร์นี้",
                f"no {NATION_FILE} in this folder",
                "โปรดระบุโฟลเดอร์ข้อมูลทั้งประเทศ หรือสร้างด้วย prongsai simulate -o โฟลเดอร์ --agencies 50",
            )
        )
    data = read(path).data
    if not isinstance(data, dict) or not isinstance(data.get("framework"), str):
        raise InputError(_problem("national.nation", NATION_FILE, "ไม่มีคีย์ framework", "the key framework is missing"))
    framework = by_id(data["framework"])
    if data.get("version") != framework.version:
        found = data.get("version")
        raise InputError(
            _problem(
                "national.version",
                f"{NATION_FILE} version",
                f"เป็นกรอบ {framework.id} รุ่น {found} แต่โปรแกรมนี้มีรุ่น {framework.version}",
                f"made for {framework.id} version {found}; this program has version {framework.version}",
            )
        )
    sheets = data.get("sheets", {})
    if not isinstance(sheets, dict) or not all(isinstance(count, int) for count in sheets.values()):
        th, en = "คีย์ sheets ต้องบอกจำนวนชุดของแต่ละแบบวัด", "sheets must give a whole number for each survey"
        raise InputError(_problem("national.nation", f"{NATION_FILE} sheets", th, en))
    return framework, sheets


def _agencies(folder: Path) -> pl.DataFrame:
    path = folder / AGENCIES_FILE
    try:
        table = pl.read_parquet(path)
    except Exception as error:  # whatever the library says of a broken or missing file
        raise InputError(_unreadable(path.name, error)) from error
    columns = {AGENCY: "integer", "code": "string", "name": "string", "kind": "string", "province": "string"}
    columns |= {"staff": "integer"} | ({MINISTRY: "string"} if MINISTRY in table.columns else {})
    problems = [
        _problem(
            "national.agencies", f"{AGENCIES_FILE} {name}", "ไม่มีคอลัมน์นี้หรือชนิดไม่ตรง", f"expected a column of type {kind}"
        )
        for name, kind in columns.items()
        if name not in table.columns
        or not (table[name].dtype.is_integer() if kind == "integer" else table[name].dtype == pl.String)
    ]
    if not problems:
        if table[AGENCY].null_count() or table[AGENCY].n_unique() != len(table):
            problems.append(
                _problem(
                    "national.agencies",
                    f"{AGENCIES_FILE} {AGENCY}",
                    "มีเลขหน่วยงานซ้ำหรือว่าง",
                    "numbers repeat or are empty",
                )
            )
        if table["code"].null_count() or table["code"].n_unique() != len(table):
            problems.append(
                _problem(
                    "national.agencies", f"{AGENCIES_FILE} code", "มีรหัสหน่วยงานซ้ำหรือว่าง", "codes repeat or are empty"
                )
            )
    if problems:
        raise InputError(problems)
    return table.sort(AGENCY)


def _check_folders(folder: Path, framework: Framework, problems: list[Problem]) -> None:
    """A survey of another year's framework must not be left out in silence."""
    known = containers(framework, "survey")
    for path in sorted((folder / "sheets").glob("*")):
        if path.is_dir() and path.name not in known:
            problems.append(
                _problem(
                    "national.container",
                    f"sheets/{path.name}",
                    f"กรอบ {framework.id} ไม่มีแบบวัด “{path.name}”",
                    f"{framework.id} has no survey {path.name!r}; it has {', '.join(known)}",
                )
            )


class _Door:
    """Checks the files of one survey or checklist, collecting what is wrong."""

    def __init__(
        self, folder: Path, framework: Framework, wide: Layout, keys: tuple[str, ...], problems: list[Problem]
    ) -> None:
        self.folder, self.wide, self.keys, self.problems = folder, wide, keys, problems
        self.expected = marks(framework, wide.container)

    def shape(self, files: tuple[Path, ...]) -> tuple[Any, ...] | None:
        """The rows that all files have, or None where files cannot be used."""
        before = len(self.problems)
        first: list[str] | None = None
        known = {row.code for row in self.wide.rows}
        for path in files:
            name = str(path.relative_to(self.folder))
            try:
                schema = pl.read_parquet_schema(path)
                found = pl.read_parquet_metadata(path)
            except Exception as error:
                self.problems.append(_unreadable(name, error))
                continue
            self._version(name, found)
            self._types(name, schema, known)
            columns = sorted(set(schema) & known)
            if first is not None and columns != first:
                self._say(
                    "national.columns", name, "คอลัมน์ไม่ตรงกับไฟล์อื่นของแบบวัดนี้", "columns differ from the other files'"
                )
            first = columns if first is None else first
        if len(self.problems) > before or first is None:
            return None
        return tuple(row for row in self.wide.rows if row.code in first)

    def _version(self, name: str, found: dict[str, str]) -> None:
        given = {key: found.get(key) for key in self.expected}
        if given != self.expected:
            says = " ".join(str(value) for value in given.values())
            wants = " ".join(self.expected.values())
            self._say(
                "national.mixed", name, f"ไฟล์นี้เป็นของ {says} แต่ชุดนี้เป็น {wants}", f"made for {says}; expected {wants}"
            )

    def _types(self, name: str, schema: Mapping[str, pl.DataType], known: set[str]) -> None:
        for key in self.keys:
            if key not in schema:
                self._say("national.column", f"{name} {key}", "ไม่มีคอลัมน์นี้", "the column is missing")
        for column, kind in schema.items():
            if column not in known and column not in self.keys + BESIDE:
                self._say("national.column", f"{name} {column}", "ไม่ใช่ข้อของแบบวัดนี้", "no item row of this survey")
            elif not kind.is_integer():
                nan = " (NaN is no empty cell)" if kind.is_float() else ""
                self._say(
                    "national.type",
                    f"{name} {column}",
                    f"ชนิดข้อมูลเป็น {kind} ต้องเป็นจำนวนเต็ม",
                    f"{kind}; expected integers{nan}",
                )

    def values(self, files: tuple[Path, ...], kept: Layout, known: pl.Series, least: int) -> Keys:
        """Check every value of files whose shape is right; returns what their key columns hold."""
        key = self.keys[-1]
        frame = pl.scan_parquet(list(files))
        ends = [
            (pl.col(row.code).min().alias(f"min {row.code}"), pl.col(row.code).max().alias(f"max {row.code}"))
            for row in kept.rows
        ]
        try:
            seen = frame.select(end for both in ends for end in both).collect(engine="streaming").to_dicts()
            keys = read_keys(files, self.keys)
            twice = None if keys.rising or keys.empty[key] else repeated(files, key, keys.lines)
        except Exception as error:  # a file cut short has its fault in the middle, not at its head
            self.problems.append(_unreadable(str(files[0].parent.relative_to(self.folder)), error))
            return Keys()
        where = str((files[0] if len(files) == 1 else files[0].parent).relative_to(self.folder))
        for name, empty in keys.empty.items():
            if empty:
                self._say("national.empty_key", f"{where} {name}", "มีช่องว่าง", f"{empty} cells are empty")
        if twice is not None:
            whose = "ผู้ตอบ" if key == RESPONDENT else "หน่วยงาน"
            self._say(
                "national.repeated",
                f"{where} {key}",
                f"{whose}เลขที่ {twice} มีมากกว่าหนึ่งแถว",
                f"{key} {twice} stands more than once",
            )
        for number in sorted(keys.agencies - set(known.to_list()))[:5]:
            self._say(
                "national.agency",
                f"{where} {AGENCY}",
                f"ไม่มีหน่วยงานเลขที่ {number} ใน {AGENCIES_FILE}",
                f"agency {number} is not known",
            )
        for row in kept.rows:
            most = len(row.options) - 1
            for found in {seen[0][f"min {row.code}"], seen[0][f"max {row.code}"]} - {None}:
                if not least <= found <= most:
                    self._say(
                        "national.option",
                        f"{self._file_with(files, row.code, found) or where} {row.code}",
                        f"พบ {found} ซึ่งอยู่นอกตัวเลือก",
                        f"{found} is outside the scale; expected {least} to {most} ({', '.join(row.options)})",
                    )
        return keys

    def whole(self, lines: int, told: Mapping[str, int]) -> None:
        """A file that got lost on the way leaves no trace but this."""
        expected = told.get(self.wide.container, lines)
        if lines != expected:
            self._say(
                "national.partial",
                f"sheets/{self.wide.container}",
                f"มี {lines:,} ชุด แต่ {NATION_FILE} บอกว่ามี {expected:,} ชุด",
                f"{lines} sheets; {NATION_FILE} says {expected}",
            )

    def _file_with(self, files: tuple[Path, ...], column: str, value: int) -> str | None:
        for path in files:
            if (pl.scan_parquet(path).select((pl.col(column) == value).any()).collect()).item():
                return str(path.relative_to(self.folder))
        return None

    def _say(self, code: str, where: str, th: str, en: str) -> None:
        self.problems.append(_problem(code, where, th, en))


def _lines(path: Path, kept: Layout, known: pl.Series) -> Integers:
    """Verdicts of all agencies in their order; agencies without a line are not judged."""
    table = pl.read_parquet(path)
    lines = np.full((len(known), len(kept.rows)), NOT_JUDGED, np.int64)
    if kept.rows:
        codes = [row.code for row in kept.rows]
        places = np.searchsorted(known.to_numpy(), table[AGENCY].to_numpy())
        lines[places] = table.select(pl.col(codes).fill_null(NOT_JUDGED)).to_numpy()
    return lines


def _problem(code: str, where: str, th: str, en: str) -> Problem:
    return Problem(code, where, th, en, _AGAIN_TH)


def _unreadable(name: str, error: Exception) -> Problem:
    missing = isinstance(error, FileNotFoundError)
    th = "ไม่พบไฟล์นี้" if missing else "อ่านไฟล์ไม่ได้ ไฟล์อาจขาดหรือไม่ใช่ Parquet"
    return _problem(
        "national.unreadable", name, th, f"cannot read: {str(error).splitlines()[0] if str(error) else error}"
    )
