"""How sure every number of the nation is: standard error and interval of each node in each agency.

The same definition as ``analysis.uncertainty`` one agency at a time, on columns: a score is a weighted sum of item
means, its variance the weights applied to one covariance matrix per agency. Weights differ between agencies only where
rows left the denominator, so they are worked out once for each pattern of such rows. Where floating point would lose
digits by cancellation the number is computed again by fractions, so that an error of zero is exactly zero.

Nothing here asks what may be shown (``national.disclosed``).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from fractions import Fraction
from functools import cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prongsai.analysis import uncertainty as one_agency
from prongsai.analysis.uncertainty import Reason, logit_bounds, may_differ, t_quantile
from prongsai.national.columns import ABSENT, COMPUTED, UNIT, Mask
from prongsai.national.counted import Counted, Integers
from prongsai.national.nation import Nation
from prongsai.national.score import NationScores, results_of
from prongsai.national.weights import Climb, Floats, Rows, patterns, within
from prongsai.scoring import wide
from prongsai.scoring.score import score
from prongsai.scoring.structure import Node

Places = NDArray[np.intp]
REASONS: tuple[Reason | None, ...] = (
    None,
    one_agency.NO_SHEETS,
    one_agency.NOT_KNOWN,
    one_agency.ABSENT,
    one_agency.WEIGHTS,
    one_agency.NO_SAMPLE,
    one_agency.MORE_THAN_PEOPLE,
    one_agency.ONE_SHEET,
    one_agency.FEW_ANSWERS,
    one_agency.ALL_ANSWERED,
    one_agency.ALL_EQUAL,
)
_CODE = {reason: place for place, reason in enumerate(REASONS)}
_SURE = _CODE[one_agency.ALL_ANSWERED]  # from here on: the error is zero; before: there is none
_REDO, _APART = -1, -2  # while computing: lost digits, has to be done by fractions; a survey that is not in this score
CHUNK = 1 << 19  # numbers of one column of pairs held at once: some thousand agencies
_LOST = 1e-3  # a variance below this share of what its terms could add up to is computed again by fractions
_MANY = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Estimates:
    """Nodes × agencies of the nation, in its order; NaN where something is missing, with the reason.

    ``value``: points, where the score is exactly known. ``se``: points. ``low``, ``high``: the interval. ``degrees`` of
    freedom: sheets less one, effective ones for scores of several surveys. ``reason``: index into ``REASONS``, 0: none.
    """

    nodes: tuple[str, ...]
    value: Floats
    se: Floats
    low: Floats
    high: Floats
    degrees: Floats
    reason: NDArray[np.int8]

    def line(self, node: str) -> int:
        """Where a node stands. Raises ``ValueError`` for no node of the framework."""
        return self.nodes.index(node)


def estimates(scores: NationScores, counted: dict[str, Counted], confidence: float = 0.95) -> Estimates:
    """Standard errors and intervals of everything that was scored; where no sheets were counted there are none.

    ``confidence`` of the intervals, below 1. Raises ``ValueError`` for counts without moments.
    """
    doubt = 1 - Fraction(str(confidence))
    nation, tree = scores.nation, scores.nation.tree
    shape = scores.low.shape
    known = scores.exact & (scores.state >= COMPUTED)
    value = np.where(known, scores.low / UNIT, np.nan)
    se, low, high, degrees = (np.full(shape, np.nan) for _ in range(4))
    found = Estimates(scores.nodes, value, se, low, high, degrees, _unknown(scores, known))
    containers = wide.containers(nation.framework, "survey")
    surveys = {name: _Survey(scores, counted[name], doubt) for name in containers if name in counted}
    inside = {name for survey in surveys.values() for name in survey.nodes}
    across = [node for name, node in tree.nodes.items() if name not in inside and _is_survey(nation, node)]
    step = max(CHUNK // max([len(survey.one) for survey in surveys.values()] or [1]), 1)
    for begin in range(0, shape[1], step):
        part = slice(begin, min(begin + step, shape[1]))
        blocks = {name: _Block(survey, part) for name, survey in surveys.items()}
        for name, survey in surveys.items():
            _put(found, survey.places, part, blocks[name].found(), known)
        several = _Across(scores, blocks, part)
        for node in across:
            place = scores.line(node.id)
            lines = np.flatnonzero(known[place, part])
            if len(lines):
                _put(found, place, part, several.found(node, lines, found.value[place, part]), known)
    _again(found, scores, counted, doubt)
    return found


@dataclass
class _Found:
    """Estimates of some agencies (lines) and nodes (columns), before they are put in place."""

    value: Floats
    se: Floats
    low: Floats
    high: Floats
    degrees: Floats
    reason: Integers

    def column(self, place: int) -> _Found:
        """One node alone: lines."""
        return _Found(*(getattr(self, field.name)[:, place] for field in fields(self)))

    def replace(self, lines: Places, place: int, other: _Found) -> None:
        """Put in some lines of one node."""
        for field in fields(self):
            getattr(self, field.name)[lines, place] = getattr(other, field.name)


def _is_survey(nation: Nation, node: Node) -> bool:
    kinds = {one.code: one.kind for one in nation.framework.instruments}
    return node.instrument is None or kinds[node.instrument] == "survey"


def _unknown(scores: NationScores, known: Mask) -> NDArray[np.int8]:
    """Why each number is missing, as far as the scores tell; 0 where they are known."""
    nation = scores.nation
    reason = np.where(known, 0, _CODE[one_agency.NOT_KNOWN]).astype(np.int8)
    for place, name in enumerate(scores.nodes):
        node = nation.tree.nodes[name]
        container = node.part or node.instrument
        if not _is_survey(nation, node):
            reason[place][known[place]] = _CODE[one_agency.NO_SAMPLE]
        elif container in wide.containers(nation.framework, "survey"):
            sheets = scores.sheets.get(container, np.zeros(scores.low.shape[1], np.int64))
            reason[place][(sheets == 0) & ~known[place]] = _CODE[one_agency.NO_SHEETS]
        reason[place][scores.state[place] == ABSENT] = _CODE[one_agency.ABSENT]
    return reason


def _put(found: Estimates, places: Any, part: slice, new: _Found, known: Mask) -> None:
    """Write where the score is known; reasons stay where it is not."""
    here = known[places, part]
    counted = here & (new.reason != _CODE[one_agency.NO_SHEETS]).T  # a score without sheets was given
    found.value[places, part] = np.where(counted, new.value.T, found.value[places, part])
    valid = here & ((new.reason == 0) | (new.reason >= _SURE)).T
    for name in ("se", "low", "high", "degrees"):
        getattr(found, name)[places, part] = np.where(valid, getattr(new, name).T, np.nan)
    found.reason[places, part] = np.where(here, new.reason.T, found.reason[places, part])


class _Survey:
    """One survey or part: its nodes, and the weights of its rows in each, by pattern of the rows that were answered."""

    def __init__(self, scores: NationScores, counted: Counted, doubt: Fraction) -> None:
        if counted.pairs is None:
            raise ValueError("counted without moments")
        self.counted, self.pairs = counted, counted.pairs
        self.differ = cache(partial(may_differ, doubt=doubt))
        layout = counted.layout
        nation = scores.nation
        self.name = layout.container
        self.people = _people(nation, self.name)
        self.nodes = [name for name in scores.nodes if _container(nation.tree.nodes[name]) == self.name]
        self.places = np.array([scores.line(name) for name in self.nodes])
        self.one, self.other = np.array(layout.pairs, np.int64).reshape(-1, 2).T
        self.answers, self.sums, self.squares = _by_row(counted)
        self.quantile = _quantiles(counted.sheets, doubt)
        different, self.pattern = patterns((self.answers > 0) | (counted.sheets == 0)[:, None])
        climb = Climb(nation.tree, within(layout, different), scores.assumed)
        rows = [climb.of(name) for name in self.nodes]
        self.weights = np.stack([one.weights[self.name] for one in rows], axis=1)  # patterns × nodes × rows
        self.known = np.stack([one.known for one in rows], axis=1)  # patterns × nodes

    def may_differ(self, fewest: Integers, people: Integers) -> Floats:
        """As ``analysis.uncertainty.may_differ``; few pairs of numbers are different ones."""
        pairs, places = np.unique((people << 32) + fewest, return_inverse=True)
        found = [self.differ(pair & 0xFFFFFFFF, pair >> 32 or None) for pair in pairs.tolist()]
        return np.array(found, float)[places]


def _quantiles(sheets: Integers, doubt: Fraction) -> Floats:
    """The quantile of t for each agency; few numbers of sheets are different ones."""
    different, places = np.unique(sheets, return_inverse=True)
    return np.asarray(t_quantile(np.maximum(different - 1, 1), doubt))[places]


def _container(node: Node) -> str | None:
    return node.part or node.instrument


def _people(nation: Nation, container: str) -> Integers:
    """Staff by agency where they are who was asked; 0 where no frame is known. As ``results_of`` has it."""
    if container != next(iter(wide.containers(nation.framework, "survey")), None):
        return np.zeros(len(nation.numbers), np.int64)
    return nation.agencies["staff"].fill_null(0).to_numpy().astype(np.int64)


def _by_row(counted: Counted) -> tuple[Integers, Integers, Integers]:
    """Answers, sums of points and of their squares: agencies × rows."""
    layout = counted.layout
    shape = (len(counted.agencies), len(layout.rows))
    answers, sums, squares = (np.zeros(shape, np.int64) for _ in range(3))
    for k, row in enumerate(layout.rows):
        counts = counted.counts[:, layout.starts[k] : layout.starts[k + 1]].astype(np.int64)
        points = np.array(row.points, np.int64)
        answers[:, k], sums[:, k], squares[:, k] = counts.sum(axis=1), counts @ points, counts @ points**2
    return answers, sums, squares


class _Block:
    """The sums of one survey in some agencies: means and the covariance of their rows."""

    def __init__(self, survey: _Survey, part: slice) -> None:
        self.survey = survey
        self.n, self.people = survey.counted.sheets[part], survey.people[part]
        self.quantile = survey.quantile[part]
        self.answers, self.pattern = survey.answers[part], survey.pattern[part]
        layout = survey.counted.layout
        n = np.maximum(self.answers, 1).astype(float)
        sums, squares = survey.sums[part].astype(float), survey.squares[part].astype(float)
        full = 100.0 * layout.scale
        self.share, self.rest = sums / n / full, (full * n - sums) / n / full
        own = survey.answers[part] * survey.squares[part] - survey.sums[part] ** 2  # whole numbers: exactly 0 if equal
        self.diagonal = own / n**3
        one, other = survey.one, survey.other
        both, first, second, product = (survey.pairs[part, :, place].astype(float) for place in range(4))
        n_k, n_l, s_k, s_l = n[:, one], n[:, other], sums[:, one], sums[:, other]
        product *= n_k * n_l
        product -= (s_k * n_l) * second
        product -= (s_l * n_k) * first
        product += (s_k * s_l) * both
        self.covariance = product / (n_k * n_l) ** 2
        # Sums below 2^53 are exact; beyond, what may be lost is measured by the second moment, not the variance.
        large = n.max(axis=1) ** 3 * float(max((max(row.points) for row in layout.rows), default=0)) ** 2 > 2**52
        self.size = np.sqrt(np.where(large[:, None], squares / n**2, self.diagonal))

    def found(self) -> _Found:
        """All nodes of the survey."""
        survey = self.survey
        found = self.under(survey.weights[0], survey.known[0], slice(None))
        odd = np.flatnonzero(self.pattern)
        if len(odd):
            for column in range(len(survey.nodes)):
                weights = survey.weights[self.pattern[odd], column]
                other = self.under(weights[:, None], survey.known[self.pattern[odd], column][:, None], odd)
                found.replace(odd, column, other.column(0))
        return found

    def under(self, weights: Floats, known: Mask, lines: Places | slice) -> _Found:
        """Scores by their weights, together 1: nodes × rows for all lines alike, or lines × 1 × rows."""
        one, other = self.survey.one, self.survey.other
        variance = _sum(weights**2, self.diagonal[lines])
        variance += 2 * _sum(weights[..., one] * weights[..., other], self.covariance[lines])
        most = _sum(weights, self.size[lines]) ** 2
        share, rest = _sum(weights, self.share[lines]), _sum(weights, self.rest[lines])
        n, people = self.n[lines][:, None], self.people[lines][:, None]
        degrees = np.maximum(n - 1, 1)
        unheard = np.where(people > 0, np.maximum(people - n, 0) / np.maximum(people, 1), 1.0)
        variance = np.where(most > 0, np.maximum(variance, 0) * unheard * (n / degrees), 0)
        se = np.sqrt(variance) / self.survey.counted.layout.scale
        with np.errstate(divide="ignore", invalid="ignore"):
            low, high = logit_bounds(share, rest, se, self.quantile[lines][:, None])
        fewest = _fewest(weights, self.answers[lines])
        equal, census = (most == 0) & (fewest > 1), (people > 0) & (n == people)
        differ = self.survey.may_differ(fewest[equal], np.broadcast_to(people, equal.shape)[equal])
        low[equal], high[equal] = 100 * share[equal] * (1 - differ), 100 * (share[equal] + rest[equal] * differ)
        low, high = np.where(census, 100 * share, low), np.where(census, 100 * share, high)
        reason = np.zeros(se.shape, np.int64)
        for where, code in (  # later ones are stronger
            (variance < _LOST * most * unheard, _REDO),
            (equal, _CODE[one_agency.ALL_EQUAL]),
            (census, _CODE[one_agency.ALL_ANSWERED]),
            (fewest < 2, _CODE[one_agency.FEW_ANSWERS]),
            (n < 2, _CODE[one_agency.ONE_SHEET]),
            ((people > 0) & (n > people), _CODE[one_agency.MORE_THAN_PEOPLE]),
            (~known, _CODE[one_agency.WEIGHTS]),
            (n == 0, _CODE[one_agency.NO_SHEETS]),
        ):
            np.putmask(reason, np.broadcast_to(where, reason.shape), code)
        return _Found(100 * share, se, low, high, np.broadcast_to(degrees, se.shape).astype(float), reason)


def _sum(weights: Floats, values: Floats) -> Floats:
    """Σ w·v over the last axis: lines × nodes."""
    if weights.ndim == 2:
        return np.asarray(values @ weights.T)
    return np.asarray((weights @ values[..., None])[..., 0])


def _fewest(weights: Floats, answers: Integers) -> Integers:
    """The fewest answers among the rows that weigh something: lines × nodes."""
    if weights.ndim == 2:
        used = [answers[:, one > 0].min(axis=1, initial=_MANY) for one in weights]
        return np.stack(used, axis=1)
    return np.asarray(np.where(weights > 0, answers[:, None], _MANY).min(axis=2))


class _Across:
    """Scores that rest on several surveys, in some agencies."""

    def __init__(self, scores: NationScores, blocks: dict[str, _Block], part: slice) -> None:
        self.scores, self.blocks, self.part = scores, blocks, part
        sheets = {name: count[part] for name, count in scores.sheets.items()}
        self.climb = Climb(scores.nation.tree, self._own, scores.assumed, sheets)

    def _own(self, node: Node) -> Rows | None:
        """Nodes within a survey, by pattern; a checklist has no rows, for it is no sample."""
        present = self.scores.state[self.scores.line(node.id), self.part] != ABSENT
        if not _is_survey(self.scores.nation, node):
            return Rows({}, present, np.ones(len(present), bool))
        if block := self.blocks.get(_container(node) or ""):
            survey, column = block.survey, block.survey.nodes.index(node.id)
            weights = survey.weights[block.pattern, column]
            return Rows({survey.name: weights}, present, survey.known[block.pattern, column])
        return None if node.ways else Rows({}, present, np.zeros(len(present), bool))

    def found(self, node: Node, known: Places, value: Floats) -> _Found:
        """The estimates of one node where its score is known, as ``analysis.uncertainty.combine``."""
        rows = self.climb.of(node.id)
        variance, squares, below, above = (np.zeros(value.shape) for _ in range(4))
        fewest = np.full(value.shape, np.inf)
        reasons = np.full((len(rows.weights) or 1, *value.shape), _APART)
        for place, (container, weights) in enumerate(rows.weights.items()):
            share = weights.sum(axis=1)
            lines = known[share[known] > 0]
            if not len(lines):
                continue
            own = (weights[lines] / share[lines, None])[:, None]
            one = self.blocks[container].under(own, np.ones((len(lines), 1), bool), lines).column(0)
            reasons[place, lines] = one.reason
            spread = (share[lines] * one.se) ** 2
            variance[lines] += spread
            squares[lines] += spread**2 / one.degrees
            below[lines] += (share[lines] * (one.value - one.low)) ** 2
            above[lines] += (share[lines] * (one.high - one.value)) ** 2
            fewest[lines] = np.minimum(fewest[lines], one.degrees)
        reason = np.where(rows.known, _together(reasons), _CODE[one_agency.WEIGHTS])
        degrees = np.where(squares > 0, variance**2 / np.where(squares > 0, squares, 1), fewest)
        bounds = value - np.sqrt(below), value + np.sqrt(above)
        return _Found(value, np.sqrt(variance), *bounds, degrees, reason)


def _together(reasons: Integers) -> Integers:
    """The reason of several surveys (lines): the first that forbids; none unless all have one; ``_APART`` is none."""
    forbids = (reasons != 0) & (reasons != _APART) & (reasons < _SURE)
    first = np.take_along_axis(reasons, forbids.argmax(axis=0)[None], axis=0)[0]
    certain = np.where((reasons == 0).any(axis=0), 0, reasons.max(axis=0))
    found = np.where(forbids.any(axis=0), first, certain)
    return np.where(found == _APART, _CODE[one_agency.NO_SAMPLE], found)


def _again(found: Estimates, scores: NationScores, counted: dict[str, Counted], doubt: Fraction) -> None:
    """Compute by fractions what lost digits."""
    for line in np.flatnonzero((found.reason == _REDO).any(axis=0)):
        sheet = score(results_of(scores.nation, counted, int(line), moments=True), scores.assumed)
        for place in np.flatnonzero(found.reason[:, line] == _REDO):
            one = one_agency.unfiltered(sheet, scores.nodes[place], doubt)
            assert one, "a score that columns know is known to fractions"
            for name in ("se", "low", "high", "degrees"):
                value = getattr(one, name)
                getattr(found, name)[place, line] = np.nan if value is None else value
            found.reason[place, line] = _CODE[one.reason]
