"""What changes a round: creating it, adding agencies, extending a step, closing, reopening, moving its framework."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import override

from prongsai.errors import InputError
from prongsai.framework import Framework
from prongsai.site.agencies.models import Agency
from prongsai.site.history.action import Action, refuse
from prongsai.site.people.access import agencies_for, may
from prongsai.site.people.permissions import May
from prongsai.site.rounds.access import covers_round
from prongsai.site.rounds.deadlines import Calendar
from prongsai.site.rounds.models import Assessment, Extension, Round, Stage, StageKind
from prongsai.thai.dates import long_date

Window = tuple[dt.date, dt.date]


def stage_name(kind: str) -> str:
    """A step's Thai name, for the log: whoever acts may read English."""
    with override("th"):
        return str(StageKind(kind).label)


def installed(of: Round) -> Framework | None:
    """The framework of a round as this installation has it; None where it lacks it."""
    try:
        return of.framework
    except InputError:
        return None


def agreed(of: Round) -> bool:
    """Whether the installed framework is of the version that the round is pinned to."""
    found = installed(of)
    return found is not None and found.version == of.framework_version


def check_open(of: Round) -> None:
    """Raise ``Refused`` where a round was closed."""
    if not of.open:
        raise refuse(
            "rounds.closed",
            f"“{of.name}” ปิดการประเมินแล้ว จึงแก้ไขไม่ได้",
            f"{of.name_en or of.name} is closed and cannot be changed",
            "หากจำเป็นต้องแก้ไข โปรดขอให้ผู้ประเมินเปิดการประเมินอีกครั้ง",
            "If something must change, ask the assessor to open the round again.",
        )


def _check_covers(action: Action, of: Round) -> None:
    if action.by is None or not covers_round(action.by, of):
        raise refuse(
            "rounds.not_all",
            "ท่านดูแลหน่วยงานในการประเมินนี้เพียงบางแห่ง จึงดำเนินการกับทั้งการประเมินไม่ได้",
            "you run this round for some of its agencies only, so you cannot change it for all",
            "โปรดขอให้ผู้ประเมินที่ดูแลทุกหน่วยงานดำเนินการ หรือเลือกทำรายหน่วยงาน",
            "Ask an assessor who covers all its agencies, or do it agency by agency.",
        )


@dataclass(kw_only=True)
class CreateRound(Action):
    """Open a round: a framework version, its calendar (step → first and last day) and its agencies."""

    name: str
    name_en: str
    fiscal_year: int | None
    framework: Framework
    calendar: Mapping[StageKind, Window]
    agencies: Sequence[Agency]

    code = "rounds.create"
    th = "{actor} เปิด “{round}” ใช้กรอบ {framework} รุ่นที่ {version} กับ {agencies} หน่วยงาน"
    en = "{actor} opened “{round}” with framework {framework} version {version} for {agencies} agencies"

    _made: Round | None = None

    def subject(self) -> Round | None:
        """The new round."""
        return self._made

    def check(self) -> None:
        """Dates in order, agencies there, and all of them this person's."""
        for kind, (opens, closes) in self.calendar.items():
            if closes < opens:
                raise refuse(
                    "rounds.closes_before_opens",
                    f"ขั้น “{stage_name(kind)}” ปิดวันที่ {long_date(closes)} ก่อนวันเปิด {long_date(opens)}",
                    f"the step {kind.value} closes on {closes} before it opens on {opens}",
                    "โปรดแก้วันปิดให้เป็นวันเดียวกับวันเปิดหรือหลังจากนั้น",
                    "Make the closing day the opening day or a later one.",
                )
        if not self.agencies:
            raise refuse(
                "rounds.no_agencies",
                "ยังไม่มีหน่วยงานในการประเมินนี้",
                "the round has no agencies",
                "โปรดเลือกหน่วยงาน",
                "Choose agencies.",
            )
        _check_agencies(self, self.agencies)

    def do(self) -> Round:
        """The round with its calendar and one assessment for each agency."""
        stem = str(self.fiscal_year or self.framework.id)
        slug, number = stem, 1
        while Round.objects.filter(slug=slug).exists():
            number += 1
            slug = f"{stem}-{number}"
        self._made = made = Round.objects.create(
            slug=slug,
            name=self.name,
            name_en=self.name_en,
            fiscal_year=self.fiscal_year,
            framework_id=self.framework.id,
            framework_version=self.framework.version,
        )
        Stage.objects.bulk_create(
            [
                Stage(round=made, kind=kind, opens=opens, closes=closes)
                for kind, (opens, closes) in self.calendar.items()
            ]
        )
        _assess(made, self.agencies)
        return made

    def facts(self) -> dict[str, Any]:
        """The round, its framework, how many agencies."""
        return {
            "round": self.name,
            "framework": self.framework.id,
            "version": self.framework.version,
            "agencies": len(self.agencies),
        }


