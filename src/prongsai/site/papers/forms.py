"""Forms of the documents' room."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from prongsai.site.base.fields import ThaiDateField
from prongsai.site.base.forms import Form
from prongsai.site.base.text import T, pick
from prongsai.site.papers.catalog import kinds

_AREA = {"rows": 3}
_ORDER_ONLY = ("committee", "owners")
_LETTER = ("to", "background", "legal")


def _text(th: str, en: str, help_text: Any = "", **options: Any) -> forms.CharField:
    return forms.CharField(label=T(th, en), help_text=help_text, required=False, max_length=500, **options)


def _area(th: str, en: str, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(_AREA)
    return forms.CharField(label=T(th, en), help_text=help_text, required=False, max_length=8000, widget=widget)


class LetterForm(Form):
    """The letter fields of one kind. Every one is optional: what is empty stays a blank to write in by hand."""

    number = _text(
        "เลขที่หนังสือ",
        "Number",
        T("พิมพ์ตามทะเบียนของหน่วยงาน ระบบไม่ออกเลขให้", "As your agency's registry gives it; the system never makes one up"),
    )
    date = ThaiDateField(label=T("วันที่", "Date"), required=False)
    subject = _text("เรื่อง", "Subject", T("เว้นว่างเพื่อใช้ชื่อเรื่องตามชนิดเอกสาร", "Empty: the usual subject of the kind"))
    to = _text("เรียน", "To", T("เว้นว่างเพื่อเรียนผู้บริหารสูงสุด", "Empty: the chief executive"))
    unit = _text("ส่วนราชการเจ้าของเรื่อง", "Unit that owns the matter")
    phone = _text("โทรศัพท์", "Phone")
    email = _text("อีเมล", "E-mail")
    author_name = _text("ชื่อผู้ลงนาม/ผู้เสนอ", "Name of the signer")
    author_position = _text("ตำแหน่งผู้ลงนาม/ผู้เสนอ", "Position of the signer")
    attachments = _area(
        "สิ่งที่ส่งมาด้วย", "Attachments", T("บรรทัดละหนึ่งรายการ เว้นว่างเพื่อใช้รายการตามปกติ", "One a line; empty: the usual list")
    )
    background = _area("เรื่องเดิม", "Background", T("เว้นว่างเพื่อใช้ข้อความตามปกติ", "Empty: the usual text"))
    legal = _area("ข้อกฎหมายและระเบียบ", "Legal basis", T("บรรทัดละหนึ่งรายการ", "One a line"))
    decisions = _area("ข้อเสนอเพื่อพิจารณา", "Decisions asked", T("บรรทัดละหนึ่งข้อ", "One a line"))
    committee = _area(
        "คณะทำงาน",
        "Working group",
        T("บรรทัดละหนึ่งคน: ตำแหน่ง = หน้าที่ในคณะทำงาน", "One a line: position = duty in the group"),
    )
    owners = _area(
        "ผู้รับผิดชอบข้อ OIT",
        "Owners of OIT items",
        T("บรรทัดละหนึ่งข้อ: o1 = ผู้รับผิดชอบ", "One a line: o1 = owner"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in () if kind == "order" else _ORDER_ONLY:
            del self.fields[name]
        for name in () if kind in ("memo", "brief") else ("decisions",):
            del self.fields[name]
        for name in () if kind == "memo" else (*_LETTER, "attachments"):
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """A name signs in a position."""
        found = super().clean() or self.cleaned_data
        if found.get("author_name") and not found.get("author_position"):
            message = pick("โปรดกรอกตำแหน่งของผู้ลงนาม", "Please give the signer's position.")
            self.add_error("author_position", ValidationError(message))
        return found

    def data_to_keep(self) -> dict[str, str]:
        """The fields as text; empty ones left out."""
        found: dict[str, str] = {}
        for name, value in self.cleaned_data.items():
            if name != "version" and value:
                found[name] = value.isoformat() if isinstance(value, dt.date) else str(value).strip()
        return found


class TemplateForm(Form):
    """A template comes in."""

    kind = forms.ChoiceField(label=T("ใช้กับเอกสาร", "For"), required=False)
    file = forms.FileField(
        label=T("แฟ้ม Word (.docx หรือ .dotx)", "Word file (.docx or .dotx)"),
        help_text=T(
            "ใช้รูปแบบ หัวกระดาษ ท้ายกระดาษ ระยะขอบ และช่อง เช่น {{agency}} {{title}} และ {{body}} "
            "ระบบไม่รับมาโคร วัตถุฝัง หรือลิงก์ภายนอก",
            "Styles, header, footer, margins and slots such as {{agency}}, {{title}} and {{body}} are used. No macros, "
            "embedded objects or outside links.",
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", T("ทุกชนิดเอกสาร", "All kinds")), *((k.name, T(k.th, k.en)) for k in kinds())]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]
