"""What people did in each example agency: real actions, told at the time when they would have happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils import timezone

from prongsai.improvement import model
from prongsai.site.agencies.models import Agency
from prongsai.site.approval.actions import Acknowledge, Act, Circulate, Publish, Submit
from prongsai.site.approval.freeze import Rendered, render
from prongsai.site.approval.models import Bundle, Circular, Verb
from prongsai.site.demo.actions import StorePlan, StoreProgress
from prongsai.site.demo.clock import at
from prongsai.site.files.keep import Received
from prongsai.site.history.action import Action
from prongsai.site.papers.actions import KeepLetter
from prongsai.site.papers.letters import fields_of, letter_of
from prongsai.site.papers.sources import Sources
from prongsai.site.people.models import Role
from prongsai.site.plans.actions.comments import WriteComment
from prongsai.site.plans.actions.whole import DraftPlan
from prongsai.site.plans.models import Plan
from prongsai.site.results.actions import AcceptImport, TryImport
from prongsai.site.results.imports import try_file
from prongsai.site.results.models import Import
from prongsai.site.rounds.actions import ExtendStage
from prongsai.site.rounds.models import Assessment, StageKind

_LETTERS = ("memo", "order", "announcement")
_BANGKOK = ZoneInfo("Asia/Bangkok")


@dataclass
class Story:
    """One agency's year: who acts, and what its example folder holds. Days count from the round's day zero."""

    folder: Path
    agency: Agency
    roles: dict[str, Role]
    plan_shape: model.Plan | None
    progress: model.Progress | None
    assessment: Assessment = field(init=False)
    zero: dt.date = field(init=False)
    letter: dict[str, str] = field(init=False)
    _minute: int = field(default=0, init=False)

    def moment(self, day: int) -> dt.datetime:
        """A moment of the working day; later calls of one day are later, and none lies in the future."""
        self._minute = (self._minute + 17) % 360
        told = dt.datetime.combine(self.zero + dt.timedelta(days=day), dt.time(9), _BANGKOK)
        return min(told + dt.timedelta(minutes=self._minute), timezone.now())

    def tell(self, day: int, action: Action) -> object:
        """Carry an action out on a day."""
        with at(self.moment(day)):
            return action.execute()

    def plan(self) -> Plan:
        """The plan, read anew."""
        return Plan.objects.select_related("assessment__agency", "assessment__round").get(assessment=self.assessment)

    def results(self, day: int) -> None:
        """The officer brings the results file in: first the dry run, then for good."""
        officer = self.roles["officer"].person
        received = Received("results.yaml", "yaml", (self.folder / "results.yaml").read_bytes())
        tried = try_file(self.assessment, received)
        attempt = self.tell(day, TryImport(by=officer, assessment=self.assessment, received=received, tried=tried))
        assert isinstance(attempt, Import)
        self.tell(day, AcceptImport(by=officer, attempt=attempt, base=0))
        self.assessment.refresh_from_db()

    def own_plan(self, day: int) -> None:
        """The plan of the agency's real report."""
        assert self.plan_shape is not None
        officer = self.roles["officer"].person
        self.tell(day, StorePlan(by=officer, assessment=self.assessment, shape=self.plan_shape))
        for kind in _LETTERS if self.letter else ():
            self.tell(
                day + 5, KeepLetter(by=officer, assessment=self.assessment, kind=kind, data=self.letter, version=0)
            )

    def rendered(self, what: str) -> Rendered:
        """The files of a bundle."""
        sources = Sources(self.assessment)
        letter = letter_of(fields_of(self.assessment, "memo"), self.assessment.agency)
        return render(sources, what, letter)

    def submit(self, day: int, what: str, rendered: Rendered) -> Bundle:
        """The officer puts a bundle before the chain."""
        officer = self.roles["officer"].person
        bundle = self.tell(day, Submit(by=officer, plan=self.plan(), what=what, rendered=rendered))
        assert isinstance(bundle, Bundle)
        return bundle

    def act(self, day: int, bundle: Bundle, rank: str, verb: Verb, text: str = "") -> None:
        """A rank acts: ``head``, ``palad`` or ``chief``."""
        order = 1 + ("head", "palad", "chief").index(rank)
        person = self.roles[rank].person
        self.tell(day, Act(by=person, bundle=bundle, digest=bundle.digest, order=order, verb=verb, text=text))

    def through_the_ranks(self, day: int, what: str) -> Bundle:
        """Submit, and everyone agrees within ten days."""
        bundle = self.submit(day, what, self.rendered(what))
        self.act(day + 2, bundle, "head", Verb.SUPPORT)
        self.act(day + 5, bundle, "palad", Verb.SUPPORT, "เห็นควรอนุมัติตามเสนอ")
        self.act(day + 9, bundle, "chief", Verb.APPROVE)
        bundle.refresh_from_db()
        return bundle

    def made_known(self, day: int, bundle: Bundle) -> None:
        """Circulate, acknowledge, publish."""
        officer, owner = self.roles["officer"], self.roles["unit"]
        circular = self.tell(day, Circulate(by=officer.person, bundle=bundle, text="เพื่อทราบและถือปฏิบัติ"))
        assert isinstance(circular, Circular)
        for role in (owner, officer):
            if role.unit:
                self.tell(day + 2, Acknowledge(by=role.person, circular=circular, unit=role.unit))
        self.tell(day + 6, Publish(by=officer.person, bundle=bundle))

    def report(self, day: int) -> None:
        """Progress as the example's report tells it, then through the ranks."""
        assert self.progress is not None
        officer = self.roles["officer"].person
        self.tell(day, StoreProgress(by=officer, assessment=self.assessment, shape=self.progress))
        self.through_the_ranks(day + 5, f"report_{self.progress.months}")


