"""Is it the very file that was filed last year."""

from __future__ import annotations

from prongsai.evidence.finding import Finding, Seen

ORDER = 90


def check(seen: Seen) -> list[Finding]:
    """Compares by SHA-256; says nothing without last year's results or a whole body."""
    if seen.previous is None or seen.fetched.sha256 is None:
        return []
    items = seen.previous.get(seen.fetched.sha256)
    if not items:
        return [Finding("same.new", "fine", "ไม่ซ้ำกับไฟล์ของปีก่อน", "differs from every file of last year")]
    names = ", ".join(items)
    th = f"เป็นไฟล์เดียวกับที่ยื่นปีก่อนในข้อ {names} ทุกประการ"
    return [Finding("same.as_last_year", "warning", th, f"the very file filed last year for {names}")]
