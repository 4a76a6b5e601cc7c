"""The basics that screen readers need: a title, a language, texts for pictures."""

from __future__ import annotations

from prongsai.evidence.finding import Finding, Seen

ORDER = 100


def check(seen: Seen) -> list[Finding]:
    """Says nothing of what is no web page."""
    content = seen.content
    if content is None or content.kind != "html" or content.broken:
        return []
    found = []
    if not content.title:
        found.append(Finding("accessible.title", "note", "หน้าเว็บไม่มีชื่อหน้า (title)", "the page has no title"))
    if not content.lang:
        found.append(Finding("accessible.lang", "note", "หน้าเว็บไม่ระบุภาษา (lang)", "the page names no language"))
    if content.images_without_alt:
        count = f"{content.images_without_alt}/{content.images}"
        th = f"รูปภาพไม่มีคำอธิบาย (alt) {count} รูป"
        found.append(Finding("accessible.alt", "note", th, f"{count} pictures without alt text"))
    return found or [
        Finding("accessible.basics", "fine", "มีชื่อหน้า ภาษา และคำอธิบายรูปครบ", "title, lang and alt are there")
    ]