def waiting(story: Story) -> None:
    """Returned once, proposed again, and now before the chief executive."""
    story.results(-20)
    story.own_plan(20)
    rendered = story.rendered("plan")
    first = story.submit(60, "plan", rendered)
    story.act(64, first, "head", Verb.RETURN, "โปรดตรวจช่วงเวลาของแต่ละขั้นตอนกับส่วนราชการที่รับผิดชอบ แล้วเสนอใหม่")
    again = story.submit(80, "plan", story.rendered("plan"))
    story.act(85, again, "head", Verb.SUPPORT)
    story.act(95, again, "palad", Verb.SUPPORT, "เห็นควรอนุมัติ และกำชับให้รายงานผลตามกำหนด")


def extended(story: Story) -> None:
    """A draft with the platform's proposals still to be chosen from, in a prolonged window."""
    story.results(-20)
    officer, year = story.roles["officer"].person, story.assessment.round.fiscal_year or 0
    story.tell(30, DraftPlan(by=officer, assessment=story.assessment, kind="measures", action_year=year + 1))
    advice = "โปรดเลือกมาตรการที่ส่วนราชการทำได้จริงในปีเดียว และระบุวันเริ่มกับวันสิ้นสุดให้ครบ"
    supervisor = story.roles["supervisor"].person
    today = timezone.localdate()
    day = (today - story.zero).days - 6
    for kind, more in ((StageKind.PLAN, 14), (StageKind.APPROVAL, 40), (StageKind.PUBLICATION, 60)):
        stage = story.assessment.round.stages.get(kind=kind)
        more_time = ExtendStage(
            by=story.roles["assessor"].person,
            stage=stage,
            only=story.assessment.agency,
            closes=today + dt.timedelta(days=more),
            reason="หน่วยงานเปลี่ยนเจ้าหน้าที่ผู้รับผิดชอบ (เหตุผลสมมติ)",
        )
        story.tell(day, more_time)
    story.tell(day + 2, WriteComment(by=supervisor, plan=story.plan(), measure=None, text=advice))


def approved(story: Story) -> None:
    """Approved, but not circulated or published in time."""
    story.results(-20)
    story.own_plan(20)
    story.through_the_ranks(60, "plan")


def published(story: Story) -> None:
    """Published and reported at six months; the report of the year's end never came."""
    approved(story)
    story.made_known(75, Bundle.objects.get(plan__assessment=story.assessment))
    story.report(184)


def reported(story: Story) -> None:
    """The whole year done."""
    approved(story)
    story.made_known(75, Bundle.objects.get(plan__assessment=story.assessment))
    story.report(368)


STORIES: dict[str, Callable[[Story], None]] = {
    "waiting": waiting,
    "extended": extended,
    "approved": approved,
    "published": published,
    "reported": reported,
}
