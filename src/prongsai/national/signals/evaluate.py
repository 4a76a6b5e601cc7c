"""What signals are worth: their findings beside the truth of a simulated nation. Needs the folder ``truth``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from prongsai.national.counted import Integers
from prongsai.national.signals.combine import Evidence, Findings, beside_peers
from prongsai.national.signals.cuts import Lesson, Mask
from prongsai.national.signals.peers import size_class
from prongsai.national.signals.sight import Floats, Sight
from prongsai.scoring.wide import AGENCY, RESPONDENT

LINKS, TEXTS = "dead_links", "copied_texts"
OF_BEST = "of best"  # added to a kind whose spoiled sheets are mostly best throughout
_MOSTLY = 0.3  # of spoiled sheets; of the copies of one such sheet a part has an answer changed
_WEIGHTS = {(1,): 0.1, (2,): 0.5, (3, 4, 5): 1.0}  # size classes together: what tuning cares for


@dataclass(frozen=True, eq=False)
class Truth:
    """What was planted in each agency: the kind ('' none), in which container (-1 none), its size class there.

    ``clean``: nothing was planted and nobody copied from it.
    """

    kind: NDArray[np.str_]
    container: Integers
    size: Integers
    clean: Mask

    def of(self, kind: str) -> Mask:
        """The agencies with one kind of fault."""
        return np.asarray(self.kind == kind, np.bool_)


@dataclass(frozen=True)
class Rate:
    """So many of so many, with its 95 % interval (Wilson)."""

    hit: int
    of: int

    @property
    def share(self) -> float:
        """NaN of none."""
        return self.hit / self.of if self.of else float("nan")

    @property
    def interval(self) -> tuple[float, float]:
        """Low and high."""
        if not self.of:
            return 0.0, 1.0
        z, n, p = 1.959964, self.of, self.share
        middle, half = (p + z * z / (2 * n)), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return max(0.0, (middle - half) / (1 + z * z / n)), min(1.0, (middle + half) / (1 + z * z / n))

    def __add__(self, other: Rate) -> Rate:
        return Rate(self.hit + other.hit, self.of + other.of)


def truth(sight: Sight, containers: Sequence[str]) -> Truth:
    """The truth of a simulated nation, agencies in its order. Raises ``FileNotFoundError`` where there is none."""
    folder: Path = sight.nation.folder / "truth"
    table = pl.read_parquet(folder / "agencies.parquet").sort(AGENCY)
    spoiled = pl.read_parquet(folder / "sheets.parquet")
    kind = table["fault"].fill_null("").to_numpy().astype("U40")
    container, size = np.full(len(table), -1), np.zeros(len(table), np.int64)
    for place, name in enumerate(containers):
        if f"{name} spoiled" not in table.columns:
            continue
        here = (table[f"{name} spoiled"].to_numpy() > 0) & (kind != "")
        container[here], size[here] = place, size_class(sight.sheets(name).sizes)[here]
        best = _best_share(sight, name, spoiled)
        kind[here & (best > _MOSTLY) & ~np.isin(kind, ("all_best", "stuffed", "two_hands"))] += f" {OF_BEST}"
    clean: Mask = np.asarray(kind == "", np.bool_)
    for column, planted, name in (("links", "dead", LINKS), ("texts", "copied", TEXTS)):
        if column in table.columns:
            marked = table[column].fill_null("").to_numpy()
            only = np.asarray(clean & (marked == planted), np.bool_)
            clean = np.asarray(clean & (marked == ""), np.bool_)
            kind[only] = name
            container[only] = len(containers) - 1
    return Truth(kind, container, size, clean)


def _best_share(sight: Sight, name: str, spoiled: pl.DataFrame) -> Floats:
    """Of each agency's spoiled sheets the share that is best throughout."""
    survey, sheets = sight.nation.surveys[name], sight.sheets(name)
    table = pl.read_parquet(list(survey.files), columns=[AGENCY, RESPONDENT])
    order = np.argsort(table[AGENCY].to_numpy(), kind="stable")
    which = spoiled.filter(pl.col("container") == name)[RESPONDENT].implode()
    mine = table[RESPONDENT].is_in(which).to_numpy()[order]
    answered = sheets.ranks >= 0
    top = ((sheets.ranks == sheets.best) == answered).all(axis=1)
    return sheets.per_agency(mine & top) / np.maximum(sheets.per_agency(mine), 1)


def lesson(evidence: Evidence, told: Truth) -> Lesson:
    """A nation to learn from. What nobody can see in answers (all told to answer the best) is not learnt."""
    kinds = {}
    for kind in np.unique(told.kind[told.kind != ""]):
        if kind == "all_best" or str(kind).endswith(OF_BEST):
            continue
        for sizes, weight in _WEIGHTS.items():
            mask = told.of(str(kind)) & np.isin(told.size, sizes)
            if mask.any() and kind not in (LINKS, TEXTS):
                kinds[f"{kind} {sizes[0]}"] = mask, weight
        if kind in (LINKS, TEXTS):
            kinds[str(kind)] = told.of(str(kind)), 0.5
    names = tuple(signal.SIGNAL.name for signal in evidence.signals)
    answers = tuple(signal.SIGNAL.kind == "answers" for signal in evidence.signals)
    return Lesson(names, answers, beside_peers(evidence), evidence.classes, told.clean, kinds)


def false_alarms(findings: Findings, told: Truth) -> dict[str, Rate]:
    """Clean agencies with any flag; by size class of the first survey, together, and by survey."""
    flagged = findings.flagged
    classes = findings.evidence.classes
    found = {"all": _rate(flagged.any(axis=0), told.clean)}
    for size in np.unique(classes[0]):
        found[f"size {size}"] = _rate(flagged.any(axis=0), told.clean & (classes[0] == size))
    for place, name in enumerate(findings.evidence.containers):
        known = np.isfinite(findings.strength[:, place]).any(axis=0)
        found[name] = _rate(flagged[place], told.clean & known)
    return found


def recall(findings: Findings, told: Truth) -> dict[tuple[str, int], Rate]:
    """By kind and size class: faulty surveys that were flagged, of those large enough to be looked at."""
    lines = np.arange(len(told.kind))
    hit = findings.flagged[told.container, lines] & (told.container >= 0)
    known = np.isfinite(findings.strength[:, told.container, lines]).any(axis=0)
    return {
        (str(kind), int(size)): _rate(hit, known & told.of(str(kind)) & (told.size == size))
        for kind in np.unique(told.kind[told.kind != ""])
        for size in np.unique(told.size[told.of(str(kind))])
    }


def precision(findings: Findings, told: Truth) -> Rate:
    """Flagged agencies in which something was planted. Depends on how much was."""
    flagged = findings.flagged.any(axis=0)
    return _rate(~told.clean, flagged)


def _rate(hit: ArrayLike, among: ArrayLike) -> Rate:
    marked, of = np.asarray(hit, np.bool_), np.asarray(among, np.bool_)
    return Rate(int(np.count_nonzero(marked & of)), int(np.count_nonzero(of)))
