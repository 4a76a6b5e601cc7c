"""Forms about requests, erasure and incidents."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from prongsai.site.base.fields import ThaiDateField, ThaiTimeField
from prongsai.site.base.forms import Form
from prongsai.site.base.text import T, pick
from prongsai.site.people.models import Person
from prongsai.site.privacy.models import Incident, RequestKind
from prongsai.site.privacy.traces import LEAST

_WORDS = forms.Textarea(attrs={"rows": 4})


class OwnRequestForm(Form):
    """What one asks about one's own data."""

    kind = forms.ChoiceField(label=T("เรื่องที่ขอ", "What you ask for"), choices=RequestKind.choices)
    words = forms.CharField(
        label=T("รายละเอียด", "Details"), widget=_WORDS, required=False, max_length=4000,
        help_text=T("เช่น ข้อมูลใดไม่ถูกต้อง", "For example which data are wrong."),
    )  # fmt: skip


class RequestForm(OwnRequestForm):
    """A request that came by letter, telephone or in person."""

    name = forms.CharField(label=T("ชื่อผู้ขอ", "Name"), max_length=200)
    contact = forms.CharField(label=T("ช่องทางส่งคำตอบ", "Where to answer"), max_length=200)
    username = forms.CharField(
        label=T("ชื่อผู้ใช้ของผู้ขอ", "Username of who asks"), required=False, max_length=80,
        help_text=T("หากผู้ขอมีบัญชีในระบบ", "If they have an account here."),
    )  # fmt: skip
    received = ThaiDateField(label=T("วันที่รับคำขอ", "Received on"))

    def clean_username(self) -> Person | None:
        """The account of that name."""
        name = self.cleaned_data["username"].strip()
        found = Person.objects.filter(username__iexact=name).first() if name else None
        if name and found is None:
            raise forms.ValidationError(pick(f"ไม่พบบัญชี {name}", f"There is no account {name}."))
        return found

    def clean_received(self) -> dt.date:
        """Not in the future."""
        day: dt.date = self.cleaned_data["received"]
        if day > timezone.localdate():
            raise forms.ValidationError(pick("วันที่รับคำขออยู่ในอนาคต", "This day is in the future."))
        return day


class AnswerForm(Form):
    """The answer to a request."""

    done = forms.ChoiceField(
        label=T("ผลการพิจารณา", "Outcome"),
        choices=(("yes", T("ดำเนินการแล้ว", "Done")), ("no", T("ปฏิเสธ", "Refused"))),
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=T("คำตอบหรือเหตุผลที่ปฏิเสธ", "Answer, or the reason for refusing"),
        widget=_WORDS,
        required=False,
        max_length=4000,
    )


class EraseForm(Form):
    """Erase a person: further words to look for, and that the list was read."""

    more = forms.CharField(
        label=T("คำอื่นที่หมายถึงบุคคลนี้ บรรทัดละหนึ่งคำ", "Other words for this person, one a line"),
        widget=_WORDS, required=False,
        help_text=T(
            "เช่น ชื่อเดิม ชื่อเล่น ชื่อผู้ใช้ คำละ 4 ตัวอักษรขึ้นไป ลบออกจากข้อความของผู้อื่นด้วย",
            "Former names, nicknames, the username; four letters or more. Other people's texts lose them, too.",
        ),
    )  # fmt: skip
    sure = forms.BooleanField(
        label=T("ตรวจรายการแล้ว และทราบว่าการลบย้อนกลับไม่ได้", "I have read the list and know that this cannot be undone"),
        required=False,
    )

    def clean_more(self) -> str:
        """No line so short that it would be a part of too many others' words."""
        text: str = self.cleaned_data["more"]
        short = [line.strip() for line in text.splitlines() if 0 < len(line.strip()) < LEAST]
        if short:
            said = " ".join(short)
            raise forms.ValidationError(
                pick(f"สั้นเกินไป จึงค้นไม่ได้: {said} โปรดกรอกคำละ {LEAST} ตัวอักษรขึ้นไป", f"Too short to look for: {said}")
            )
        return text

    def words(self) -> tuple[str, ...]:
        """The lines."""
        return tuple(line.strip() for line in self.cleaned_data.get("more", "").splitlines() if line.strip())


class IncidentForm(Form):
    """What happened, since when it is known, and what was done."""

    title = forms.CharField(label=T("เรื่อง", "Title"), max_length=200)
    what = forms.CharField(
        label=T("เกิดอะไรขึ้น ข้อมูลใด กี่คน โดยไม่ระบุชื่อบุคคล", "What happened, which data, how many people; no names"),
        widget=_WORDS, max_length=8000,
    )  # fmt: skip
    known_on = ThaiDateField(label=T("วันที่ทราบเหตุ", "Known since"))
    known_time = ThaiTimeField(
        label=T("เวลาที่ทราบเหตุ (น.)", "Known since, time"), help_text=T("เช่น 14.05", "For example 14:05")
    )
    risk = forms.ChoiceField(label=T("ความเสี่ยงต่อบุคคล", "Risk to people"), choices=Incident.RISKS)
    told_on = ThaiDateField(label=T("วันที่แจ้งสำนักงานคณะกรรมการคุ้มครองข้อมูลส่วนบุคคล", "Authority told on"), required=False)
    told_time = ThaiTimeField(label=T("เวลาที่แจ้ง (น.)", "Authority told, time"), required=False)
    measures = forms.CharField(
        label=T("การแก้ไขและป้องกัน", "What was done"), widget=_WORDS, required=False, max_length=8000
    )
    over = forms.BooleanField(label=T("ปิดเหตุ", "Close the incident"), required=False)

    def clean(self) -> dict[str, Any]:
        """Day and time of telling together or not at all."""
        data = super().clean() or self.cleaned_data
        if bool(data.get("told_on")) != bool(data.get("told_time")):
            self.add_error("told_time", pick("โปรดกรอกทั้งวันและเวลาที่แจ้ง", "Give both day and time."))
        return data

    def into(self, incident: Incident) -> Incident:
        """The incident with what was typed."""
        data = self.cleaned_data
        incident.title, incident.what, incident.risk = data["title"], data["what"], data["risk"]
        incident.measures = data["measures"]
        incident.known_at = _moment(data["known_on"], data["known_time"])
        incident.told_at = _moment(data["told_on"], data["told_time"]) if data["told_on"] else None
        incident.closed_at = (incident.closed_at or timezone.now()) if data["over"] else None
        return incident

    @staticmethod
    def of(incident: Incident) -> dict[str, Any]:
        """The values of an incident, to begin with."""
        known = timezone.localtime(incident.known_at)
        told = timezone.localtime(incident.told_at) if incident.told_at else None
        return {
            "title": incident.title, "what": incident.what, "risk": incident.risk, "measures": incident.measures,
            "known_on": known.date(), "known_time": known.strftime("%H:%M"),
            "told_on": told.date() if told else None, "told_time": told.strftime("%H:%M") if told else None,
            "over": incident.closed_at is not None,
        }  # fmt: skip


def _moment(day: dt.date, time: dt.time) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, time))
