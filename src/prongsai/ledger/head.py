"""The head of the chain as one line of text: to print, to post, to read to somebody on the telephone.

``prongsai head 1284 9f86d0…0a08 2026-11-21T10:15:00+07:00 …`` says that the chain had 1,284 links then, and the hash
of the last one. Who keeps such a line can find out later whether anything before it was changed, whoever changed it.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from prongsai.errors import InputError, Problem
from prongsai.ledger.chain import signed

_LINE = re.compile(r"prongsai head (\d{1,15}) ([0-9a-f]{64}) (\S{16,40}) ([A-Za-z0-9_-]{86})")


@dataclass(frozen=True)
class Head:
    """How long the chain was at a moment, and its last link's hash, signed."""

    number: int
    hash: str
    at: dt.datetime
    signature: bytes

    def line(self) -> str:
        """The head as one line."""
        sealed = base64.urlsafe_b64encode(self.signature).rstrip(b"=").decode()
        return f"{_said(self.number, self.hash, self.at)} {sealed}"

    def by(self, keys: Sequence[Ed25519PublicKey]) -> bool:
        """Whether one of the keys signed it."""
        return signed(_said(self.number, self.hash, self.at).encode(), self.signature, keys)


def make_head(number: int, found: str, at: dt.datetime, key: Ed25519PrivateKey) -> Head:
    """Sign a head. ``at`` must know its time zone."""
    at = at.replace(microsecond=0)
    return Head(number, found, at, key.sign(_said(number, found, at).encode()))


def read_heads(text: str, where: str) -> list[Head]:
    """Every head in a text, in its order. Raises ``InputError`` where there is none, or one is broken."""
    found = []
    lines = [line.strip() for line in text.splitlines()]
    for position, line in enumerate(lines, 1):
        if not line.startswith("prongsai head"):
            continue
        head = _read(line)
        if head is None:
            raise InputError(_broken(f"{where}:{position}"))
        found.append(head)
    if not found:
        raise InputError(_broken(where))
    return found


def _read(line: str) -> Head | None:
    match = _LINE.fullmatch(line)
    if match is None:
        return None
    number, hashed, at, sealed = match.groups()
    try:
        moment = dt.datetime.fromisoformat(at)
        signature = base64.urlsafe_b64decode(sealed + "==")
    except (ValueError, binascii.Error):
        return None
    return Head(int(number), hashed, moment, signature) if moment.tzinfo else None


def _broken(where: str) -> Problem:
    return Problem(
        "ledger.head",
        where,
        "ไม่ใช่บรรทัดหัวบัญชีที่ครบถ้วน",
        "no whole line of a head",
        "บรรทัดต้องขึ้นต้นด้วย prongsai head ตามด้วยเลขที่ ค่าแฮช เวลา และลายมือชื่อ โปรดคัดลอกใหม่ทั้งบรรทัด",
    )


def _said(number: int, found: str, at: dt.datetime) -> str:
    return f"prongsai head {number} {found} {at.isoformat()}"
