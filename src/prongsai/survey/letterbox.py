"""Answers and identity never meet: spending a code, sealing the answer, and mixing before anybody can read.

One *box* is one agency and part in one round. Depositing marks the code spent and puts the answer, sealed to the
box's current *batch* key (HPKE, RFC 9180: X25519, HKDF-SHA-256, AES-128-GCM), into the letterbox, in one transaction
of the storage. The mixer opens the batch, draws at random which letters stay, moves the others in random order into
the answers, seals those that stay to a new batch key, and destroys the old one.

**The pool.** Before the close at least k letters move and at least k stay; so the close, which moves all that is
left, moves at least k too, unless fewer than k people answered in all. Who stays is random, so the time of a
deposit does not tell with which batch its answer moved.

**Protected**, once a batch is mixed and its key destroyed: from code to answer there is no path by id, order, time
or page for whoever has the database, its log, its backups, or all printed codes. Two copies of the database, from
before and after a mixing, give at best the set of answers that moved, never fewer than k before the close. The web
process holds no private key while it takes answers: a thief of its memory gets the answers then being given.

**Not protected**: from one who reads the private keys or the mixer's memory *before* a batch is mixed; from one
who runs changed software; what all answers of a small or unanimous group tell (the disclosure rule is for that);
boxes in which fewer than k answered; *that* a code was spent, which is stored on purpose, and when, in copies of
the storage. Destroying a key overwrites nothing: the place where keys are kept must not be on a medium or in a
backup that remembers. **A lost key** costs the letters that are not yet mixed: those codes stay spent.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_128_GCM)
_LABEL = "prongsai letter 1"
_random = secrets.SystemRandom()

Outcome = Literal["taken", "spent", "unknown", "batch_over"]


@dataclass(frozen=True)
class Letter:
    """A sealed answer. ``id`` is random; nothing here says whose it is or when it came."""

    id: str
    batch: str
    sealed: bytes


@dataclass(frozen=True)
class Spend:
    """What is kept of a spent code. ``nonce`` tells a double click from a second use, and is dropped at mixing."""

    code: bytes
    receipt: str
    nonce: str | None


@dataclass(frozen=True)
class Move:
    """One mixing, to be stored as one transaction: ``mixed`` letters go, ``answers`` come in this order."""

    box: str
    batch: str
    next_batch: str | None
    mixed: tuple[str, ...]
    kept: tuple[Letter, ...]
    answers: tuple[tuple[str, str], ...]


class Storage(Protocol):
    """What a database must do. Each method is one transaction, durable when it returns."""

    def open_batch(self, box: str) -> str | None:
        """The batch that letters of a box go to now; None before the first and after the close."""

    def begin(self, box: str, batch: str) -> None:
        """Make the first batch of a box the open one. Does nothing where one is open or the box is closed."""

    def deposit(self, box: str, spend: Spend, letter: Letter) -> Outcome:
        """Mark the code spent and keep the letter, or neither: ``unknown`` code, ``spent``, or batch not open."""

    def deposit_open(self, box: str, form: bytes, letter: Letter) -> Outcome:
        """Keep the letter of a door that asks for no code, unless this form (its digest) came before: ``spent``.

        Nothing but the form's digest is kept beside the letter, and that until the form is refused by its age.
        """

    def spend_of(self, box: str, code: bytes) -> Spend | None:
        """What is kept of a spent code."""

    def letters(self, box: str, batch: str) -> Sequence[Letter]:
        """All letters of a batch, in any order."""

    def move(self, move: Move) -> bool:
        """Store a mixing: refuse (False) unless its batch is open and holds exactly the letters it read.

        Removes all letters of the batch, adds ``kept`` and ``answers``, drops the nonces of the box, opens
        ``next_batch`` (None closes the box). The answer rows of the box are rewritten with their random ids.
        """


class PublicKeys(Protocol):
    """All that who takes answers needs of the keys."""

    def public(self, batch: str) -> bytes | None:
        """The public key; None where there is no such key any more."""


class Keys(PublicKeys, Protocol):
    """Where private batch keys live: outside the database, its log and its backups."""

    def create(self, batch: str) -> None:
        """Make the key pair of a batch; durable when it returns."""

    def private(self, batch: str) -> bytes | None:
        """The private key, for the mixer alone."""

    def destroy(self, batch: str) -> None:
        """Forget a key pair for good; destroying twice is fine."""

    def batches(self) -> Sequence[str]:
        """All batches that have a key."""


class LetterboxError(Exception):
    """The letterbox cannot work on: a key is lost, or a letter cannot be opened."""


@dataclass(frozen=True)
class Filed:
    """What a respondent is told. ``receipt`` proves filing; it is random, and nothing of the content."""

    outcome: Literal["filed", "spent", "unknown", "closed"]
    receipt: str | None = None


def open_box(box: str, storage: Storage, keys: Keys) -> None:
    """Make a box ready for letters; the mixer's work, as keys are. Opening an open or closed box does nothing."""
    if storage.open_batch(box) is None:
        batch = secrets.token_hex(16)
        keys.create(batch)
        storage.begin(box, batch)
        if storage.open_batch(box) != batch:
            keys.destroy(batch)


