"""What of a nation's scores may be shown: the rule of ``analysis.disclosure.may_show_score``, for all at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from prongsai.analysis import uncertainty
from prongsai.national.columns import Mask
from prongsai.national.counted import Counted, Integers
from prongsai.national.score import NationScores
from prongsai.national.uncertain import REASONS, Estimates
from prongsai.scoring.wide import containers

_WHOLE = ("overall", "instrument", "part")


def withheld(scores: NationScores, counted: dict[str, Counted]) -> Mask:
    """Nodes × agencies: where a group is too small for anything below the instrument or part to be shown."""
    framework, tree = scores.nation.framework, scores.nation.tree
    smallest = smallest_groups(counted, len(scores.nation.numbers))
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


def shown_estimates(found: Estimates, scores: NationScores, counted: dict[str, Counted], hidden: Mask) -> Estimates:
    """Estimates with NaN for what may not be shown: numbers where ``hidden``; there and elsewhere errors and bounds.

    A mean and a standard error of two people are the answers of both, so fewer than k people have no error at any
    level, nor has anything their survey is part of. Below the instrument or part, an error of 0 would say that all
    answered alike, which a score between 0 and 100 does not.
    """
    silent = hidden | _few(scores, counted)
    line = np.array([scores.nation.tree.nodes[name].kind not in _WHOLE for name in scores.nodes])[:, None]
    alike = found.reason == REASONS.index(uncertainty.ALL_EQUAL)
    silent |= line & alike & (found.value > 0) & (found.value < 100)
    return replace(
        found,
        value=np.where(hidden, np.nan, found.value),
        se=np.where(silent, np.nan, found.se),
        low=np.where(silent, np.nan, found.low),
        high=np.where(silent, np.nan, found.high),
        degrees=np.where(silent, np.nan, found.degrees),
        reason=np.where(silent, 0, found.reason).astype(np.int8),
    )


def _few(scores: NationScores, counted: dict[str, Counted]) -> Mask:
    """Where a survey of fewer than k people is part of a score."""
    framework = scores.nation.framework
    groups = smallest_groups(counted, len(scores.nation.numbers))
    small = {name: group < framework.disclosure.k for name, group in groups.items()}
    surveys = containers(framework, "survey")
    few = np.zeros(scores.low.shape, bool)
    for place, name in enumerate(scores.nodes):
        node = scores.nation.tree.nodes[name]
        within = node.part or node.instrument or ""
        for survey in surveys:
            if survey in small and (survey == within or survey.startswith(f"{within}.") or not within):
                few[place] |= small[survey]
    return few


def smallest_groups(counted: dict[str, Counted], lines: int) -> dict[str, Integers]:
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
