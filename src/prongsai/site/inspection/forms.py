"""Forms of the agency's side: one item with its rows of links, owners and days of all items, the confirmation."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from prongsai.site.agencies.models import Unit
from prongsai.site.base.fields import ThaiDateField
from prongsai.site.base.forms import Form
from prongsai.site.base.text import T, pick
from prongsai.site.history.action import Refused
from prongsai.site.inspection.actions.fill import MOST_LINKS, LinkData, either, twice, unfit
from prongsai.site.inspection.checklist import Line
from prongsai.site.inspection.models import MAX_URL, Check, Link
from prongsai.thai.dates import read_date
from prongsai.thai.fiscal_year import BE_OFFSET

KNOWN_LINKS = "known-links"  # the list of addresses that the page offers


def _said(refused: Refused) -> str:
    first = refused.problems[0]
    return f"{pick(first.th, first.en)} {pick(first.next_th, first.next_en)}".strip()


class ItemForm(Form):
    """One item without its links. ``version``: of the saved item that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    effective = ThaiDateField(
        required=False,
        label=T("วันที่ข้อมูลมีผล", "In force from"),
        help_text=T("เช่น วันที่ประกาศหรือวันที่ของรายงานฉบับที่เปิดเผย", "Such as the date of the report that is disclosed"),
    )
    note = forms.CharField(
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
        label=T("หมายเหตุถึงผู้ตรวจประเมิน", "Note to the inspector"),
        help_text=T("เช่น ดูหน้า 12–14 ของไฟล์", "Such as: see pages 12 to 14 of the file"),
    )
    not_applicable = forms.BooleanField(
        required=False, label=T("ข้อนี้ไม่เข้าข่ายสำหรับหน่วยงาน", "This item does not apply to the agency")
    )
    reason = forms.CharField(
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
        label=T("เหตุผลที่ไม่เข้าข่าย", "Why it does not apply"),
    )

    def clean(self) -> dict[str, Any]:
        """Not applicable only with a reason."""
        data = super().clean() or {}
        if data.get("not_applicable") and not data.get("reason"):
            self.add_error("reason", pick("โปรดระบุเหตุผล", "Please give the reason."))
        return data


class LinkForm(Form):
    """One link. A row in which nothing is typed is left out. ``saved``: the link as it is in the database."""

    saved: Link | None = None

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    url = forms.CharField(
        max_length=MAX_URL,
        label=T("ลิงก์ (URL)", "Link (URL)"),
        widget=forms.URLInput(
            {
                "inputmode": "url",
                "placeholder": "https://",
                "list": KNOWN_LINKS,
                "autocomplete": "off",
                "spellcheck": "false",
            }
        ),
    )
    label = forms.CharField(
        required=False,
        max_length=300,
        label=T("ชื่อเอกสารหรือหน้าเว็บ", "Name of the document or page"),
    )
    elements = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=T("ลิงก์นี้แสดงองค์ประกอบใด", "Which elements does this link prove?"),
    )
    remove = forms.BooleanField(required=False, label=T("ลบลิงก์นี้", "Remove this link"))

    def __init__(self, elements: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, empty_permitted=True, **kwargs)
        if elements:
            self.fields["elements"].choices = [(text, text) for text in elements]  # type: ignore[attr-defined]
        else:
            del self.fields["elements"]

    def full_clean(self) -> None:
        """Nothing is checked in a row that goes."""
        super().full_clean()
        if self.is_bound and getattr(self, "cleaned_data", {}).get("remove"):
            self._errors = forms.utils.ErrorDict()

    def clean_url(self) -> str:
        """An address that can be opened, as far as its form tells."""
        url = "".join(str(self.cleaned_data["url"]).split())
        if url and (problem := unfit(url)):
            raise ValidationError(_said(problem))
        return url

    @property
    def kept(self) -> bool:
        """Whether the row says something and stays."""
        data: dict[str, Any] = getattr(self, "cleaned_data", {})
        return bool(data.get("url")) and not data.get("remove")

    @property
    def seen(self) -> Check | None:
        """What the newest check saw of the address in the row; None where it was not looked at."""
        latest = self.saved.latest if self.saved else None
        return latest if latest and latest.url == self["url"].value() else None


