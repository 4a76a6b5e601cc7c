"""Forms about agencies and units."""

from __future__ import annotations

from typing import Any

from django import forms

from prongsai.scoring.agency_kinds import AGENCY_KINDS
from prongsai.site.agencies.models import Agency, Unit
from prongsai.site.base.fields import ThaiIntegerField
from prongsai.site.base.forms import Form
from prongsai.site.base.text import T
from prongsai.thai.digits import to_arabic

DATA_FIELDS = ("name", "name_en", "kind", "district", "province", "website", "staff")


class AgencyForm(Form):
    """What is known about an agency; ``version`` is the one that is being edited."""

    name = forms.CharField(label=T("ชื่อหน่วยงาน", "Name"), max_length=255)
    name_en = forms.CharField(label=T("ชื่อภาษาอังกฤษ", "Name in English"), max_length=255, required=False)
    kind = forms.ChoiceField(
        label=T("ประเภทหน่วยงาน", "Kind"), choices=[("", T("ไม่ระบุ", "Not given")), *AGENCY_KINDS.items()], required=False
    )
    district = forms.CharField(
        label=T("อำเภอ/เขต", "District"),
        max_length=100,
        required=False,
        help_text=T("ไม่ต้องมีคำว่าอำเภอ", "Without the word อำเภอ."),
    )
    province = forms.CharField(
        label=T("จังหวัด", "Province"),
        max_length=100,
        required=False,
        help_text=T("ไม่ต้องมีคำว่าจังหวัด", "Without the word จังหวัด."),
    )
    website = forms.URLField(label=T("เว็บไซต์", "Web site"), required=False, assume_scheme="https")
    staff = ThaiIntegerField(label=T("จำนวนบุคลากร (คน)", "Staff"), min_value=1, required=False)
    emblem = forms.FileField(
        label=T("ภาพตราสัญลักษณ์", "Emblem"), required=False, help_text=T("ไฟล์ PNG หรือ JPEG", "A PNG or JPEG file.")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_district(self) -> str:
        """Without the word in front, which ``place`` adds."""
        return str(self.cleaned_data["district"]).removeprefix("อำเภอ").strip()

    def clean_province(self) -> str:
        """Without the word in front, which ``place`` adds."""
        return str(self.cleaned_data["province"]).removeprefix("จังหวัด").strip()

    def agency_values(self) -> dict[str, Any]:
        """The agency's data."""
        return {name: self.cleaned_data[name] for name in DATA_FIELDS}


class NewAgencyForm(AgencyForm):
    """An agency with the code of its address, and the one above it."""

    code = forms.RegexField(
        r"^[a-z0-9][a-z0-9-]{1,39}\Z",
        label=T("รหัสหน่วยงาน", "Code"),
        help_text=T(
            "อักษรอังกฤษตัวเล็ก ตัวเลข และขีด ใช้เป็นที่อยู่ของหน้า เปลี่ยนภายหลังไม่ได้",
            "Small Latin letters, digits, hyphens; it becomes the address and stays.",
        ),
        error_messages={
            "invalid": T("ใช้ได้เฉพาะอักษรอังกฤษตัวเล็ก ตัวเลข และขีด", "Only small Latin letters, digits and hyphens.")
        },
    )
    parent = forms.CharField(label=T("รหัสหน่วยงานต้นสังกัด", "Code of the parent agency"), required=False)
    field_order = ("code", *DATA_FIELDS[:2], "parent")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["emblem"], self.fields["version"]

    def clean_parent(self) -> Agency | None:
        """The parent agency by its code."""
        typed = to_arabic(self.cleaned_data["parent"]).strip()
        found = Agency.objects.filter(code=typed).first() if typed else None
        if typed and found is None:
            raise forms.ValidationError(T("ไม่มีหน่วยงานรหัสนี้", "There is no agency with this code."))
        return found

    def agency_values(self) -> dict[str, Any]:
        """With code and parent."""
        return {**super().agency_values(), "code": self.cleaned_data["code"], "parent": self.cleaned_data["parent"]}


class UnitForm(Form):
    """A unit by the agency's own name."""

    name = forms.CharField(label=T("ชื่อส่วนราชการ", "Name of the unit"), max_length=200)
    phone = forms.CharField(label=T("โทรศัพท์", "Telephone"), max_length=60, required=False)
    email = forms.EmailField(label=T("อีเมล", "E-mail"), required=False)

    def unit_values(self) -> dict[str, str]:
        """The unit's data."""
        return {**self.cleaned_data, "phone": to_arabic(self.cleaned_data["phone"])}


def unit_initial(unit: Unit) -> dict[str, str]:
    """What the form begins with."""
    return {"name": unit.name, "phone": unit.phone, "email": unit.email}
