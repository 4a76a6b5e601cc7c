"""Are words of the required elements found in its text. The elements are the framework's, the words are ours."""

from __future__ import annotations

from prongsai.evidence.finding import Finding, Seen
from prongsai.evidence.rules import rules
from prongsai.framework import Confidence
from prongsai.thai.digits import to_arabic
from prongsai.thai.text import squeeze

ORDER = 70
HARDLY_ANY = 60  # characters: pages drawn by scripts have no more
_SURE = {
    Confidence.CONFIRMED: "",
    Confidence.INFERRED: " (องค์ประกอบนี้อนุมานจากหลักฐาน)",
    Confidence.RECALLED: " (องค์ประกอบนี้ยังไม่พบเอกสารต้นทาง)",
    Confidence.UNKNOWN: " (องค์ประกอบนี้ไม่ทราบแหล่งที่มา)",
}


def check(seen: Seen) -> list[Finding]:
    """One line per known element; says so where none is known or more may be asked."""
    if not seen.fetched.ok or seen.content is None:
        return []
    known = seen.item.elements
    if known is None or not known.known:
        th = f"ยังไม่ทราบองค์ประกอบที่กำหนดของข้อ {seen.item.code} ในกรอบนี้ จึงไม่ได้ตรวจ"
        return [Finding("elements.none_known", "unknown", th, f"no required element of {seen.item.code} is known")]
    text = plain(f"{seen.content.title} {seen.content.text}")
    if len(text) < HARDLY_ANY:
        th = "ไม่มีข้อความให้ค้นหา (ภาพสแกน รูปภาพ หรือหน้าที่สร้างด้วยสคริปต์) จึงต้องให้คนตรวจ"
        return [Finding("elements.no_text", "unknown", th, "no text to search in; a person must look")]
    found = [_element(text, element.text, _SURE[element.confidence]) for element in known.known]
    if not known.complete:
        th = "ข้อนี้อาจมีองค์ประกอบอื่นที่ยังไม่ทราบ"
        found.append(Finding("elements.incomplete", "note", th, "the item may ask for more than is known"))
    return found


def plain(text: str) -> str:
    """Text as it is searched: repaired, without spaces, one kind of digits and letters."""
    return to_arabic(squeeze(text)).lower()


def _element(text: str, element: str, sure: str) -> Finding:
    rule = rules().get(element)
    if rule is None:
        th, en = f"ต้องให้คนตรวจ: {element}{sure}", f"cannot be told by words: {element}"
        return Finding("elements.by_person", "unknown", th, en)
    missing = [group[0] for group in rule.words if not any(plain(word) in text for word in group)]
    if missing:
        words = ", ".join(missing)
        th, en = f"ไม่พบคำที่แสดงถึง: {element} (คำ: {words}){sure}", f"no words of: {element} ({words})"
        return Finding("elements.missing", "warning", th, en)
    return Finding("elements.found", "fine", f"พบคำที่แสดงถึง: {element}{sure}", f"words found of: {element}")
