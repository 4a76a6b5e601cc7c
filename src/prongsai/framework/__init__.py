"""Frameworks: all definitions of one assessment, one YAML file per fiscal year or variant.

``for_year``/``by_id`` give a checked ``Framework``; ``load`` reads a file of one's own.
"""

from prongsai.framework.catalog import by_id, catalog, for_year, previous_of
from prongsai.framework.load import load
from prongsai.framework.model import Confidence, Framework, Indicator, Instrument, Item

__all__ = [
    "Confidence",
    "Framework",
    "Indicator",
    "Instrument",
    "Item",
    "by_id",
    "catalog",
    "for_year",
    "load",
    "previous_of",
]
