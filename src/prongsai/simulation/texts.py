"""Measures that invented agencies wrote: put together from parts, taken from Prongsai's proposals, or copied whole.

One agency's texts follow from its own dice alone, so whoever copies them draws them again.
"""

from __future__ import annotations

from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from prongsai.improvement.proposals import Proposal, proposals, unit_name
from prongsai.simulation.population import Place, made_of
from prongsai.yaml_file import read

_PARTS = ("kind", "about", "how", "who", "when", "watch")
_FEWEST, _MOST = 3, 8  # measures of one agency


@cache
def _parts() -> dict[str, Any]:
    data = read(Path(__file__).parent / "texts.yaml").data
    assert isinstance(data, dict)
    return data


@cache
def _proposed() -> tuple[Proposal, ...]:
    return tuple(chain.from_iterable(proposals().values()))


def measures(place: Place, dice: np.random.Generator) -> list[str]:
    """What the agency wrote by itself, with Prongsai's help, or out of a circular."""
    figures, parts = made_of()["texts"], _parts()
    style, circular = dice.random(2)
    count = int(dice.integers(_FEWEST, _MOST + 1))
    if style < float(figures["proposals"]):
        chosen = dice.permutation(len(_proposed()))[:count]
        found = [_written_out(_proposed()[k]) for k in chosen]
    else:
        about = dice.permutation(len(parts["about"]))[:count]
        drawn = dice.random((count, len(_PARTS)))
        found = []
        for k, line in zip(about, drawn, strict=True):
            words = [parts[name][int(luck * len(parts[name]))] for name, luck in zip(_PARTS, line, strict=True)]
            words[1] = parts["about"][k]
            if line[0] * 10 % 1 < 0.3:
                words[1] += f"ของ{place.name}"
            found.append(words[0] + " ".join(words[1:]))
    if circular < float(figures["circular"]):
        found += [parts["circular"][k] for k in dice.permutation(len(parts["circular"]))[: dice.integers(1, 3)]]
    return found


def copied(theirs: list[str], source: Place, place: Place, dice: np.random.Generator) -> list[str]:
    """Another agency's measures with the name put right: all or all but one, in another order."""
    kept = dice.permutation(len(theirs))[: max(2, len(theirs) - int(dice.integers(0, 2)))]
    return [theirs[k].replace(source.name, place.name) for k in kept]


def composes(dice: np.random.Generator) -> bool:
    """Whether an agency writes its own measures, which is what others copy. ``dice`` as for ``measures``."""
    return float(dice.random()) >= float(made_of()["texts"]["proposals"])


def _written_out(proposal: Proposal) -> str:
    steps = " ".join(f"{step.text} ({unit_name(step.unit)})" for step in proposal.steps)
    return f"{proposal.title} {steps} {proposal.monitoring}"
