"""Is the fiscal year that the item asks for found in it, in either digits and era."""

from __future__ import annotations

import re

from prongsai.evidence.finding import Finding, Seen
from prongsai.thai.digits import to_arabic
from prongsai.thai.fiscal_year import BE_OFFSET

ORDER = 60
_YEAR = re.compile(r"(?<![0-9])2[0-9]{3}(?![0-9])")


def years_asked(seen: Seen) -> list[int]:
    """The years (B.E.) that the item's own wording names, else the framework's year."""
    named = [int(year) for year in _YEAR.findall(to_arabic(seen.item.text or ""))]
    return named or ([seen.framework.fiscal_year] if seen.framework.fiscal_year else [])


def check(seen: Seen) -> list[Finding]:
    """Says nothing where there is no text or no year to look for."""
    asked = years_asked(seen)
    if seen.content is None or not seen.content.text.strip() or not asked:
        return []
    found = {int(year) for year in _YEAR.findall(to_arabic(f"{seen.content.title} {seen.content.text}"))}
    missing = [year for year in asked if year not in found and year - BE_OFFSET not in found]
    if not missing:
        names = ", ".join(map(str, asked))
        return [Finding("fiscal_year.found", "fine", f"พบปี พ.ศ. {names}", f"the year {names} stands in it")]
    near = sorted(year for year in found if abs(year - missing[0]) <= 5)  # others are law numbers and the like
    names, others = ", ".join(map(str, missing)), ", ".join(map(str, near))
    th = f"ไม่พบปี พ.ศ. {names}" + (f" พบแต่ {others}" if near else "")
    return [Finding("fiscal_year.missing", "warning", th, f"no {names} in it" + (f", only {others}" if near else ""))]
