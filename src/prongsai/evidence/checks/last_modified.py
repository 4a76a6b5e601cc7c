"""When the server says it was last changed, beside the fiscal year and the date that was filed."""

from __future__ import annotations

from prongsai.evidence.fetch import http_date
from prongsai.evidence.finding import Finding, Seen
from prongsai.thai.dates import short_date
from prongsai.thai.fiscal_year import FiscalYear

ORDER = 80


def check(seen: Seen) -> list[Finding]:
    """Says nothing where the server says nothing; most pages made anew at each visit do not."""
    changed = http_date(seen.fetched.header("last-modified"))
    if changed is None or not seen.fetched.ok:
        return []
    day, code = changed.date(), "last_modified"
    if changed > seen.now:
        th, en = f"แจ้งวันที่แก้ไขในอนาคต: {short_date(day)}", f"says it was changed in the future: {day}"
        return [Finding(f"{code}.future", "note", th, en)]
    year = seen.framework.fiscal_year
    if year and day < FiscalYear(year).start and (seen.link.effective is None or seen.link.effective > day):
        th, en = f"แก้ไขล่าสุด {short_date(day)} ก่อนปีงบประมาณ พ.ศ. {year}", f"last changed {day}, before FY{year}"
        return [Finding(f"{code}.old", "note", th, en)]
    return [Finding(f"{code}.seen", "fine", f"แก้ไขล่าสุด {short_date(day)}", f"last changed {day}")]
