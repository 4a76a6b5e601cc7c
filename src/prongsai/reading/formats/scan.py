"""Scans and photos through Tesseract with Thai, where it is installed; without it everything else still works."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from prongsai.reading.formats._decode import refuse
from prongsai.reading.formats._markup import tidy
from prongsai.reading.source import Block, Line, Source, Where

SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff")
DPI = 300
MAX_PIXELS = 100_000_000
MIN_CONFIDENCE = 30.0  # of a line, in percent: below it Tesseract saw letters where there are none
SPACE = 0.2  # of the height of a line: the narrowest gap between Thai letters that is a space
TIMEOUT = 180  # seconds for one page
_TEXT_ROW = "5"


def read(path: Path, data: bytes) -> Source:
    """A picture of a page. A picture without text is an error: nothing could be read."""
    image = _opened(path.name, data)
    blocks = _recognised(path.name, image, 1)
    if not blocks:
        raise _no_text(path.name)
    return Source(path.name, "scan", tuple(blocks), pages=1)


def read_pages(name: str, document: Any, numbers: list[int]) -> list[Block]:
    """Pages of a PDF that are pictures."""
    found: list[Block] = []
    workers = os.cpu_count() or 1
    with ThreadPoolExecutor(workers) as pool:  # each page is a process of its own; pdfium draws one page at a time
        for start in range(0, len(numbers), workers):
            part = numbers[start : start + workers]
            images = [_drawn(document[number - 1]) for number in part]
            for blocks in pool.map(_recognised, [name] * len(part), images, part):
                found += blocks
    if not found:
        raise _no_text(name)
    return found


def _drawn(page: Any) -> Any:
    width, height = page.get_size()
    scale = min(DPI / 72, (MAX_PIXELS / max(width * height, 1.0)) ** 0.5)
    return page.render(scale=scale, grayscale=True).to_pil()


@cache
def _tesseract() -> tuple[str, str] | None:
    """The program and the languages to ask for; None if it or its Thai is not installed."""
    program = shutil.which("tesseract")
    if program is None:
        return None
    listed = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=False, timeout=30)  # noqa: S603 - Tesseract on a file of ours, no shell
    languages = set((listed.stdout + listed.stderr).split())
    if "tha" not in languages:
        return None
    return program, "tha+eng" if "eng" in languages else "tha"


def _recognised(name: str, image: Any, page: int) -> list[Block]:
    found = _tesseract()
    if found is None:
        raise refuse(
            "scan.no_ocr",
            name,
            "ไฟล์นี้เป็นภาพสแกน ต้องใช้โปรแกรม Tesseract พร้อมภาษาไทยจึงจะอ่านได้",
            "the file is a scan: reading it needs Tesseract with its Thai data, which is not installed",
            "ติดตั้งบน Debian/Ubuntu: apt install tesseract-ocr tesseract-ocr-tha แล้วลองใหม่ (ไฟล์ชนิดอื่นอ่านได้โดยไม่ต้องติดตั้ง)",
        )
    program, languages = found
    with tempfile.TemporaryDirectory(prefix="prongsai-") as folder:
        picture = Path(folder) / "page.png"
        image.convert("L").save(picture, dpi=(DPI, DPI))
        command = [program, str(picture), "stdout", "-l", languages, "--psm", "3", "--dpi", str(DPI), "tsv"]
        try:
            one_thread = {**os.environ, "OMP_THREAD_LIMIT": "1"}  # its threads cost more than they bring
            done = subprocess.run(command, capture_output=True, check=False, timeout=TIMEOUT, env=one_thread)  # noqa: S603 - Tesseract on a file of ours, no shell
        except subprocess.TimeoutExpired as error:
            raise _failed(name, f"page {page} took longer than {TIMEOUT} s") from error
    if done.returncode:
        raise _failed(name, done.stderr.decode(errors="replace").strip()[:200])
    return list(lines_of(name, done.stdout.decode("utf-8", "replace"), page))


def lines_of(name: str, table: str, page: int) -> list[Line]:
    """Tesseract's table of words as lines; lines it is not sure of are left out.

    It parts Thai into single letters: only a gap as wide as a space is one. Strokes of table borders, which it takes
    for ``|``, are no text. Raises ``InputError`` for a table that is none.
    """
    try:
        lines = _words(table)
    except (LookupError, ValueError, TypeError, csv.Error) as error:
        raise _failed(name, f"its table of page {page} cannot be read: {error!r}"[:200]) from error
    found: list[Line] = []
    for number, words in enumerate(lines.values(), 1):
        if sum(word.confidence for word in words) / len(words) < MIN_CONFIDENCE:
            continue
        raw = " ".join(word.text for word in words)
        if text := tidy(_spaced(words)):
            found.append(Line(text, Where(name, page=page, line=number), raw))
    return found


def _words(table: str) -> dict[tuple[str, ...], list[_Seen]]:
    """The words by their lines."""
    lines: dict[tuple[str, ...], list[_Seen]] = {}
    for row in csv.DictReader(io.StringIO(table, newline=""), delimiter="\t", quoting=csv.QUOTE_NONE):
        text = (row.get("text") or "").strip()
        if row.get("level") == _TEXT_ROW and text.strip("|"):
            key = tuple(row[part] for part in ("block_num", "par_num", "line_num"))
            left, width, height = (int(row[part]) for part in ("left", "width", "height"))
            lines.setdefault(key, []).append(_Seen(text, float(row["conf"]), left, left + width, height))
    return lines


class _Seen(NamedTuple):
    text: str
    confidence: float
    left: int
    right: int
    height: int


def _spaced(words: list[_Seen]) -> str:
    height = max(word.height for word in words)
    text = words[0].text
    for before, word in pairwise(words):
        ends, begins = before.text[-1], word.text[0]
        joins = (_is_thai(ends) and (_is_thai(begins) or begins in ".)")) or (ends in ".(" and _is_thai(begins))
        text += ("" if joins and word.left - before.right < SPACE * height else " ") + word.text
    return text


def _is_thai(char: str) -> bool:
    return "\u0e00" < char < "\u0e4f"


def _opened(name: str, data: bytes) -> Any:
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        image = Image.open(io.BytesIO(data))
        if image.width * image.height > MAX_PIXELS:
            raise refuse(
                "scan.too_large",
                name,
                f"ภาพมี {image.width:,} × {image.height:,} จุด ใหญ่เกินไป",
                f"the picture has {image.width:,} × {image.height:,} pixels",
                "โปรดบันทึกภาพใหม่ที่ 300 จุดต่อนิ้ว",
            )
        image.load()
        upright = ImageOps.exif_transpose(image)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise refuse(
            "scan.broken",
            name,
            "เปิดไฟล์ภาพไม่ได้ ไฟล์เสียหาย",
            f"cannot open the picture: {error}",
            "โปรดบันทึกภาพใหม่เป็น PNG หรือ JPEG",
        ) from error
    return upright


def _no_text(name: str) -> Any:
    return refuse(
        "scan.no_text",
        name,
        "ไม่พบข้อความในภาพ",
        "no text found in the picture",
        "โปรดตรวจสอบว่าเป็นภาพของเอกสาร ถ่ายให้ชัดและตรง หรือสแกนที่ 300 จุดต่อนิ้ว",
    )


def _failed(name: str, why: str) -> Any:
    return refuse(
        "scan.failed",
        name,
        "โปรแกรม Tesseract อ่านภาพไม่สำเร็จ",
        f"Tesseract failed: {why}",
        "โปรดลองสแกนใหม่ที่ 300 จุดต่อนิ้ว",
    )
