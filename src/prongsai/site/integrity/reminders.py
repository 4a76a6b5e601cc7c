"""Each day the history is verified; who administers the site hears of what is not as it was sealed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from prongsai.site.integrity.daily import work
from prongsai.site.integrity.models import Verification
from prongsai.site.notices.due import chore, source
from prongsai.site.notices.models import Notice
from prongsai.site.notices.reminders import distinct
from prongsai.site.notices.send import draft
from prongsai.site.people.models import Role, RoleKind, now_in_force


@chore
def verify_daily(_today: dt.date) -> None:
    """Have it verified where that was not done today; a worker does it, for a long history takes a while."""
    if not Verification.objects.filter(at__date=timezone.localdate()).exists():
        work.enqueue()


@source
def altered(today: dt.date) -> Iterator[Notice]:
    """One message for each verification that found something, to every administrator of the site."""
    newest = Verification.objects.first()
    if newest is None or newest.whole:
        return
    number, name, _fault = newest.findings[0]
    roles = Role.objects.filter(now_in_force(today), kind=RoleKind.SYSTEM_ADMIN, person__is_active=True)
    for person in distinct(list(roles.select_related("person"))):
        notice = draft(
            person,
            f"integrity:{newest.pk}",
            "พบสิ่งที่ถูกแก้ไขในประวัติของระบบ",
            f"การตรวจประวัติพบสิ่งที่ไม่ตรงกับที่ผนึกไว้ รายการแรกคือลำดับที่ {number} {name} "
            "โปรดหยุดแก้ไขฐานข้อมูล เก็บสำเนาไว้เป็นหลักฐาน แล้วเทียบกับสำเนาสำรองด้วย prongsai verify",
            reverse("integrity_chain"),
        )
        yield notice.in_english(
            "Something in the site's history was changed",
            f"Verifying found what is not as it was sealed, first number {number} {name}. Change nothing in the "
            "database, keep a copy as evidence, and hold it against a backup with prongsai verify.",
        )
