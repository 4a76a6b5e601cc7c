"""Scores at every level, in running text, lists, charts and tables, each with its place and its printed text."""

from __future__ import annotations

from prongsai.reading.collect._codes import settled
from prongsai.reading.collect._running_text import values_of
from prongsai.reading.collect._score_tables import table_values
from prongsai.reading.model import Printed, Reading, Unread
from prongsai.reading.vocabulary import vocabulary
from prongsai.reading.walk import Stretch, walk

ORDER = 30


def collect(reading: Reading) -> None:
    """Fill ``values``, ``respondents`` and, for figures that were not understood, ``unread``."""
    if reading.framework is None:
        return
    words = vocabulary(reading.framework)
    for part in walk(reading):
        if isinstance(part, Stretch):
            for found in values_of(part, words, reading.fiscal_year):
                _add(reading, found)
        else:
            for found in table_values(part, words, reading.fiscal_year):
                _add(reading, found)
    reading.values = settled(reading.values, words)


def _add(reading: Reading, found: Printed | Unread) -> None:
    if isinstance(found, Unread):
        reading.unread.append(found)
    else:
        reading.values.append(found)
