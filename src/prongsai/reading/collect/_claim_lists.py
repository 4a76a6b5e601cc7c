"""Lists that a claim is about: what stands under a heading, and lists said to be in order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from prongsai.reading.collect._running_text import linked
from prongsai.reading.collect._score_tables import columns_of, rows_of, table_values
from prongsai.reading.model import Claim, Printed
from prongsai.reading.source import Line
from prongsai.reading.squeezed import squeeze
from prongsai.reading.vocabulary import Vocabulary
from prongsai.reading.walk import Part, Placed, Stretch

_RANKED = re.compile(r"จากมากไปหาน้อย|จากมากไปน้อย|สูงไปหาต่ำ|สูงไปต่ำ|จากมาก(?:ที่สุด)?ไป")
_NEXT = re.compile(r"รองลงมา|ลำดับถัดมา|อันดับรองลงมา")
_ENTRY = re.compile(r"^[*\-–•\s]*\(?\d{0,2}[).]?[\s]*(?:ตัวชี้วัด(?:ที่)?\d|ข้อ\s?[A-Za-z0]?\d|[ieoIEO]\d)")
_NEW_SECTION = re.compile(
    r"^[*\-–•\s#]*\d+\.\d+(?!\d)|^[*#\s]*\d{1,2}\.\s?(?:การ|ผล|มาตรการ|ข้อเสนอ|ตัวชี้วัดและ)|จุดแข็ง|จุดที่|จุดอ่อน"
)
_MIN = 2


def entries_under(text: Stretch, index: int) -> tuple[str, ...]:
    """Indicators or items with an entry of their own in the lines under a heading, in printed order."""
    nodes: list[str] = []
    for below in range(index + 1, len(text.text.lines)):
        start = text.text.starts[below]
        plain = squeeze(text.text.lines[below].text)
        if _NEW_SECTION.search(plain[:40]) and not _ENTRY.match(plain):
            break
        if not _ENTRY.match(plain):
            continue
        first = next((m for m in text.mentions if m.start >= start), None)
        if first and first.kind in ("indicator", "item") and first.start - start < 14:
            nodes += first.nodes
    return tuple(nodes)


def values_under(text: Stretch, index: int, rest: Sequence[Part], words: Vocabulary) -> tuple[str, ...]:
    """Nodes with a score in the tables that follow a heading with nothing but short lines between."""
    if any(len(squeeze(line.text)) > 60 for line in text.text.lines[index + 1 :]):
        return ()
    nodes: list[str] = []
    for part in rest:
        if isinstance(part, Placed):
            nodes += [v.node for v in table_values(part, words, None) if isinstance(v, Printed)]
        elif len(part.text.plain) > 40:
            break
    return tuple(dict.fromkeys(nodes))


def ranked_lists(parts: Sequence[Part], words: Vocabulary) -> Iterator[Claim]:
    """Every list said to run from high to low, with its nodes in printed order."""
    heading: Line | None = None
    for part in parts:
        if isinstance(part, Stretch):
            yield from _sentences(part, words)
            heading = next(
                (line for line in reversed(part.text.lines[-4:]) if _RANKED.search(squeeze(line.text))), None
            )
            yield from _lines(part, words)
        elif heading is not None or (part.table.name and _RANKED.search(squeeze(part.table.name))):
            yield from _table(part, heading or Line(part.table.name or "", part.table.where), words)
            heading = None


def _sentences(text: Stretch, words: Vocabulary) -> Iterator[Claim]:
    """One sentence that goes down a list: ``… ได้คะแนน 100 รองลงมา คือ … 95.96 …``."""
    for index, line in enumerate(text.text.lines):
        plain = squeeze(line.text)
        if not _NEXT.search(plain):
            continue
        found = [f for f in linked(text, words, None) if text.text.index(f.number.start) == index and f.nodes]
        nodes = [node for f in found for node in f.nodes if node != "overall"]
        if len(nodes) > _MIN:
            yield Claim("descending", line.where, line.text.strip()[:600], tuple(nodes))


def _lines(text: Stretch, words: Vocabulary) -> Iterator[Claim]:
    """A list of lines under a heading that says it is in order; by instrument where these stand between."""
    at = next((i for i, line in enumerate(text.text.lines) if _RANKED.search(squeeze(line.text))), None)
    if at is None or text.around[at].contents:
        return
    runs: list[tuple[str | None, list[str]]] = [(None, [])]
    scores = [f for f in linked(text, words, None) if text.text.index(f.number.start) > at]
    for below in range(at + 1, len(text.text.lines)):
        if not text.around[below].ranked:
            break
        start = text.text.starts[below]
        end = start + len(squeeze(text.text.lines[below].text))
        here = [f for f in scores if start <= f.number.start <= end]
        named = [m for m in text.mentions if start <= m.start < end and m.kind == "instrument"]
        if named and not any(f.nodes and f.nodes[0] not in words.instrument_of.values() for f in here):
            runs.append((named[0].nodes[0], []))
        runs[-1][1].extend(
            node for f in here for node in f.nodes if node != "overall" and node not in words.instrument_of.values()
        )
    heading = text.text.lines[at]
    for instrument, nodes in runs:
        if len(nodes) >= _MIN:
            yield Claim("descending", heading.where, heading.text.strip(), tuple(nodes), subject=instrument)


def _table(placed: Placed, heading: Line, words: Vocabulary) -> Iterator[Claim]:
    cols = columns_of(placed, words)
    runs: list[tuple[str | None, list[str]]] = [(None, [])]
    if not any(col.use == "score" for col in cols):
        return
    for _, row in rows_of(placed, words):
        if row.node in words.instrument_of.values():
            runs.append((row.node, []))
        elif row.node and row.node in words.instrument_of:
            runs[-1][1].append(row.node)
    for instrument, nodes in runs:
        if len(nodes) >= _MIN:
            yield Claim("descending", heading.where, heading.text.strip(), tuple(nodes), subject=instrument)
