"""Forms about people, roles, handover and delegation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone

from prongsai.site.agencies.models import Agency, Unit
from prongsai.site.base.fields import ThaiDateField
from prongsai.site.base.forms import Form
from prongsai.site.base.text import T
from prongsai.site.people.actions.roles import OF_AN_AGENCY, OF_MANY
from prongsai.site.people.models import Acting, Delegation, Person, Role, RoleKind
from prongsai.thai.digits import to_arabic

OWN_FIELDS = ("title", "given_name", "family_name", "position", "phone", "email")
_DATE_HELP = T("เว้นว่างได้หากไม่กำหนด", "May be left empty.")


class UsernameField(forms.RegexField):
    """Latin letters, digits, dot, hyphen and underscore; Thai digits are read."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            regex=r"^[a-z0-9][a-z0-9._-]{2,79}\Z",
            label=T("ชื่อผู้ใช้", "Username"),
            help_text=T(
                "อักษรอังกฤษตัวเล็ก ตัวเลข จุด ขีด 3 ตัวขึ้นไป เช่น somying.j", "Small Latin letters, digits, dots; three or more."
            ),
            error_messages={
                "invalid": T(
                    "ใช้ได้เฉพาะอักษรอังกฤษ ตัวเลข จุด ขีด และขีดล่าง ตั้งแต่ 3 ตัวขึ้นไป",
                    "Only Latin letters, digits, dot, hyphen and underscore; three or more.",
                )
            },
            **options,
        )
        self.widget.attrs.update({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"})

    def to_python(self, value: Any) -> str:
        """Arabic digits, small letters."""
        return to_arabic(super().to_python(value) or "").lower()


class PersonForm(Form):
    """Who someone is."""

    title = forms.CharField(label=T("คำนำหน้าชื่อหรือยศ", "Title or rank"), max_length=60, required=False)
    given_name = forms.CharField(label=T("ชื่อ", "Given name"), max_length=120)
    family_name = forms.CharField(label=T("นามสกุล", "Family name"), max_length=120, required=False)
    position = forms.CharField(
        label=T("ตำแหน่ง", "Position"),
        max_length=200,
        required=False,
        help_text=T("ตามที่ใช้ลงนามในหนังสือราชการ", "As it is written below a signature."),
    )
    phone = forms.CharField(label=T("โทรศัพท์", "Telephone"), max_length=60, required=False)
    email = forms.EmailField(
        label=T("อีเมลสำหรับรับการแจ้งเตือน", "E-mail for reminders"),
        required=False,
        help_text=T("ใช้อีเมลกลางของสำนัก/กองได้", "A shared mailbox of the unit is fine."),
    )

    def own_values(self) -> dict[str, str]:
        """The person's data, telephone digits as typed in Arabic."""
        values = {name: self.cleaned_data[name] for name in OWN_FIELDS}
        return {**values, "phone": to_arabic(values["phone"])}


def values_of(person: Person) -> dict[str, str]:
    """What the form begins with."""
    return {name: getattr(person, name) for name in OWN_FIELDS}


class RoleFields(Form):
    """A role in one agency."""

    kind = forms.ChoiceField(label=T("บทบาท", "Role"), choices=[(k.value, k.label) for k in OF_AN_AGENCY])
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=T("ส่วนราชการ", "Unit"),
        required=False,
        empty_label=T("ไม่ระบุ", "None"),
        help_text=T("จำเป็นสำหรับผู้รับผิดชอบของส่วนราชการ", "Needed for a unit owner."),
    )
    post = forms.CharField(
        label=T("ตำแหน่งในบทบาทนี้", "Position in this role"),
        max_length=200,
        required=False,
        help_text=T("จำเป็นสำหรับผู้พิจารณา เช่น ปลัดเทศบาล", "Needed for an approver, e.g. ปลัดเทศบาล."),
    )
    acting = forms.ChoiceField(label=T("ดำรงตำแหน่งโดย", "Held as"), choices=Acting.choices, required=False)
    start = ThaiDateField(label=T("ตั้งแต่วันที่", "From"), required=False, help_text=_DATE_HELP)
    end = ThaiDateField(label=T("ถึงวันที่", "Until"), required=False, help_text=_DATE_HELP)

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agency = agency
        self.fields["unit"].queryset = agency.units.filter(active=True)  # type: ignore[attr-defined]

    def role(self, person: Person) -> Role:
        """The role as typed, not yet saved."""
        data = self.cleaned_data
        return Role(
            person=person, agency=self.agency, kind=data["kind"], unit=data["unit"], position=data["post"],
            acting=data["acting"], start=data["start"], end=data["end"],
        )  # fmt: skip


class AccountChoice(PersonForm):
    """Someone new, or someone who has an account: then only the username is asked, and nothing about them is told."""

    NEW, EXISTING, MEMBER = "new", "existing", "member"
    account = forms.ChoiceField(
        label=T("บัญชี", "Account"),
        widget=forms.RadioSelect,
        choices=[
            (NEW, T("สร้างบัญชีใหม่", "Make a new account")),
            (EXISTING, T("มีบัญชีในระบบแล้ว (กรอกเฉพาะชื่อผู้ใช้)", "Has an account already (username alone)")),
        ],
        initial=NEW,
    )
    username = UsernameField()

    field_order = ("account", "member", "username", *OWN_FIELDS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["given_name"].required = False
        self.fields["given_name"].help_text = T("จำเป็นเมื่อสร้างบัญชีใหม่", "Needed for a new account.")

    def clean(self) -> dict[str, Any]:
        """What the chosen kind of account needs must be there."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        chosen = data.get("account")
        required = T("โปรดกรอกช่องนี้", "Please fill this in.")
        if chosen in (self.NEW, self.EXISTING) and not data.get("username") and "username" not in self.errors:
            self.add_error("username", required)
        if chosen == self.NEW and not data.get("given_name") and "given_name" not in self.errors:
            self.add_error("given_name", required)
        if chosen == self.EXISTING and data.get("username"):
            self.found = Person.objects.filter(username__iexact=data["username"], is_active=True).first()
            if self.found is None:
                self.add_error(
                    "username",
                    T(
                        "ไม่มีบัญชีชื่อนี้ โปรดตรวจตัวสะกด หรือสร้างบัญชีใหม่",
                        "There is no such account: check the spelling or make a new one.",
                    ),
                )
        return data


class AddForm(AccountChoice, RoleFields):
    """A person and their first role in the agency."""


class SystemRoleForm(AccountChoice):
    """A role over many agencies."""

    kind = forms.ChoiceField(label=T("บทบาท", "Role"), choices=[(k.value, k.label) for k in OF_MANY])
    province = forms.ChoiceField(
        label=T("เฉพาะจังหวัด", "Only in the province"),
        required=False,
        help_text=T("สำหรับผู้กำกับติดตาม เว้นว่างหมายถึงทุกจังหวัด", "For supervisors; empty means all."),
    )
    parent = forms.CharField(
        label=T("เฉพาะหน่วยงานในสังกัด (รหัสหน่วยงานต้นสังกัด)", "Only agencies under (code of the parent)"), required=False
    )
    start = ThaiDateField(label=T("ตั้งแต่วันที่", "From"), required=False, help_text=_DATE_HELP)
    end = ThaiDateField(label=T("ถึงวันที่", "Until"), required=False, help_text=_DATE_HELP)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = Agency.objects.exclude(province="").order_by("province").values_list("province", flat=True).distinct()
        self.fields["province"].choices = [("", T("ทุกจังหวัด", "All")), *((p, p) for p in known)]  # type: ignore[attr-defined]

    def clean_parent(self) -> Agency | None:
        """The parent agency by its code."""
        typed = to_arabic(self.cleaned_data["parent"]).strip()
        found = Agency.objects.filter(code=typed).first() if typed else None
        if typed and found is None:
            raise forms.ValidationError(T("ไม่มีหน่วยงานรหัสนี้", "There is no agency with this code."))
        return found

    def role(self, person: Person) -> Role:
        """The role as typed, not yet saved; only a supervisor's is narrowed."""
        data = self.cleaned_data
        narrow = data["kind"] == RoleKind.SUPERVISOR
        return Role(
            person=person, kind=data["kind"], start=data["start"], end=data["end"],
            province=data["province"] if narrow else "", parent=data["parent"] if narrow else None,
        )  # fmt: skip


class HandoverForm(AccountChoice):
    """Who follows, and from which day."""

    member = forms.ModelChoiceField(
        Person.objects.none(),
        label=T("บุคคลในหน่วยงาน", "Person of the agency"),
        required=False,
        empty_label=T("โปรดเลือก", "Please choose"),
    )
    on = ThaiDateField(label=T("มีผลตั้งแต่วันที่", "From the day"))

    def __init__(self, *args: Any, members: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = members  # type: ignore[attr-defined]
        choices = self.fields["account"].choices  # type: ignore[attr-defined]
        self.fields["account"].choices = [(self.MEMBER, T("บุคคลในหน่วยงานนี้", "A person of this agency")), *choices]  # type: ignore[attr-defined]
        self.fields["account"].initial = self.MEMBER
        self.fields["on"].initial = timezone.localdate()
        self.fields["username"].required = False  # not for a member

    def clean(self) -> dict[str, Any]:
        """A member must be chosen when that is the kind of account."""
        data = super().clean()
        if data.get("account") == self.MEMBER and not data.get("member"):
            self.add_error("member", T("โปรดเลือกผู้รับมอบ", "Please choose the successor."))
        return data


class EndForm(Form):
    """The last day of a role."""

    last_day = ThaiDateField(
        label=T("วันสุดท้ายของบทบาท", "Last day of the role"),
        required=False,
        help_text=T("เว้นว่าง: สิ้นสุดทันที", "Empty: it ends at once."),
    )


class DelegationForm(Form):
    """Who acts for the holder, in which form, and when."""

    to = forms.ModelChoiceField(
        Person.objects.none(), label=T("ผู้ปฏิบัติแทน", "Who acts"), empty_label=T("โปรดเลือก", "Please choose")
    )
    acting = forms.ChoiceField(label=T("ในฐานะ", "As"), choices=[c for c in Acting.choices if c[0]])
    start = ThaiDateField(label=T("ตั้งแต่วันที่", "From"))
    end = ThaiDateField(label=T("ถึงวันที่", "Until"))
    reason = forms.CharField(
        label=T("เหตุผลหรือเลขที่คำสั่ง", "Reason or number of the order"), max_length=300, required=False
    )

    def __init__(self, *args: Any, members: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = members  # type: ignore[attr-defined]

    def delegation(self, role: Role) -> Delegation:
        """The delegation as typed, not yet saved."""
        return Delegation(role=role, **self.cleaned_data)


class IdentityForm(Form):
    """Under which name a provider knows the person."""

    provider = forms.ChoiceField(label=T("ผู้ให้บริการยืนยันตัวตน", "Identity provider"))
    name = forms.CharField(
        label=T("ชื่อที่ผู้ให้บริการใช้", "Name at the provider"),
        max_length=150,
        required=False,
        help_text=T("เว้นว่าง: ยกเลิกการผูกบัญชี", "Empty: no longer joined."),
    )

    def __init__(self, *args: Any, external: str, **kwargs: Any) -> None:
        provider, _, name = external.partition(":")
        super().__init__(*args, initial={"provider": provider, "name": name}, **kwargs)
        known = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
        self.fields["provider"].choices = [(app["provider_id"], app["name"]) for app in known]  # type: ignore[attr-defined]

    def external(self) -> str:
        """``provider:name``, or empty."""
        name = self.cleaned_data["name"].strip()
        return f"{self.cleaned_data['provider']}:{name}" if name else ""
