"""Take a backup of the site while it runs.

First the moment (a snapshot of the database), then all files: what a row of that moment names was written before the
row. Survey keys are taken on demand only, into a folder of their own: whoever has them and the database can read
answers that are not mixed yet (docs/anonymity.md).
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.db import connection

from prongsai import __version__
from prongsai.disk import sync_folder
from prongsai.errors import InputError, Problem
from prongsai.site.operation.backup import postgres, sqlite
from prongsai.site.operation.backup.manifest import FORMAT, Counts, Manifest, hashes
from prongsai.site.operation.backup.told import told
from prongsai.site.operation.database import sqlite_file
from prongsai.site.surveys.keys import keys

DATA, SECRETS = "data", "secrets"  # folders of a backup
_TRIES = 5
# How each number of the manifest is counted.
COUNTS = {
    "answers": "SELECT count(*) FROM surveys_answer",
    "letters": "SELECT count(*) FROM surveys_letter",
    "spent": "SELECT count(*) FROM surveys_code WHERE spent",
    "entries": "SELECT count(*) FROM history_entry",
    "files": "SELECT count(*) FROM files_stored",
}
_BATCHES = "SELECT DISTINCT batch FROM surveys_box WHERE batch IS NOT NULL AND NOT closed"
# Made anew at every start, or the database itself.
_NOT_DATA = ("static", "fonts", "locks", "prongsai.sqlite3", "secret-key", "ledger-heads.txt")


class Snapshot(Protocol):
    """A database at one moment."""

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows as they were."""

    def write(self, folder: Path) -> None:
        """All of it, into a folder."""


@dataclass(frozen=True)
class Taken:
    """A backup that is whole and on disk. ``bytes`` of all files."""

    folder: Path
    manifest: Manifest
    bytes: int


@told()
def take(target: Path, *, with_secrets: bool = False, survey_keys: Path | None = None) -> Taken:
    """Back up the site into a new folder.

    ``with_secrets``: the site's secret key and the key that seals the history, too. ``survey_keys``: a folder outside
    the backup that gets the keys of the open boxes. Raises ``InputError`` where a folder is taken or cannot be written,
    keys of the moment cannot be read, or a tool fails; nothing is left then but a folder that ends in ``.partial``.
    """
    for folder in (target, *([survey_keys] if survey_keys else [])):
        _free(folder)
    draft = target.with_name(f"{target.name}.{secrets.token_hex(3)}.partial")
    draft.mkdir(parents=True, mode=0o700)
    with _moment(survey_keys) as (snapshot, at, batches):
        counts = Counts(**{name: snapshot.ask(sql)[0][0] for name, sql in COUNTS.items()})
        snapshot.write(draft)
    for source in _data():
        _copy(source, draft / DATA / source.relative_to(settings.DATA))
    if with_secrets:
        for source in (settings.DATA / "secret-key", settings.LEDGER_KEY):
            if source.exists():
                _copy(source, draft / SECRETS / source.name)
    if settings.LEDGER_KEYS.exists():
        _copy(settings.LEDGER_KEYS, draft / SECRETS / settings.LEDGER_KEYS.name)
    manifest = Manifest(
        format=FORMAT, version=__version__, at=at.isoformat(timespec="milliseconds"), database=connection.vendor,
        counts=counts, batches=batches, secrets=with_secrets, survey_keys=bool(survey_keys), files=hashes(draft),
    )  # fmt: skip
    manifest.write(draft)
    sync_folder(draft)
    draft.rename(target)
    sync_folder(target.parent)
    return Taken(target, manifest, sum(path.stat().st_size for path in target.rglob("*") if path.is_file()))


class _moment:
    """The snapshot, its time, and the batches that are open in it; with their keys copied while they are there."""

    def __init__(self, survey_keys: Path | None) -> None:
        self._keys = survey_keys

    def __enter__(self) -> tuple[Snapshot, dt.datetime, tuple[str, ...]]:
        for _ in range(_TRIES):
            at = dt.datetime.now(dt.UTC)
            file = sqlite_file()
            self._held = sqlite.snapshot(file) if file else postgres.snapshot()
            snapshot: Snapshot = self._held.__enter__()
            batches = tuple(sorted(row[0] for row in snapshot.ask(_BATCHES)))
            if self._keys is None or copy_keys(self._keys, batches):
                return snapshot, at, batches
            self._held.__exit__(None, None, None)  # a batch was mixed in between: another moment
        raise _no_keys()

    def __exit__(self, *error: Any) -> None:
        self._held.__exit__(*error)


def copy_keys(target: Path, batches: tuple[str, ...]) -> bool:
    """The key of codes and both halves of each batch's key; whether all are there. What was copied before goes."""
    folder = keys().folder
    for half in ("private", "public"):
        (target / half).mkdir(parents=True, exist_ok=True, mode=0o700)
        for old in (target / half).iterdir():
            old.unlink()
    wanted = [Path(half) / batch for half in ("private", "public") for batch in batches]
    try:
        if (folder / "codes").exists() and not (target / "codes").exists():
            _copy(folder / "codes", target / "codes")
        for name in wanted:
            _copy(folder / name, target / name)
    except FileNotFoundError:
        return False
    return True


def _data() -> Iterator[Path]:
    """All files of the data folder that a backup has."""
    apart = {settings.LEDGER_KEY, settings.LEDGER_KEYS}
    for path in sorted(settings.DATA.rglob("*")):
        top = path.relative_to(settings.DATA).parts[0]
        if path.is_file() and not top.startswith(_NOT_DATA) and path not in apart:
            yield path


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    sqlite.copy_new(source, target)


def _free(folder: Path) -> None:
    if folder.exists():
        raise InputError(
            Problem(
                "backup.taken",
                str(folder),
                "มีโฟลเดอร์นี้อยู่แล้ว สำเนาสำรองไม่เขียนทับสิ่งใด",
                "is there already; a backup replaces nothing",
                "ระบุชื่อใหม่ เช่น ใส่วันที่และเวลา",
                "give a new name, for example with date and time",
            )
        )
    if folder.resolve().is_relative_to(settings.DATA):
        raise InputError(
            Problem(
                "backup.inside",
                str(folder),
                "อยู่ในโฟลเดอร์ข้อมูล จะหายไปพร้อมกัน",
                "lies in the data folder and would be lost with it",
                "ระบุโฟลเดอร์บนดิสก์อื่น",
                "name a folder on another disk",
            )
        )


def _no_keys() -> InputError:
    return InputError(
        Problem(
            "backup.keys",
            str(settings.KEYS),
            "อ่านกุญแจของกล่องที่เปิดอยู่ไม่ครบ",
            "not all keys of the open boxes could be read",
            "ใช้ผู้ใช้ที่อ่านกุญแจได้ (ผู้ใช้ของตัวผสม) และตรวจ PRONGSAI_KEYS",
            "run as the user who may read them (the mixer's), and check PRONGSAI_KEYS",
        )
    )
