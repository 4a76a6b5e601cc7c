"""Doors of the results pages."""

from __future__ import annotations

from typing import Any

from cast import Cast
from doors import SEES, YEAR, Door, year


def trace(_cast: Cast) -> tuple[Any, ...]:
    """Arguments of the trace of a number within a part."""
    return (*YEAR, "e1@EIT.1")


DOORS = [
    Door("results", SEES, year),
    Door("results_indicators", SEES, year),
    Door("results_items", SEES, year),
    Door("results_aspects", SEES, year),
    Door("results_table", SEES, year),
    Door("results_trace", SEES, trace),
]
