"""Forms of the supervisor's page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from prongsai.site.base.fields import ThaiIntegerField
from prongsai.site.base.forms import Form
from prongsai.site.base.text import T
from prongsai.site.fieldwork.access import surveyors
from prongsai.site.fieldwork.models import Assignment
from prongsai.site.people.models import Person
from prongsai.site.surveys.models import Survey

_MOST = 10_000


class _People(forms.ModelChoiceField):  # type: ignore[type-arg]  # the class takes none at run time
    def label_from_instance(self, obj: Any) -> str:
        """A person's name, also that of an assignment's surveyor."""
        person = obj.surveyor if isinstance(obj, Assignment) else obj
        return str(person.full_name)


class _OfSurvey(Form):
    """A form in which a surveyor is chosen."""

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people: QuerySet[Person] = surveyors(survey)


class AssignForm(_OfSurvey):
    """A quota for a surveyor."""

    surveyor = _People(Person.objects.none(), label=T("ผู้สำรวจ", "Surveyor"), empty_label=T("โปรดเลือก", "Please choose"))
    quota = ThaiIntegerField(
        label=T("จำนวนที่ต้องสัมภาษณ์ (คน)", "Interviews to bring"),
        min_value=0,
        max_value=_MOST,
        help_text=T("0 หมายถึงถอนงานที่ยังไม่ได้ทำ", "0 withdraws what is still to be done."),
    )
    note = forms.CharField(label=T("คำชี้แจงแก่ผู้สำรวจ", "Note for the surveyor"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["surveyor"].queryset = self.people  # type: ignore[attr-defined]


class MoveForm(_OfSurvey):
    """From one surveyor to another."""

    assignment = _People(
        Assignment.objects.none(), label=T("จากผู้สำรวจ", "From"), empty_label=T("โปรดเลือก", "Please choose")
    )
    to = _People(Person.objects.none(), label=T("ให้ผู้สำรวจ", "To"), empty_label=T("โปรดเลือก", "Please choose"))
    count = ThaiIntegerField(label=T("จำนวน (คน)", "How many"), min_value=1, max_value=_MOST)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        of = kwargs["survey"].assignments.select_related("surveyor")
        self.fields["assignment"].queryset = of  # type: ignore[attr-defined]
        self.fields["to"].queryset = self.people  # type: ignore[attr-defined]


class DecideForm(Form):
    """A word on the chosen interviews."""

    ACCEPT, PLAIN, RETURN = "accept", "plain", "return"
    word = forms.ChoiceField(
        label=T("ผลการตรวจ", "Decision"),
        widget=forms.RadioSelect,
        choices=[
            (ACCEPT, T("รับชุดที่เลือก", "Accept those chosen")),
            (PLAIN, T("รับทุกชุดที่ตรวจแล้วไม่มีข้อสังเกต (ไม่ต้องเลือก)", "Accept all without a remark (choose none)")),
            (RETURN, T("ส่งคืนชุดที่เลือกให้สัมภาษณ์ใหม่ (คำตอบถูกทำลาย)", "Return those chosen (answers are destroyed)")),
        ],
    )
    reason = forms.CharField(
        label=T("เหตุผลที่ส่งคืน", "Why it is returned"),
        max_length=300,
        required=False,
        help_text=T("ผู้สำรวจจะเห็นข้อความนี้ อย่าระบุตัวผู้ตอบ", "The surveyor reads this. Name no respondent."),
    )

    def clean(self) -> dict[str, Any]:
        """A return needs its reason."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("word") == self.RETURN and not (data.get("reason") or "").strip():
            self.add_error("reason", T("โปรดระบุเหตุผล", "Please say why."))
        return data
