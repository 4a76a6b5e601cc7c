"""What changed from one year to the next, agency by agency, and which changes chance alone would hardly make.

The test of one difference takes the larger p of two t tests: Welch's (each year its own variance, degrees of freedom by
Satterthwaite) and Student's (one variance for both years). Either alone errs near the ceiling when one year has several
times the sheets of the other; the larger does not (docs/national.md has the figures). Over the agencies the share of
false discoveries is held by Benjamini and Hochberg (1995): of all changes with q ≤ 0.05, one in twenty at most is none
in the mean. Agencies are asked independently, which is what it needs; Benjamini and Yekutieli (2001) needs nothing, and
costs a factor of 1 + 1/2 + … + 1/n.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from prongsai.analysis.comparable import counterparts
from prongsai.framework import Framework
from prongsai.national.counted import Integers
from prongsai.scoring.structure import Structure, structure

Floats = NDArray[np.float64]
TESTED, UNKNOWN, NO_ERROR, NO_SAMPLING = range(4)
REASONS = {
    TESTED: "tested",
    UNKNOWN: "not_known",  # the score of a year is not exactly known, withheld, or nobody answered
    NO_ERROR: "no_standard_error",  # one sheet, equal answers: no chance can be reckoned, which is not a chance of 0
    NO_SAMPLING: "no_sampling",  # everybody answered in both years: the difference is what it is
}


@dataclass(frozen=True)
class Year:
    """One year's estimates: nodes × agencies, NaN where a number is missing or must not be shown.

    ``codes``: of the agencies, which are matched by them. ``assumed``: hypotheses that the scores were made with.
    """

    framework: Framework
    codes: tuple[str, ...]
    nodes: tuple[str, ...]
    value: Floats
    se: Floats
    degrees: Floats
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Changes:
    """Nodes that mean the same in both years × agencies that are in both; points, NaN where missing.

    ``lines``, ``lines_before``: where the agencies stand in their year. ``p``, ``q``: NaN where not tested, with the
    reason (``REASONS``). ``degrees``: of Welch's test. ``left_out``: nodes that may not be compared, with the reason in
    Thai. ``only_before``, ``only_after``: codes of agencies in one year only.
    """

    codes: tuple[str, ...]
    lines: Integers
    lines_before: Integers
    nodes: tuple[str, ...]
    nodes_before: tuple[str, ...]
    before: Floats
    after: Floats
    se: Floats
    t: Floats
    degrees: Floats
    p: Floats
    q: Floats
    reason: NDArray[np.int8]
    left_out: dict[str, str]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]

    @property
    def difference(self) -> Floats:
        """After minus before, in points."""
        return self.after - self.before

    def found(self, rate: float = 0.05) -> NDArray[np.bool_]:
        """Changes of which at most this share is false, in the mean."""
        return np.nan_to_num(self.q, nan=2.0) <= rate


def changes(
    before: Year, after: Year, nodes: Sequence[str] | None = None, *, method: Literal["bh", "by"] = "bh"
) -> Changes:
    """Compare two years, over ``nodes`` of the later one (None: all that mean the same).

    ``method`` as in ``scipy.stats.false_discovery_control``; the family is one node in all agencies. Raises
    ``InputError`` where ``before`` is not of the framework that ``after`` follows.
    """
    same, left_out = _same(before, after)
    kept = [name for name in after.nodes if name in same and (nodes is None or name in nodes)]
    place = {code: line for line, code in enumerate(before.codes)}
    lines = np.array([line for line, code in enumerate(after.codes) if code in place], np.int64)
    codes = tuple(after.codes[line] for line in lines)
    earlier = np.array([place[code] for code in codes], np.int64)
    here = np.ix_(_places(after, kept), lines)
    there = np.ix_(_places(before, [same[name] for name in kept]), earlier)
    old, new = before.value[there], after.value[here]
    errors, degrees = (before.se[there], after.se[here]), (before.degrees[there], after.degrees[here])
    se, t, welch, p = t_tests(new - old, errors, degrees)
    reason = np.where(np.isnan(p), NO_ERROR, TESTED)
    reason = np.where((errors[0] == 0) & (errors[1] == 0), NO_SAMPLING, reason)
    reason = np.where(np.isnan(new - old), UNKNOWN, reason).astype(np.int8)
    q = np.full_like(p, np.nan)
    for line, values in enumerate(p):
        known = ~np.isnan(values)
        q[line, known] = false_discovery(values[known], method)
    gone, come = set(before.codes) - set(codes), set(after.codes) - set(codes)
    return Changes(
        codes,
        lines,
        earlier,
        tuple(kept),
        tuple(same[name] for name in kept),
        old,
        new,
        se,
        t,
        welch,
        p,
        q,
        reason,
        left_out,
        tuple(sorted(gone)),
        tuple(sorted(come)),
    )


def _places(year: Year, nodes: Sequence[str]) -> Integers:
    return np.array([year.nodes.index(name) for name in nodes], np.int64)


def t_tests(
    difference: Floats, errors: tuple[Floats, Floats], degrees: tuple[Floats, Floats]
) -> tuple[Floats, Floats, Floats, Floats]:
    """Standard error of differences, Welch's t and its degrees of freedom, and the larger p of both tests.

    A year without sampling error (everybody answered) has standard error 0 and needs no degrees of freedom. NaN where a
    standard error is missing or both are 0.
    """
    from scipy.special import stdtr

    squares = [error**2 for error in errors]
    with np.errstate(divide="ignore", invalid="ignore"):
        se = np.sqrt(squares[0] + squares[1])
        se = np.where(se > 0, se, np.nan)
        freedom = [np.where(square > 0, degree, np.inf) for square, degree in zip(squares, degrees, strict=True)]
        t = difference / se
        welch = se**4 / (squares[0] ** 2 / freedom[0] + squares[1] ** 2 / freedom[1])
        # One variance for both years: mean square of one answer sheet, weighted by degrees of freedom.
        sheets = [degree + 1 for degree in degrees]
        each = [square * number for square, number in zip(squares, sheets, strict=True)]
        both = (each[0] * degrees[0] + each[1] * degrees[1]) / (degrees[0] + degrees[1])
        pooled = np.sqrt(both * (1 / sheets[0] + 1 / sheets[1]))
        sampled = (squares[0] > 0) & (squares[1] > 0)
        p = 2 * stdtr(welch, -np.abs(t))
        student = 2 * stdtr(degrees[0] + degrees[1], -np.abs(difference / pooled))
    return se, t, welch, np.where(sampled, np.fmax(p, student), p)


def false_discovery(p: Floats, method: Literal["bh", "by"] = "bh") -> Floats:
    """The q of every p, in the same order, as ``scipy.stats.false_discovery_control`` gives it.

    Its five lines stand here since importing that module takes a second, which the first reader of a page would wait.
    """
    count = len(p)
    order = np.argsort(p)[::-1]  # the largest first
    factor = count / np.arange(count, 0, -1)
    if method == "by":
        factor = factor * np.sum(1 / np.arange(1, count + 1))
    q = np.empty_like(p)
    q[order] = np.clip(np.minimum.accumulate(p[order] * factor), 0, 1)
    return q


def _same(before: Year, after: Year) -> tuple[dict[str, str], dict[str, str]]:
    """Nodes of both years that mean the same, and why the others do not."""
    pairs = counterparts(after.framework, before.framework)
    tree = structure(after.framework)
    same: dict[str, str] = {}
    left_out: dict[str, str] = {}
    for name in after.nodes:
        pair = pairs.get(name)
        if pair is None or pair.node not in before.nodes:
            left_out[name] = "ไม่มีข้อเดียวที่ตรงกันในปีก่อน"
        elif not pair.comparable:
            left_out[name] = pair.reason
        elif set(before.assumed) != set(after.assumed) and _guessed(tree, name):
            left_out[name] = "สองปีคำนวณตามสมมติฐานต่างกัน"
        else:
            same[name] = pair.node
    return same, left_out


def _guessed(tree: Structure, name: str) -> bool:
    """Whether a hypothesis may have made a score: a rule at or below it is not known."""
    return any(
        way.rule.kind == "unknown" or any(_guessed(tree, child) for child in way.children)
        for way in tree.nodes[name].ways
    )
