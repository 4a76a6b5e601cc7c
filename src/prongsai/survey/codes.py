"""One-time codes: drawn at random, typed by people, kept as a keyed digest only.

A code is twelve characters in three groups (``4K7M-9XRT-2HWC``), of an alphabet of 23 without look-alikes; 23 is
prime, so that a weighted sum finds every single wrong character and every swap of two. Eleven characters are
random: about 49.8 bits, so that a guess meets one of a million codes about once in 10⁹ tries. Rate limits do the rest.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from prongsai.errors import InputError, Problem
from prongsai.thai.digits import to_arabic

ALPHABET = "23456789ACEFHJKMNPRTWXY"
LENGTH = 12
GROUP = 4
MIN_KEY = 32
# Letters outside the alphabet that can only be a slip for one inside it.
_MEANT = str.maketrans("BGSZ", "8652")
_BETWEEN = str.maketrans("", "", " -–—.\u00a0\u200b\t\r\n")
# Distinct and not zero modulo 23: what makes wrong characters and swaps show.
_WEIGHTS = tuple(range(LENGTH, 0, -1))


@dataclass(frozen=True)
class Issued:
    """Codes to print or send, and the digests to keep. Neither order tells anything of the other."""

    codes: tuple[str, ...]
    digests: tuple[bytes, ...]


def new_code() -> str:
    """A code from the system's randomness."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    total = sum(weight * ALPHABET.index(sign) for weight, sign in zip(_WEIGHTS, body, strict=False))
    return _grouped(body + ALPHABET[-total % len(ALPHABET)])


def read_code(typed: str) -> str:
    """The code in its one form. Case, spaces, hyphens, Thai digits and plain look-alikes do not matter.

    Raises ``InputError``, in words for the respondent, that do not repeat what was typed.
    """
    plain = to_arabic(typed[:200]).upper().translate(_BETWEEN).translate(_MEANT)
    if len(plain) != LENGTH:
        raise _mistyped("code.length", f"รหัสต้องมี {LENGTH} ตัวอักษร (พบ {len(plain)} ตัว)", f"expected {LENGTH} characters")
    if any(sign not in ALPHABET for sign in plain):
        en = f"expected only {ALPHABET}"
        raise _mistyped("code.character", "รหัสมีตัวอักษรที่ไม่ได้ใช้ในรหัส", en)
    if sum(weight * ALPHABET.index(sign) for weight, sign in zip(_WEIGHTS, plain, strict=True)) % len(ALPHABET):
        raise _mistyped("code.checksum", "รหัสไม่ถูกต้อง อาจพิมพ์ผิดหรือสลับตัวอักษร", "the check character does not fit")
    return _grouped(plain)


def digest(code: str, key: bytes, scope: str) -> bytes:
    """What is kept of a code: HMAC-SHA-256 over scope (round, agency and part) and code.

    The key stands outside the database; without it, digests cannot be tried against guesses. Raises ``ValueError``
    for a key shorter than 32 bytes.
    """
    if len(key) < MIN_KEY:
        raise ValueError(f"the key for codes needs at least {MIN_KEY} bytes")
    return hmac.new(key, f"{len(scope)}:{scope}:{read_code(code)}".encode(), hashlib.sha256).digest()


def matches(code: str, kept: bytes, key: bytes, scope: str) -> bool:
    """Whether a code belongs to a kept digest; takes the same time either way."""
    return hmac.compare_digest(digest(code, key, scope), kept)


def issue(count: int, key: bytes, scope: str) -> Issued:
    """New codes, all different. Digests are sorted, so that their order says nothing of the printed order."""
    codes: dict[str, None] = {}
    while len(codes) < count:
        codes[new_code()] = None
    return Issued(tuple(codes), tuple(sorted(digest(code, key, scope) for code in codes)))


def _grouped(plain: str) -> str:
    return "-".join(plain[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def _mistyped(code: str, th: str, en: str) -> InputError:
    return InputError(Problem(code, "รหัสเข้าตอบ", th, en, "โปรดตรวจสอบรหัสบนใบรหัส แล้วพิมพ์อีกครั้ง"))
