"""Pieces of the memo (บันทึกข้อความ) that every memo has: its head, its labels, and the ranks that consider it."""

from __future__ import annotations

from prongsai.documents import ranks
from prongsai.documents.request import Person
from prongsai.documents.tree import Block, Emblem, Gap, Lines, Paragraph, Run, Signature
from prongsai.thai.dates import long_date

_TICK = "(\u00a0\u00a0\u00a0)"
_DOTS = "…" * 28


def head(sender: ranks.Sender, subject: str, emblem: bytes | None) -> list[Block]:
    """From the emblem to the addressee."""
    letter = sender.letter
    reach = (f"โทร. {letter.phone}" if letter.phone else "", f"อีเมล {letter.email}" if letter.email else "")
    contact = " ".join(text for text in reach if text)
    return [
        Emblem(emblem, height=1.5),
        Paragraph((Run("บันทึกข้อความ", bold=True, size=29),), align="center", style="title"),
        Lines((("ส่วนราชการ", f"{ranks.unit(sender)} {sender.agency} {contact}".strip()),)),
        Lines((("ที่", letter.number or ""), ("วันที่", long_date(letter.date) if letter.date else ""))),
        Lines((("เรื่อง", subject),)),
        Gap(0.3),
        Paragraph(f"เรียน {letter.to or ranks.executive(sender)}"),
    ]


def label(text: str) -> Paragraph:
    """A label of the memo; no heading, so that a report behind the memo keeps its own contents."""
    return Paragraph((Run(text, bold=True),), keep_with_next=True)


def routing(route: tuple[Person, ...]) -> list[Block]:
    """A block per rank: who it goes to, the choices with tick boxes, room for an opinion, the signature."""
    blocks: list[Block] = []
    for position, person in enumerate(route):
        last = position == len(route) - 1
        blocks.append(Gap(0.3))
        if last:
            blocks.append(Paragraph((Run(f"ความเห็นของ{person.position}", bold=True),), keep_with_next=True))
            choices = ("อนุมัติ / เห็นชอบ", f"ไม่อนุมัติ เนื่องจาก {_DOTS}")
        else:
            addressed = route[position + 1].position
            blocks.append(Paragraph((Run(f"เรียน {addressed}", bold=True),), keep_with_next=True))
            choices = ("เห็นควรดำเนินการตามเสนอ", f"เห็นควรให้ทบทวน เนื่องจาก {_DOTS}")
        blocks += [Paragraph(f"{_TICK} {choice}", keep_with_next=True) for choice in choices]
        blocks.append(Paragraph(f"ความเห็นเพิ่มเติม {_DOTS}", keep_with_next=True))
        blocks.append(Gap(0.2))
        blocks.append(Signature(person.name, (person.position,), date=True))
    return blocks
