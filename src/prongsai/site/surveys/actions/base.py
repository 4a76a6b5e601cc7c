"""What all changes of one survey share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from prongsai.site.agencies.models import Agency
from prongsai.site.history.action import Action, refuse
from prongsai.site.surveys.models import Survey, SurveyState


@dataclass(kw_only=True)
class OnSurvey(Action):
    """Base: something about one survey."""

    survey: Survey

    def agency(self) -> Agency:
        """The agency that is assessed."""
        return self.survey.assessment.agency

    def subject(self) -> Survey:
        """The survey."""
        return self.survey

    def facts(self) -> dict[str, Any]:
        """Which survey of which round."""
        return {"container": self.survey.container, "round": self.survey.assessment.round.name}

    def need(self, *states: SurveyState) -> None:
        """Read anew and locked: two people at once, or a person and the calendar."""
        self.survey.state = Survey.objects.select_for_update().get(pk=self.survey.pk).state
        if self.survey.state not in states:
            state = SurveyState(self.survey.state)
            raise refuse(
                "survey.state",
                f"ทำไม่ได้ในขณะที่แบบสำรวจอยู่ในสถานะ “{state.label}”",
                f"not possible while the survey is {state.value}",
            )
