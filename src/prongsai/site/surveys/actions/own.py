"""What an agency runs for itself at any time: rehearsals, and satisfaction at its service points."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from prongsai.framework import Framework
from prongsai.site.agencies.models import Agency
from prongsai.site.history.action import Action, refuse
from prongsai.site.rounds.deadlines import deadline
from prongsai.site.rounds.models import Assessment, Extension, Round, Stage, StageKind
from prongsai.site.surveys.actions.base import OnSurvey
from prongsai.site.surveys.actions.setting import DOORS, source_text
from prongsai.site.surveys.models import Place, Survey, SurveyState
from prongsai.site.surveys.numbers import number_for
from prongsai.survey.questionnaire import containers
from prongsai.thai.dates import long_date

LONGEST = dt.timedelta(days=366)


@dataclass(kw_only=True)
class StartOwnRound(Action):
    """A round of one agency, by its own people: its surveys as drafts, in a window of its choice.

    Where people answer at service points, those of the agency's last such round are there again.
    """

    to: Agency
    framework: Framework
    name: tuple[str, str]
    window: tuple[dt.date, dt.date]
    doors: tuple[str, ...] = ()

    code = "surveys.own_round"
    th = "{actor} เริ่ม “{round}” ของหน่วยงานเอง ตั้งแต่ {opens} ถึง {closes}"
    en = "{actor} began the agency's own “{round}”, from {opens} to {closes}"

    _made: Assessment | None = None

    def agency(self) -> Agency:
        """Whose it is."""
        return self.to

    def subject(self) -> Assessment | None:
        """The agency's year in it."""
        return self._made

    def check(self) -> None:
        """A name not used before, and a window that is in order and not over."""
        opens, closes = self.window
        if not opens <= closes <= opens + LONGEST or closes < timezone.localdate():
            raise refuse(
                "own.window",
                "วันปิดต้องไม่ก่อนวันเปิด ต้องยังไม่ผ่านไป และห่างกันไม่เกินหนึ่งปี",
                "the last day lies before the first, has passed, or is more than a year away from it",
                "โปรดแก้วันเปิดหรือวันปิด",
                "Change the first or the last day.",
            )
        if Round.objects.filter(own=self.to, name=self.name[0]).exists():
            raise refuse(
                "own.name",
                f"หน่วยงานมี “{self.name[0]}” อยู่แล้ว",
                f"the agency has a round of this name already: {self.name[1]}",
                "โปรดตั้งชื่ออื่น เช่น เพิ่มครั้งที่",
                "Choose another name.",
            )

    def do(self) -> Assessment:
        """The round with its window and the surveys as drafts."""
        stem = f"{self.framework.id}-{self.to.code}"[:34]
        number = 1
        while Round.objects.filter(slug=f"{stem}-{number}").exists():
            number += 1
        made = Round.objects.create(
            slug=f"{stem}-{number}",
            name=self.name[0],
            name_en=self.name[1],
            framework_id=self.framework.id,
            framework_version=self.framework.version,
            own=self.to,
        )
        Stage.objects.create(round=made, kind=StageKind.SURVEY, opens=self.window[0], closes=self.window[1])
        self._made = Assessment.objects.create(round=made, agency=self.to)
        for container in containers(self.framework):
            heads = self.to.staff if "by_codes" in self.doors else None
            needed = number_for(self.framework, container, heads)
            survey = Survey.objects.create(
                assessment=self._made,
                container=container,
                heads=heads,
                required=needed.respondents if needed else None,
                required_source=source_text(needed),
                **{door: door in self.doors for door in DOORS},
            )
            if survey.by_places:
                Place.objects.bulk_create(
                    [Place(survey=survey, name=place.name, unit=place.unit) for place in self._places_before(survey)]
                )
        return self._made

    def _places_before(self, survey: Survey) -> list[Place]:
        earlier = Survey.objects.filter(
            assessment__round__own=self.to,
            assessment__round__framework_id=self.framework.id,
            container=survey.container,
            places__isnull=False,
        )
        last = earlier.exclude(pk=survey.pk).order_by("-pk").first()
        return list(last.places.select_related("unit")) if last else []

    def facts(self) -> dict[str, Any]:
        """Name and days."""
        return {"round": self.name[0], "opens": long_date(self.window[0]), "closes": long_date(self.window[1])}


@dataclass(kw_only=True)
class ExtendOwnRound(Action):
    """A later last day of an agency's own round, with its reason."""

    assessment: Assessment
    closes: dt.date
    reason: str

    code = "surveys.extend_own"
    th = "{actor} ขยายเวลา “{round}” ถึง {closes} เพราะ {reason}"
    en = "{actor} extended “{round}” until {closes} because {reason}"

    def agency(self) -> Agency:
        """Whose it is."""
        return self.assessment.agency

    def subject(self) -> Assessment:
        """The agency's year in it."""
        return self.assessment

    def check(self) -> None:
        """Its own round, still open, and a later day."""
        window = deadline(self.assessment, StageKind.SURVEY)
        if self.assessment.round.own_id != self.assessment.agency_id or window is None:
            raise refuse(
                "own.not_own",
                "การประเมินนี้ไม่ใช่ของหน่วยงานเอง",
                "this is not the agency's own round",
                "หากต้องการขยายเวลา โปรดติดต่อผู้ประเมิน",
                "Ask the assessor to extend it.",
            )
        if not window.closes < self.closes <= window.opens + LONGEST:
            raise refuse(
                "own.no_later",
                f"วันปิดใหม่ต้องอยู่หลัง {long_date(window.closes)} และไม่เกินหนึ่งปีนับจากวันเปิด",
                f"the new last day must lie after {window.closes} and within a year of the first",
                "โปรดเลือกวันอื่น",
                "Choose another day.",
            )

    def do(self) -> None:
        """Extended."""
        stage = self.assessment.round.stages.get(kind=StageKind.SURVEY)
        Extension.objects.create(stage=stage, agency=None, closes=self.closes, reason=self.reason.strip(), by=self.by)

    def facts(self) -> dict[str, Any]:
        """Until when."""
        return {"round": self.assessment.round.name, "closes": long_date(self.closes)}

    def personal(self) -> dict[str, Any]:
        """The typed reason."""
        return {"reason": self.reason.strip()}


@dataclass(kw_only=True)
class PublishPoints(OnSurvey):
    """Show the results by service point on a public page, or take them down again."""

    public: bool = True

    code = "surveys.publish_points"
    th = "{actor} {did_th}ผลความพึงพอใจ ณ จุดบริการของ “{round}”"
    en = "{actor} {did_en} the satisfaction at service points of “{round}”"

    def check(self) -> None:
        """Closed, by service points, the agency's own, and not so already."""
        self.need(SurveyState.CLOSED)
        if not self.survey.by_places or self.survey.assessment.round.own_id is None:
            raise refuse("points.none", "แบบสำรวจนี้ไม่ได้แยกตามจุดบริการ", "this survey has no service points")
        if bool(self.survey.published_at) == self.public:
            raise refuse("points.same", "สถานะการเผยแพร่เป็นเช่นนั้นอยู่แล้ว", "it is so already")

    def do(self) -> None:
        """Public, or not any more."""
        self.survey.published_at = timezone.now() if self.public else None
        self.survey.save(update_fields=["published_at"])

    def facts(self) -> dict[str, Any]:
        """Which way."""
        did = ("เผยแพร่", "published") if self.public else ("หยุดเผยแพร่", "took down")
        return {**super().facts(), "did_th": did[0], "did_en": did[1]}
