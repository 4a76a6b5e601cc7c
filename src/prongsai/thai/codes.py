"""Item codes as people type them: ``i๑``, ``I 1``, ``ข้อ e2``, ``๐11`` (a zero for the letter o)."""

from __future__ import annotations

import re

from prongsai.thai.digits import to_arabic

# Letters that look like i, e, o: full width, Cyrillic, Greek, and the Thai digit zero used as a letter.
_LOOKALIKE = str.maketrans("іІеЕоОοΟｉｅｏＩＥＯ", "iieeooooieoieo")
_WORDS = re.compile(r"^(?:ข้อคำถาม|ข้อ|ตัวชี้วัดที่|ตัวชี้วัด|ประเด็นที่|ประเด็น)+")
_CODE = re.compile(r"([a-z]+)0*([0-9]+)((?:\.[0-9]+)?)")
_ZERO_AS_O = re.compile(r"0([0-9]{1,2})")


def read_code(text: object, letter: str | None = None) -> str:
    """The code in its one form: ``i1``, ``e1.2`` (row 2), or a bare number such as ``9.1`` or ``3``.

    ``letter`` is given where the place says which instrument is meant, so that ``ข้อ ๑`` reads as ``i1``.
    Text that is no code comes back lower-cased and stripped, for the caller to refuse.
    """
    plain = to_arabic(str(text)).translate(_LOOKALIKE).lower()
    plain = _WORDS.sub("", re.sub(r"[\s\-_\u00a0]+", "", plain)).strip("()")
    if match := _CODE.fullmatch(plain):
        return f"{match.group(1)}{int(match.group(2))}{match.group(3)}"
    if letter and plain.isascii() and plain.isdigit():
        return f"{letter}{int(plain)}"
    if match := _ZERO_AS_O.fullmatch(plain):
        return f"o{int(match.group(1))}"
    return plain
