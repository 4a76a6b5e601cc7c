"""All signals of a nation taken together: which agencies deserve a second look, how strongly, and why.

Each signal's evidence is set beside peers of the same size class *in the same nation* (median and upper quantiles: no
nation is known to be clean), and turned into a strength by ``cuts``. An agency is as odd as its oddest signal in any of
its surveys; cuts are such that this marks one clean agency in a hundred.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prongsai.national.counted import Integers
from prongsai.national.disclosed import withheld
from prongsai.national.signals import readers
from prongsai.national.signals.cuts import Cuts, cuts
from prongsai.national.signals.peers import size_class
from prongsai.national.signals.sight import Floats, Reader, Sight

_UPPER, _UPPER_DEVIATE = 0.8, 0.8416  # the quantile that gives the scale: too low for faulty agencies to move it far
_HABIT = (
    0.1  # of agencies, beyond which what lies beside the answers is a habit of the nation (meetings where all answer)
)
_FEW = 30  # agencies from which anything about peers is learnt


@dataclass(frozen=True, eq=False)
class Evidence:
    """What all signals say: ``value`` signals × containers × agencies, NaN where nothing can be told.

    ``classes``: containers × agencies, the size class by sheets of that survey (of all surveys for a checklist).
    """

    signals: tuple[Reader, ...]
    containers: tuple[str, ...]
    value: Floats
    classes: Integers


def gather(sight: Sight, done: Callable[[str], None] | None = None) -> Evidence:
    """Ask every signal. ``done`` is called with each one's name. Groups smaller than k are not looked at."""
    signals, found = readers(), []
    for signal in signals:
        found.append(signal.evidence(sight))
        if done:
            done(signal.SIGNAL.name)
    containers = tuple(dict.fromkeys([*sight.surveys, *(name for one in found for name in one)]))
    agencies = len(sight.nation.numbers)
    sizes = {name: sight.sheets(name).sizes for name in sight.surveys}
    together = sum(sizes.values(), np.zeros(agencies, np.int64))
    hidden = withheld(sight.scores, sight.counted)
    value = np.full((len(signals), len(containers), agencies), np.nan)
    for place, name in enumerate(containers):
        for line, one in enumerate(found):
            value[line, place] = one.get(name, np.nan)
        if name in sizes:
            first = sight.nation.surveys[name].layout.rows[0].node
            value[:, place, hidden[sight.scores.line(first)] | (sizes[name] == 0)] = np.nan
    value[~np.isfinite(value)] = np.nan
    classes = np.stack([size_class(sizes.get(name, together)) for name in containers])
    return Evidence(signals, containers, value, classes)


def beside_peers(evidence: Evidence) -> Floats:
    """Each value less the median of its size class, in robust deviations of the class.

    Values are deviates already: peers may only make them smaller, where the nation is odder than the signal takes it.
    """
    found = np.full_like(evidence.value, np.nan)
    for container, classes in enumerate(evidence.classes):
        for line, values in enumerate(evidence.value[:, container]):
            known = np.isfinite(values)
            for one in np.unique(classes[known]):
                here, near = known & (classes == one), 0
                peers = values[here]
                while len(peers) < min(_FEW, known.sum()):  # the classes next to a small one stand in
                    near += 1
                    peers = values[known & (np.abs(classes - one) <= near)]
                middle, upper = np.maximum(np.quantile(peers, [0.5, _UPPER]), 0)
                found[line, container, here] = (values[here] - middle) / max((upper - middle) / _UPPER_DEVIATE, 1.0)
    return found


@dataclass(frozen=True)
class Reason:
    """Why one survey of an agency deserves a look. ``rarity``: one clean agency in so many shows as much."""

    container: str
    signal: str
    title_th: str
    title_en: str
    rarity: float
    th: str
    en: str


@dataclass(frozen=True, eq=False)
class Findings:
    """What all signals say together. ``strength``: signals × containers × agencies, 0 at the cut and rising by one as
    the odds among clean agencies fall to a tenth; NaN where nothing can be told. ``silent``: signals and containers
    left out because they would have marked more than a twentieth of the agencies.
    """

    sight: Sight
    evidence: Evidence
    strength: Floats
    silent: tuple[tuple[str, str], ...] = ()

    @property
    def flagged(self) -> NDArray[np.bool_]:
        """Containers × agencies: which survey of which agency deserves a second look."""
        return np.asarray(np.nan_to_num(self.strength, nan=-1).max(axis=0) >= 0)

    @property
    def agencies(self) -> Floats:
        """The strength of each agency: that of its strongest signal; NaN where no signal could tell anything."""
        known = np.isfinite(self.strength).any(axis=(0, 1))
        return np.where(known, np.nan_to_num(self.strength, nan=-np.inf).max(axis=(0, 1)), np.nan)

    def order(self) -> list[int]:
        """Flagged agencies by position, the oddest first."""
        flagged = np.flatnonzero(self.flagged.any(axis=0))
        return [int(line) for line in flagged[np.argsort(-self.agencies[flagged], kind="stable")]]

    def reasons(self, line: int) -> list[Reason]:
        """What was seen in one agency (by position), strongest first: every signal past the cut."""
        found = []
        for place, container in enumerate(self.evidence.containers):
            for number, signal in enumerate(self.evidence.signals):
                strength = self.strength[number, place, line]
                if strength >= 0:
                    about = signal.SIGNAL
                    th, en = signal.reason(self.sight, container, line)
                    found.append(
                        Reason(container, about.name, about.title_th, about.title_en, rarity(strength), th, en)
                    )
        return sorted(found, key=lambda reason: (-reason.rarity, reason.container, reason.signal))


def rarity(strength: float) -> float:
    """One clean agency in so many is as odd as this; beyond a million nothing is known."""
    return min(1e6, 100 * 10**strength)


def look(sight: Sight, done: Callable[[str], None] | None = None, by: Cuts | None = None) -> Findings:
    """Ask all signals and take them together. ``done`` is called with the name of each signal."""
    evidence = gather(sight, done)
    names = [signal.SIGNAL.name for signal in evidence.signals]
    strength = (by or cuts()).strength(names, beside_peers(evidence), evidence.classes)
    silent = []
    for line, signal in enumerate(evidence.signals):
        for place, container in enumerate(evidence.containers):
            known = np.isfinite(strength[line, place])
            if signal.SIGNAL.kind != "answers" and (strength[line, place] >= 0).sum() > _HABIT * known.sum() > 0:
                strength[line, place] = np.nan
                silent.append((signal.SIGNAL.name, container))
    return Findings(sight, evidence, strength, tuple(silent))
