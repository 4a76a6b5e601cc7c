"""Forms of the approval room."""

from __future__ import annotations

from typing import Any

from django import forms

from prongsai.site.agencies.models import Agency
from prongsai.site.approval.chain import approvers, ranks_of, usual_positions
from prongsai.site.approval.models import Rank, Verb
from prongsai.site.base.fields import ThaiDateField, ThaiIntegerField
from prongsai.site.base.forms import Form
from prongsai.site.base.text import T


class SubmitForm(Form):
    """What the officer types on submission. The number is the registry's."""

    memo_number = forms.CharField(
        label=T("เลขที่บันทึกข้อความ", "Memo number"),
        required=False,
        max_length=100,
        help_text=T(
            "พิมพ์ตามทะเบียนของหน่วยงาน ระบบไม่ออกเลขให้", "As your agency's registry gives it; the system never makes one up"
        ),
    )
    memo_date = ThaiDateField(label=T("วันที่ในบันทึกข้อความ", "Date of the memo"), required=False)
    digits = forms.ChoiceField(
        label=T("ตัวเลขในเอกสาร", "Digits in the documents"),
        choices=[("thai", T("เลขไทย", "Thai")), ("arabic", T("เลขอารบิก", "Arabic"))],
        initial="thai",
    )


class PaperForm(Form):
    """A signed file comes back; the officer types what it says."""

    file = forms.FileField(label=T("ไฟล์ที่ลงนามแล้ว", "Signed file"))
    method = forms.ChoiceField(
        label=T("ลงนามอย่างไร", "How it was signed"),
        choices=[
            ("scan", T("บนกระดาษ แล้วสแกนหรือถ่ายภาพ (PDF, PNG, JPEG)", "On paper, then scanned (PDF, PNG, JPEG)")),
            ("pades", T("ลายมือชื่อดิจิทัลใน PDF ที่ดาวน์โหลดจากหน้านี้", "Digitally, in the PDF downloaded here")),
        ],
        widget=forms.RadioSelect,
        initial="scan",
    )
    verb = forms.ChoiceField(
        label=T("ผลที่ปรากฏในฉบับลงนาม", "What the signed file says"),
        choices=[(verb.value, verb.label) for verb in (Verb.APPROVE, Verb.REFUSE, Verb.RETURN)],
        widget=forms.RadioSelect,
    )
    signed_as = forms.CharField(
        label=T("ผู้ลงนาม (ชื่อและตำแหน่งตามที่ปรากฏ)", "Who signed (name and post as written)"), max_length=400
    )
    signed_on = ThaiDateField(label=T("วันที่ลงนาม", "Day of signing"))
    text = forms.CharField(
        label=T("เหตุผล (เมื่อไม่อนุมัติหรือส่งคืน)", "Reason (if refused or returned)"),
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 3}),
    )


class RankForm(Form):
    """One rank of the chain."""

    order = ThaiIntegerField(label=T("ลำดับ", "Order"), min_value=1, max_value=99, required=False)
    position = forms.CharField(label=T("ตำแหน่ง", "Position"), max_length=200, required=False)
    role = forms.ChoiceField(label=T("ผู้ดำรงตำแหน่ง", "Holder"), required=False)
    act = forms.ChoiceField(label=T("หน้าที่", "Act"), choices=Rank.ACTS)
    may_be_author = forms.BooleanField(label=T("ผู้เสนอเรื่องพิจารณาลำดับนี้เองได้", "The author may act here"), required=False)
    DELETE = forms.BooleanField(label=T("ตัดลำดับนี้ออก", "Remove this rank"), required=False)

    def __init__(self, *args: Any, agency: Agency, holders: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agency = agency
        empty = ("", T("ผู้ที่มีบทบาทผู้พิจารณาในตำแหน่งนี้", "Whoever holds the approver role in this post"))
        named = [(str(role.pk), f"{role.person.full_name} · {role.post}") for role in holders]
        self.fields["role"].choices = [empty, *named]  # type: ignore[attr-defined]

    @property
    def used(self) -> bool:
        """Whether this row is a rank."""
        return bool(self.cleaned_data.get("position", "").strip()) and not self.cleaned_data.get("DELETE")


def rank_forms(agency: Agency, data: Any = None) -> list[RankForm]:
    """A form for every rank and two empty ones; for an agency without a chain the usual positions of its kind."""
    holders = approvers(agency)
    if data is not None:
        count = min(int(data.get("count", "0")) if str(data.get("count", "0")).isdigit() else 0, 50)
        return [RankForm(data, prefix=f"r{n}", agency=agency, holders=holders) for n in range(count)]
    ranks = [
        {
            "order": r.order,
            "position": r.position,
            "role": r.role and r.role.pk,
            "act": r.act,
            "may_be_author": r.may_be_author,
        }
        for r in ranks_of(agency)
    ]
    if not ranks:
        usual = usual_positions(agency)
        ranks = [
            {"order": n, "position": position, "act": "decide" if n == len(usual) else "opine"}
            for n, position in enumerate(usual, start=1)
        ]
    start = [*ranks, {"act": "opine"}, {"act": "opine"}]
    return [RankForm(initial=row, prefix=f"r{n}", agency=agency, holders=holders) for n, row in enumerate(start)]
