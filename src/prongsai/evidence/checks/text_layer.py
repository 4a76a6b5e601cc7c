"""Has a PDF text that can be searched and read aloud, or is it a scan."""

from __future__ import annotations

from prongsai.evidence.finding import Finding, Seen

ORDER = 50


def check(seen: Seen) -> list[Finding]:
    """Says nothing of what is no PDF, nor where a limit was the reason (see ``within_limits``)."""
    content = seen.content
    if content is None or content.kind != "pdf" or content.beyond:
        return []
    if content.broken:
        th = "เปิดอ่านไฟล์ PDF ไม่ได้ (เสียหาย มีรหัสผ่าน หรือรับมาไม่ครบ)"
        return [Finding("text_layer.unreadable", "warning" if seen.fetched.whole else "unknown", th, content.broken)]
    pages, text = content.pages, content.pages_with_text
    if not text:
        th = f"เป็นภาพสแกนทั้ง {pages} หน้า ค้นหาข้อความไม่ได้ ควรเผยแพร่ไฟล์ที่มีข้อความ"
        return [Finding("text_layer.scan", "warning", th, f"a scan: none of {pages} pages has text")]
    if text < pages:
        return [
            Finding(
                "text_layer.partly", "note", f"มีข้อความ {text} จาก {pages} หน้า", f"{text} of {pages} pages have text"
            )
        ]
    return [Finding("text_layer.whole", "fine", f"มีข้อความครบทั้ง {pages} หน้า", f"all {pages} pages have text")]