def _check_agencies(action: Action, agencies: Sequence[Agency]) -> None:
    own = set(agencies_for(action.by, May.MANAGE_ROUNDS).values_list("pk", flat=True)) if action.by else set()
    if strange := [agency.name for agency in agencies if agency.pk not in own]:
        names = ", ".join(strange[:3])
        raise refuse(
            "rounds.not_yours",
            f"ท่านไม่ได้ดูแล {names}{' และอื่น ๆ' if len(strange) > 3 else ''}",
            f"you do not run rounds for {names}",
            "โปรดเลือกเฉพาะหน่วยงานที่ท่านดูแล",
            "Choose only agencies that you cover.",
        )


def _assess(of: Round, agencies: Sequence[Agency]) -> None:
    told = list(of.assessments.order_by().values_list("contact", flat=True).distinct()[:2])
    contact = told[0] if len(told) == 1 else ""  # where provinces ask different people, nobody's guess
    made = [Assessment(round=of, agency=agency, contact=contact) for agency in agencies]
    Assessment.objects.bulk_create(made, batch_size=500)


@dataclass(kw_only=True)
class SetContact(Action):
    """Say whom the agencies of a round may ask: all of them that this person covers."""

    round: Round
    contact: str

    code = "rounds.contact"
    th = "{actor} กำหนดผู้ที่หน่วยงาน {agencies} แห่งสอบถามได้ใน “{round}”: {contact}"
    en = "{actor} named whom {agencies} agencies may ask in “{round}”: {contact}"

    _told = 0

    def subject(self) -> Round:
        """The round."""
        return self.round

    def check(self) -> None:
        """Open."""
        check_open(self.round)

    def do(self) -> None:
        """Told to each."""
        own = agencies_for(self.by, May.MANAGE_ROUNDS) if self.by else Agency.objects.all()
        self._told = self.round.assessments.filter(agency__in=own).update(contact=self.contact.strip())

    def facts(self) -> dict[str, Any]:
        """How many were told."""
        return {"round": self.round.name, "agencies": self._told}

    def personal(self) -> dict[str, Any]:
        """Who."""
        return {"contact": self.contact.strip() or "–"}


@dataclass(kw_only=True)
class AddAgencies(Action):
    """Add agencies to a round that runs already."""

    round: Round
    agencies: Sequence[Agency]

    code = "rounds.add_agencies"
    th = "{actor} เพิ่ม {agencies} หน่วยงานใน “{round}”"
    en = "{actor} added {agencies} agencies to “{round}”"

    _added = 0

    def subject(self) -> Round:
        """The round."""
        return self.round

    def check(self) -> None:
        """Open, and the agencies are this person's."""
        check_open(self.round)
        _check_agencies(self, self.agencies)

    def do(self) -> int:
        """How many were new."""
        there = set(self.round.assessments.values_list("agency_id", flat=True))
        new = [agency for agency in self.agencies if agency.pk not in there]
        if not new:
            raise refuse(
                "rounds.none_new", "หน่วยงานที่เลือกอยู่ในการประเมินนี้แล้วทุกแห่ง", "all of them are in this round already"
            )
        _assess(self.round, new)
        self._added = len(new)
        return self._added

    def facts(self) -> dict[str, Any]:
        """The round and how many."""
        return {"round": self.round.name, "agencies": self._added}


