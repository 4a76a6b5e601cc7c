"""LimeSurvey: responses as CSV, headings as question codes or full texts, answers as codes or full texts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from prongsai.survey.imports.source import INSTANCE, Source

# Subquestions: i2[3], i2[SQ003], i2_SQ003 (for statistics programs), i2r3 (where only letters and digits may stand).
_ROW = re.compile(r"([a-z]+[0-9]+)(?:\[(?:sq|r)?0*([0-9]+)\]|_(?:sq|r)?0*([0-9]+)|r0*([0-9]+))", re.IGNORECASE)


def readings(header: str) -> Iterator[str]:
    """``i1``, ``i2[SQ003]`` (row 3 of i2), ``i1. text``, or a text with its row in brackets."""
    if row := _ROW.fullmatch(header):
        yield f"{row[1]}.{row[2] or row[3] or row[4]}"
    yield header
    if header.endswith("]") and "[" in header:
        yield header[header.rindex("[") + 1 : -1]


SOURCE = Source(
    "limesurvey",
    "LimeSurvey (CSV)",
    readings,
    roles={"id": INSTANCE, "id. response id": INSTANCE, "response id": INSTANCE},
    empty=frozenset({"n/a", "{question_not_shown}"}),
    words={"y": "yes", "n": "no"},
)
