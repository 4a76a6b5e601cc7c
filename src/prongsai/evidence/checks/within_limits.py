"""Could it be read within the time and memory that reading one file may take."""

from __future__ import annotations

from prongsai.evidence.finding import Finding, Seen, Severity

ORDER = 45
_SAID = {
    "time": ("อ่านไฟล์ไม่จบภายในเวลาที่กำหนด", "not read to its end in the time allowed"),
    "memory": ("อ่านไฟล์ไม่ได้ภายในหน่วยความจำที่กำหนด", "not readable in the memory allowed"),
    "unpacked": ("ไฟล์บีบอัดที่ขยายตัวเกินขีดจำกัด จึงไม่เปิดอ่าน", "a packed file that unpacks beyond the limit: not read"),
}


def check(seen: Seen) -> list[Finding]:
    """Says nothing of what was read."""
    if seen.content is None or not seen.content.beyond:
        return []
    th, en = _SAID[seen.content.beyond]
    severity: Severity = "warning" if seen.content.beyond == "unpacked" else "unknown"
    return [Finding(f"limits.{seen.content.beyond}", severity, f"{th} ต้องให้คนตรวจ", f"{en}; a person must look")]
