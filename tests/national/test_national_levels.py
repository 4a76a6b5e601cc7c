"""Levels on columns are the levels on fractions, for any intervals: even those that no tree of scores would give."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from prongsai.framework import by_id
from prongsai.framework.model import Framework
from prongsai.national import levels
from prongsai.national.columns import ABSENT, COMPUTED, UNIT, Column
from prongsai.scoring.interval import Interval
from prongsai.scoring.level import decide

NEAR_EDGES = st.sampled_from([0, 6999, 7000, 8499, 8500, 9499, 9500, 10000]).flatmap(
    lambda cents: st.integers(max(0, 2 * cents - 3), min(20000, 2 * cents + 3))
)
ENDS = st.tuples(NEAR_EDGES, NEAR_EDGES).map(sorted)  # in halves of a hundredth, so that rounding edges occur


def column(low: int, high: int, absent: bool) -> Column:
    ends = [np.array([end * UNIT // 200]) for end in (low, high)]
    state = np.array([ABSENT if absent else COMPUTED], np.int8)
    return Column(*ends, np.zeros(1, np.int64), np.array([low == high]), state)


@given(
    st.sampled_from(["ita-2564", "ita-2568"]),
    st.sampled_from(["shown", "exact"]),
    ENDS,
    st.lists(st.tuples(ENDS, st.booleans()), min_size=4, max_size=4),
)
def test_levels_on_columns(name: str, decided_on: str, overall: list[int], parts: list[tuple[list[int], bool]]) -> None:
    found = by_id(name)
    framework: Framework = found.model_copy(
        update={"levels": found.levels.model_copy(update={"decided_on": decided_on})}
    )
    names = ["IIT", "EIT.1", "EIT.2", "OIT"][: len(framework.levels.components)]
    told = dict(zip(names, parts, strict=False))
    truth = decide(
        framework,
        Interval(Fraction(overall[0], 200), Fraction(overall[1], 200)),
        {n: Interval(Fraction(low, 200), Fraction(high, 200)) for n, ((low, high), gone) in told.items() if not gone},
    )
    columns = [column(low, high, gone) for (low, high), gone in told.values()]
    possible, doubt = levels.decide(framework, column(*overall, False), columns)
    bands = [band.name for band, may in zip(framework.levels.bands, possible[:, 0], strict=True) if may]
    assert tuple(bands) == truth.computed
    assert not doubt[0]
