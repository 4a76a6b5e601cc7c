"""Numbers and dates as Excel shows them: the printed digits are evidence, the stored ones are not."""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from prongsai.thai.dates import MONTHS
from prongsai.thai.digits import to_thai

BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 14: "d/m/yyyy", 15: "d-mmm-yy", 16: "d-mmm",
    17: "mmm-yy", 22: "d/m/yyyy h:mm", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 59: "t0", 60: "t0.00",
    61: "t#,##0", 62: "t#,##0.00", 67: "t0%", 68: "t0.00%", 71: "td/m/yyyy", 81: "d/m/bbbb",
}  # fmt: skip
_QUOTED = re.compile(r'"([^"]*)"|\\(.)|_.|\*.')
_LOCALE = re.compile(r"\[[^\]]*\]")
_DATE = re.compile(r"[ybd]|mmm", re.IGNORECASE)
_THAI = re.compile(r"\[\$[^\]]*-D[0-9A-F]{4,7}\]|^t", re.IGNORECASE)
_DIGITS = re.compile(r"[0#?](?:[0#?,]*[0#?])?(?:\.([0#?]+))?")
MAX_DECIMALS = 15


def shown(stored: str, code: str, epoch_1904: bool = False) -> str:
    """A stored number in the words of its format; as it is where the format is not understood."""
    try:
        value = Decimal(stored)
    except InvalidOperation:
        return stored
    if not value.is_finite() or abs(value.adjusted()) > 30:
        return stored
    part = code.split(";", maxsplit=1)[0]
    bare = _LOCALE.sub("", _QUOTED.sub("", part))
    if "general" in bare.lower():
        text = general(value)
    elif _DATE.search(bare):
        text = _day(value, epoch_1904) or stored
    else:
        text = _number(value, part, bare)
    return to_thai(text) if _THAI.search(part) else text


def _number(value: Decimal, part: str, bare: str) -> str:
    found = _DIGITS.search(bare)
    if found is None or "e" in bare.lower():
        return general(value)
    percent = bare.count("%")
    decimals = min(len(found.group(1) or ""), MAX_DECIMALS)
    value = (value * 100**percent).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    text = f"{value:,f}" if "," in found.group() else f"{value:f}"
    if "#" in (found.group(1) or "") and "." in text:
        optional = len(found.group(1)) - len(found.group(1).rstrip("#?"))
        while optional and text.endswith("0"):
            text, optional = text[:-1], optional - 1
        text = text.rstrip(".")
    literal = "".join(quoted or "" for quoted, _ in _QUOTED.findall(part[part.rfind(found.group()[-1]) :]))
    return text + "%" * percent + literal


def general(value: Decimal) -> str:
    """A number without a format: as short as it is exact, 15 digits at most, as Excel shows it."""
    rounded = value.normalize() if len(value.as_tuple().digits) <= 15 else Decimal(f"{value:.14e}").normalize()
    return f"{rounded:f}" if rounded else "0"


def _day(value: Decimal, epoch_1904: bool) -> str | None:
    start = dt.date(1904, 1, 1) if epoch_1904 else dt.date(1899, 12, 30)
    try:
        day = start + dt.timedelta(days=int(value))
    except OverflowError:
        return None
    return f"{day.day} {MONTHS[day.month - 1]} {day.year + 543}"
