"""The archive of one agency: a ZIP of a fixed shape, written the same for equal contents and read with suspicion."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any, BinaryIO

from prongsai import __version__
from prongsai.errors import InputError, Problem
from prongsai.json_text import read_json
from prongsai.site.exchange.parts import PARTS
from prongsai.zip_file import BROKEN

FORMAT, VERSION = "prongsai-agency", 1
MANIFEST = "manifest.json"
_FILE = re.compile(r"files/[0-9a-f]{64}")
_THEN = (1980, 1, 1, 0, 0, 0)
# An archive may unpack to this many bytes at most, and to this many times its own size beyond the first megabytes.
_LARGEST, _RATIO, _FREE = 4 * 1024**3, 200, 16 * 1024**2


def fault(code: str, where: str, th: str, en: str, next_th: str = "", next_en: str = "") -> InputError:
    """A reason for which an archive is refused."""
    return InputError(
        Problem(
            f"exchange.{code}",
            where,
            th,
            en,
            next_th or "โปรดส่งออกจากระบบต้นทางอีกครั้ง แล้วนำเข้าไฟล์นั้นโดยไม่แก้ไข",
            next_en or "Export again from the system it came from, and import that file unchanged.",
        )
    )


class Writer:
    """Writes an archive part by part; the manifest with all hashes comes last. Equal contents give equal bytes."""

    def __init__(self, target: BinaryIO | Path) -> None:
        self.zip = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED)
        self.files: dict[str, dict[str, Any]] = {}

    def add(self, name: str, data: bytes) -> None:
        """A file of the archive."""
        self.zip.writestr(_info(name), data)
        self.files[name] = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}

    def rows(self, name: str, rows: list[dict[str, Any]]) -> None:
        """A table: one row a line. The manifest has the beginning of each line's hash, so that a change has a place."""
        lines = [line(row) for row in rows]
        self.add(name, b"".join(lines))
        self.files[name] |= {"rows": len(rows), "lines": [_short(one) for one in lines]}

    def close(self, about: dict[str, Any]) -> None:
        """The manifest, and done."""
        head = {"format": FORMAT, "version": VERSION, "software": __version__, **about, "files": self.files}
        text = json.dumps(head, ensure_ascii=False, indent=1, sort_keys=True)
        self.zip.writestr(_info(MANIFEST), text.encode())
        self.zip.close()


def line(row: dict[str, Any]) -> bytes:
    """A row as it is written."""
    return json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def _short(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def _altered_row(archive: zipfile.ZipFile, name: str, said: dict[str, Any]) -> str:
    """Where a table is not what its manifest says: its first row that differs; the table where that is not known."""
    lines = said.get("lines")
    if not isinstance(lines, list):
        return name
    found = [_short(one) for one in archive.read(name).splitlines(keepends=True)]
    pairs = zip_longest(found, lines)
    return next((f"{name}:{number}" for number, (one, other) in enumerate(pairs, 1) if one != other), name)


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _THEN)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info


@dataclass
class Archive:
    """An archive whose shape, sizes and hashes were all found right."""

    zip: zipfile.ZipFile
    manifest: dict[str, Any]
    sha256: str

    def rows(self, name: str) -> list[dict[str, Any]]:
        """A table's rows. Raises ``InputError`` for a line that is no row."""
        found = []
        for number, text in enumerate(self.zip.read(name).split(b"\n")[:-1], start=1):
            try:
                row = read_json(text)
            except ValueError:
                row = None
            if not isinstance(row, dict):
                raise fault("row", f"{name}:{number}", "บรรทัดนี้ไม่ใช่ข้อมูลหนึ่งรายการ", "this line is not a row")
            found.append(row)
        return found

    def file(self, sha256: str) -> bytes:
        """A kept file's bytes."""
        name = f"files/{sha256}"
        if name not in self.manifest["files"]:
            raise fault("file_missing", name, "ไม่มีไฟล์นี้ในไฟล์ส่งออก", "the archive lacks this file")
        return self.zip.read(name)


def opened(path: Path) -> Archive:
    """Open an archive and check all of it. Raises ``InputError`` with the reason for which it is refused."""
    try:
        archive = zipfile.ZipFile(path)
        _check_shape(archive, path.stat().st_size)
        manifest = _manifest(archive)
        _check_files(archive, manifest["files"])
    except BROKEN as error:
        raise fault(
            "zip", path.name, "เปิดไฟล์ ZIP ไม่ได้ ไฟล์อาจเสียหายหรือไม่ครบ", f"this is no whole ZIP: {error}"
        ) from error
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    return Archive(archive, manifest, digest.hexdigest())


