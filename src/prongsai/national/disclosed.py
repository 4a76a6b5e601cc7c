"""What of a nation's scores may be shown: the rule of ``analysis.disclosure.may_show_score``, for all at once."""

from __future__ import annotations

import numpy as np

from prongsai.national.columns import Mask
from prongsai.national.counted import Counted, Integers
from prongsai.national.score import NationScores

_WHOLE = ("overall", "instrument", "part")


def withheld(scores: NationScores, counted: dict[str, Counted]) -> Mask:
    """Nodes × agencies: where a group is too small for anything below the instrument or part to be shown."""
    framework, tree = scores.nation.framework, scores.nation.tree
    smallest = _smallest_groups(counted, len(scores.nation.numbers))
    hidden = np.zeros(scores.low.shape, bool)
    for instrument in framework.instruments:
        if instrument.kind != "survey":
            continue
        parts = [part.code for part in instrument.parts] or [instrument.code]
        groups = {part: smallest[part] for part in parts if part in smallest}
        if not groups:
            continue
        together = np.min(list(groups.values()), axis=0)
        for place, name in enumerate(scores.nodes):
            node = tree.nodes[name]
            if node.instrument == instrument.code and node.kind not in _WHOLE:
                hidden[place] = groups.get(node.part or "", together) < framework.disclosure.k
    return hidden


def _smallest_groups(counted: dict[str, Counted], lines: int) -> dict[str, Integers]:
    """For each survey the fewest people who answered any one row, of those that somebody answered."""
    found = {}
    nobody = np.iinfo(np.int64).max
    for name, one in counted.items():
        least = np.where(one.sheets > 0, one.sheets, nobody)
        for k in range(len(one.layout.rows)):
            answered = one.counts[:, one.layout.starts[k] : one.layout.starts[k + 1]].sum(axis=1)
            least = np.where(answered > 0, np.minimum(least, answered), least)
        found[name] = least if lines else least[:0]
    return found
