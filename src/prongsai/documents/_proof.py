"""The proof of a progress report: numbered once, referred to by number, listed in the annex with its pictures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PureWindowsPath

from prongsai.documents.parts_report import head
from prongsai.documents.tree import Block, Cell, Column, Heading, Paragraph, Picture, Run, Table
from prongsai.improvement.follow_up import entries
from prongsai.improvement.model import MeasureProgress, Progress, Proof, ProofKind
from prongsai.thai.dates import long_date

KIND_TH: dict[ProofKind, str] = {
    "link": "ลิงก์",
    "file": "ไฟล์",
    "picture": "ภาพถ่าย",
    "order": "คำสั่ง",
    "letter": "หนังสือราชการ",
    "minutes": "รายงานการประชุม",
    "project_report": "รายงานผลโครงการ",
}
HEAD = ("เอกสารหมายเลข", "ประเภท", "รายละเอียด", "ใช้ประกอบมาตรการ")


class ProofList:
    """All proof in the order of the plan; the same piece given for two measures has one number."""

    def __init__(self, progress: Progress, pictures: Mapping[str, bytes]) -> None:
        self.pictures = pictures
        self.proofs: list[Proof] = []
        self.used: list[list[str]] = []
        for _, measure, entry in entries(progress):
            for proof in entry.proof:
                if proof not in self.proofs:
                    self.proofs.append(proof)
                    self.used.append([])
                titles = self.used[self.proofs.index(proof)]
                titles += [measure.title] if measure.title not in titles else []

    def numbers(self, entry: MeasureProgress) -> list[int]:
        """The numbers of a measure's proof, each once."""
        return list(dict.fromkeys(self.proofs.index(proof) + 1 for proof in entry.proof))

    def blocks(self) -> list[Block]:
        """The annex: the numbered list, then the pictures."""
        blocks: list[Block] = [Heading("ภาคผนวก หลักฐานประกอบการดำเนินการ")]
        if not self.proofs:
            return [*blocks, Paragraph("ยังไม่มีหลักฐานแนบในรายงานฉบับนี้", indent=True)]
        rows = tuple(
            (
                Cell(str(number), number=number),
                Cell(KIND_TH[proof.kind]),
                Cell(tuple(self._details(proof))),
                Cell(tuple(Paragraph(title) for title in titles)),
            )
            for number, (proof, titles) in enumerate(zip(self.proofs, self.used, strict=True), start=1)
        )
        columns = (Column(0.13, "center"), Column(0.16), Column(0.42), Column(0.29))
        blocks.append(Table(columns, (head(*HEAD),), rows, name="รายการหลักฐาน"))
        pictures = self._pictures()
        return [*blocks, Heading("ภาพประกอบ", 2), *pictures] if pictures else blocks

    def _details(self, proof: Proof) -> list[Paragraph]:
        """Number, date and subject, or what is missing of them; links as text and link."""
        lead = " ".join(
            text
            for text in (
                f"ที่ {proof.number}" if proof.number else "",
                f"ลงวันที่ {long_date(proof.date)}" if proof.date else "",
                f"เรื่อง {proof.subject}" if proof.subject else "",
            )
            if text
        )
        found = [Paragraph(text) for text in (proof.title, lead) if text]
        if proof.url:
            web = proof.url.startswith(("https://", "http://"))
            found.append(Paragraph((Run(proof.url, link=proof.url if web else None),)))
        if proof.path:
            found.append(Paragraph(f"ไฟล์ {_name(proof.path)}"))
        if proof.kind == "picture":
            found += [Paragraph(text, style="small") for text in (self._missing(proof),) if text]
        elif proof.kind in ("order", "letter") and not (proof.number and proof.date):
            lacking = " และ".join(n for n, v in (("เลขที่", proof.number), ("วันที่", proof.date)) if not v)
            found.append(Paragraph(f"ยังไม่ระบุ{lacking}", style="small"))
        return found or [Paragraph("ยังไม่ระบุรายละเอียด")]

    def _missing(self, proof: Proof) -> str:
        if not proof.path:
            return "ยังไม่ระบุไฟล์ภาพ"
        return "" if proof.path in self.pictures else "ไม่พบไฟล์ภาพ"

    def _pictures(self) -> list[Block]:
        blocks: list[Block] = []
        for number, proof in enumerate(self.proofs, start=1):
            if proof.kind == "picture" and proof.path and proof.path in self.pictures:
                text = " ".join(text for text in (proof.title or proof.subject, _taken(proof)) if text) or _name(
                    proof.path
                )
                caption = f"เอกสารหมายเลข {number} {text}"
                blocks.append(Picture(self.pictures[proof.path], text, width=12, caption=caption))
        return blocks


def _taken(proof: Proof) -> str:
    return f"({long_date(proof.date)})" if proof.date else ""


def _name(path: str) -> str:
    """The path as given; of a whole one the file's name: the folders of somebody's machine are nobody's business."""
    given = PureWindowsPath(path)  # reads both kinds of strokes
    return given.name if given.anchor or path.startswith("~") else path
