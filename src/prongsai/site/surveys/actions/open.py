"""The life of a survey: prepared, opened, closed, and closed for good when all is mixed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from prongsai.site.agencies.models import Agency
from prongsai.site.history.action import Action, refuse
from prongsai.site.rounds.deadlines import deadline
from prongsai.site.rounds.models import Assessment, StageKind
from prongsai.site.surveys.actions.base import OnSurvey
from prongsai.site.surveys.actions.setting import DOORS, source_text
from prongsai.site.surveys.models import Box, Form, PeopleList, Survey, SurveyState
from prongsai.site.surveys.numbers import number_for
from prongsai.site.surveys.outcome import keep_sums
from prongsai.site.surveys.sealing import facts_of, keep_seal
from prongsai.survey.questionnaire import Questionnaire, containers


@dataclass(kw_only=True)
class PrepareSurveys(Action):
    """Lay the surveys of an agency's round: one for each instrument or part that is asked, as drafts.

    ``options``: container → the doors that new surveys have, and ``staff`` where the agency's number of staff is the
    head count. The required number is the framework's where that can be computed.
    """

    assessment: Assessment
    options: Mapping[str, list[str]] = field(default_factory=dict)

    code = "surveys.prepare"
    th = "{actor} เตรียมแบบสำรวจ {containers} ของ “{round}”"
    en = "{actor} prepared the surveys {containers} of “{round}”"

    def agency(self) -> Agency:
        """The agency."""
        return self.assessment.agency

    def subject(self) -> Assessment:
        """The assessment."""
        return self.assessment

    def do(self) -> list[Survey]:
        """All of them; those that were there stay as they are."""
        found = {survey.container: survey for survey in self.assessment.surveys.all()}
        wanted = containers(self.assessment.round.framework)
        return [found.get(container) or self._new(container) for container in wanted]

    def _new(self, container: str) -> Survey:
        chosen = self.options.get(container, [])
        heads = self.assessment.agency.staff if "staff" in chosen else None
        needed = number_for(self.assessment.round.framework, container, heads)
        return Survey.objects.create(
            assessment=self.assessment,
            container=container,
            heads=heads,
            required=needed.respondents if needed else None,
            required_source=source_text(needed),
            **{door: door in chosen for door in DOORS},
        )

    def facts(self) -> dict[str, Any]:
        """Which."""
        of = self.assessment.round
        return {"containers": ", ".join(containers(of.framework)), "round": of.name}


@dataclass(kw_only=True)
class OpenSurvey(OnSurvey):
    """Open for answers with a questionnaire that is fixed from now on. The mixer prepares the boxes within seconds."""

    form: Questionnaire

    code = "surveys.open"
    th = "{actor} เปิดแบบสำรวจ {container} ของ “{round}” (แบบสอบถามฉบับ {version})"
    en = "{actor} opened the survey {container} of “{round}” (questionnaire {version})"

    def check(self) -> None:
        """Still a draft, askable, of this round's framework, with a door, and inside its window."""
        self.need(SurveyState.DRAFT)
        self.form.require_askable()
        survey, of = self.survey, self.survey.assessment.round
        fits = (of.framework_id, of.framework_version, survey.container)
        if (self.form.framework, self.form.framework_version, self.form.container) != fits:
            raise refuse(
                "survey.form",
                "แบบสอบถามนี้ไม่ใช่ของการประเมินนี้",
                f"the questionnaire is of {self.form.id}, not of {fits}",
            )
        window = deadline(survey.assessment, StageKind.SURVEY)
        if window is None or window.over:
            raise refuse(
                "survey.window",
                "ปฏิทินของการประเมินไม่มีช่วงเวลาสำรวจ หรือสิ้นสุดแล้ว",
                "the round's calendar has no survey window, or it is over",
                "โปรดกำหนดหรือขยายเวลาของขั้นตอนสำรวจ",
                "Set or extend the survey step of the round.",
            )
        if not (survey.by_codes or survey.by_link or survey.by_places or survey.by_interview):
            raise refuse(
                "survey.no_door",
                "ยังไม่ได้เลือกว่าผู้ตอบเข้าตอบทางใด",
                "no way to answer is chosen",
                "โปรดเลือกรหัสครั้งเดียว ลิงก์ QR หรือจุดบริการ อย่างน้อยหนึ่งทาง",
                "Choose one-time codes, a link, service points or interviews.",
            )
        if survey.by_places and not survey.places.exists():
            raise refuse(
                "survey.no_place",
                "เลือกให้ตอบ ณ จุดบริการ แต่ยังไม่มีจุดบริการ",
                "people are to answer at service points, but there is none",
                "โปรดเพิ่มจุดบริการอย่างน้อยหนึ่งจุด",
                "Add a service point.",
            )

    def do(self) -> Survey:
        """Open, with its boxes."""
        survey = self.survey
        survey.form, survey.state, survey.opened_at = Form.keep(self.form), SurveyState.OPEN, timezone.now()
        survey.save(update_fields=["form", "state", "opened_at"])
        if survey.by_codes or survey.by_link or survey.by_interview:
            Box.objects.get_or_create(survey=survey, place=None)
        if survey.by_places:
            for place in survey.places.filter(box__isnull=True):
                Box.objects.create(survey=survey, place=place)
        return survey

    def facts(self) -> dict[str, Any]:
        """With the questionnaire's version."""
        return {**super().facts(), "version": self.form.version}


