"""Finding names as people type them: misspelt, without spaces, in part, with a place beside them.

Names and what is typed are folded to what one hears (tones dropped, letters of one sound made one) and cut into runs of
two and three letters. A run counts for more the fewer names have it, so that what all names of a kind share
(องค์การบริหารส่วนตำบล) weighs next to nothing beside what tells them apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prongsai.thai.text import squeeze

_SAME_SOUND = str.maketrans("ฃฅฆฌญฎฏฐฑฒณธภศษฬใๅ", "ขคคชยดตถททนทพสสลไา")
_SILENT = re.compile("[\u0e01-\u0e2e][\u0e34\u0e38]?\u0e4c")  # a consonant under a thanthakhat, with its vowel
_MARKS = re.compile("[\u0e47-\u0e4e]")  # tones, ็ and the like
_NOT_LETTERS = re.compile(r"[^\w\u0e00-\u0e7f]|_")
_LONGEST = 100  # letters of a question; no name has more that matter
_LOOKED_AT = 80  # names that are compared letter by letter
_SURE = 0.9  # from here the runs alone tell
ALIKE = 0.62  # from here a name is an answer, not a guess


def folded(text: str) -> str:
    """Text as one hears it, without spaces and signs: what two spellings of a name have in common."""
    plain = squeeze(text).lower().replace("\u0e33", "\u0e31ม").replace("ฤ", "ร").translate(_SAME_SOUND)
    return _NOT_LETTERS.sub("", _MARKS.sub("", _SILENT.sub("", plain)))


@dataclass(frozen=True)
class Hit:
    """The place of a name in the list, and how well it answers: 2 the name itself, down to 0."""

    place: int
    score: float


class Names:
    """Names to be found. ``beside``: of each, what may stand beside it in a question (its province)."""

    def __init__(self, names: Sequence[str], beside: Sequence[str]) -> None:
        self.own = [folded(name) for name in names]
        runs: dict[str, list[int]] = {}
        for place, (name, other) in enumerate(zip(self.own, map(folded, beside), strict=True)):
            for run in _runs(name) | _runs(other):
                runs.setdefault(run, []).append(place)
        self.runs = {run: np.array(places, np.int32) for run, places in runs.items()}
        most = np.log(1 + len(self.own))
        self.rarity = {run: float(most - np.log(len(places))) for run, places in runs.items()}
        self.unseen = float(most)  # what a run that no name has counts for
        self.weight = self._sums(runs)

    def find(self, typed: str, most: int = 20, least: float = ALIKE) -> list[Hit]:
        """The names that answer best, best first; those that answer less than ``least`` are left out."""
        wanted = folded(typed[:_LONGEST])
        runs = _runs(wanted)
        if not runs or not self.own:
            return []
        shared = self._sums(runs)
        asked = sum(self.rarity.get(run, self.unseen) for run in runs)
        covered = shared / asked
        # Of two names that answer alike, the one that says less besides comes first.
        order = covered + 0.25 * shared / np.maximum(self.weight, 1e-9)
        best = np.argsort(-order, kind="stable")[:_LOOKED_AT]
        hits = [Hit(int(at), self._closeness(wanted, int(at), float(covered[at]), float(order[at]))) for at in best]
        hits = [hit for hit in hits if hit.score >= least]
        return sorted(hits, key=lambda hit: -hit.score)[:most]

    def _sums(self, runs: Iterable[str]) -> NDArray[np.float64]:
        """The rarity of the given runs, added up by name."""
        found = np.zeros(len(self.own))
        for run in runs:
            places = self.runs.get(run)
            if places is not None:
                found[places] += self.rarity[run]
        return found

    def _closeness(self, wanted: str, at: int, covered: float, order: float) -> float:
        own = self.own[at]
        if own == wanted:
            return 2.0
        within = 0.5 if wanted in own else 0.0
        ends = 0.3 if own.endswith(wanted) else 0.0  # the kind stands before a name: ...บางปลา is บางปลา itself
        spelt = _alike(wanted, own) if covered < _SURE else 0.0
        return min(max(covered, spelt) + within + ends + 0.1 * order, 1.99)


def _runs(text: str) -> set[str]:
    """Runs of two and three letters."""
    return {text[at : at + size] for size in (2, 3) for at in range(len(text) - size + 1)}


def _alike(wanted: str, own: str) -> float:
    """1 less the share of letters to change so that ``wanted`` stands somewhere in ``own`` (Sellers' distance)."""
    if len(wanted) < 3:
        return 0.0
    letters = len(wanted)
    shared = 0  # mostly the kind of agency: long, and no news
    while shared < min(letters, len(own)) and wanted[shared] == own[shared]:
        shared += 1
    wanted, own = wanted[shared:], own[shared:]
    before = [0] * (len(own) + 1)
    for row, letter in enumerate(wanted, start=1):
        now = [row]
        for column, other in enumerate(own, start=1):
            now.append(min(before[column] + 1, now[-1] + 1, before[column - 1] + (letter != other)))
        before = now
    return 1 - min(before) / letters
