"""Correct what the glyphs of a Typst PDF read as, in its ToUnicode tables, by the bytes: no page is touched.

Thai is set by codes of whole units (``thai_clusters``), and a no-break hyphen keeps a line from ending with a hyphen,
which readers would drop. What such a glyph reads as is said in one table a face, so that is all there is to write anew.
"""

from __future__ import annotations

import re
import zlib
from bisect import bisect_left

_TABLE = re.compile(rb"/ToUnicode (\d+) 0 R")
_STREAM = re.compile(rb"\n\d+ 0 obj\n<</Length (\d+)(/Type/CMap/Filter/FlateDecode[^>]*>>\nstream\n)")
_TEXT = re.compile(rb"<FEFF((?:[0-9A-F]{4})+)>")
_READING = re.compile(rb"> <([0-9A-F]+)>\n")
_START = re.compile(rb"startxref\n(\d+)\n%%EOF\s*\Z")
_ROW = 20  # bytes of a row in the cross-reference table


class TextLayerError(Exception):
    """The PDF has its text written in a way that is not Typst's, so its text layer cannot be vouched for."""


Change = tuple[int, int, bytes]
"""Where what is replaced begins and ends, and what comes in its place."""


def read_as(pdf: bytes, readings: dict[str, str]) -> bytes:
    """The same PDF with each character among the keys reading as the value. Lengths and offsets are kept right.

    Outline entries and link descriptions hold text of the document too; they are stored plainly.
    """
    translation = str.maketrans(readings)
    changes = [
        (match.start(), match.end(), b"<FEFF%s>" % _translated(match.group(1), translation))
        for match in _TEXT.finditer(pdf)
    ]
    changes += [_table_change(pdf, number, translation) for number in dict.fromkeys(_TABLE.findall(pdf))]
    changes.sort()
    pieces: list[bytes] = []
    places, grown = [0], [0]
    done = 0
    for start, end, new in changes:
        pieces += (pdf[done:start], new)
        done = end
        places.append(start + 1)  # an object's own place comes after the line end it begins with
        grown.append(grown[-1] + len(new) - (end - start))
    return _with_offsets(b"".join((*pieces, pdf[done:])), places, grown)


def _table_change(pdf: bytes, number: bytes, translation: dict[int, str]) -> Change:
    match = _STREAM.match(pdf, pdf.find(b"\n%s 0 obj\n" % number))
    if match is None:
        raise TextLayerError("a ToUnicode table that is not written as Typst writes it")
    end = match.end() + int(match.group(1))
    table = zlib.compress(_corrected(zlib.decompress(pdf[match.end() : end]), translation), 6)
    return match.start(), end, b"\n%s 0 obj\n<</Length %d%s%s" % (number, len(table), match.group(2), table)


def _corrected(table: bytes, translation: dict[int, str]) -> bytes:
    if b"beginbfrange" in table:
        raise TextLayerError("a ToUnicode table with ranges, which Typst does not write")
    return _READING.sub(lambda match: b"> <%s>\n" % _translated(match.group(1), translation), table)


def _translated(digits: bytes, translation: dict[int, str]) -> bytes:
    text = bytes.fromhex(digits.decode("ascii")).decode("utf-16-be")
    return text.translate(translation).encode("utf-16-be").hex().upper().encode("ascii")


def _with_offsets(pdf: bytes, places: list[int], grown: list[int]) -> bytes:
    """Move the cross-reference table's offsets by what everything before them has grown."""
    start = _START.search(pdf, len(pdf) - 60)
    if start is None:
        raise TextLayerError("no cross-reference table where Typst writes it")
    old = int(start.group(1))
    table = old + grown[bisect_left(places, old) - 1]
    head, _, rows = pdf[table : start.start()].partition(b"\n")
    count, _, rows = rows.partition(b"\n")
    end = int(count.split()[1]) * _ROW if head == b"xref" and count.startswith(b"0 ") else 0
    if not end or rows[end : end + 7] != b"trailer":
        raise TextLayerError("no cross-reference table where Typst writes it")
    moved: list[bytes] = [rows[:_ROW]]
    for at in range(_ROW, end, _ROW):
        offset = int(rows[at : at + 10])
        moved.append(b"%010d" % (offset + grown[bisect_left(places, offset) - 1]) + rows[at + 10 : at + _ROW])
    return b"".join((pdf[:table], head, b"\n", count, b"\n", *moved, rows[end:], b"startxref\n%d\n%%%%EOF" % table))
