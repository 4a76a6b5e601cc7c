"""Simulated nations as signals see them, and single surveys made by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from prongsai.framework import by_id
from prongsai.national.engines import count, engine
from prongsai.national.nation import open_nation
from prongsai.national.score import score_nation
from prongsai.national.signals.sight import Sheets, Sight
from prongsai.scoring.wide import Layout, WideRow
from prongsai.simulation.answers import difficulty
from prongsai.simulation.nation import NationSpec, write_nation


def sight_of(folder: Path, before: Sight | None = None) -> Sight:
    """A nation's folder as signals see it."""
    nation = open_nation(folder)
    counted = count(nation, engine("polars"))
    return Sight(nation, counted, score_nation(nation, counted), before)


def simulated(folder: Path, agencies: int, seed: int, faults: tuple[str, ...] = (), **more: object) -> Sight:
    """A new nation; ``difficulty`` by name, ``framework`` by id, ``faulty`` as in ``NationSpec``."""
    framework = by_id(str(more.pop("framework", "ita-2568")))
    hard = difficulty(str(more.pop("difficulty", "usual")))
    write_nation(NationSpec(framework, agencies, seed, faults, difficulty=hard, **more), folder)  # type: ignore[arg-type]
    return sight_of(folder)


def by_hand(agencies: list[np.ndarray], falls: tuple[bool, ...]) -> Sheets:
    """Sheets of six options from 0 to 100 points by position, a row that falls the other way round; -1 is no answer."""
    rising = (0, 20, 40, 60, 80, 100)
    rows = tuple(
        WideRow(f"i{k}", f"i{k}", tuple("abcdef"), rising[::-1] if fall else rising)
        for k, fall in enumerate(falls, start=1)
    )
    layout = Layout("IIT", "survey", rows, 1, tuple(row.code for row in rows))
    starts = np.concatenate([[0], np.cumsum([len(one) for one in agencies])])
    return Sheets(layout, np.vstack(agencies).astype(np.int8), starts)
