"""The login library's forms with our words."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as CodeAgainForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.core.exceptions import ValidationError

from prongsai.site.base.text import T
from prongsai.site.people import factor

_LABELS = {
    "login": T("ชื่อผู้ใช้", "Username"),
    "password": T("รหัสผ่าน", "Password"),
    "oldpassword": T("รหัสผ่านปัจจุบัน", "Current password"),
    "password1": T("รหัสผ่านใหม่", "New password"),
    "password2": T("รหัสผ่านใหม่อีกครั้ง", "New password again"),
    "code": T("รหัส 6 หลักจากแอปยืนยันตัวตน หรือรหัสสำรอง", "Six-digit code of the app, or a recovery code"),
}


class _Ours:
    """Labels in the reader's language, no words inside the fields, errors beside them."""

    use_required_attribute = False
    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = _LABELS.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)
            field.error_messages["required"] = T("โปรดกรอกช่องนี้", "Please fill this in.")
            if name != "password1":
                field.help_text = ""
        if "password1" in self.fields:
            self.fields["password1"].help_text = T(
                "อย่างน้อย 10 ตัวอักษร ใช้วลีที่จำง่ายได้ ไม่ซ้ำกับรหัสที่ใช้ทั่วไป โดยไม่นับชื่อบุคคล ชื่อหน่วยงาน และชื่อระบบ",
                "At least 10 characters, names of person, agency and system not counted; a phrase is fine.",
            )
        if "code" in self.fields:
            self.fields["code"].widget.attrs["inputmode"] = "numeric"


class SignIn(_Ours, LoginForm):  # type: ignore[misc]
    """Username and password."""

    def clean(self) -> dict[str, Any]:
        """A password that was handed out has an end; only who knows it reads that."""
        data: dict[str, Any] = super().clean()
        if getattr(self.user, "first_password_ended", False):
            raise ValidationError(
                T(
                    "รหัสผ่านใช้ครั้งเดียวนี้หมดเวลาแล้ว โปรดขอรหัสใหม่จากผู้ดูแลระบบที่ออกรหัสให้",
                    "The time of this one-time password has passed: ask the administrator who gave it for another.",
                )
            )
        return data


class PasswordAgain(_Ours, ReauthenticateForm):  # type: ignore[misc]
    """The password before a delicate step."""


class NewPassword(_Ours, ChangePasswordForm):  # type: ignore[misc]
    """The old password, and a new one twice."""

    def clean(self) -> dict[str, Any]:
        """The new one must be new: a handed-out password must not live on."""
        data: dict[str, Any] = super().clean()
        new = data.get("password1")
        if new and new == data.get("oldpassword"):
            self.add_error("password1", T("รหัสผ่านใหม่ตรงกับรหัสเดิม โปรดตั้งรหัสอื่น", "The new password is the old one."))
        return data


class _Once:
    """A code of the app works once on the whole site; recovery codes are the library's, which locks their row."""

    authenticator: Authenticator

    def clean_code(self) -> str:
        """The code, spent. Raises ``ValidationError`` where it is wrong, too old or was used before."""
        code: str = super().clean_code()  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.TOTP and not factor.spend(self.authenticator, code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class Code(_Ours, _Once, AuthenticateForm):  # type: ignore[misc]
    """The second factor when signing in."""


class CodeAgain(_Ours, _Once, CodeAgainForm):  # type: ignore[misc]
    """The second factor before a delicate step."""


class FirstCode(_Ours, ActivateTOTPForm):  # type: ignore[misc]
    """A code that shows that the app was set up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = T("รหัส 6 หลักที่แอปแสดง", "The six-digit code the app shows")
