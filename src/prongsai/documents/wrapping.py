"""Breaking long Thai labels into lines for a drawing, where no engine does it for us.

Thai has no spaces between words. Word, browsers and Typst break lines by dictionary; an SVG text does not
break at all. A dictionary of sixty thousand words is too much for a chart label, so lines break, in this
order of wish: at a space; before a word that labels of assessments are made of; at a place that can only be
the start of a syllable. Never between a letter and its marks, so the worst case is an odd break, not a
broken letter.
"""

from __future__ import annotations

_WORDS = """\
การ ความ ใน ของ และ หรือ ที่ โดย ต่อ ตาม จาก เพื่อ ให้ ได้ มี เป็น ไม่ กับ แก่ แห่ง อย่าง ด้าน ผู้ หน่วยงาน
หน่วย งาน ภาครัฐ ประเมิน คุณธรรม โปร่งใส ดำเนินงาน ดำเนินการ ปฏิบัติหน้าที่ ปฏิบัติงาน ปฏิบัติ หน้าที่ เจ้าหน้าที่ ใช้
งบประมาณ อำนาจ ทรัพย์สิน ราชการ แก้ไข ปัญหา ทุจริต คุณภาพ สื่อสาร ประสิทธิภาพ ปรับปรุง ระบบ ทำงาน เปิดเผย ข้อมูล
สาธารณะ ป้องกัน ส่งเสริม มาตรการ ภายใน ภายนอก จัดซื้อ จัดจ้าง จัดหา พัสดุ บริหาร ทรัพยากร บุคคล พัฒนา บริการ
ประชาชน ร้องเรียน ช่องทาง มีส่วนร่วม แผน ผลการ ผล รายงาน ประจำปี ประจำ ปี เทศบาล ตำบล องค์การ ส่วน จังหวัด อำเภอ
สำนัก กอง ศูนย์ โรงเรียน ตัวชี้วัด คะแนน ระดับ เครื่องมือ แบบวัด ขั้นตอน ระยะเวลา เผยแพร่ รับรู้ เท่าเทียม มาตรฐาน
ผลประโยชน์ ส่วนรวม ส่วนตัว ส่วนได้ ส่วนเสีย นโยบาย ความเสี่ยง จริยธรรม สินบน ของขวัญ ตรวจสอบ เว็บไซต์ ออนไลน์ คู่มือ
กำหนด ติดตาม กำกับ ผ่าน สามารถ เกี่ยวกับ
ผู้รับบริการ ผู้มี โอกาส เปิดโอกาส เข้าไป"""
_KNOWN = frozenset(_WORDS.split())
_LONGEST = max(map(len, _KNOWN))
_FOLLOWERS = frozenset("ะาำๅๆฯ") | {chr(code) for code in (0x0E31, *range(0x0E34, 0x0E3B), *range(0x0E47, 0x0E4F))}
_LEADING = frozenset("เแโใไ")
_MARKS = frozenset(chr(code) for code in (0x0E31, *range(0x0E34, 0x0E3B), *range(0x0E47, 0x0E4F)))
_NARROW = frozenset("เโใไาำ .,:;()[]'|!-/ilIjt1")


def width_of(text: str) -> float:
    """Width in em of Sarabun, close enough to wrap by: marks have none, leading vowels and spaces are narrow."""
    return sum(0.0 if char in _MARKS else 0.4 if char in _NARROW else 0.62 for char in text)


def pieces(text: str) -> list[str]:
    """The text cut at every place where a line may end; joined they are the text again."""
    found: list[str] = []
    start = at = 0
    while at < len(text):
        word = _known_word(text, at)
        if word:
            if at > start:
                found.extend(_syllables(text[start:at]))
            end = at + len(word)
            while end < len(text) and text[end] in _FOLLOWERS:
                end += 1
            found.append(text[at:end])
            start = at = end
        else:
            at += 1
    if start < len(text):
        found.extend(_syllables(text[start:]))
    return _join_spaces(found)


def wrap(text: str, width: float) -> list[str]:
    """Lines no wider than ``width`` em where the text allows it; spaces at line ends are dropped."""
    lines: list[str] = []
    line = ""
    for piece in pieces(" ".join(text.split())):
        if line.strip() and width_of(line + piece.rstrip()) > width:
            lines.append(line.strip())
            line = ""
        line += piece
    if line.strip():
        lines.append(line.strip())
    return lines or [""]


def _known_word(text: str, at: int) -> str:
    for length in range(min(_LONGEST, len(text) - at), 1, -1):
        word = text[at : at + length]
        if word in _KNOWN and not (at + length < len(text) and text[at + length] in _MARKS):
            return word
    return ""


def _syllables(text: str) -> list[str]:
    parts: list[str] = []
    start = 0
    for at in range(1, len(text)):
        before, here = text[at - 1], text[at]
        opens = here in _LEADING and before not in _LEADING
        closes = before in "ะๆฯ์ " and here not in _FOLLOWERS
        if (opens or closes) and at - start > 1:
            parts.append(text[start:at])
            start = at
    parts.append(text[start:])
    return parts


def _join_spaces(found: list[str]) -> list[str]:
    joined: list[str] = []
    for piece in found:
        if joined and (not piece.strip() or piece[0] in ")]”ๆฯ"):
            joined[-1] += piece
        else:
            joined.append(piece)
    return joined
