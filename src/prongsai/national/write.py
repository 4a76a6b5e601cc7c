"""A nation's results as files: Parquet for programs, CSV and Excel for people, JSON for both. All of them or none.

``scores.parquet`` has one line per agency and node: ``low`` and ``high`` as shown (equal where the score is known),
``exact``, ``origin`` (``withheld`` where the group is too small to be shown), and with uncertainty ``se``, ``low95``,
``high95``, ``degrees``, ``reason``. ``agencies.csv``: a line per agency with level, scores, ranks. ``aggregates.*``:
nation, kinds, provinces, ministries. ``changes.parquet``: against the year before. ``nation.json``: the summary.
``nation.xlsx``: the same for people who compute. ``small_area.parquet`` and ``adjusted.csv`` are no official scores and
are made only where they were asked for.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from prongsai.cells import harmless_frame
from prongsai.disk import sync_folder
from prongsai.errors import InputError, Problem
from prongsai.national import tables
from prongsai.national.compared import Compared
from prongsai.national.summary import summary
from prongsai.national.workbook import write_workbook
from prongsai.national.years import AGENCIES_CSV, SCORES_FILE, SUMMARY_FILE


def check_target(folder: Path) -> None:
    """Raise ``InputError`` where the results cannot be written, before anything is counted."""
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        th, en, then = "มีไฟล์หรือโฟลเดอร์ที่ไม่ว่างชื่อนี้อยู่แล้ว", "the folder exists and is not empty", "โปรดระบุชื่อโฟลเดอร์ใหม่"
    elif not folder.absolute().parent.is_dir():
        th, en = f"ไม่มีโฟลเดอร์ “{folder.parent}”", "the folder to write in does not exist"
        then = "โปรดสร้างโฟลเดอร์ก่อน หรือแก้ไขตำแหน่งใน -o"
    else:
        return
    raise InputError(Problem("output.refused", f"-o {folder}", th, en, then))


def write_results(
    folder: Path, found: Compared, step: Callable[[str], None] = lambda _: None, *, workbook: bool = True
) -> list[str]:
    """Write all files into a new folder, which appears only when they are whole; returns their names."""
    check_target(folder)
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.absolute().parent))
    try:
        for name, make in _files(found).items():
            step(f"เขียน {name}")
            make(beside / name)
        if workbook:
            step("เขียน nation.xlsx")
            write_workbook(beside / "nation.xlsx", found)
        names = sorted(path.name for path in beside.iterdir())
        beside.chmod(0o755)
        beside.replace(folder)
        sync_folder(folder.absolute().parent)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return names


def _files(found: Compared) -> dict[str, Callable[[Path], Any]]:
    """What makes each file. CSV files begin with a mark, so that Excel reads their Thai."""
    text = json.dumps(summary(found), ensure_ascii=False, indent=2) + "\n"
    groups = pl.concat([tables.aggregates_table(groups) for groups in found.groups.values()])
    files: dict[str, Callable[[Path], Any]] = {
        SUMMARY_FILE: lambda path: path.write_text(text, encoding="utf-8"),
        SCORES_FILE: lambda path: tables.scores_table(found).write_parquet(path),
        AGENCIES_CSV: lambda path: harmless_frame(tables.agencies_table(found)).write_csv(path, include_bom=True),
        "aggregates.parquet": groups.write_parquet,
        "aggregates.csv": lambda path: harmless_frame(groups).write_csv(path, include_bom=True),
    }
    if changes := found.changes:
        agencies = found.scores.nation.agencies
        files["changes.parquet"] = lambda path: tables.changes_table(changes, agencies).write_parquet(path)
    if found.shrunk:
        files["small_area.parquet"] = lambda path: tables.small_area_table(found.shrunk, found.scores).write_parquet(
            path
        )
    if found.adjusted:
        files["adjusted.csv"] = lambda path: harmless_frame(tables.adjusted_table(found.adjusted)).write_csv(
            path, include_bom=True
        )
    return files
