"""Letterbox storage and keys in memory: for tests, rehearsals and notebooks, and the model for real ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from prongsai.survey.letterbox import Letter, Move, Outcome, Spend


@dataclass
class MemoryStorage:
    """``issued``: the digests of a box's codes. What is kept is public, so that tests can look for links."""

    issued: dict[str, set[bytes]]
    open: dict[str, str] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    spends: dict[str, dict[bytes, Spend]] = field(default_factory=dict)
    seen: set[bytes] = field(default_factory=set)
    letterbox: dict[str, list[Letter]] = field(default_factory=dict)
    answers: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def open_batch(self, box: str) -> str | None:
        """See ``Storage``."""
        return self.open.get(box)

    def begin(self, box: str, batch: str) -> None:
        """See ``Storage``."""
        if box not in self.open and box not in self.closed:
            self.open[box] = batch

    def deposit(self, box: str, spend: Spend, letter: Letter) -> Outcome:
        """See ``Storage``."""
        if spend.code not in self.issued.get(box, ()):
            return "unknown"
        if spend.code in self.spends.get(box, {}):
            return "spent"
        if self.open.get(box) != letter.batch:
            return "batch_over"
        self.spends.setdefault(box, {})[spend.code] = spend
        self.letterbox.setdefault(box, []).append(letter)
        return "taken"

    def deposit_open(self, box: str, form: bytes, letter: Letter) -> Outcome:
        """See ``Storage``."""
        if form in self.seen:
            return "spent"
        if self.open.get(box) != letter.batch:
            return "batch_over"
        self.seen.add(form)
        self.letterbox.setdefault(box, []).append(letter)
        return "taken"

    def spend_of(self, box: str, code: bytes) -> Spend | None:
        """See ``Storage``."""
        return self.spends.get(box, {}).get(code)

    def letters(self, box: str, batch: str) -> Sequence[Letter]:
        """See ``Storage``."""
        return [letter for letter in self.letterbox.get(box, ()) if letter.batch == batch]

    def move(self, move: Move) -> bool:
        """See ``Storage``."""
        held = {letter.id for letter in self.letters(move.box, move.batch)}
        if self.open.get(move.box) != move.batch or held != set(move.mixed):
            return False
        self.letterbox[move.box] = list(move.kept)
        # Rewritten by random id: the table shows no batches either.
        self.answers[move.box] = sorted([*self.answers.get(move.box, ()), *move.answers])
        spends = self.spends.get(move.box, {})
        self.spends[move.box] = {code: replace(spend, nonce=None) for code, spend in sorted(spends.items())}
        if move.next_batch is None:
            del self.open[move.box]
            self.closed.add(move.box)
        else:
            self.open[move.box] = move.next_batch
        return True


@dataclass
class MemoryKeys:
    """Keys that a restart forgets, and the letters with them."""

    pairs: dict[str, X25519PrivateKey] = field(default_factory=dict)

    def create(self, batch: str) -> None:
        """See ``Keys``."""
        self.pairs[batch] = X25519PrivateKey.generate()

    def public(self, batch: str) -> bytes | None:
        """See ``Keys``."""
        pair = self.pairs.get(batch)
        return pair.public_key().public_bytes_raw() if pair else None

    def private(self, batch: str) -> bytes | None:
        """See ``Keys``."""
        pair = self.pairs.get(batch)
        return pair.private_bytes_raw() if pair else None

    def destroy(self, batch: str) -> None:
        """See ``Keys``."""
        self.pairs.pop(batch, None)

    def batches(self) -> Sequence[str]:
        """See ``Keys``."""
        return list(self.pairs)


def memory(issued: dict[str, Iterable[bytes]]) -> tuple[MemoryStorage, MemoryKeys]:
    """Storage that knows these codes (box → digests), and an empty place for keys."""
    return MemoryStorage({box: set(digests) for box, digests in issued.items()}), MemoryKeys()
