"""An export read back: the round that was published, to the last digit, after its checksums were checked."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from prongsai.errors import InputError, Problem, unreadable
from prongsai.framework import Framework, by_id
from prongsai.publishing import tables as about
from prongsai.publishing.framework_tables import survey_options
from prongsai.publishing.opendata.formats import module, names
from prongsai.publishing.round import PublishedRound

SUMS = "SHA256SUMS"


def read_release(folder: Path, form: str | None = None) -> PublishedRound:
    """The round of a release folder, from one format (``form``), or from the best that is there.

    Raises ``InputError`` where files are missing or changed, or were made for another version of the framework.
    """
    check_sums(folder)
    readable = [name for name in ("parquet", *names()) if hasattr(module(name), "read") and (folder / name).is_dir()]
    if form is not None:
        readable = [name for name in readable if name == form]
    if not readable:
        raise _problem(folder, "ไม่มีรูปแบบไฟล์ที่อ่านกลับได้", "there is no format that can be read back")
    made, inside = module(readable[0]), folder / readable[0]
    try:
        head = made.read(inside, about.ROUND).row(0, named=True)
        framework = _framework(folder, head)
        options = survey_options(framework)
        survey = about.distributions(options)
        own = (about.AGENCIES, about.SCORES, about.RESPONDENTS, survey, about.VERDICTS, about.UNCERTAINTY)
        frames = {table.name: made.read(inside, table) for table in own}
    except OSError as error:
        raise unreadable(inside, error) from error
    assumed = tuple((head["assumed"] or "").split())
    note = head["note"] or ""
    return PublishedRound(framework, head["revision"], head["published"], **frames, assumed=assumed, note=note)


def check_sums(folder: Path) -> None:
    """Raise ``InputError`` for every file of a release that is missing or not what was published."""
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise unreadable(folder / SUMS, error) from error
    problems = []
    for line in lines:
        told, _, name = line.partition("  ")
        path = folder / name
        inside = path.resolve().is_relative_to(folder.resolve())
        if not inside or not path.is_file():
            problems.append(_one(path, "ไม่พบไฟล์ที่เผยแพร่ไว้", "the file is missing"))
        elif hashlib.sha256(path.read_bytes()).hexdigest() != told:
            problems.append(_one(path, "เนื้อหาไม่ตรงกับที่เผยแพร่ไว้", "the file is not the one that was published"))
    if problems:
        raise InputError(problems)


def _framework(folder: Path, head: dict[str, Any]) -> Framework:
    framework = by_id(head["framework"])
    if framework.version != head["framework_version"]:
        found, known = head["framework_version"], framework.version
        raise _problem(
            folder,
            f"ทำขึ้นตามกรอบ {framework.id} รุ่น {found} แต่โปรแกรมนี้มีรุ่น {known}",
            f"made for {framework.id} version {found}; this program has version {known}",
        )
    return framework


def _one(path: Path, th: str, en: str) -> Problem:
    return Problem("export.changed", str(path), th, en, "โปรดดาวน์โหลดใหม่ทั้งโฟลเดอร์")


def _problem(folder: Path, th: str, en: str) -> InputError:
    return InputError(Problem("export.unreadable", str(folder), th, en, "โปรดตรวจสอบโฟลเดอร์ หรือใช้โปรแกรมรุ่นที่ตรงกัน"))