@dataclass(kw_only=True)
class ExtendStage(Action):
    """Move a step's last day for all agencies of a round, or for one, with a reason that they are shown."""

    stage: Stage
    only: Agency | None
    closes: dt.date
    reason: str

    code = "rounds.extend"
    th = "{actor} ขยายเวลาขั้น “{stage}” ของ{whom} ถึงวันที่ {closes} เพราะ{reason}"
    en = "{actor} extended “{stage}” for {whom} until {closes}: {reason}"

    def agency(self) -> Agency | None:
        """The one agency, where it is for one."""
        return self.only

    def subject(self) -> Stage:
        """The stage."""
        return self.stage

    def check(self) -> None:
        """A later day than the one in force, a reason, and agencies that are this person's."""
        check_open(self.stage.round)
        if self.only is None:
            _check_covers(self, self.stage.round)
        elif self.by is None or not may(self.by, May.MANAGE_ROUNDS, self.only):
            _check_agencies(self, [self.only])
        elif not self.stage.round.assessments.filter(agency=self.only).exists():
            raise refuse(
                "rounds.not_in_round", f"{self.only.name} ไม่อยู่ในการประเมินนี้", f"{self.only.name} is not in this round"
            )
        if not self.reason.strip():
            raise refuse(
                "rounds.no_reason",
                "ต้องระบุเหตุผลของการขยายเวลา",
                "a reason is needed",
                "โปรดกรอกเหตุผล",
                "Fill in the reason.",
            )
        now = self._in_force()
        if self.closes <= now:
            raise refuse(
                "rounds.extension_too_early",
                f"วันปิดใหม่ {long_date(self.closes)} ไม่หลังวันปิดที่ใช้อยู่ {long_date(now)}",
                f"the new last day {self.closes} is not after the one in force, {now}",
                f"โปรดเลือกวันหลังจาก {long_date(now)}",
                f"Choose a day after {now.isoformat()}.",
            )

    def _in_force(self) -> dt.date:
        last = Calendar(self.stage.round).extension(self.stage, self.only.pk if self.only else None)
        return last.closes if last else self.stage.closes

    def do(self) -> Extension:
        """The extension."""
        return Extension.objects.create(
            stage=self.stage, agency=self.only, closes=self.closes, reason=self.reason.strip(), by=self.by
        )

    def facts(self) -> dict[str, Any]:
        """Step, day, and for whom."""
        return {
            "stage": stage_name(self.stage.kind),
            "whom": self.only.name if self.only else f"ทุกหน่วยงานใน “{self.stage.round.name}”",
            "closes": long_date(self.closes),
        }

    def personal(self) -> dict[str, Any]:
        """The typed reason."""
        return {"reason": self.reason.strip()}


@dataclass(kw_only=True)
class CloseRound(Action):
    """Close a round: its results and calendar can be read, not changed."""

    round: Round

    code = "rounds.close"
    th = "{actor} ปิด “{round}”"
    en = "{actor} closed “{round}”"

    def subject(self) -> Round:
        """The round."""
        return self.round

    def check(self) -> None:
        """Open, and all its agencies this person's."""
        check_open(self.round)
        _check_covers(self, self.round)

    def do(self) -> None:
        """Closed."""
        self.round.open = False
        self.round.save(update_fields=["open"])

    def facts(self) -> dict[str, Any]:
        """The round."""
        return {"round": self.round.name}


@dataclass(kw_only=True)
class ReopenRound(CloseRound):
    """Open a closed round again."""

    code = "rounds.reopen"
    th = "{actor} เปิด “{round}” อีกครั้ง"
    en = "{actor} opened “{round}” again"

    def check(self) -> None:
        """Closed, and all its agencies this person's."""
        if self.round.open:
            raise refuse("rounds.is_open", "การประเมินนี้เปิดอยู่แล้ว", "the round is open already")
        _check_covers(self, self.round)

    def do(self) -> None:
        """Open."""
        self.round.open = True
        self.round.save(update_fields=["open"])


@dataclass(kw_only=True)
class MoveFramework(Action):
    """Pin a round to the framework version that is installed now; said aloud, since scores may change with it."""

    round: Round

    code = "rounds.move_framework"
    th = "{actor} เปลี่ยนกรอบของ “{round}” จากรุ่นที่ {old} เป็นรุ่นที่ {new}"
    en = "{actor} moved “{round}” from framework version {old} to {new}"

    _old = 0

    def subject(self) -> Round:
        """The round."""
        return self.round

    def check(self) -> None:
        """Open, the framework installed, and of another version."""
        check_open(self.round)
        _check_covers(self, self.round)
        if installed(self.round) is None or agreed(self.round):
            raise refuse("rounds.same_framework", "ไม่มีกรอบรุ่นอื่นให้เปลี่ยน", "there is no other version to move to")

    def do(self) -> None:
        """Pinned anew."""
        self._old = self.round.framework_version
        self.round.framework_version = self.round.framework.version
        self.round.save(update_fields=["framework_version"])

    def facts(self) -> dict[str, Any]:
        """Both versions."""
        return {"round": self.round.name, "old": self._old, "new": self.round.framework_version}
