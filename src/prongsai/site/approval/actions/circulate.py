"""After approval: circulate to every unit, acknowledge, publish."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils import timezone

from prongsai.site.agencies.models import Agency, Unit
from prongsai.site.approval.models import Acknowledgement, Bundle, BundleState, Circular
from prongsai.site.history.action import Action, refuse
from prongsai.site.people.access import roles_for
from prongsai.site.people.permissions import ALLOWED, May
from prongsai.site.plans.models import Plan, PlanState
from prongsai.site.plans.states import mark_published


@dataclass(kw_only=True)
class Circulate(Action):
    """Send an approved bundle round to all units that are active today."""

    bundle: Bundle
    text: str = ""
    code = "approval.circulate"
    th = "{actor} แจ้งเวียน{what} ฉบับที่ {number} ไปยัง {units} ส่วนราชการ"
    en = "{actor} circulated {what_en} no. {number} to {units} units"
    units: int = 0

    def agency(self) -> Agency:
        """Whose it is."""
        return self.bundle.plan.assessment.agency

    def subject(self) -> models.Model:
        """The bundle."""
        return self.bundle

    def check(self) -> None:
        """It is approved and has not been sent round yet."""
        state = Bundle.objects.select_for_update(of=("self",)).get(pk=self.bundle.pk).state
        if state != BundleState.APPROVED:
            raise refuse(
                "circular.not_approved",
                "แจ้งเวียนได้เฉพาะฉบับที่อนุมัติแล้ว",
                "only an approved bundle is circulated",
                "โปรดรอผลการพิจารณา",
                "Please wait for the decision.",
            )
        if Circular.objects.filter(bundle=self.bundle).exists():
            raise refuse(
                "circular.twice",
                "ฉบับนี้แจ้งเวียนแล้ว",
                "this has been circulated already",
                "โปรดดูผู้ที่ยังไม่รับทราบในหน้านี้",
                "See on this page who has not acknowledged yet.",
            )

    def do(self) -> Circular:
        """A circular with a line for every unit."""
        circular = Circular.objects.create(bundle=self.bundle, text=self.text.strip(), by=self.by)
        units = self.agency().units.filter(active=True)
        rows = [Acknowledgement(circular=circular, unit=unit) for unit in units]
        self.units = len(Acknowledgement.objects.bulk_create(rows))
        return circular

    def facts(self) -> dict[str, Any]:
        """Which bundle, how many units."""
        what = {"what": str(self.bundle.get_subject_display()), "what_en": self.bundle.subject}
        return {**what, "number": self.bundle.number, "units": self.units}


@dataclass(kw_only=True)
class Acknowledge(Action):
    """A unit's owner or officer says that the unit has seen the circular."""

    circular: Circular
    unit: Unit
    code = "approval.acknowledge"
    th = "{actor} รับทราบการแจ้งเวียนในนาม{unit}"
    en = "{actor} acknowledged the circular for {unit}"

    def agency(self) -> Agency:
        """Whose circular it is."""
        return self.circular.bundle.plan.assessment.agency

    def subject(self) -> models.Model:
        """The circular."""
        return self.circular

    def check(self) -> None:
        """Of an own unit, once."""
        assert self.by is not None
        if self.unit.pk not in own_units(self.by, self.agency()):
            raise refuse(
                "circular.other_unit",
                f"ท่านไม่ได้สังกัด{self.unit.name} จึงรับทราบแทนไม่ได้",
                f"you do not belong to {self.unit.name} and cannot acknowledge for it",
                "โปรดให้ผู้รับผิดชอบของส่วนราชการนั้นรับทราบ",
                "Ask the owner of that unit to acknowledge.",
            )
        row = Acknowledgement.objects.select_for_update().filter(circular=self.circular, unit=self.unit).first()
        if row is None or row.at is not None:
            raise refuse(
                "circular.acknowledged",
                f"{self.unit.name}รับทราบแล้ว หรือไม่ได้อยู่ในรายการแจ้งเวียน",
                f"{self.unit.name} has acknowledged already, or was not sent the circular",
            )

    def do(self) -> None:
        """Write who and when."""
        rows = Acknowledgement.objects.filter(circular=self.circular, unit=self.unit)
        rows.update(by=self.by, at=timezone.now())

    def facts(self) -> dict[str, Any]:
        """Which unit."""
        return {"unit": self.unit.name, "number": self.circular.bundle.number}


def own_units(person: Any, agency: Agency) -> set[int]:
    """The units for which a person may acknowledge."""
    roles = roles_for(person, agency)
    return {role.unit_id for role in roles if role.unit_id and May.ACKNOWLEDGE in ALLOWED[role.kind]}


@dataclass(kw_only=True)
class Publish(Action):
    """The approved, circulated plan is disclosed to everyone who sees the agency."""

    bundle: Bundle
    code = "approval.publish"
    th = "{actor} เผยแพร่มาตรการ ฉบับที่ {number}"
    en = "{actor} published the measures, no. {number}"

    def agency(self) -> Agency:
        """Whose plan it is."""
        return self.bundle.plan.assessment.agency

    def subject(self) -> models.Model:
        """The bundle."""
        return self.bundle

    def check(self) -> None:
        """The revision that stands is the one approved, and it went round."""
        plan = Plan.objects.select_for_update(of=("self",)).get(pk=self.bundle.plan_id)
        if plan.state == PlanState.PUBLISHED:
            raise refuse("publish.twice", "เผยแพร่แล้ว", "this is published already")
        current = plan.state == PlanState.APPROVED and plan.revision == self.bundle.plan_revision
        if self.bundle.subject != "plan" or self.bundle.state != BundleState.APPROVED or not current:
            raise refuse(
                "publish.not_approved",
                "มาตรการที่แสดงอยู่ยังไม่ได้รับอนุมัติ หรือถูกแก้ไขหลังอนุมัติ",
                "the plan as it stands is not approved, or was changed after approval",
                "โปรดเสนอฉบับล่าสุดให้ผู้บริหารอนุมัติก่อน",
                "Submit the newest version for approval first.",
            )
        if not Circular.objects.filter(bundle=self.bundle).exists():
            raise refuse(
                "publish.not_circulated",
                "ยังไม่ได้แจ้งเวียนส่วนราชการ",
                "it has not been circulated yet",
                "โปรดแจ้งเวียนก่อนเผยแพร่",
                "Circulate it before you publish.",
            )

    def do(self) -> None:
        """Everyone with ``May.SEE`` reads it from now on."""
        mark_published(Plan.objects.select_related("assessment").get(pk=self.bundle.plan_id))

    def facts(self) -> dict[str, Any]:
        """Which bundle."""
        return {"number": self.bundle.number, "digest": self.bundle.digest}
