"""Answers collected elsewhere (ODK, Kobo, Google Forms, LimeSurvey) are brought in: all of a file or nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from prongsai.site.history.action import refuse
from prongsai.site.surveys.actions.base import OnSurvey
from prongsai.site.surveys.keys import keys
from prongsai.site.surveys.models import Seen, SurveyState
from prongsai.site.surveys.store import DatabaseStorage
from prongsai.survey.answers import Answer
from prongsai.survey.letterbox import file_open


@dataclass(kw_only=True)
class BringInAnswers(OnSurvey):
    """Put the answers of a checked file into the letterbox. The file is kept nowhere; its digest is told."""

    answers: tuple[Answer, ...]
    sha256: str
    tool: str

    code = "surveys.bring_in"
    th = "{actor} นำเข้าคำตอบ {container} ของ “{round}” จาก {tool} จำนวน {count} คำตอบ (SHA-256 {hash})"
    en = "{actor} brought {count} answers from {tool} into {container} of “{round}” (SHA-256 {hash})"

    def check(self) -> None:
        """Open, ready, and not brought in before."""
        self.need(SurveyState.OPEN)
        self.box = self.survey.boxes.filter(place=None, batch__isnull=False).first()
        if self.box is None:
            raise refuse(
                "bring_in.not_ready",
                "แบบสำรวจนี้รับคำตอบจากที่อื่นไม่ได้ หรือยังเตรียมกล่องรับคำตอบไม่เสร็จ",
                "this survey takes only answers at service points, or the mixer has not prepared its box yet",
                "โปรดรอสักครู่แล้วลองอีกครั้ง",
                "Wait a moment and try again.",
            )
        if not self.answers:
            raise refuse("bring_in.empty", "ไฟล์นี้ไม่มีคำตอบที่ใช้ได้", "the file holds no answer that can be used")
        if Seen.objects.filter(digest=self._digest(0).hex()).exists():
            raise refuse("bring_in.again", "นำเข้าไฟล์นี้ไปแล้ว", "this file was brought in before")

    def do(self) -> int:
        """Every answer a letter of its own, as if it had been given here."""
        assert self.box is not None
        storage = DatabaseStorage()
        for number, answer in enumerate(self.answers):
            filed = file_open(storage, keys(), self.box.pk, self._digest(number), str(answer))
            if filed.outcome != "filed":
                th, en = "แบบสำรวจปิดแล้ว จึงไม่ได้นำเข้าคำตอบใดเลย", "the survey closed: nothing was brought in"
                raise refuse("bring_in.closed", th, en)
        return len(self.answers)

    def _digest(self, number: int) -> bytes:
        return hashlib.sha256(f"bring-in:{self.survey.pk}:{self.sha256}:{number}".encode()).digest()

    def facts(self) -> dict[str, Any]:
        """How many, from what."""
        return {**super().facts(), "count": len(self.answers), "tool": self.tool, "hash": self.sha256[:12]}
