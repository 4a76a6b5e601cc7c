"""What the assessor types when a round is published or taken back."""

from __future__ import annotations

from typing import Any

from django import forms

from prongsai.site.base.forms import Form
from prongsai.site.base.text import T

_LINES = 3


class NoteForm(Form):
    """What a revision changes; the first needs no words."""

    note = forms.CharField(
        label=T("สิ่งที่แก้ไขจากฉบับก่อน", "What changed since the revision before"),
        help_text=T(
            "แสดงต่อสาธารณะในไฟล์และหน้าเว็บ เช่น แก้ไขผลตรวจ o12 ของ 3 หน่วยงาน",
            "Shown to everybody, in the files and on the pages, such as: verdict of o12 of 3 agencies corrected",
        ),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": _LINES}),
    )

    def __init__(self, *args: Any, first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if first:
            del self.fields["note"]


class ReasonForm(Form):
    """Why a round is taken back."""

    reason = forms.CharField(
        label=T("เหตุผลที่ยกเลิกการเผยแพร่", "Why it is taken back"),
        help_text=T("แสดงต่อสาธารณะแทนผลที่เคยเผยแพร่", "Shown to everybody in place of the results"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": _LINES}),
    )
