"""The Thai fiscal year: 1 October to 30 September, named by the B.E. year in which it ends."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from prongsai.thai.digits import to_arabic

BE_OFFSET = 543
_YEAR = re.compile(r"(?:ปีงบประมาณ|พ\.ศ\.|ค\.ศ\.|fy|\s)*([0-9]{4})", re.IGNORECASE)


@dataclass(frozen=True, order=True)
class FiscalYear:
    """A fiscal year by its B.E. number, e.g. 2568 = 1 Oct 2024 – 30 Sep 2025."""

    be: int

    @classmethod
    def read(cls, value: object) -> FiscalYear:
        """Read ``2568``, ``๒๕๖๘``, ``พ.ศ. 2568`` or the C.E. year 2025.

        A year from 2400 is B.E., from 1900 to 2200 C.E.; anything else raises ``ValueError``.
        """
        match = _YEAR.fullmatch(to_arabic(str(value)).strip())
        if not match:
            raise ValueError(f"not a year: {value!r}")
        return cls(be_year(int(match.group(1))))

    @classmethod
    def of(cls, day: dt.date) -> FiscalYear:
        """The fiscal year in which a day falls."""
        return cls(day.year + BE_OFFSET + (1 if day.month >= 10 else 0))

    @property
    def start(self) -> dt.date:
        """1 October."""
        return dt.date(self.be - BE_OFFSET - 1, 10, 1)

    @property
    def end(self) -> dt.date:
        """30 September."""
        return dt.date(self.be - BE_OFFSET, 9, 30)

    def __contains__(self, day: dt.date) -> bool:
        return self.start <= day <= self.end

    def __str__(self) -> str:
        return str(self.be)


def be_year(year: int) -> int:
    """A B.E. year from a year in either era; ``ValueError`` where the era cannot be told."""
    if 2400 <= year <= 2700:
        return year
    if 1900 <= year <= 2200:
        return year + BE_OFFSET
    raise ValueError(f"year {year} is neither B.E. (2400–2700) nor C.E. (1900–2200)")