def file_answer(storage: Storage, keys: PublicKeys, box: str, spending: tuple[bytes, str], packed: str) -> Filed:
    """Spend a code (its digest, and the form's nonce) and deposit a packed answer, both or neither.

    The same code with the same nonce gives the first receipt again: a double click. Raises ``LetterboxError``
    where the key of the open batch is gone.
    """
    code, nonce = spending
    spend = Spend(code, secrets.token_hex(8), nonce)
    outcome = _deposit(storage, keys, box, packed, lambda letter: storage.deposit(box, spend, letter))
    if outcome == "taken":
        return Filed("filed", spend.receipt)
    if outcome == "unknown":
        return Filed("unknown")
    return _again(storage.spend_of(box, code), nonce, "spent" if outcome == "spent" else "closed")


def file_open(storage: Storage, keys: PublicKeys, box: str, form: bytes, packed: str) -> Filed:
    """Deposit a packed answer that came without a code; ``form`` is the digest of the form it came on.

    The same form again is ``filed`` too, and kept once: a double click, or a batch that was sent twice. No receipt is
    made here: without a code there is nothing to keep it with. Raises ``LetterboxError`` as ``file_answer`` does.
    """
    outcome = _deposit(storage, keys, box, packed, lambda letter: storage.deposit_open(box, form, letter))
    return Filed("filed" if outcome in ("taken", "spent") else "closed")


def _deposit(storage: Storage, keys: PublicKeys, box: str, packed: str, put: Callable[[Letter], Outcome]) -> Outcome:
    """Seal to the batch that is open and put it there; ``batch_over`` where the box is closed."""
    while (batch := storage.open_batch(box)) is not None:
        public = keys.public(batch)
        if public is None:
            if storage.open_batch(box) != batch:
                continue  # mixed between the two questions
            raise LetterboxError("the key of the open batch is lost; no answer was taken")
        outcome = put(Letter(secrets.token_hex(16), batch, seal(packed, batch, public)))
        if outcome != "batch_over":
            return outcome
    return "batch_over"


def _again(kept: Spend | None, nonce: str, otherwise: Literal["spent", "closed"] = "spent") -> Filed:
    if kept and kept.nonce and hmac.compare_digest(kept.nonce.encode(), nonce.encode()):
        return Filed("filed", kept.receipt)
    return Filed(otherwise)


def mix(storage: Storage, keys: Keys, box: str, k: int, *, close: bool = False) -> int:
    """Move answers out of the letterbox; returns how many.

    Before the close nothing moves until there are 2k letters: then all but k, drawn at random, move. At the close
    all move. Safe to run again after a crash at any point. Raises ``LetterboxError`` where the key is lost or a
    letter cannot be opened (then nothing moves, and the key stays).
    """
    if k < 2:
        raise ValueError("a mix of fewer than 2 hides nothing")
    batch = storage.open_batch(box)
    if batch is None:
        return 0
    letters = list(storage.letters(box, batch))
    if len(letters) < 2 * k and not close:
        return 0
    private = keys.private(batch)
    if private is None and letters:
        raise LetterboxError("the key of the batch is lost; its letters cannot be opened")
    opened = [unseal(letter, private) for letter in letters] if private else []
    _random.shuffle(opened)
    staying, moving = (opened[:k], opened[k:]) if not close else ([], opened)
    following = None
    if not close:
        following = secrets.token_hex(16)
        keys.create(following)
    kept = tuple(_resealed(text, following, keys) for text in staying) if following else ()
    answers = tuple((secrets.token_hex(16), text) for text in moving)
    # Sorted, so that the transaction's own order of removal repeats no order of arrival.
    gone = tuple(sorted(letter.id for letter in letters))
    if not storage.move(Move(box, batch, following, gone, kept, answers)):
        if following:
            keys.destroy(following)
        return 0  # letters came in meanwhile: the next run takes them too
    keys.destroy(batch)
    return len(answers)


def sweep(storage: Storage, keys: Keys, boxes: Sequence[str]) -> int:
    """Destroy keys that a crash left behind: all but those of open batches; returns how many.

    For the mixer, over *all* boxes, when it starts: a key that another process is just making would be taken too.
    """
    there = keys.batches()
    live = {storage.open_batch(box) for box in boxes}
    left = [batch for batch in there if batch not in live]
    for batch in left:
        keys.destroy(batch)
    return len(left)


def seal(packed: str, batch: str, public: bytes) -> bytes:
    """A packed answer that only the key of this batch opens; equal answers give different letters of equal size."""
    return _SUITE.encrypt(packed.encode(), X25519PublicKey.from_public_bytes(public), info=_info(batch))


def unseal(letter: Letter, private: bytes) -> str:
    """The packed answer in a letter. Raises ``LetterboxError`` where key or batch is another, or a bit has changed."""
    try:
        key = X25519PrivateKey.from_private_bytes(private)
        return _SUITE.decrypt(letter.sealed, key, info=_info(letter.batch)).decode()
    except (InvalidTag, ValueError) as error:
        raise LetterboxError("a letter cannot be opened with the key of its batch") from error


def _resealed(packed: str, batch: str, keys: Keys) -> Letter:
    public = keys.public(batch)
    if public is None:
        raise LetterboxError("the key of the next batch is lost")
    return Letter(secrets.token_hex(16), batch, seal(packed, batch, public))


def _info(batch: str) -> bytes:
    return f"{_LABEL}/{batch}".encode()
