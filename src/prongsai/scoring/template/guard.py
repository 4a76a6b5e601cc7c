"""Lets only a plain, small XLSX file through: no macros, no ZIP bomb, no cell at the far end of a sheet."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from xml.parsers import expat
from xml.parsers.expat import ExpatError

from prongsai.errors import InputError, Problem, unreadable
from prongsai.yaml_file import MAX_BYTES
from prongsai.zip_file import BROKEN

MAX_UNPACKED = 50_000_000
MAX_ENTRIES = 500
MAX_ROWS, MAX_COLUMNS = 5_000, 200
_UNREADABLE: tuple[type[Exception], ...] = (*BROKEN, ExpatError, LookupError)  # the last: an unknown encoding
_SHEET = re.compile(r"(?:/xl/)?worksheets/[^/\\]+\.xml")
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_AGAIN = "โปรดสร้างแบบกรอกใหม่ด้วยคำสั่ง prongsai template แล้วคัดลอกข้อมูลลงไป"


def refuse(code: str, where: str, th: str, en: str, next_th: str = _AGAIN) -> InputError:
    """The error for a file that cannot be used."""
    return InputError(Problem(code, where, th, en, next_th))


def open_checked(path: Path) -> io.BytesIO:
    """The file, packed anew from what was checked, so that a reader sees nothing else.

    Raises ``InputError`` for a file with macros, one that unpacks to too much, and one that is no XLSX.
    """
    name = path.name
    if path.suffix.lower() == ".xls":
        raise refuse("xlsx.old", name, "ไฟล์ .xls เป็นรุ่นเก่า", "an .xls file, expected .xlsx", "โปรดบันทึกเป็น .xlsx")
    if path.suffix.lower() == ".xlsm":
        raise _macros(name)
    try:
        size = path.stat().st_size
        raw = path.read_bytes() if size <= MAX_BYTES else b""
    except OSError as error:
        raise unreadable(path, error) from error
    if size > MAX_BYTES:
        raise _too_large(name)
    if not raw:
        raise refuse("file.empty", name, "ไฟล์ว่าง ไม่มีข้อมูล", "the file is empty")
    return checked(raw, name)


def checked(raw: bytes, name: str, rows: int = MAX_ROWS, columns: int = MAX_COLUMNS) -> io.BytesIO:
    """As ``open_checked``, from bytes; values beyond so many rows and columns are refused."""
    try:
        return _repacked(raw, name, (rows, columns))
    except _UNREADABLE as error:
        raise refuse(
            "xlsx.broken",
            name,
            "ไฟล์ไม่ใช่ XLSX ที่สมบูรณ์ หรือมีรหัสผ่าน",
            f"not a whole, unprotected XLSX file: {error}",
        ) from error


def _repacked(raw: bytes, name: str, most: tuple[int, int]) -> io.BytesIO:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as source, zipfile.ZipFile(target, "w") as copy:
        entries = source.infolist()
        names = {entry.filename.lower() for entry in entries}
        if any("vbaproject" in entry for entry in names):
            raise _macros(name)
        if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
            raise _too_large(name)
        if len(names) != len(entries) or "xl/workbook.xml" not in names:
            raise zipfile.BadZipFile("no workbook, or an entry twice")
        for entry in entries:
            content = source.read(entry)  # never more than the size counted above
            part = entry.filename.lower()
            if part.startswith("xl/worksheets/") and part.endswith(".xml"):
                _check_extent(content, name, most)
            elif part.endswith("workbook.xml.rels"):
                _check_places(content)
            copy.writestr(entry.filename, content)
    target.seek(0)
    return target


def _check_places(content: bytes) -> None:
    """Worksheets stand where they are looked through, or a reader would open one that nobody has looked at."""

    def start(_: str, attributes: dict[str, str]) -> None:
        kind, target = attributes.get("Type", "").lower(), attributes.get("Target", "").lower()
        if kind.endswith("/worksheet") and not _SHEET.fullmatch(target):
            raise zipfile.BadZipFile(f"a worksheet at {target[:80]!r}")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.Parse(content, True)


def _check_extent(content: bytes, name: str, most: tuple[int, int]) -> None:
    """Refuse a value far away: a reader would make room for every cell up to it."""
    row = column = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column
        plain = tag.rpartition(":")[2]
        if plain == "row":
            row, column = int(attributes.get("r", row + 1)), 0
        elif plain == "c":
            column += 1
            if match := _ADDRESS.fullmatch(attributes.get("r", "")):
                column, row = _column_number(match.group(1)), int(match.group(2))
        elif plain in ("v", "is") and (row > most[0] or column > most[1]):
            raise refuse(
                "xlsx.extent",
                name,
                f"มีข้อมูลนอกแบบกรอก (แถวที่ {row} คอลัมน์ที่ {column})",
                f"a value at row {row}, column {column}, far outside the form",
                "โปรดลบข้อมูลนอกตาราง",
            )

    def doctype(*_: object) -> None:
        raise ExpatError("a document type is not allowed")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(content, True)
    except ValueError as error:
        raise ExpatError(str(error)) from error


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _macros(name: str) -> InputError:
    return refuse(
        "xlsx.macros",
        name,
        "ไม่รับไฟล์ที่มีมาโคร",
        "the file has macros",
        "โปรดบันทึกเป็น .xlsx (Excel Workbook) แล้วส่งใหม่",
    )


def _too_large(name: str) -> InputError:
    return refuse(
        "file.too_large",
        name,
        f"ไฟล์ใหญ่เกิน {MAX_BYTES // 1_000_000} เมกะไบต์ หรือขยายแล้วใหญ่เกิน {MAX_UNPACKED // 1_000_000} เมกะไบต์",
        f"larger than {MAX_BYTES} bytes, or than {MAX_UNPACKED} bytes unpacked",
        "โปรดตรวจสอบว่าเลือกไฟล์ถูกต้อง",
    )
