"""Files in and out of commands: many results at once, and output that is whole or not there at all."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from prongsai.errors import InputError, Problem, ProngsaiError

T = TypeVar("T")
_RESULTS = (".yaml", ".yml", ".xlsx")
# Top-level keys of a results file, and of files that stand beside it: plans, progress reports, frameworks.
_RESULTS_FILE = re.compile(r"^(?:agency|scores|tallies|verdicts|sheets)\s*:", re.MULTILINE)
_OTHER_FILE = re.compile(r"^(?:points|plan|action_year|instruments)\s*:", re.MULTILINE)
_HEAD = 20_000


@dataclass
class Batch(Generic[T]):
    """What came of each file: a result or problems. ``many``: several files or a folder were asked for."""

    many: bool
    results: list[tuple[Path, T]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def each(
    paths: Sequence[Path], work: Callable[[Path], T], find: Callable[[Sequence[Path]], list[Path]] | None = None
) -> Batch[T]:
    """Do the work for every file, with a progress bar on a terminal; one bad file does not stop the others.

    ``find`` turns the paths asked for into files (``results_files`` unless told). Raises ``InputError`` where only
    one file was asked for and it cannot be used.
    """
    files = (find or results_files)(paths)
    batch: Batch[T] = Batch(many=len(files) > 1 or any(path.is_dir() for path in paths))
    for path in _with_progress(files) if batch.many else files:
        try:
            batch.results.append((path, work(path)))
        except ProngsaiError as error:
            if not batch.many:
                raise
            batch.problems.extend(_at(path, problem) for problem in error.problems)
    return batch


def _at(path: Path, problem: Problem) -> Problem:
    """The problem with the whole path where it names only the file, since many files are called results.yaml."""
    where = problem.where
    if where.startswith(path.name):
        where = str(path) + where.removeprefix(path.name)
    elif str(path) not in where:
        where = f"{path}: {where}"
    return Problem(problem.code, where, problem.th, problem.en, problem.next_th)


def _with_progress(files: list[Path]) -> Sequence[Path]:
    from rich.progress import track

    from prongsai.cli.output import console

    out = console(sys.stderr)
    return list(files) if not out.is_terminal else track(files, "กำลังอ่านไฟล์", console=out, transient=True)  # type: ignore[return-value]


def results_files(paths: Sequence[Path]) -> list[Path]:
    """The files named, and the results files below the folders named.

    Raises ``InputError`` for a folder without any.
    """
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        inside = [one for one in sorted(path.rglob("*")) if one.is_file() and _may_be_results(one)]
        if not inside:
            raise InputError(
                Problem(
                    "folder.no_results",
                    str(path),
                    "ไม่พบไฟล์ผลการประเมินในโฟลเดอร์นี้",
                    "the folder holds no results file",
                    "โปรดระบุโฟลเดอร์ที่มีไฟล์ผล (.yaml หรือ .xlsx) หรือระบุไฟล์โดยตรง",
                )
            )
        found.extend(inside)
    return found


def published_files(paths: Sequence[Path]) -> list[Path]:
    """The files named, and every file below the folders named whose kind can be read.

    Raises ``InputError`` for a folder without any.
    """
    from prongsai.reading.formats.open import readers

    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        inside = [
            one
            for one in sorted(path.rglob("*"))
            if one.is_file() and one.suffix.lower() in readers() and not one.name.startswith((".", "~$"))
        ]
        if not inside:
            known = " ".join(sorted(readers()))
            raise InputError(
                Problem(
                    "folder.no_reports",
                    str(path),
                    "ไม่พบไฟล์รายงานในโฟลเดอร์นี้",
                    f"the folder holds no file that can be read ({known})",
                    f"โปรดระบุโฟลเดอร์ที่มีไฟล์ชนิด {known} หรือระบุไฟล์โดยตรง",
                )
            )
        found.extend(inside)
    return found


def _may_be_results(path: Path) -> bool:
    if path.suffix.lower() not in _RESULTS or path.name.startswith((".", "~$")):
        return False
    if path.suffix.lower() == ".xlsx":
        return True
    with path.open("rb") as file:
        head = file.read(_HEAD).decode("utf-8", "replace")
    return bool(_RESULTS_FILE.search(head)) and not _OTHER_FILE.search(head)


def check_target(path: Path, force: bool) -> None:
    """Before any work: refuse to write where the folder is missing or a file would be lost.

    Raises ``InputError``.
    """
    if path.is_dir():
        raise _cannot_write(path, "มีโฟลเดอร์ชื่อนี้อยู่แล้ว", "this is a folder", "โปรดระบุชื่อไฟล์ เช่น -o plan.yaml")
    if not path.parent.is_dir():
        raise _cannot_write(
            path, f"ไม่มีโฟลเดอร์ “{path.parent}”", "the folder does not exist", "โปรดสร้างโฟลเดอร์ก่อน หรือแก้ไขตำแหน่งใน -o"
        )
    if path.exists() and not force:
        raise _cannot_write(
            path,
            "มีไฟล์นี้อยู่แล้ว จึงไม่เขียนทับเพราะอาจมีการแก้ไขไว้",
            "the file exists and may have been edited",
            "โปรดใช้ชื่ออื่น หรือเพิ่ม --force หากต้องการเขียนทับ",
        )


def write(path: Path, content: bytes | str, force: bool) -> None:
    """Write a whole file or nothing: beside it first, then renamed. Raises ``InputError`` as ``check_target``."""
    check_target(path, force)
    data = content.encode("utf-8") if isinstance(content, str) else content
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    except OSError as error:
        raise _cannot_write(
            path, "เขียนไฟล์ไม่ได้", f"cannot write: {error.strerror}", "โปรดตรวจสอบสิทธิ์ของโฟลเดอร์และพื้นที่ว่าง"
        ) from error
    finally:
        beside.unlink(missing_ok=True)


def _cannot_write(path: Path, th: str, en: str, next_th: str) -> InputError:
    return InputError(Problem("output.refused", f"-o {path}", th, en, next_th))