def _check_shape(archive: zipfile.ZipFile, packed: int) -> None:
    tables = {part.file for part in PARTS}
    seen: set[str] = set()
    for info in archive.infolist():
        name = info.filename
        if name in seen:
            raise fault("twice", name, "มีไฟล์ชื่อนี้ซ้ำกันในไฟล์ ZIP", "this name stands twice in the ZIP")
        seen.add(name)
        if name != MANIFEST and name not in tables and not _FILE.fullmatch(name):
            raise fault(
                "name",
                name[:120],
                "ไฟล์ ZIP มีไฟล์ที่ไม่รู้จัก หรือชื่อที่ชี้ออกนอกไฟล์ จึงไม่อ่าน",
                "the ZIP has a file that is not part of an export, or a name that leads outside",
            )
        if info.flag_bits & 1:
            raise fault("encrypted", name, "ไฟล์ ZIP เข้ารหัสลับไว้", "the ZIP is encrypted")
    unpacked = sum(info.file_size for info in archive.infolist())
    if unpacked > min(_LARGEST, packed * _RATIO + _FREE):
        raise fault(
            "bomb",
            "",
            f"ไฟล์ขยายแล้วใหญ่ผิดปกติ ({unpacked // 1024**2} เมกะไบต์) จึงไม่เปิดอ่าน",
            f"the ZIP unpacks to far too much ({unpacked} bytes) and was not opened",
        )


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    try:
        found = read_json(archive.read(MANIFEST))
    except (KeyError, ValueError):
        found = None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise fault(
            "manifest",
            MANIFEST,
            "ไฟล์ ZIP นี้ไม่ใช่ไฟล์ส่งออกของหน่วยงาน",
            "this ZIP is not the export of an agency",
            "โปรดเลือกไฟล์ที่ได้จากหน้า “ส่งออกและนำเข้า”",
            "Choose a file that came from the page “Export and import”.",
        )
    version = found.get("version")
    if not isinstance(version, int) or version > VERSION:
        raise fault(
            "newer",
            MANIFEST,
            f"ไฟล์นี้ส่งออกจากโปรแกรมรุ่นใหม่กว่า (รูปแบบที่ {version} ระบบนี้อ่านได้ถึงรูปแบบที่ {VERSION})",
            f"made by a newer version of the software (format {version}; this one reads up to {VERSION})",
            "โปรดปรับรุ่นโปรแกรมของระบบนี้ก่อน แล้วนำเข้าอีกครั้ง",
            "Upgrade this system first, then import again.",
        )
    agency, files = found.get("agency"), found.get("files")
    listed = isinstance(files, dict) and all(isinstance(said, dict) for said in files.values())
    if not isinstance(agency, dict) or not isinstance(agency.get("name"), str) or not listed:
        raise fault("manifest", MANIFEST, "ข้อมูลนำของไฟล์ส่งออกไม่ครบ", "the manifest is not whole")
    return found


def _check_files(archive: zipfile.ZipFile, files: dict[str, Any]) -> None:
    names = set(archive.namelist()) - {MANIFEST}
    for name in sorted(names ^ set(files)):
        raise fault("list", name, "รายการไฟล์ไม่ตรงกับไฟล์ที่มี", "the manifest and the files do not match")
    for part in PARTS:
        if part.file not in names:
            raise fault("list", part.file, "ไม่มีตารางนี้ในไฟล์ส่งออก", "the archive lacks this table")
    for name, said in files.items():
        with archive.open(name) as file:
            digest = hashlib.file_digest(file, "sha256")  # type: ignore[arg-type]
        wanted = name.removeprefix("files/") if name.startswith("files/") else said.get("sha256")
        if digest.hexdigest() != wanted or wanted != said.get("sha256"):
            raise fault(
                "hash",
                _altered_row(archive, name, said),
                "เนื้อหาไม่ตรงกับค่าแฮชที่บันทึกไว้ ไฟล์ถูกแก้ไขหรือเสียหาย",
                "the content does not have the recorded hash: it was changed or damaged",
            )
