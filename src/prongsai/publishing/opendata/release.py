"""A release: one revision of one round, written once and never changed. All of it appears, or none."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from prongsai.disk import sync_folder
from prongsai.errors import InputError, Problem
from prongsai.json_text import read_json
from prongsai.publishing.about import About
from prongsai.publishing.opendata import ckan, datapackage, dcat, dictionary, government
from prongsai.publishing.opendata.entry import Entry, File, described
from prongsai.publishing.opendata.formats import module, names
from prongsai.publishing.read import SUMS, read_release
from prongsai.publishing.revisions import beside_earlier
from prongsai.publishing.round import PublishedRound

NATIVE = "csv"  # always written: the Data Package describes it
_DESCRIPTIONS = (datapackage, dcat, government, ckan, dictionary)


@dataclass(frozen=True)
class Release:
    """What was written: the folder, and its data files."""

    folder: Path
    published: PublishedRound
    files: tuple[File, ...]


def release(published: PublishedRound, root: Path, formats: Sequence[str] = (), about: About | None = None) -> Release:
    """Write a round below ``root`` as ``FRAMEWORK/revision-N``. Without ``formats`` in all there are.

    Earlier revisions are looked for beside it, and what may not be shown beside them is left out. Raises ``InputError``
    where the revision exists, one before it is missing, or a format is not known; then nothing is written.
    """
    round_folder = root / published.framework.id
    target = check_target(round_folder, published.revision)
    made = write(beside_earlier(published, earlier(round_folder, published.revision)), target, formats, about)
    index(round_folder)
    return made


def write(protected: PublishedRound, target: Path, formats: Sequence[str] = (), about: About | None = None) -> Release:
    """Write the files of a revision into a folder that is not there yet, whole or not at all.

    ``protected``: as ``beside_earlier`` gives it. Whoever calls this instead of ``release`` moves the folder to its
    place beside the earlier ones. Raises ``InputError`` for a format that is not known.
    """
    wanted = sorted({NATIVE, *(formats or names())})
    modules = {name: module(name) for name in wanted}
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        tables = {table.name: table for table, _ in protected.tables()}
        files: list[File] = []
        for name, made in modules.items():
            folder = beside / name
            folder.mkdir()
            files += [described(path, beside, name, tables) for path in made.write(protected, folder)]
        entry = Entry(protected, about or About(), tuple(files))
        for description in _DESCRIPTIONS:
            (beside / description.NAME).write_text(description.write(entry), encoding="utf-8")
        others = [described(beside / one.NAME, beside, "", {}) for one in _DESCRIPTIONS]
        sums = "".join(f"{file.sha256}  {file.path}\n" for file in sorted((*files, *others), key=lambda f: f.path))
        (beside / SUMS).write_text(sums, encoding="utf-8")
        beside.chmod(0o755)
        beside.replace(target)
        sync_folder(target.parent)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return Release(target, protected, tuple(files))


def check_target(round_folder: Path, revision: int) -> Path:
    """Where a revision goes. Raises ``InputError`` where it exists already, or the one before it does not."""
    target = round_folder / f"revision-{revision}"
    if target.exists():
        raise InputError(
            Problem(
                "export.exists",
                str(target),
                f"เผยแพร่ฉบับที่ {revision} แล้ว และไม่แก้ไขสิ่งที่เผยแพร่แล้ว",
                f"revision {revision} is published, and what is published is never changed",
                f"หากมีการแก้ไข โปรดเผยแพร่เป็นฉบับใหม่ เช่น --revision {revision + 1} พร้อม --note",
            )
        )
    if revision > 1 and not (round_folder / f"revision-{revision - 1}").is_dir():
        raise InputError(
            Problem(
                "export.missing",
                str(round_folder),
                f"ไม่พบฉบับที่ {revision - 1} จึงตรวจไม่ได้ว่าเทียบสองฉบับแล้วจะรู้คำตอบของคนจำนวนน้อยหรือไม่",
                f"revision {revision - 1} is not there, so it cannot be seen what both together would tell",
                "โปรดระบุโฟลเดอร์ -o เดียวกับที่เผยแพร่ฉบับก่อน",
            )
        )
    return target


def earlier(round_folder: Path, revision: int) -> list[PublishedRound]:
    """All revisions before this one, first to last."""
    return [read_release(round_folder / f"revision-{number}") for number in range(1, revision)]


def index(round_folder: Path) -> None:
    """Write ``revisions.json``: what is published, newest first. Made of the releases themselves, so it can be lost."""
    found = []
    for path in round_folder.glob(f"revision-*/{datapackage.NAME}"):
        folder, told = path.parent, read_json(path.read_text(encoding="utf-8"))
        found.append(
            {
                "revision": int(folder.name.partition("-")[2]),
                "published": told["created"][:10],
                "path": f"{folder.name}/{datapackage.NAME}",
            }
        )
    found.sort(key=lambda one: -one["revision"])
    (round_folder / "revisions.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
