"""Single sheets (one row per respondent, one column per item row) counted into tallies and moments."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from math import lcm
from pathlib import Path

from prongsai.errors import InputError, Problem
from prongsai.scoring.structure import Leaf, Structure, at_part
from prongsai.scoring.tally import Moments, Tally
from prongsai.thai.codes import read_code
from prongsai.thai.digits import to_arabic

Sheet = dict[str, str]


def read_sheets(path: Path, tree: Structure, container: str) -> tuple[dict[str, Tally], Moments]:
    """Count a CSV or Parquet file of answer sheets of one instrument or part.

    Cells hold option keys; an empty cell is no answer. Columns that are no item of the framework are an
    error, so that a shifted header is never counted. Raises ``InputError`` with line and column.
    """
    rows = _parquet(path) if path.suffix.lower() == ".parquet" else _csv(path)
    return count(rows, tree, container, path.name)


def count(rows: Iterable[Sheet], tree: Structure, container: str, name: str) -> tuple[dict[str, Tally], Moments]:
    """Tallies (by node id) and moments of sheets given as column → option key."""
    part = container if tree.nodes[container].kind == "part" else None
    instrument = tree.nodes[container].instrument or container
    leaves: dict[str, Leaf] = {
        node.code: node.leaf
        for node in tree.nodes.values()
        if node.leaf and node.instrument == instrument and node.part == part
    }
    counts: dict[str, dict[str, int]] = {code: {} for code in leaves}
    points, scale = integer_points(leaves)
    moments = Moments(tuple(leaves), scale)
    problems: list[Problem] = []
    columns: dict[str, str] = {}
    for line, row in enumerate(rows, start=2):
        sheet: dict[str, int] = {}
        for column, cell in row.items():
            if column not in columns:
                columns[column] = _column(column, leaves, problems, name)
                if columns[column] and list(columns.values()).count(columns[column]) > 1:
                    problems.append(_repeated(column, name))
            code = columns[column]
            option = to_arabic(str(cell or "")).strip()
            if not code or not option:
                continue
            if option not in points[code]:
                options = ", ".join(sorted(points[code]))
                problems.append(
                    Problem(
                        "sheets.option",
                        f"{name}:{line} {column}",
                        f"ไม่มีตัวเลือก “{option}”",
                        f"option {option!r}; expected one of {options}",
                        f"ตัวเลือกของข้อ {code} คือ {options}",
                    )
                )
                continue
            counts[code][option] = counts[code].get(option, 0) + 1
            sheet[code] = points[code][option]
        moments.add(sheet)
    if problems:
        raise InputError(problems[:50])
    used = set(columns.values())
    return {at_part(code, part): Tally(counts[code]) for code in leaves if code in used}, moments


def integer_points(leaves: dict[str, Leaf]) -> tuple[dict[str, dict[str, int]], int]:
    """Points of every option as integers, and the one factor that makes them so."""
    fractions = {
        code: {
            option.key: points.as_integer_ratio()
            for option in leaf.scale.options
            if (points := leaf.points(option.key)) is not None
        }
        for code, leaf in leaves.items()
        if leaf.scale
    }
    scale = lcm(*(bottom for options in fractions.values() for _, bottom in options.values()))
    return {
        code: {key: top * scale // bottom for key, (top, bottom) in options.items()}
        for code, options in {**{code: {} for code in leaves}, **fractions}.items()
    }, scale


def _column(column: str, leaves: dict[str, Leaf], problems: list[Problem], name: str) -> str:
    code = read_code(column)
    if code in leaves:
        return code
    problems.append(
        Problem(
            "sheets.column",
            f"{name}:1 {column}",
            f"คอลัมน์ “{column}” ไม่ใช่ข้อคำถามของแบบวัดนี้",
            f"column {column!r} is no item of this instrument; items are {', '.join(list(leaves)[:4])} …",
            "โปรดใช้รหัสข้อเป็นหัวคอลัมน์ และลบคอลัมน์อื่นออก",
        )
    )
    return ""


def _repeated(column: str, name: str) -> Problem:
    return Problem(
        "sheets.repeated",
        f"{name}:1 {column}",
        f"คอลัมน์ “{column}” ซ้ำ",
        f"column {column!r} stands twice",
        "โปรดเหลือคอลัมน์เดียวต่อหนึ่งข้อ",
    )


def _csv(path: Path) -> Iterator[Sheet]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            repeated = [name for name, count in Counter(reader.fieldnames or ()).items() if count > 1]
            if repeated:
                raise InputError([_repeated(column, path.name) for column in repeated])
            yield from reader
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _unreadable(path, error) from error


def _parquet(path: Path) -> Iterator[Sheet]:
    try:
        import polars

        table = polars.read_parquet(path)
    except Exception as error:  # whatever the engine says of a broken or missing file
        raise _unreadable(path, error) from error
    for row in table.iter_rows(named=True):
        yield {column: "" if cell is None else str(cell) for column, cell in row.items()}


def _unreadable(path: Path, error: Exception) -> InputError:
    missing = isinstance(error, FileNotFoundError)
    return InputError(
        Problem(
            "sheets.unreadable",
            path.name,
            "ไม่พบไฟล์คำตอบ" if missing else "อ่านไฟล์คำตอบไม่ได้",
            f"cannot read the sheets: {getattr(error, 'strerror', None) or error}",
            "โปรดตรวจสอบชื่อไฟล์ในคีย์ sheets ซึ่งนับจากโฟลเดอร์ของไฟล์ผล" if missing else "โปรดบันทึกเป็น CSV (UTF-8)",
        )
    )
