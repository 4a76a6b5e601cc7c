"""What all changes of an agency's whole checklist share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models

from prongsai.evidence.links import checklist_items
from prongsai.site.agencies.models import Agency
from prongsai.site.history.action import Action
from prongsai.site.inspection.models import Evidence, State
from prongsai.site.inspection.states import move
from prongsai.site.rounds.models import Assessment


@dataclass(kw_only=True)
class OfAgency(Action):
    """Base: something done to an agency's whole checklist."""

    assessment: Assessment

    def agency(self) -> Agency:
        """The assessed agency."""
        return self.assessment.agency

    def subject(self) -> models.Model:
        """The assessment."""
        return self.assessment

    def facts(self) -> dict[str, Any]:
        """Of which round."""
        return {"round": self.assessment.round.name}

    def hold(self) -> None:
        """Take hold of the assessment and all its items; those that nobody touched get a row."""
        Assessment.objects.select_for_update(of=("self",)).get(pk=self.assessment.pk)
        known = set(self.assessment.evidence.values_list("item", flat=True))
        every = checklist_items(self.assessment.round.framework)
        Evidence.objects.bulk_create(
            Evidence(assessment=self.assessment, item=one) for one in every if one not in known
        )
        self.rows = list(self.assessment.evidence.select_for_update(of=("self",)))

    def move_all(self, state: State) -> None:
        """Bring every item to a state."""
        for row in self.rows:
            move(row, state)
        Evidence.objects.bulk_update(self.rows, ("state",))
