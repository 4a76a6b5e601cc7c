"""Which of many texts are nearly the same, without comparing all pairs: MinHash by one permutation. No signal itself.

Shingles are runs of characters, as Thai writes no word breaks. Broder, A. Z. (1997). On the resemblance and containment
of documents. Proceedings of SEQUENCES '97, 21-29; Li, P., Owen, A. & Zhang, C.-H. (2012). One permutation hashing.
Advances in Neural Information Processing Systems, 25. A library that hashes one text after another took twenty times as
long for the nation's measures.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from prongsai.national.counted import Integers

Hashes = NDArray[np.uint64]
Owners = NDArray[np.int32]
_RUN = 8  # characters of a shingle, a power of 2: about two Thai words
_BINS, _ROWS = 128, 6  # of the signature; of a band of it: texts that share half are seldom a candidate
_ALIKE = 0.75  # share of common shingles from which texts count as the same
_KNOWN_BITS = 24
_AT_ONCE = 20_000  # pairs
_EMPTY = np.uint64(2**64 - 1)


class Known:
    """Shingles that count in no text. One in some hundred others is taken for one of them, too."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.table = np.zeros(1 << _KNOWN_BITS, bool)
        self.table[_slot(shingles(texts)[0])] = True

    def marks(self, hashes: Hashes) -> NDArray[np.bool_]:
        """Which hashes are known."""
        found: NDArray[np.bool_] = self.table[_slot(hashes)]
        return found


def shingles(texts: Sequence[str]) -> tuple[Hashes, Owners]:
    """Hashes of all shingles of all texts, and the text (by position) that each is from."""
    found = np.frombuffer("".join(texts).encode("utf-32-le"), np.uint32).astype(np.uint64)
    owner = np.repeat(np.arange(len(texts), dtype=np.int32), [len(text) for text in texts])
    width = 1
    while width < _RUN:  # two runs side by side make one of twice the length
        found = found[:-width] * np.uint64(pow(0x100000001B3, width, 2**64)) + found[width:]
        width *= 2
    found ^= found >> np.uint64(31)
    found *= np.uint64(0x9E3779B97F4A7C15)
    found ^= found >> np.uint64(29)
    inside = owner[: len(found)] == owner[len(owner) - len(found) :]
    return found[inside], owner[: len(found)][inside]


def families(hashes: Hashes, owner: Owners, count: int) -> Integers:
    """For each of ``count`` texts the number of its family: texts that are nearly the same have one number."""
    signature = _signatures(hashes, owner, count)
    one, other = _candidates(signature)
    short = signature.astype(np.uint32)  # their lower halves tell as well, in half the room
    parts = [slice(at, at + _AT_ONCE) for at in range(0, len(one), _AT_ONCE)]
    same = np.concatenate([(short[one[at]] == short[other[at]]).mean(axis=1) >= _ALIKE for at in [slice(0, 0), *parts]])
    graph = coo_array((np.ones(int(same.sum()), np.int8), (one[same], other[same])), shape=(count, count))
    found: Integers = connected_components(graph, directed=False)[1].astype(np.int64)
    return found


def _slot(hashes: Hashes) -> Integers:
    return (hashes >> np.uint64(64 - _KNOWN_BITS)).astype(np.int64)


def _signatures(hashes: Hashes, owner: Owners, count: int) -> Hashes:
    """The least hash of every bin. Empty bins take the next one's, so that short texts can be compared."""
    flat = np.full(count * _BINS, _EMPTY, np.uint64)
    np.minimum.at(flat, owner.astype(np.int64) * _BINS + (hashes & np.uint64(_BINS - 1)).astype(np.int64), hashes)
    found: Hashes = flat.reshape(count, _BINS)
    for _ in range(_BINS - 1):
        empty = found == _EMPTY
        lines = np.flatnonzero(empty.any(axis=1) & ~empty.all(axis=1))
        if not len(lines):
            break
        part = found[lines]
        found[lines] = np.where(empty[lines], np.roll(part, -1, axis=1), part)
    return found


def _candidates(signature: Hashes) -> tuple[Integers, Integers]:
    """Pairs that agree in some band: each text with the first one of its bucket."""
    ones, others = [], []
    everyone = np.arange(len(signature))
    told = ~(signature == _EMPTY).all(axis=1)
    for first in range(0, _BINS - _ROWS + 1, _ROWS):
        band = np.zeros(len(signature), np.uint64)
        for k in range(first, first + _ROWS):
            band = (band ^ signature[:, k]) * np.uint64(0x9E3779B97F4A7C15)
            band ^= band >> np.uint64(32)
        _, head, bucket = np.unique(band, return_index=True, return_inverse=True)
        pair = told & (head[bucket] != everyone)
        ones.append(everyone[pair])
        others.append(head[bucket][pair])
    pairs = np.unique(np.concatenate(ones) * len(signature) + np.concatenate(others))
    return np.divmod(pairs, max(1, len(signature)))
