"""Receipts: proof that something was filed, and nothing of what.

With a code: the random receipt that is kept with the spent code, and a short seal, so that only genuine ones are looked
up. By an open door nothing is kept, so the receipt is a signed date: the same for everybody who filed there that day.
"""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.utils.crypto import constant_time_compare, salted_hmac

from prongsai.site.surveys.models import TOKEN_LENGTH
from prongsai.thai.digits import to_arabic

_SEAL, _RANDOM, _DAY_SEAL = 4, 16, 10
_LENGTHS = (_RANDOM + _SEAL, 8 + TOKEN_LENGTH + _DAY_SEAL)


def of_spend(receipt: str) -> str:
    """What a respondent with a code is shown."""
    return _grouped(receipt + _seal(receipt, _SEAL))


def of_day(token: str, day: dt.date) -> str:
    """What a respondent at an open door is shown."""
    plain = f"{day:%Y%m%d}{token}"
    return _grouped(plain + _seal(plain, _DAY_SEAL))


def check(typed: str) -> dt.date | bool:
    """True for a spend's receipt that is kept here, the day for a signed date, False for anything else."""
    plain = "".join(c for c in to_arabic(typed[:100]).lower() if c.isalnum() and c.isascii())
    if len(plain) not in _LENGTHS:
        return False
    size = _SEAL if len(plain) == _LENGTHS[0] else _DAY_SEAL
    text, seal = plain[:-size], plain[-size:]
    if not constant_time_compare(_seal(text, size), seal):
        return False
    if size == _DAY_SEAL:
        return dt.date.fromisoformat(f"{text[:4]}-{text[4:6]}-{text[6:8]}")
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM surveys_code WHERE receipt = %s AND spent LIMIT 1", [text])
        return cursor.fetchone() is not None


def _seal(text: str, length: int) -> str:
    return salted_hmac("prongsai.ask.receipt", text, algorithm="sha256").hexdigest()[:length]


def _grouped(plain: str) -> str:
    return "-".join(plain[start : start + 4] for start in range(0, len(plain), 4)).upper()
