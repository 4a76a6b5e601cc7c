"""Wordings that an assessor adds to a round's questionnaire."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from prongsai.site.history.action import Action
from prongsai.site.rounds.actions import check_open
from prongsai.site.rounds.models import Round
from prongsai.site.surveys.asked import asked, own_form
from prongsai.site.surveys.models import Wording
from prongsai.survey import wording
from prongsai.survey.questionnaire import Questionnaire


@dataclass(kw_only=True)
class SetWording(Action):
    """Add texts in one language, in place of earlier ones of that language. Open surveys keep what they ask."""

    round: Round
    container: str
    given: wording.Wording

    code = "surveys.wording"
    th = "{actor} เพิ่มถ้อยคำ {texts} ข้อความ ภาษา {language} แก่แบบสอบถาม {container} ของ “{round}” (ฉบับ {version})"
    en = "{actor} added {texts} texts in {language} to the questionnaire {container} of “{round}” (version {version})"

    _form: Questionnaire | None = None

    def subject(self) -> Round:
        """The round."""
        return self.round

    def check(self) -> None:
        """The round is open, and the texts are for this questionnaire."""
        check_open(self.round)
        wording.with_wording(own_form(self.round, self.container), self.given)

    def do(self) -> Wording:
        """The texts as kept."""
        kept, _ = Wording.objects.update_or_create(
            round=self.round,
            container=self.container,
            language=self.given.language,
            defaults={
                "draft": self.given.status == "draft",
                "texts": self.given.texts,
                "by": self.by,
                "at": timezone.now(),
            },
        )
        self._form = asked(self.round, self.container)
        return kept

    def facts(self) -> dict[str, Any]:
        """Language, how many texts, and the version that they make."""
        return {
            "texts": len(self.given.texts),
            "language": self.given.language,
            "container": self.container,
            "round": self.round.name,
            "version": self._form.version if self._form else "",
        }
