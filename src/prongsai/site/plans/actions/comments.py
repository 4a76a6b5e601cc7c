"""Advice on a plan or a measure, and the agency's answers: never a mark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models

from prongsai.site.agencies.models import Agency
from prongsai.site.history.action import Action, refuse
from prongsai.site.plans.models import Comment, Measure, Plan


@dataclass(kw_only=True)
class WriteComment(Action):
    """Say something about a plan or one of its measures. Changes no plan, so it has no deadline."""

    plan: Plan
    measure: Measure | None
    text: str

    code = "plan.comment"
    th = "{actor} ให้ความเห็นต่อ “{about}”"
    en = "{actor} commented on “{about}”"

    def agency(self) -> Agency:
        """The plan's agency."""
        return self.plan.assessment.agency

    def subject(self) -> models.Model:
        """What the comment is about."""
        return self.measure or self.plan

    def check(self) -> None:
        """An empty comment says nothing."""
        if not self.text.strip():
            raise refuse(
                "plan.empty_comment",
                "ยังไม่ได้พิมพ์ความเห็น",
                "The comment is empty.",
                "โปรดพิมพ์ข้อความแล้วส่งอีกครั้ง",
                "Type the text and send again.",
            )

    def do(self) -> Comment:
        """Save."""
        return Comment.objects.create(plan=self.plan, measure=self.measure, by=self.by, text=self.text.strip())

    def facts(self) -> dict[str, Any]:
        """What the comment is about; the text itself stays with the comment."""
        return {"about": str(self.measure) if self.measure else str(self.plan.assessment)}
