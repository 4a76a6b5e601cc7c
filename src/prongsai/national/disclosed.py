"""What of a nation's scores may be shown: the rule of ``analysis.disclosure.may_show_score``, for all at once.

Where a small group's score lies on the edge of what leaves it a choice, ``analysis.pinned`` decides by fractions.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from prongsai.analysis import uncertainty
from prongsai.analysis.disclosure import WHOLE
from prongsai.analysis.pinned import pinned
from prongsai.national.columns import Mask
from prongsai.national.counted import Counted, Integers
from prongsai.national.score import NationScores, results_of
from prongsai.national.uncertain import REASONS, Estimates
from prongsai.scoring.score import score
from prongsai.scoring.structure import Structure
from prongsai.scoring.wide import containers

Floats = NDArray[np.float64]
_CLOSE = 1e-6  # points: far more than floats can be wrong by


def withheld(scores: NationScores, counted: dict[str, Counted]) -> Mask:
    """Nodes × agencies: what may not be shown of small groups: what is below the survey, and what leaves no choice."""
    hidden = _below(scores, counted)
    edge = np.zeros(len(scores.nation.numbers), bool)
    for name, one in counted.items():
        room = _room(one, scores.nation.tree, scores.nation.framework.disclosure.k)
        edge |= abs(room) <= _CLOSE
        for node in {name, scores.nation.tree.nodes[name].instrument or name, "overall"}:
            hidden[scores.line(node)] |= room < -_CLOSE
    for line in np.flatnonzero(edge):
        for node in pinned(score(results_of(scores.nation, counted, int(line)), scores.assumed)):
            hidden[scores.line(node), line] = True
    return hidden


def _below(scores: NationScores, counted: dict[str, Counted]) -> Mask:
    """Where a group is too small for anything below the instrument or part to be shown."""
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
            if node.instrument == instrument.code and node.kind not in WHOLE:
                hidden[place] = groups.get(node.part or "", together) < framework.disclosure.k
    return hidden


def shown_estimates(found: Estimates, scores: NationScores, counted: dict[str, Counted], hidden: Mask) -> Estimates:
    """Estimates with NaN for what may not be shown: numbers where ``hidden``; there and elsewhere errors and bounds.

    A mean and a standard error of two people are the answers of both, so fewer than k people have no error at any
    level, nor has anything their survey is part of. Below the instrument or part, an error of 0 would say that all
    answered alike, which a score between 0 and 100 does not.
    """
    silent = hidden | _few(scores, counted)
    line = np.array([scores.nation.tree.nodes[name].kind not in WHOLE for name in scores.nodes])[:, None]
    alike = found.reason == REASONS.index(uncertainty.ALL_EQUAL)
    silent |= line & alike & (found.value > 0) & (found.value < 100)
    return without_errors(replace(found, value=np.where(hidden, np.nan, found.value)), silent)


def without_errors(found: Estimates, silent: Mask) -> Estimates:
    """Estimates without errors and bounds where ``silent`` (nodes × agencies); the numbers stay."""
    return replace(
        found,
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


def _room(one: Counted, tree: Structure, k: int) -> Floats:
    """How much further from all best and all worst the answers to one survey lie than one person's largest step there.

    Points, by agency; infinite where k people or more answered, or nobody did. See ``analysis.pinned``.
    """
    layout = one.layout
    least = smallest_groups({layout.container: one}, len(one.sheets))[layout.container]
    lines = np.flatnonzero((one.counts.sum(axis=1) > 0) & (least < k))
    counts = one.counts[lines].astype(np.float64)
    people = {row.node: counts[:, layout.starts[at] : layout.starts[at + 1]] for at, row in enumerate(layout.rows)}
    weights = _weights(tree, layout.container, {name: own.sum(axis=1) > 0 for name, own in people.items()})
    to_best, to_worst, down, up = np.zeros((4, len(lines)))
    for row in layout.rows:
        weight, own = weights[row.node], people[row.node]
        points = np.array(row.points) / layout.scale
        ends = np.unique(points)
        if len(ends) < 2:
            continue
        each = weight / np.maximum(own.sum(axis=1), 1)
        to_best += each * (own @ (ends[-1] - points))
        to_worst += each * (own @ (points - ends[0]))
        down = np.maximum(down, each * (ends[-1] - ends[-2]))
        up = np.maximum(up, each * (ends[1] - ends[0]))
    found = np.full(len(one.sheets), np.inf)
    found[lines] = np.minimum(to_best - down, to_worst - up)
    return found


def _weights(tree: Structure, container: str, answered: dict[str, Mask]) -> dict[str, Floats]:
    """What each row weighs in the survey's score, by agency; a node with no answer below it has left the denominator.

    Rows whose points are not known are not in ``answered``: they keep their place.
    """
    present: dict[str, Mask] = {}
    lines = len(next(iter(answered.values())))

    def there(name: str) -> Mask:
        if name not in present:
            ways = tree.nodes[name].ways
            below = [there(child) for child in ways[0].children] if ways else []
            present[name] = np.any(below, axis=0) if below else answered.get(name, np.ones(lines, bool))
        return present[name]

    found: dict[str, Floats] = {}

    def share(name: str, weight: Floats) -> None:
        found[name] = weight
        for way in tree.nodes[name].ways[:1]:
            given = way.rule.weights
            shares = {
                child: float(given[called]) * there(child) if given else there(child).astype(np.float64)
                for child, called in zip(way.children, way.names, strict=True)
            }
            total = np.maximum(np.sum(list(shares.values()), axis=0), 1e-12)
            for child, part in shares.items():
                share(child, weight * part / total)

    share(container, np.ones(lines))
    return found


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
