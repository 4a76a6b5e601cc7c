"""What people are told of requests and incidents; a message names nobody, what it is about is read after signing in."""

from __future__ import annotations

from django.urls import reverse

from prongsai.site.notices.models import Notice
from prongsai.site.notices.send import draft
from prongsai.site.people.models import Person
from prongsai.site.privacy.models import Incident, Request
from prongsai.thai.dates import long_date


def answered(request: Request, to: Person) -> Notice:
    """To who asked: there is an answer."""
    return draft(
        to,
        f"privacy:answer:{request.pk}",
        "คำขอเกี่ยวกับข้อมูลส่วนบุคคลของท่านได้รับคำตอบแล้ว",
        "โปรดเข้าสู่ระบบเพื่ออ่านคำตอบที่หน้า “ข้อมูลส่วนบุคคลของฉัน”",
        reverse("my_privacy"),
    ).in_english("Your request about personal data was answered", "Sign in and read the answer on “My personal data”.")


def waits(request: Request, to: Person, *, near: bool) -> Notice:
    """To an administrator: a request came in, or (``near``) its day is near."""
    return draft(
        to,
        f"privacy:request{'-due' if near else ''}:{request.pk}",
        "คำขอใช้สิทธิของเจ้าของข้อมูลใกล้ครบกำหนดตอบ" if near else "มีคำขอใช้สิทธิของเจ้าของข้อมูลรอตอบ",
        f"ครบกำหนดตอบ {long_date(request.due)} โปรดเข้าสู่ระบบเพื่อดำเนินการ",
        reverse("privacy_request", args=(request.pk,)),
    ).in_english(
        "A request about personal data is due soon" if near else "A request about personal data waits for an answer",
        f"The answer is due {request.due.isoformat()}. Please sign in to deal with it.",
    )


def runs_out(incident: Incident, to: Person) -> Notice:
    """To an administrator: of the 72 hours of an incident the last day has begun."""
    return draft(
        to,
        f"privacy:incident:{incident.pk}",
        "เหตุละเมิดข้อมูลส่วนบุคคล: เวลาแจ้ง 72 ชั่วโมงใกล้ครบหรือครบแล้ว",
        f"เหตุเลขที่ {incident.pk} ยังไม่บันทึกว่าแจ้งแล้ว หรือยังไม่ประเมินความเสี่ยง โปรดเข้าสู่ระบบเพื่อดำเนินการ",
        reverse("privacy_incident", args=(incident.pk,)),
    ).in_english(
        "An incident: the 72 hours for telling are nearly over, or over",
        f"Incident {incident.pk} is neither entered as told nor judged to be without risk. Please sign in.",
    )