class ItemSheet:
    """An item's form with its rows of links. ``links`` in the data says how many rows there are, so that a row can be
    added without JavaScript and without saving.
    """

    def __init__(self, line: Line, data: QueryDict | None = None) -> None:
        self.line = line
        evidence = line.evidence
        self.elements = [one.text for one in line.item.elements.known] if line.item.elements else []
        names = ("version", "effective", "note", "not_applicable", "reason")
        self.main = ItemForm(data, initial={name: getattr(evidence, name) for name in names})
        if data is None:
            rows = [{"pk": x.pk, "url": x.url, "label": x.label, "elements": x.elements} for x in line.links] or [{}]
            self.links = [self._row(number, None, initial) for number, initial in enumerate(rows)]
        else:
            self.links = [self._row(number, data, None) for number in range(_count(data))]

    def _row(self, number: int, data: QueryDict | None, initial: dict[str, Any] | None) -> LinkForm:
        form = LinkForm(self.elements, data, prefix=f"link-{number}", initial=initial)
        form.saved = next((link for link in self.line.links if str(link.pk) == str(form["pk"].value())), None)
        return form

    def quiet(self) -> ItemSheet:
        """Without what is wrong in it: nobody asked to save yet."""
        for form in (self.main, *self.links):
            form._errors = forms.utils.ErrorDict()  # type: ignore[attr-defined]
            form.cleaned_data = {}
        return self

    def valid(self) -> bool:
        """Whether all can be saved; every fault stands at its field."""
        fine = all([self.main.is_valid(), *(form.is_valid() for form in self.links)])
        if self.main.cleaned_data.get("not_applicable") and any(form.kept for form in self.links):
            self.main.add_error("not_applicable", _said(either()))
            fine = False
        seen: set[str] = set()
        for number, form in enumerate(self.links, start=1):
            if form.kept and form.cleaned_data["url"] in seen:
                form.add_error("url", _said(twice(number)))
                fine = False
            elif form.kept:
                seen.add(form.cleaned_data["url"])
        return fine

    def data(self) -> list[LinkData]:
        """The links as typed, in order."""
        rows = [form.cleaned_data for form in self.links if form.kept]
        return [LinkData(row["url"], row["label"], row.get("elements", ()), row["pk"]) for row in rows]


def _count(data: QueryDict) -> int:
    text = data.get("links", "")
    return min(int(text), MOST_LINKS + 1) if text.isascii() and text.isdigit() else 0


def with_row(data: QueryDict, link: Link | None = None, elements: list[str] | None = None) -> QueryDict:
    """What was typed and one more row: an empty one, or a link used again (in the first row that is still empty)."""
    more = data.copy()
    count = _count(more)
    place = next((n for n in range(count) if link and not more.get(f"link-{n}-url")), count)
    more["links"] = str(min(max(count, place + 1), MOST_LINKS))
    if link:
        more[f"link-{place}-url"], more[f"link-{place}-label"] = link.url, link.label
        more.setlist(f"link-{place}-elements", [text for text in link.elements if text in (elements or [])])
    return more


class DayField(forms.CharField):
    """A day in one box, for tables: ``15/1/2569`` or any other way that Thai offices write it."""

    widget = forms.TextInput({"size": 12, "autocomplete": "off", "placeholder": T("วว/ดด/ปปปป", "dd/mm/yyyy")})

    def prepare_value(self, value: Any) -> Any:
        """Written with the B.E. year."""
        return f"{value.day}/{value.month}/{value.year + BE_OFFSET}" if isinstance(value, dt.date) else value

    def clean(self, value: Any) -> dt.date | None:
        """The day, or None. Raises ``ValidationError``."""
        text = str(super().clean(value)).strip()
        try:
            return read_date(text) if text else None
        except ValueError:
            raise ValidationError(
                pick(f"“{text}” ไม่ใช่วันที่ เช่น 15/1/2569", f"“{text}” is not a day, such as 15/1/2569")
            ) from None


class AssignForm(Form):
    """Owner and day of every item in one table; ``all_due`` for items whose own day is left empty."""

    all_due = DayField(
        required=False,
        label=T("กำหนดส่งของทุกข้อที่ไม่ได้ระบุ", "Due day of items without their own"),
        help_text=T("เช่น 15/1/2569 ใช้เลขไทยได้", "Such as 15/1/2569"),
    )

    def __init__(self, lines: list[Line], units: list[Unit], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lines, self._units = lines, {str(unit.pk): unit for unit in units}
        choices = [("", T("ยังไม่มอบหมาย", "Nobody yet")), *((pk, unit.name) for pk, unit in self._units.items())]
        fresh = not any(line.evidence.unit_id for line in lines)
        for line in lines:
            before = line.last.unit if fresh and line.last else None
            owner = line.evidence.unit or before
            self.fields[f"unit-{line.code}"] = forms.ChoiceField(
                required=False,
                choices=choices,
                initial=str(owner.pk) if owner else "",
                label=T(f"ผู้รับผิดชอบข้อ {line.code}", f"Owner of {line.code}"),
            )
            self.fields[f"due-{line.code}"] = DayField(
                required=False,
                initial=line.evidence.due,
                label=T(f"กำหนดส่งข้อ {line.code}", f"Due day of {line.code}"),
            )

    @property
    def table(self) -> list[tuple[Line, Any, Any]]:
        """Each item with its two fields."""
        return [(line, self[f"unit-{line.code}"], self[f"due-{line.code}"]) for line in self._lines]

    def rows(self) -> dict[str, tuple[Unit | None, dt.date | None]]:
        """What was chosen, for the items that may still change."""
        data = self.cleaned_data
        return {
            line.code: (
                self._units.get(data[f"unit-{line.code}"]),
                data[f"due-{line.code}"] or (data["all_due"] if data[f"unit-{line.code}"] else None),
            )
            for line in self._lines
            if line.filling
        }


class ReasonForm(Form):
    """A reason that has to be given."""

    reason = forms.CharField(max_length=500, widget=forms.Textarea({"rows": 2}), label=T("เหตุผล", "Reason"))
