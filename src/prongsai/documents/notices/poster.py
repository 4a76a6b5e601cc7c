"""The poster of a survey: who asks what of whom, a QR code, the same address to type, and what is kept of an answer."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, replace
from typing import Literal

from prongsai.documents.fonts import MONO_EM, SARABUN_SCALE
from prongsai.documents.notices import finished
from prongsai.documents.qr import typable
from prongsai.documents.request import Digits
from prongsai.documents.tree import Document, Paragraph, QrCode, Run, Section
from prongsai.documents.wrapping import width_of
from prongsai.thai.dates import long_date

Audience = Literal["staff", "public", "service_point"]

_ASKED = {
    "staff": "ขอเชิญบุคลากรตอบแบบวัดเกี่ยวกับการทำงานของหน่วยงาน",
    "public": "ขอเชิญผู้ที่เคยติดต่อหรือรับบริการแสดงความเห็นต่อหน่วยงาน",
    "service_point": "ขอเชิญแสดงความเห็นต่อบริการที่ท่านเพิ่งได้รับ",
}
_ENGLISH = {
    "staff": "Staff survey: scan the code or type the address. We do not ask who you are.",
    "public": "Tell us about our service: scan the code or type the address. We do not ask who you are.",
    "service_point": "How was our service today? Scan the code or type the address. We do not ask who you are.",
}
_KEPT = {
    "staff": "เก็บเฉพาะคำตอบ",
    "public": "เก็บเฉพาะคำตอบ",
    "service_point": "เก็บเฉพาะคำตอบและจุดบริการที่ตอบ",
}
# As the PDF writer sets them: a paragraph's first line and each further one in em, between paragraphs in points.
LINE, PITCH, GAP = 1.25, 1.9, 10.2
POINTS = 72 / 2.54
NOT_KEPT = "ไม่ถามและไม่เก็บชื่อหรือหมายเลขโทรศัพท์ ไม่ใช้คุกกี้"


@dataclass(frozen=True)
class Poster:
    """What a poster says.

    ``address`` is what the QR code holds, ``title`` the survey, ``eligible`` who may answer (the framework's
    sentence; nothing is said where it is not known), ``closes`` the last day, ``place`` the service point.
    """

    agency: str
    title: str
    address: str
    audience: Audience
    eligible: str | None = None
    closes: dt.date | None = None
    place: str | None = None
    paper: Literal["a4", "a5"] = "a4"
    digits: Digits = "arabic"


def build(poster: Poster) -> Document:
    """One page of A4 or A5. Raises ``DocumentError`` for an address that cannot be printed and typed."""
    share, margin = (1.0, 2.0) if poster.paper == "a4" else (0.7, 1.2)
    address = typable(poster.address)
    made = Document(title="", sections=(), margins=(margin,) * 4, paper=poster.paper)
    width, height = ((side - 2 * margin) * POINTS for side in made.sides(landscape=False))
    tall = 0.0

    def line(text: str, sizes: tuple[int, ...], lines: int = 1, bold: bool = False) -> Paragraph:
        """The largest size at which the text takes so many lines; official names may be very long."""
        nonlocal tall
        for size in sizes:
            wide = width_of(text) * size * share * SARABUN_SCALE * 1.1
            if wide <= width * lines:
                break
        tall += (LINE + PITCH * (math.ceil(wide / width) - 1)) * size * share * SARABUN_SCALE + GAP
        return Paragraph((Run(text, bold=bold, size=size * share),), align="center")

    above = [
        line(poster.agency, (44, 36, 30, 24, 20, 17), 2, bold=True),
        line(poster.title, (32, 28, 24, 20, 17), 2),
        line(_ASKED[poster.audience], (30, 28, 26, 24), 1, bold=True),
    ]
    if poster.place:
        above.append(line(f"จุดบริการ {poster.place}", (34, 30, 26, 22, 18), 2, bold=True))
    if poster.eligible:
        above.append(line(f"ผู้มีสิทธิตอบ: {poster.eligible}", (24, 22, 20, 18, 16), 1 + len(poster.eligible) // 90))
    typed = min(34 * share, width / (MONO_EM * SARABUN_SCALE * len(address)))
    below = [
        Paragraph((Run(address, bold=True, size=typed, mono=True),), align="center"),
        line("สแกนคิวอาร์โค้ด หรือพิมพ์ที่อยู่นี้ในโทรศัพท์หรือคอมพิวเตอร์เครื่องใดก็ได้", (20,)),
        line(NOT_KEPT, (24,), bold=True),
        line(_KEPT[poster.audience], (20,)),
    ]
    if poster.closes:
        below.append(line(f"ตอบได้ถึงวันที่ {long_date(poster.closes)}", (30,), bold=True))
    below.append(line(_ENGLISH[poster.audience], (18,)))
    room = (height - tall - typed * SARABUN_SCALE * LINE - 2 * GAP) / POINTS - 0.6  # the code takes what is left
    code = QrCode(poster.address, width=max(min(12.5 * share, room), 4.0))
    page = Section((*above, code, *below), page_numbers=False, vertical_center=True)
    title = " ".join(text for text in (poster.title, poster.agency, poster.place) if text)
    return finished(replace(made, title=title, sections=(page,)), poster.agency, "poster", poster.digits)
