"""The assessor shares out a round's items or agencies among inspectors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.db import models

from prongsai.evidence.links import checklist_items
from prongsai.site.history.action import Action, refuse
from prongsai.site.inspection.given import ORDERS, Team, gaps, inspectors
from prongsai.site.inspection.models import Assignment
from prongsai.site.people.models import Person
from prongsai.site.rounds.models import Round


@dataclass(kw_only=True)
class Distribute(Action):
    """Give every agency, or every item, a first inspector and another one for the second mark; evenly.

    ``way``: by ``agencies`` one person sees all of an agency, by ``items`` one rule is in one hand. ``rest``: give only
    what nobody has. Never to somebody of the agency, in conflict with it, or out of reach of it.
    """

    round: Round
    inspectors: Sequence[Person]
    way: Literal["agencies", "items", "rest"]

    code = "inspection.distribute"
    th = "{actor} แจกงานตรวจ OIT {round} {way_th}แก่ผู้ตรวจ {people} คน: {given} รายการ (ไม่มีผู้ตรวจได้ {left} รายการ)"
    en = "{actor} shared out the inspection of {round} {way_en} among {people} inspectors: {given} (nobody for {left})"

    def subject(self) -> models.Model:
        """The round."""
        return self.round

    def check(self) -> None:
        """Somebody to give to; whole items only to those whose reach is the whole round."""
        if not self.round.open:
            raise refuse("distribute.closed", "การประเมินนี้ปิดแล้ว", "the round is closed")
        if not self.inspectors:
            raise refuse(
                "distribute.nobody",
                "โปรดเลือกผู้ตรวจอย่างน้อยหนึ่งคน",
                "choose at least one inspector",
                "หากยังไม่มีผู้ตรวจ ให้ผู้ดูแลระบบกลางเพิ่มบทบาทผู้ตรวจประเมินก่อน",
                "Where there is none, the system administrator gives somebody the role.",
            )
        self.team = Team(self.inspectors)
        narrow = [one.full_name for one in self.inspectors if self.team.reach[one.pk] is not None]
        if self.way == "items" and narrow:
            raise refuse(
                "distribute.reach",
                f"แจกตามข้อไม่ได้ เพราะ {', '.join(narrow)} ตรวจได้เพียงบางหน่วยงาน",
                f"whole items cannot be given: {', '.join(narrow)} inspect a part of the agencies only",
                "โปรดแจกตามหน่วยงาน หรือเลือกเฉพาะผู้ตรวจที่ตรวจได้ทุกหน่วยงาน",
                "Share out by agencies, or choose inspectors who cover all.",
            )

    def do(self) -> int:
        """Share out; how many first marks have an owner now."""
        if self.way != "rest":
            Assignment.objects.filter(round=self.round).delete()
        rows = Assignment.objects.filter(round=self.round)
        self.load: Counter[tuple[int, int]] = Counter(rows.values_list("inspector", "order"))
        firsts = rows.filter(order=ORDERS[0]).values_list("agency", "item", "inspector")
        self.first: dict[tuple[int | None, str], int] = {(of, item): who for of, item, who in firsts}
        self.left = 0
        if self.way == "items":
            for order in ORDERS:
                self._give_all([(None, item) for item in checklist_items(self.round.framework)], order)
        everyone = Team(inspectors()) if self.way == "rest" else self.team
        for order in ORDERS:  # after whole items: agencies that one of their holders may not judge
            self._give_all([(gap.agency, gap.item) for gap in gaps(self.round, everyone, order)], order)
        self.given: int = rows.filter(order=ORDERS[0]).count()
        return self.given

    def _give_all(self, wanted: Sequence[tuple[int | None, str]], order: int) -> None:
        """Each to the one who has least, the second mark never to who has the first."""
        made = []
        for agency, item in wanted:
            others = [one.pk for one in self.inspectors if agency is None or self.team.may(one.pk, agency)]
            if order == ORDERS[0]:
                self.left += not others
            else:
                keys = ((agency, item), (agency, ""), (None, item))
                holder = next((self.first[key] for key in keys if key in self.first), None)
                others = [pk for pk in others if pk != holder]
            if not others:
                continue
            chosen = min(others, key=lambda pk: (self.load[pk, order], sum(self.load[pk, each] for each in ORDERS)))
            self.load[chosen, order] += 1
            if order == ORDERS[0]:
                self.first[agency, item] = chosen
            made.append(
                Assignment(round=self.round, inspector_id=chosen, item=item, agency_id=agency, order=order, by=self.by)
            )
        Assignment.objects.bulk_create(made, batch_size=2000)

    def facts(self) -> dict[str, Any]:
        """How, and how much."""
        ways = {
            "agencies": ("ตามหน่วยงาน", "by agency"),
            "items": ("ตามข้อ", "by item"),
            "rest": ("ส่วนที่เหลือ", "(the rest)"),
        }
        return {
            "round": self.round.name,
            "people": len(self.inspectors),
            "given": self.given,
            "left": self.left,
            "way_th": ways[self.way][0],
            "way_en": ways[self.way][1],
        }


@dataclass(kw_only=True)
class ShareNothing(Action):
    """Take the sharing out back: everything is every inspector's again."""

    round: Round

    code = "inspection.share_nothing"
    th = "{actor} ยกเลิกการแจกงานตรวจ OIT {round} ผู้ตรวจทุกคนเห็นทุกข้อ"
    en = "{actor} took back the sharing out of the inspection of {round}; every inspector sees every item"

    def subject(self) -> models.Model:
        """The round."""
        return self.round

    def do(self) -> None:
        """Marks stay as they are."""
        Assignment.objects.filter(round=self.round).delete()

    def facts(self) -> dict[str, Any]:
        """Which round."""
        return {"round": self.round.name}
