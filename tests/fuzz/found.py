"""What once crashed a reader, and must not again: by target, with what happened then."""

from __future__ import annotations

import io
import json
import zipfile

import plain_readers
from fuzz_target import packed

_DEEP = b"[" * 100_000


def _damaged(data: bytes) -> bytes:
    """A ZIP whose first packed part does not unpack: zlib says so, not zipfile."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        first = next(
            one for one in archive.infolist() if one.compress_type == zipfile.ZIP_DEFLATED and one.file_size > 40
        )
    start = (
        first.header_offset
        + 30
        + len(first.filename.encode())
        + int.from_bytes(data[first.header_offset + 28 : first.header_offset + 30], "little")
    )
    return data[:start] + b"\xff" * 20 + data[start + 20 :]


def _moved(data: bytes) -> bytes:
    """A ZIP whose list says that a part begins before the file does."""
    at = data.rfind(b"PK\x05\x06")
    start = int.from_bytes(data[at + 16 : at + 20], "little")
    return data[: at + 16] + (start + 70).to_bytes(4, "little") + data[at + 20 :]


def _put(data: bytes, old: bytes, new: bytes) -> bytes:
    assert old in data
    return data.replace(old, new, 1)


def found() -> dict[str, list[bytes]]:
    """Made when asked, since some need a document of ours."""
    seeds = {name: target.seeds()[0] for name, target in plain_readers.TARGETS.items() if target.seeds}
    strange = b'<?xml version="1.0" encoding="klingon"?>'
    return {
        # urllib refuses an address whose bracket is never closed: ValueError from three writers and the check
        "writers": [b"http://[", b"//[", b"http://[x]y"],
        "template.docx.relations": [
            _put(seeds["template.docx.relations"], b'Target="', b'TargetMode="External" Target="http://['),
            _put(seeds["template.docx.relations"], b'Target="styles.xml"', b'Target="gone.xml"'),  # KeyError
        ],
        # ValueError where the margin of a page is no number
        "template.docx": [seeds["template.docx"].replace(b'w:left="', b'w:left="1e0')],
        "template.docx.packed": [_damaged(plain_readers.letter_template()), _moved(plain_readers.letter_template())],
        "report.docx.packed": [
            _damaged(plain_readers.docx()),
            _moved(plain_readers.docx()),
        ],  # ValueError: a place below 0
        "evidence.packed": [_damaged(plain_readers.docx()), _moved(plain_readers.docx())],
        "form.xlsx.packed": [_damaged(plain_readers.form()), _moved(plain_readers.form())],
        "form.xlsx": [strange + b"<worksheet/>"],  # LookupError: an encoding that there is not
        "scan": [
            b"level\ttext\n5\tword\n",  # KeyError: columns that are not there
            seeds["scan"].replace(b"91.5", b"much"),  # ValueError
            seeds["scan"].replace(b"\t30\t", b"\t\t"),
            seeds["scan"] + b"5\t1\r1",  # csv.Error
        ],
        "evidence.resume": [b'{"form": "prongsai-oit-check-1"}\n'],  # KeyError: no settings
        "evidence.copies": [b"3", b"[]", b'"form"', _DEEP],  # AttributeError, RecursionError
        "evidence.warc": [
            b"x",
            b"\x1f\x8b" + bytes(40),
            b"WARC/1.1\r\n\r\n",
            b"filedesc://",
        ],  # what warcio makes of it
        "survey.mapping": [
            b"questionnaire: rehearsal/R\ncolumns: {a: [r1], b: {c: r2}}\n"
        ],  # TypeError: a list is no key
        "ledger.heads": [b"prongsai head", b"prongsai head 1 2 3 4"],  # was held off by an assertion alone
        "site.list.csv": [b"x" * 140_000, b'"' + b"x" * 140_000],  # csv.Error: a field larger than the limit
        "site.list.xlsx": [_damaged(plain_readers.xlsx()), plain_readers.xlsx(), _far()],
        "site.exchange.manifest": [_DEEP, json.dumps(_manifest({"a": 3})).encode(), b'{"format": "prongsai-agency"}'],
        "published.sums": [_damaged(plain_readers.docx()), _moved(plain_readers.docx())],
        "site.upload.picture": [_cut()],  # OSError: its head is whole, what is drawn is not
        "site.exchange.rows": [b"\1\n" + _DEEP + b"\n"],
        "site.exchange.packed": [_damaged(plain_readers.docx())],
    }


def _cut() -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.effect_noise((40, 40), 50).save(out, "JPEG")
    return out.getvalue()[:-300]


def _manifest(files: dict[str, object]) -> dict[str, object]:
    return {"format": "prongsai-agency", "version": 1, "agency": {"name": "ก"}, "files": files}


def _far() -> bytes:
    """A worksheet with a value in its last cell alone: who makes room for all cells before it has no memory left."""
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    with zipfile.ZipFile(io.BytesIO(plain_readers.xlsx())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return packed({**parts, "xl/worksheets/sheet1.xml": sheet})
