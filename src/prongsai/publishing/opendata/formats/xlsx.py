"""XLSX for people: one workbook, one line per agency with all its scores, frozen headings, filters, no formula.

Errors are given down to the indicators; those of items are in the other formats.
Sheets keep below the row limit of spreadsheets; what is longer goes on in ``scores 2`` and so on. Text is always text
(codes keep their zeros, nothing is run), scores are numbers with two decimals.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
from polars import selectors

from prongsai.publishing.round import PublishedRound
from prongsai.publishing.tables import SCORE
from prongsai.scoring.structure import structure

TITLE_TH, TITLE_EN, MEDIA = (
    "Excel (XLSX)",
    "Excel (XLSX)",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)
ROWS = 1_000_000  # a sheet holds 1,048,576
LOW, HIGH = " low", " high"


def write(published: PublishedRound, folder: Path, rows: int = ROWS) -> list[Path]:
    """The workbook; ``rows``: the most lines of data in a sheet."""
    import xlsxwriter

    path = folder / f"{published.name}.xlsx"
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, {**options, "strings_to_numbers": False}) as book:
        day = published.published
        book.set_properties({"title": published.framework.title.th, "created": _moment(day)})
        styles = {"head": book.add_format({"bold": True, "bg_color": "#e3eef3", "bottom": 1})}
        styles["score"] = book.add_format({"num_format": "0.00"})
        for name, frame in _sheets(published):
            for part, start in enumerate(range(0, max(len(frame), 1), rows), 1):
                sheet = book.add_worksheet(name if part == 1 else f"{name} {part}")
                _fill(sheet, frame.slice(start, rows), styles)
    return [path]


def scores(path: Path) -> pl.DataFrame:
    """The scores of a workbook as lines of agency, node, score, low and high, sorted. Their origin is not in it."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(path))
    lines: list[dict[str, Any]] = []
    for name in book.sheet_names:
        if name.partition(" ")[0] != "scores":
            continue
        head, *body = book.get_sheet_by_name(name).to_python()
        for row in body:
            given = {str(title): value for title, value in zip(head, row, strict=True) if value != ""}
            lines += _long(given)
    schema = {"agency_code": pl.String(), "node": pl.String(), "score": SCORE, "low": SCORE, "high": SCORE}
    return pl.DataFrame(lines, schema=schema).sort("agency_code", "node")


def _long(given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    from decimal import Decimal

    code = given["agency_code"]
    for title, value in given.items():
        if not isinstance(value, int | float):
            continue
        number = Decimal(str(value))
        if title.endswith(LOW):
            node = title.removesuffix(LOW)
            high = Decimal(str(given[node + HIGH]))
            yield {"agency_code": code, "node": node, "low": number, "high": high}
        elif not title.endswith(HIGH):
            yield {"agency_code": code, "node": title, "score": number, "low": number, "high": number}


def _moment(day: Any) -> Any:
    import datetime as dt

    return dt.datetime(day.year, day.month, day.day)


def _sheets(published: PublishedRound) -> Iterator[tuple[str, pl.DataFrame]]:
    about = published.agencies.select("agency_code", "agency_name_th", "province")
    for table, frame in published.tables():
        if table.name == "scores":
            yield "scores", about.join(_wide_scores(published), on="agency_code", how="left", maintain_order="left")
        elif table.name == "verdicts":
            wide = frame.pivot("node", index="agency_code", values="verdict")
            yield "verdicts", about.join(wide, on="agency_code", how="left", maintain_order="left")
        elif table.name == "uncertainty":
            yield table.name, frame.join(_upper(published), on="node", how="semi").drop("fiscal_year_be")
        else:
            # The year stands in the sheet of the round, not in every line.
            yield table.name, frame.drop("fiscal_year_be") if {"agency_code", "node"} <= {*frame.columns} else frame


def _upper(published: PublishedRound) -> pl.DataFrame:
    """The nodes above items: half a million errors of items are for programs, not for a workbook."""
    nodes = structure(published.framework).nodes.values()
    return pl.DataFrame({"node": [node.id for node in nodes if node.kind not in ("item", "row")]})


def _wide_scores(published: PublishedRound) -> pl.DataFrame:
    """One line per agency; a column per node in the framework's order, two more where only a range is known of some."""
    order = list(structure(published.framework).nodes)
    known = published.scores
    ranged = known.filter(pl.col("score").is_null() & pl.col("low").is_not_null())
    wide = known.pivot("node", index="agency_code", values="score")
    for end, suffix in (("low", LOW), ("high", HIGH)):
        if len(ranged):
            more = ranged.with_columns(pl.col("node") + suffix).pivot("node", index="agency_code", values=end)
            wide = wide.join(more, on="agency_code", how="left", maintain_order="left")
    columns = [name + suffix for name in order for suffix in ("", LOW, HIGH) if name + suffix in wide.columns]
    return wide.select("agency_code", *(name for name in columns if wide[name].null_count() < len(wide)))


def _fill(sheet: Any, frame: pl.DataFrame, styles: dict[str, Any]) -> None:
    sheet.freeze_panes(1, 2 if "agency_name_th" in frame.columns else 0)
    sheet.autofilter(0, 0, max(len(frame), 1), max(frame.width - 1, 0))
    plain = frame.with_columns(selectors.decimal().cast(pl.Float64), pl.col(pl.Date).cast(pl.String))
    for place, (name, kind) in enumerate(frame.schema.items()):
        sheet.set_column(place, place, 44 if name in _LONG else 12, styles["score"] if kind == SCORE else None)
        sheet.write_string(0, place, name, styles["head"])
    writers = [
        sheet.write_string
        if kind == pl.String()
        else sheet.write_boolean
        if kind == pl.Boolean()
        else sheet.write_number
        for kind in plain.dtypes
    ]
    formats = [styles["score"] if kind == SCORE else None for kind in frame.dtypes]
    for line, values in enumerate(plain.iter_rows(), 1):
        for place, value in enumerate(values):
            if value is not None:
                writers[place](line, place, value, formats[place])


_LONG = ("agency_name_th", "title_th", "title_en", "children", "note", "label_th", "levels_possible")
