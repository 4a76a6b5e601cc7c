"""Tells officers once a month which published links are dead, so that they can mend them before the round opens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse

from prongsai.evidence.watch import dead_by_agency
from prongsai.site.agencies.models import Agency
from prongsai.site.inspection.models import WatchedAddress
from prongsai.site.inspection.watching import watched
from prongsai.site.notices.due import source
from prongsai.site.notices.models import Notice
from prongsai.site.notices.reminders import distinct
from prongsai.site.notices.send import draft
from prongsai.site.people.models import Role, RoleKind, now_in_force


@source
def dead(today: dt.date) -> Iterator[Notice]:
    """One message a month to each officer of an agency with dead links."""
    if not WatchedAddress.objects.filter(failures__gt=0).exists():
        return
    found = dead_by_agency(watched())
    agencies = {one.code: one for one in Agency.objects.filter(code__in=found)}
    officers = Role.objects.filter(now_in_force(today), kind=RoleKind.OFFICER, agency__code__in=found)
    people: dict[str, list[Role]] = {code: [] for code in found}
    for role in officers.filter(person__is_active=True).select_related("person", "agency"):
        people[role.agency.code if role.agency else ""].append(role)
    for code, links in found.items():
        agency, n = agencies[code], len(links)
        first = links[0].url[:120]
        for person in distinct(people[code]):
            notice = draft(
                person,
                f"dead-links:{code}:{today:%Y-%m}",
                f"ลิงก์ที่เผยแพร่เปิดไม่ได้ {n} รายการ",
                f"ลิงก์หลักฐาน OIT ที่{agency.name}เผยแพร่เปิดไม่ได้ติดต่อกันหลายวัน {n} รายการ เช่น {first} "
                "โปรดแก้ไขก่อนเปิดรอบถัดไป การตรวจนี้ไม่มีผลต่อคะแนน",
                reverse("dead_links", args=(code,)),
                agency,
            )
            yield notice.in_english(
                f"{n} published links do not open",
                f"{n} OIT links of {agency.name_en or agency.name} have not opened for days, such as {first}. "
                "Mend them before the next round opens. This never changes a score.",
            )
