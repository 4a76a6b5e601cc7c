"""A CSV file as other tools write it: encoding and separator found out, rows read one at a time.

Rows and columns are named as spreadsheets do (row 12, column C), since that is where people look for them.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from prongsai.errors import InputError, Problem
from prongsai.thai.text import repair

MAX_BYTES = 100_000_000
_CHUNK = 1 << 20
_LOOK_AT = 20
_SEPARATORS = (",", ";", "\t")
_ZIP = b"PK\x03\x04"
_LINE_END = re.compile(rb"[\r\n]")


@dataclass(frozen=True)
class Row:
    """One row below the header. ``number`` counts from 1, the header included."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A file whose header has been read; ``rows`` reads the rest each time it is asked."""

    path: Path
    encoding: str
    separator: str
    headers: tuple[str, ...]

    def where(self, row: int, position: int | None = None) -> str:
        """``answers.csv:12 C``."""
        return f"{self.path.name}:{row}{'' if position is None else f' {letter(position)}'}"

    def rows(self) -> Iterator[Row]:
        """The rows below the header, without empty ones. Raises ``InputError`` where the CSV is broken."""
        records = _records(self.path, self.encoding, self.separator)
        for number, cells in enumerate(islice(records, 1, None), start=2):
            if any(cell.strip() for cell in cells):
                yield Row(number, tuple(cells))


def letter(position: int) -> str:
    """The name of a column in spreadsheets, from 0: A, B, … Z, AA."""
    name = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def open_table(path: Path) -> Table:
    """Look at a CSV file: UTF-8 (with or without BOM), UTF-16 with BOM or TIS-620; comma, semicolon or tab.

    Raises ``InputError`` for a file that is missing, larger than 100 MB, no text, or has no row below its header.
    """
    try:
        size = path.stat().st_size
        encoding = _encoding(path) if 0 < size <= MAX_BYTES else ""
    except OSError as error:
        raise _problem(
            path, "unreadable", "เปิดไฟล์ไม่ได้ หรือไม่พบไฟล์", f"cannot read the file: {error.strerror}"
        ) from error
    if not encoding:
        if not size:
            raise _problem(path, "empty", "ไฟล์ว่าง ไม่มีข้อมูล", "the file is empty")
        limit = MAX_BYTES // 1_000_000
        raise _problem(
            path,
            "too_large",
            f"ไฟล์ใหญ่เกิน {limit} เมกะไบต์",
            f"larger than {limit} MB",
            "โปรดแบ่งไฟล์เป็นหลายไฟล์ แล้วนำเข้าทีละไฟล์",
        )
    separator = max(_SEPARATORS, key=lambda one: _fits(path, encoding, one))
    records = list(islice(_records(path, encoding, separator), 2))
    if len(records) < 2:
        raise _problem(path, "no_rows", "ไฟล์มีเพียงแถวเดียว ไม่มีคำตอบใต้หัวคอลัมน์", "no row below the header")
    return Table(path, encoding, separator, tuple(" ".join(repair(cell).split()) for cell in records[0]))


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(4)
    if head == _ZIP:
        th, en = "ไฟล์นี้เป็น Excel หรือ ZIP ไม่ใช่ CSV", "this is an Excel or ZIP file, not CSV"
        raise _problem(path, "not_csv", th, en, "โปรดแตกไฟล์ ZIP หรือบันทึกเป็น CSV (UTF-8) แล้วนำเข้าอีกครั้ง")
    utf_16 = head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    _require_lines(path, nulls=utf_16)
    for encoding in ("utf-16",) if utf_16 else ("utf-8-sig", "cp874"):  # cp874 is TIS-620 as Windows writes it
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with path.open("rb") as file:
                while chunk := file.read(_CHUNK):
                    decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    th, en = "อ่านตัวอักษรของไฟล์ไม่ได้", "the file is neither UTF-8, UTF-16 nor TIS-620 (cp874)"
    raise _problem(path, "encoding", th, en, "โปรดบันทึกเป็น CSV (UTF-8) แล้วนำเข้าอีกครั้ง")


def _require_lines(path: Path, nulls: bool) -> None:
    """Refuse what is no text, and a line so long that reading it would need much memory."""
    with path.open("rb") as file:
        length = 0
        while chunk := file.read(_CHUNK):
            if not nulls and b"\0" in chunk:
                raise _problem(path, "not_csv", "ไฟล์นี้ไม่ใช่ข้อความ CSV", "the file is no text")
            lines = _LINE_END.split(chunk)
            length = length + len(lines[0]) if len(lines) == 1 else len(lines[-1])
            if max(length, *map(len, lines)) > _CHUNK // 2:
                raise _problem(path, "too_wide", "มีบรรทัดที่ยาวเกินไป", f"a line is longer than {_CHUNK // 2} bytes")


def _fits(path: Path, encoding: str, separator: str) -> tuple[int, int]:
    """How well a separator fits the first rows: how many are as wide as the header, and how wide that is."""
    records: list[list[str]] = []
    with suppress(InputError):  # what is broken is said when it is read
        records.extend(islice(_records(path, encoding, separator), _LOOK_AT))
    width = len(records[0]) if records else 0
    return (sum(len(record) == width for record in records), width) if width > 1 else (0, width)


def _records(path: Path, encoding: str, separator: str) -> Iterator[list[str]]:
    number = 0
    try:
        with path.open(encoding=encoding, newline="") as file:
            for cells in csv.reader(file, delimiter=separator, strict=True):
                number += 1
                yield cells
    except csv.Error as error:
        raise InputError(
            Problem(
                "import.broken",
                f"{path.name}:{number + 1}",
                "รูปแบบ CSV ไม่ถูกต้องที่แถวนี้ เช่น เครื่องหมายคำพูดไม่ครบคู่",
                f"broken CSV: {error}",
                "โปรดดาวน์โหลดไฟล์ใหม่จากเครื่องมือเดิม หรือบันทึกเป็น CSV (UTF-8) อีกครั้ง",
            )
        ) from error
    except (OSError, UnicodeError) as error:
        raise _problem(path, "unreadable", "อ่านไฟล์ไม่ได้", f"cannot read the file: {error}") from error


def _problem(path: Path, code: str, th: str, en: str, next_th: str = "") -> InputError:
    return InputError(Problem(f"import.{code}", path.name, th, en, next_th or "โปรดตรวจสอบว่าเลือกไฟล์ CSV ของคำตอบถูกต้อง"))