@dataclass(kw_only=True)
class CloseSurvey(OnSurvey):
    """Take no more answers. The mixer then moves all that is left."""

    code = "surveys.close"
    th = "{actor} ปิดรับคำตอบแบบสำรวจ {container} ของ “{round}”"
    en = "{actor} closed the survey {container} of “{round}”"

    def check(self) -> None:
        """Open."""
        self.need(SurveyState.OPEN)

    def do(self) -> None:
        """Closing; a list that nobody was drawn from goes."""
        PeopleList.objects.filter(survey=self.survey).delete()
        self.survey.state = SurveyState.CLOSING
        self.survey.save(update_fields=["state"])


@dataclass(kw_only=True)
class CloseEarly(CloseSurvey):
    """Take no more answers although the window is open, for a reason that everybody can read."""

    reason: str

    code = "surveys.close_early"
    th = "{actor} ปิดรับคำตอบแบบสำรวจ {container} ของ “{round}” ก่อนกำหนด เพราะ {reason}"
    en = "{actor} closed the survey {container} of “{round}” early because {reason}"

    def check(self) -> None:
        """Open, with a reason."""
        super().check()
        if not self.reason.strip():
            raise refuse("survey.reason", "โปรดระบุเหตุผลที่ปิดก่อนกำหนด", "give the reason for closing early")

    def personal(self) -> dict[str, Any]:
        """The typed reason."""
        return {"reason": self.reason.strip()}


@dataclass(kw_only=True)
class FinishClosing(OnSurvey):
    """The mixer's last word: every box of the survey is mixed, and its keys are gone."""

    code = "surveys.closed"
    th = "คำตอบทั้งหมดของแบบสำรวจ {container} ของ “{round}” ผสมแล้ว {answers} คำตอบ และทำลายกุญแจแล้ว"
    en = "All {answers} answers of the survey {container} of “{round}” are mixed, and the keys destroyed"

    def check(self) -> None:
        """Closing, with no box open."""
        self.need(SurveyState.CLOSING)

    def do(self) -> None:
        """Closed; and with the last one the step is done."""
        survey = self.survey
        survey.state, survey.closed_at = SurveyState.CLOSED, timezone.now()
        keep_sums(survey)
        keep_seal(survey)
        survey.save(update_fields=["state", "closed_at"])
        assessment = survey.assessment
        if not assessment.surveys.exclude(state=SurveyState.CLOSED).exists():
            assessment.surveyed_at = timezone.now()
            assessment.save(update_fields=["surveyed_at"])

    def facts(self) -> dict[str, Any]:
        """With how many answers, and what they are verified against: nothing that tells or orders any of them."""
        answers = sum(self.survey.boxes.values_list("filed", flat=True))
        return {**super().facts(), "answers": answers, **facts_of(self.survey)}


@dataclass(kw_only=True)
class GiveUpLost(OnSurvey):
    """Give up letters whose key is lost for good, so that the survey can go on or close with what is mixed."""

    box: Box

    code = "surveys.give_up"
    th = "ตัดคำตอบที่เปิดไม่ได้เพราะกุญแจสูญหาย {letters} คำตอบ ของแบบสำรวจ {container} “{round}”"
    en = "Gave up {letters} answers of the survey {container}, {round}: their key is lost"

    def check(self) -> None:
        """Open or closing."""
        self.need(SurveyState.OPEN, SurveyState.CLOSING)

    def do(self) -> int:
        """The letters go; the codes stay spent; the mixer prepares the box anew."""
        lost = Box.objects.select_for_update().get(pk=self.box.pk)
        self.letters, _ = lost.letters.all().delete()
        lost.batch = None
        lost.filed -= self.letters
        lost.save(update_fields=["batch", "filed"])
        return self.letters

    def facts(self) -> dict[str, Any]:
        """With how many."""
        return {**super().facts(), "letters": self.letters}
