"""Forms of rounds: what a round is, who is in it, and when its steps close."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet

from prongsai.framework import Framework, by_id
from prongsai.framework.catalog import catalog
from prongsai.scoring.agency_kinds import AGENCY_KINDS
from prongsai.site.agencies.models import Agency
from prongsai.site.base.fields import ThaiDateField, ThaiIntegerField
from prongsai.site.base.forms import Form
from prongsai.site.base.text import T, pick
from prongsai.site.rounds.models import Round, StageKind
from prongsai.site.rounds.names import expanded
from prongsai.thai.fiscal_year import be_year
from prongsai.thai.text import squeeze


class AgenciesForm(Form):
    """Which agencies: all, by kind, by province, or by a list of names or codes. ``chosen()`` gives them."""

    scope = forms.ChoiceField(
        label=T("หน่วยงานที่เข้าร่วม", "Agencies"),
        choices=(
            ("all", T("ทุกหน่วยงานที่ท่านดูแล", "All that you look after")),
            ("kinds", T("ตามประเภทหน่วยงาน", "By kind")),
            ("provinces", T("ตามจังหวัด", "By province")),
            ("chosen", T("ตามรายชื่อ", "By a list")),
        ),
        widget=forms.RadioSelect,
        initial="all",
    )
    kinds = forms.MultipleChoiceField(
        label=T("ประเภทหน่วยงาน", "Kinds"),
        choices=[*AGENCY_KINDS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    provinces = forms.MultipleChoiceField(
        label=T("จังหวัด", "Provinces"),
        required=False,
        help_text=T("เลือกได้หลายจังหวัด โดยกด Ctrl ค้างไว้", "Hold Ctrl to choose several."),
    )
    listed = forms.CharField(
        label=T("รายชื่อหรือรหัสหน่วยงาน", "Names or codes"),
        required=False,
        widget=forms.Textarea,
        help_text=T("บรรทัดละหนึ่งแห่ง", "One on each line."),
    )

    def __init__(self, *args: Any, offered: QuerySet[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = offered
        provinces = offered.exclude(province="").order_by("province").values_list("province", flat=True).distinct()
        self.fields["provinces"].choices = [(name, name) for name in provinces]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """What the scope needs is there, and every line of a list is one agency."""
        data = super().clean() or {}
        need = {"kinds": "kinds", "provinces": "provinces", "chosen": "listed"}.get(data.get("scope", ""))
        if need and not data.get(need):
            self.add_error(need, pick("โปรดเลือกหรือกรอกอย่างน้อยหนึ่งรายการ", "Please give at least one."))
        if need == "listed" and data.get("listed"):
            data["agencies"] = self._named(data["listed"].splitlines())
        return data

    def _named(self, lines: list[str]) -> list[Agency]:
        by_code: dict[str, Agency] = {}
        by_name: dict[str, list[Agency]] = {}
        for agency in self.offered:
            by_code[agency.code.lower()] = agency
            by_name.setdefault(squeeze(expanded(agency.name)), []).append(agency)
        found: dict[int, Agency] = {}
        for number, line in enumerate(lines, start=1):
            text = line.strip()
            if not text:
                continue
            here = [by_code[text.lower()]] if text.lower() in by_code else by_name.get(squeeze(expanded(text)), [])
            if len(here) == 1:
                found[here[0].pk] = here[0]
            elif here:
                codes = ", ".join(f"{one.code} ({one.province})" for one in here[:5])
                self.add_error(
                    "listed",
                    pick(
                        f"บรรทัดที่ {number}: มี “{text}” หลายแห่ง โปรดใช้รหัส: {codes}",
                        f"Line {number}: several agencies are called “{text}”; use a code: {codes}",
                    ),
                )
            else:
                self.add_error(
                    "listed",
                    pick(f"บรรทัดที่ {number}: ไม่พบหน่วยงาน “{text}”", f"Line {number}: there is no agency “{text}”"),
                )
        return list(found.values())

    def chosen(self) -> list[Agency]:
        """The agencies meant; call after ``is_valid``."""
        data = self.cleaned_data
        if data["scope"] == "kinds":
            return list(self.offered.filter(kind__in=data["kinds"]))
        if data["scope"] == "provinces":
            return list(self.offered.filter(province__in=data["provinces"]))
        return data["agencies"] if data["scope"] == "chosen" else list(self.offered)


class RoundForm(AgenciesForm):
    """A new round: framework, name, calendar, agencies."""

    framework = forms.ChoiceField(label=T("กรอบการประเมิน", "Framework"))
    fiscal_year = ThaiIntegerField(
        label=T("ปีงบประมาณที่ประเมิน (พ.ศ.)", "Fiscal year assessed (B.E.)"),
        required=False,
        help_text=T("เว้นว่างได้หากกรอบระบุปีไว้แล้ว", "Leave empty where the framework names its year."),
        widget=forms.TextInput({"inputmode": "numeric", "size": 4}),
    )
    name = forms.CharField(
        label=T("ชื่อการประเมิน", "Name"),
        max_length=200,
        required=False,
        help_text=T("เว้นว่างได้ ระบบจะใช้ชื่อตามปีงบประมาณ", "Left empty, it is named by its year."),
    )
    name_en = forms.CharField(label=T("ชื่อภาษาอังกฤษ", "Name in English"), max_length=200, required=False)
    field_order = ("framework", "fiscal_year", "name", "name_en", "scope", "kinds", "provinces", "listed")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [by_id(entry.id) for entry in catalog()]
        found.sort(key=lambda one: one.fiscal_year or 0, reverse=True)
        self.frameworks = {one.id: one for one in found}
        self.fields["framework"].choices = [  # type: ignore[attr-defined]
            (one.id, pick(f"{one.title.th} (รุ่นที่ {one.version})", f"{one.title.en or one.id} (version {one.version})"))
            for one in found
        ]
        for kind in StageKind:
            for end, words in (("opens", T("วันเปิด", "Opens")), ("closes", T("วันปิด", "Closes"))):
                self.fields[f"{end}_{kind}"] = ThaiDateField(label=words, required=False)

    def calendar_rows(self) -> list[tuple[StageKind, Any, Any]]:
        """Each step with its two fields, for the page."""
        return [(kind, self[f"opens_{kind}"], self[f"closes_{kind}"]) for kind in StageKind]

    def clean(self) -> dict[str, Any]:
        """The year fits the framework; each step has both days in order or neither."""
        data = super().clean()
        self._clean_year(data)
        calendar: dict[StageKind, tuple[dt.date, dt.date]] = {}
        for kind in StageKind:
            opens, closes = data.get(f"opens_{kind}"), data.get(f"closes_{kind}")
            if {f"opens_{kind}", f"closes_{kind}"} & set(self.errors):
                continue
            if opens and closes and closes < opens:
                self.add_error(f"closes_{kind}", pick("วันปิดอยู่ก่อนวันเปิด", "It closes before it opens."))
            elif opens and closes:
                calendar[kind] = (opens, closes)
            elif opens or closes:
                missing = "closes" if opens else "opens"
                self.add_error(f"{missing}_{kind}", pick("โปรดกรอกทั้งวันเปิดและวันปิด", "Please give both days."))
        data["calendar"] = calendar
        if not calendar and not self.errors:
            self.add_error(None, pick("โปรดกำหนดวันของขั้นตอนอย่างน้อยหนึ่งขั้น", "Please give the days of at least one step."))
        return data

    def _clean_year(self, data: dict[str, Any]) -> None:
        framework: Framework | None = self.frameworks.get(data.get("framework", ""))
        year = data.get("fiscal_year")
        if framework is None or "fiscal_year" in self.errors:
            return
        try:
            year = be_year(year) if year is not None else framework.fiscal_year
        except ValueError:
            self.add_error(
                "fiscal_year", pick("โปรดกรอกปี พ.ศ. สี่หลัก เช่น 2568", "Please give a four-digit year, such as 2568.")
            )
            return
        if framework.fiscal_year and year != framework.fiscal_year:
            self.add_error(
                "fiscal_year",
                pick(
                    f"กรอบนี้เป็นของปีงบประมาณ พ.ศ. {framework.fiscal_year}",
                    f"This framework is for fiscal year {framework.fiscal_year}.",
                ),
            )
        data["fiscal_year"] = year
        fallback = f"การประเมิน ITA ประจำปีงบประมาณ พ.ศ. {year}" if framework.fiscal_year else framework.title.th
        data["name"] = data.get("name") or fallback
        if not data.get("name_en"):
            data["name_en"] = f"ITA, fiscal year {year}" if framework.fiscal_year else framework.title.en or ""


class ContactForm(Form):
    """Whom agencies may ask."""

    contact = forms.CharField(
        label=T("ผู้ที่หน่วยงานสอบถามได้", "Whom agencies may ask"),
        max_length=300,
        required=False,
        help_text=T(
            "เช่น ชื่อ หน่วยงาน โทรศัพท์ อีเมล แสดงทุกหน้าที่มีกำหนดเวลา",
            "Name, office, phone, e-mail; shown wherever a deadline is.",
        ),
    )


class ExtendForm(Form):
    """A later last day for all or for one agency, and why."""

    agency = forms.CharField(
        label=T("เฉพาะหน่วยงาน (ชื่อหรือรหัส)", "For one agency (name or code)"),
        required=False,
        help_text=T("เว้นว่างหากขยายให้ทุกหน่วยงานในการประเมินนี้", "Leave empty to extend for all agencies of the round."),
    )
    closes = ThaiDateField(label=T("วันปิดใหม่", "New last day"))
    reason = forms.CharField(
        label=T("เหตุผล", "Reason"),
        max_length=500,
        widget=forms.Textarea,
        help_text=T(
            "หน่วยงานจะเห็นว่า “ขยายเวลาถึง … เพราะ …” จึงโปรดเขียนให้อ่านต่อจากคำว่า เพราะ",
            "Agencies will read “extended until … because …”.",
        ),
    )

    def __init__(self, *args: Any, of: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of = of

    def clean_agency(self) -> Agency | None:
        """The agency of the round that the name or code means."""
        text = self.cleaned_data["agency"].strip()
        if not text:
            return None
        inside = Agency.objects.filter(assessments__round=self.of)
        exact = inside.filter(code__iexact=text).first()
        words = expanded(text).split()
        found = inside
        for word in words:
            found = found.filter(name__icontains=word)
        several = [exact] if exact else list(found[:6])
        whole = [one for one in several if squeeze(expanded(one.name)) == squeeze(expanded(text))]
        several = whole if len(whole) == 1 else several
        if len(several) == 1:
            return several[0]
        if several:
            names = ", ".join(f"{one.name} ({one.code})" for one in several)
            raise forms.ValidationError(pick(f"พบหลายแห่ง โปรดใช้รหัส: {names}", f"Several fit; use a code: {names}"))
        raise forms.ValidationError(pick(f"ไม่พบ “{text}” ในการประเมินนี้", f"There is no “{text}” in this round."))
