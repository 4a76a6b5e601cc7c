"""The surveys of a round as a list: filtered, counted, each with how many answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.http import QueryDict

from prongsai.scoring.agency_kinds import AGENCY_KINDS
from prongsai.site.people.access import agencies_for
from prongsai.site.people.models import Person
from prongsai.site.people.permissions import May
from prongsai.site.rounds.models import Assessment, Round
from prongsai.site.rounds.names import matching
from prongsai.site.surveys.models import Survey, SurveyState
from prongsai.survey.questionnaire import containers


@dataclass
class ListedSurveys:
    """What was asked for, and what there is. Anything unknown in the address is ignored."""

    person: Person
    round: Round
    asked: QueryDict
    what: May = May.ASSESS

    def __post_init__(self) -> None:
        self.own = agencies_for(self.person, self.what)
        self.containers = containers(self.round.framework)
        self.q = self.asked.get("q", "")[:100]
        self.state = self._one_of("state", SurveyState.values)
        self.kind = self._one_of("kind", AGENCY_KINDS)
        self.container = self._one_of("container", self.containers)
        self.province = self.asked.get("province", "")[:100]

    def _one_of(self, key: str, known: Any) -> str:
        value = self.asked.get(key, "")
        return value if value in known else ""

    @property
    def filtered(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.q or self.state or self.kind or self.container or self.province)

    @property
    def provinces(self) -> list[str]:
        """Provinces to choose from."""
        found = self.own.exclude(province="").order_by("province").values_list("province", flat=True)
        return list(found.distinct())

    def scope(self) -> QuerySet[Survey]:
        """All surveys of the round that this person looks after."""
        found = Survey.objects.filter(assessment__round=self.round)
        return found.filter(assessment__agency__in=self.own) if self.own.query.where else found

    def narrowed(self) -> QuerySet[Survey]:
        """Those asked for, in no order."""
        found = self.scope()
        wanted = {
            "state": self.state,
            "container": self.container,
            "assessment__agency__kind": self.kind,
            "assessment__agency__province": self.province,
        }
        found = found.filter(**{key: value for key, value in wanted.items() if value})
        if self.q.strip():
            found = found.filter(assessment__in=Assessment.objects.filter(matching(self.q), round=self.round))
        return found

    def found(self) -> QuerySet[Survey]:
        """Those asked for, by agency."""
        rows = self.narrowed().select_related("assessment__agency").prefetch_related("boxes")
        return rows.order_by("assessment__agency__name", "assessment_id", "container")

    def counts(self) -> dict[str, dict[str, int]]:
        """Container → state → how many; one query."""
        counted: dict[str, dict[str, int]] = {container: {} for container in self.containers}
        for row in self.scope().order_by().values("container", "state").annotate(n=Count("pk")):
            counted.setdefault(row["container"], {})[row["state"]] = row["n"]
        return counted

    def agencies(self) -> int:
        """How many agencies of the round this person looks after."""
        found = Assessment.objects.filter(round=self.round)
        return found.filter(agency__in=self.own).count() if self.own.query.where else found.count()
