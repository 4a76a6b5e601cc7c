"""The two languages of a page: text stands beside its translation where it is used, as on the site."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from html import escape
from typing import Literal

from prongsai.documents.walk import clean
from prongsai.publishing.agency.model import Download, Figure
from prongsai.thai.dates import long_date

Language = Literal["th", "en"]


@dataclass(frozen=True)
class Words:
    """Text in one language, already escaped for HTML."""

    language: Language

    def t(self, th: str, en: str) -> str:
        """One of the two, as text."""
        return text(th if self.language == "th" else en)

    def thai(self, value: str) -> str:
        """Thai text that has no translation, marked as such on an English page."""
        return text(value) if self.language == "th" else f'<span lang="th">{text(value)}</span>'

    def name(self, th: str, en: str | None) -> str:
        """A name in the page's language, else in Thai."""
        return text(en) if self.language == "en" and en else self.thai(th)

    def day(self, day: dt.date) -> str:
        """A date for people, with the ISO date for programs."""
        written = long_date(day) if self.language == "th" else f"{day.day} {day:%B} {day.year}"
        return f'<time datetime="{day.isoformat()}">{text(written)}</time>'

    def year(self, year: int | None) -> str:
        """A fiscal year, with the year of the common era for English readers."""
        if year is None:
            return self.t("ไม่ระบุปี", "no fiscal year")
        return self.t(f"ปีงบประมาณ พ.ศ. {year}", f"fiscal year {year} B.E. ({year - _ERA})")

    def score(self, figure: Figure) -> str:
        """A score as text."""
        if figure.hidden:
            return self.t("ไม่แสดง (ผู้ตอบน้อย)", "not shown (few respondents)")
        if figure.value.origin == "absent":
            return self.t("ไม่เข้าข่าย", "not applicable")
        if not figure.known:
            return self.t("ไม่ทราบ", "not known")
        low, high = figure.ends
        return text(low if figure.exact else f"{low}–{high}")

    def size(self, download: Download) -> str:
        """A file's kind and size."""
        return f"{text(download.kind)}, {max(1, round(download.size / 1000)):,} kB"


_TOGETHER = re.compile(r"พ\.ศ\. ")  # an era and its year stay on one line
_ERA = 543  # years between the Buddhist and the common era


def text(value: str) -> str:
    """Text for HTML: escaped, without characters that no document can hold, on one line."""
    return escape(_TOGETHER.sub("พ.ศ.\u00a0", " ".join(clean(value).split())))
