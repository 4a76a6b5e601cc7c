"""Thai words for line breaks, found once for every phrase and kept: Typst finds them well, but slowly, and forgets.

New phrases are set by Typst in a column too narrow for any word, in a face of one blank glyph a character; the glyphs
of each line are then counted. Documents of many agencies share most of their phrases.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable
from itertools import accumulate

from prongsai.documents.pdf_unicode import TextLayerError
from prongsai.documents.thai_clusters import PHRASE, SARA_AM, UNIT, WORD_END, codes

RULER = "Prongsai Ruler"
_SOURCE = f"""
#set page(width: 20pt, height: auto, margin: 0pt)
#set text(font: "{RULER}", size: 1pt, lang: "th", hyphenate: false, fallback: false)
#set par(linebreaks: "simple", leading: 1pt, spacing: 1pt)
#for phrase in json(bytes(sys.inputs.doc)) {{ block(width: 0.01pt, phrase) }}
""".encode()
_KEPT = 0xF0000  # where Thai that is not to be set waits: in the last planes, which no text uses
_KEPT_PHRASE = "[\U000f0e00-\U000f0e7f]+"
_EITHER, _WAITING = re.compile(f"{PHRASE}|{_KEPT_PHRASE}"), re.compile(_KEPT_PHRASE)
_NEW = re.compile(PHRASE)
_STREAM = re.compile(rb"<</Length (\d+)/Filter/FlateDecode>>\nstream\n")
_ROOM = 100_000

_known: dict[str, str] = {}


def kept(text: str) -> str:
    """Text that ``coded`` gives back as it is: titles and alternatives, which are not set but stored."""
    return _NEW.sub(lambda match: "".join(chr(ord(char) + _KEPT) for char in match.group()), text)


def plain(text: str) -> str:
    """The text with all Thai as it is."""
    return _WAITING.sub(lambda match: _back(match.group()), text)


def coded(text: str, compile_source: Callable[[bytes, str], bytes]) -> str:
    """The text with Thai as codes of units, and the ends of words marked."""
    new = {phrase for phrase in _NEW.findall(text) if phrase not in _known}
    if new:
        if len(_known) > _ROOM:
            _known.clear()
            new = set(_NEW.findall(text))
        _learn(sorted(new), compile_source)
    return _EITHER.sub(lambda match: _known.get(match.group()) or _back(match.group()), text)


def _back(text: str) -> str:
    return "".join(chr(ord(char) - _KEPT) for char in text)


def _learn(phrases: list[str], compile_source: Callable[[bytes, str], bytes]) -> None:
    counts = iter(_glyphs_of_lines(compile_source(_SOURCE, json.dumps(phrases, ensure_ascii=False))))
    for phrase in phrases:
        due = len(phrase) + phrase.count(SARA_AM)  # which is drawn by two glyphs
        ends: set[int] = set()
        so_far = 0
        while so_far < due:
            so_far += next(counts, due + 1)
            ends.add(so_far)
        if so_far != due:
            raise TextLayerError(f"the words of {phrase[:40]!r} could not be told apart")
        _known[phrase] = _encode(phrase, ends)


def _encode(phrase: str, ends: set[int]) -> str:
    units, code = UNIT.findall(phrase), codes()
    places = accumulate(len(unit) + unit.count(SARA_AM) for unit in units)
    parts = [code[unit] + WORD_END if place in ends else code[unit] for unit, place in zip(units, places, strict=True)]
    return "".join(parts).removesuffix(WORD_END)


def _glyphs_of_lines(pdf: bytes) -> list[int]:
    """How many glyphs each line shows, in order: each line is a text object, each code begins with a zero byte."""
    for match in _STREAM.finditer(pdf):
        data = zlib.decompress(pdf[match.end() : match.end() + int(match.group(1))])
        if b"\nBT" in data:
            return [part.count(b"\\000") for part in data.split(b"\nBT")[1:]]
    return []
