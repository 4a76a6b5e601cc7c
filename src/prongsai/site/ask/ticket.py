"""The signed hidden field that carries a respondent from page to page, since nothing is kept here before sending.

It is bound to box, questionnaire version and nonce, and holds the answers given so far, packed.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from dataclasses import dataclass, replace

from django.core.signing import BadSignature, Signer

from prongsai.site.ask.refusal import Refusal

GOOD_FOR = 12 * 3600  # seconds; the digests of open forms are kept far longer (store.SEEN_FOR)
LEAST = 3  # seconds from the first page to sending: a person needs more, a simple robot less
_SHAPE = re.compile(r"[0-9a-f]{16}\.[0-9a-f]{16}\.[0-9a-f]{16}\.[0-9]{1,12}\.(?:[0-9a-f]{64})?\.[0-9a-z-]*")
_signer = Signer(salt="prongsai.ask.ticket")


@dataclass(frozen=True)
class Ticket:
    """``code``: hex digest of the one-time code; empty for open doors. ``answers``: a character a line, or empty."""

    box: str
    version: str
    nonce: str
    at: int
    code: str
    answers: str = ""

    @classmethod
    def new(cls, box: str, version: str, code: str = "") -> Ticket:
        """A fresh one, with a nonce of its own."""
        return cls(box, version, secrets.token_hex(8), int(time.time()), code)

    @classmethod
    def read(cls, text: str) -> Ticket:
        """What was signed. Raises ``Refusal``: 400 where a character was changed, 410 where the page is too old."""
        try:
            plain = _signer.unsign(text)
        except BadSignature:
            raise Refusal("broken", 400) from None
        if not _SHAPE.fullmatch(plain):
            raise Refusal("broken", 400)
        box, version, nonce, at, code, answers = plain.split(".")
        found = cls(box, version, nonce, int(at), code, answers)
        if not -60 <= found.age <= GOOD_FOR:
            raise Refusal("stale", 410)
        return found

    def __str__(self) -> str:
        """For the hidden field."""
        return _signer.sign(f"{self.box}.{self.version}.{self.nonce}.{self.at}.{self.code}.{self.answers}")

    def with_answers(self, packed: str) -> Ticket:
        """The same, with other answers."""
        return replace(self, answers=packed)

    @property
    def age(self) -> int:
        """Seconds since the first page."""
        return int(time.time()) - self.at

    @property
    def form(self) -> bytes:
        """The digest by which an open door knows a form that comes twice."""
        return hashlib.sha256(f"prongsai form {self.box} {self.nonce}".encode()).digest()
