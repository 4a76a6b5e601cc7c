"""Give a backup back to an installation that has lost everything, and look whether all of it is there.

Nothing is replaced: an installation that has a database or files is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from prongsai import __version__
from prongsai.disk import sync_folder
from prongsai.errors import InputError, Problem
from prongsai.site.operation.backup import manifest as manifests
from prongsai.site.operation.backup import postgres, sqlite
from prongsai.site.operation.backup.take import COUNTS, DATA, SECRETS
from prongsai.site.operation.backup.told import told


@dataclass(frozen=True)
class Restored:
    """What is there again. ``lost``: what the manifest says and the database or the folder does not have.

    ``letters_without_key``: answers that nobody can open, since the survey keys were not given back.
    """

    manifest: manifests.Manifest
    lost: tuple[str, ...]
    letters_without_key: int


@told()
def give_back(folder: Path, survey_keys: Path | None = None) -> Restored:
    """Restore a backup.

    Raises ``InputError`` where it is damaged, of a newer version or another database, something is in the way, or a
    folder cannot be written.
    """
    manifest = manifests.read(folder)
    if _number(manifest.version) > _number(__version__):
        raise _refused("newer", f"{folder / manifests.FILE}",
                       f"สำเนานี้เป็นของรุ่น {manifest.version} ซึ่งใหม่กว่าโปรแกรมรุ่น {__version__}",
                       f"this backup is of version {manifest.version}, newer than this program's {__version__}",
                       "ติดตั้งรุ่นนั้นหรือใหม่กว่า แล้วสั่งใหม่", "install that version or a newer one")  # fmt: skip
    if damaged := list(manifests.faults(folder, manifest)):
        raise _refused("damaged", f"{folder / damaged[0]}", "ไฟล์เสียหายหรือหายไป", "damaged or missing",
                       "ใช้สำเนาสำรองชุดอื่น", "use another backup")  # fmt: skip
    if manifest.database != connection.vendor:
        said = f"สำเนานี้เป็นของ {manifest.database}", f"this backup is of {manifest.database}"
        raise _refused(
            "other", "DATABASE_URL", *said, "กำหนด DATABASE_URL ให้ตรงกัน", "set DATABASE_URL to such a database"
        )
    _empty()
    for source in sorted((folder / DATA).rglob("*")):
        if source.is_file():
            _copy(source, settings.DATA / source.relative_to(folder / DATA))
    _secrets(folder / SECRETS)
    if survey_keys:
        for source in sorted(survey_keys.rglob("*")):
            if source.is_file():
                _copy(source, settings.KEYS / source.relative_to(survey_keys))
    if connection.vendor == "sqlite":
        sqlite.put_back(folder, Path(str(connection.settings_dict["NAME"])))  # last: with it the site could start
    else:
        postgres.put_back(folder)
    sync_folder(settings.DATA)
    return Restored(manifest, tuple(_missing(manifest)), _unopenable())


def _empty() -> None:
    """Nothing to lose is in the way."""
    th, en = "ย้ายออกไปก่อน แล้วสั่งใหม่", "move it away first"
    if connection.vendor == "sqlite":
        name = Path(str(connection.settings_dict["NAME"]))
        for path in (name, name.with_name(name.name + "-wal")):
            if path.exists():
                raise _refused("there", str(path), "มีฐานข้อมูลอยู่แล้ว", "a database is there already", th, en)
    elif tables := connection.introspection.table_names():
        raise _refused("there", "DATABASE_URL", f"ฐานข้อมูลมีตารางอยู่แล้ว {len(tables)} ตาราง",
                       f"the database has {len(tables)} tables already",
                       "สร้างฐานข้อมูลเปล่า", "make an empty one")  # fmt: skip
    if any((settings.DATA / "files").rglob("*")):
        raise _refused("there", str(settings.DATA / "files"), "มีไฟล์อยู่แล้ว", "files are there already", th, en)


def _secrets(folder: Path) -> None:
    """Keys of the backup; the secret key that this process made at its start gives way to the one that was lost."""
    if not folder.is_dir():
        return
    places = {"secret-key": settings.DATA / "secret-key", settings.LEDGER_KEYS.name: settings.LEDGER_KEYS}
    for source in folder.iterdir():
        target = places.get(source.name, settings.LEDGER_KEY)
        target.unlink(missing_ok=True)
        _copy(source, target)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if target.exists() and manifests.sha256(target) == manifests.sha256(source):
        return
    sqlite.copy_new(source, target)


def _missing(manifest: manifests.Manifest) -> Iterator[str]:
    """What the backup promised and is not there."""
    from prongsai.site.files.models import Stored

    with connection.cursor() as cursor:
        for name, sql in COUNTS.items():
            cursor.execute(sql)
            row = cursor.fetchone()
            if row is None or row[0] != getattr(manifest.counts, name):
                yield f"{name}: {row and row[0]} ({getattr(manifest.counts, name)})"
    for stored in Stored.objects.order_by("pk").iterator(chunk_size=2000):
        path = settings.MEDIA_ROOT / str(stored.content.name)
        if not path.is_file() or manifests.sha256(path) != stored.sha256:
            yield f"files/{stored.content.name}"


def _unopenable() -> int:
    """Answers not mixed yet that no key in the folder of keys opens: it is not there, or is another one."""
    from prongsai.site.surveys.models import Letter

    batches = Letter.objects.order_by().values_list("batch", flat=True).distinct()
    return Letter.objects.filter(batch__in=[batch for batch in batches if not _opens(batch)]).count()


def _opens(batch: str) -> bool:
    """Whether the key of a batch is there and opens a letter of it, of which nothing is looked at."""
    from prongsai.site.surveys.keys import keys
    from prongsai.site.surveys.models import Letter
    from prongsai.survey.letterbox import Letter as Sealed
    from prongsai.survey.letterbox import LetterboxError, unseal

    key, one = keys().private(batch), Letter.objects.filter(batch=batch).first()
    if key is None or one is None:
        return False
    try:
        unseal(Sealed(one.pk, batch, bytes(one.sealed)), key)
    except LetterboxError:
        return False
    return True


def _number(version: str) -> tuple[int, ...]:
    """A version's numbers, to compare by; what stands behind them (rc1) is left out."""
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def _refused(code: str, where: str, *said: str) -> InputError:
    return InputError(Problem(f"restore.{code}", where, *said))
