"""Signing in: local accounts that the agency hands out, and identity providers whose people are known beforehand."""

from __future__ import annotations

import base64
import hashlib
from typing import Any, ClassVar

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from prongsai.site.base.text import T, pick
from prongsai.site.people import factor, issuer, lockout
from prongsai.site.people.actions import ChoosePassword
from prongsai.site.people.models import Person

# What the library tells after a step, by its name for it; about anything else it keeps silent.
_SAID = {
    "account/messages/password_changed.txt": ("เปลี่ยนรหัสผ่านแล้ว", "The password has been changed."),
    "mfa/messages/totp_activated.txt": ("เปิดการยืนยันสองขั้นแล้ว", "The second factor is on."),
    "mfa/messages/totp_deactivated.txt": ("ปิดการยืนยันสองขั้นแล้ว", "The second factor is off."),
    "mfa/messages/recovery_codes_generated.txt": ("ออกรหัสสำรองชุดใหม่แล้ว", "New recovery codes have been made."),
}


# What Django finds wrong with a new password, in our words: it has no Thai for them.
_WEAK = {
    "password_too_short": T("สั้นเกินไป โปรดใช้อย่างน้อย 10 ตัวอักษร", "Too short: use at least 10 characters."),
    "password_too_common": T("เป็นรหัสผ่านที่ใช้กันทั่วไป ผู้อื่นเดาได้", "A common password, which others guess first."),
    "password_entirely_numeric": T("มีแต่ตัวเลข โปรดใช้ตัวอักษรด้วย", "Digits alone: use letters, too."),
    "password_too_similar": T("คล้ายชื่อหรืออีเมลของท่านเกินไป", "Too similar to your name or e-mail."),
}


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up by themselves: the agency's administrator makes accounts."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": T(
            "ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง โปรดตรวจภาษาของแป้นพิมพ์แล้วลองใหม่",
            "Username or password is not right. Check the keyboard's language and try again.",
        ),
        "enter_current_password": T("รหัสผ่านปัจจุบันไม่ถูกต้อง", "The current password is not right."),
        "incorrect_password": T("รหัสผ่านไม่ถูกต้อง", "The password is not right."),
        "incorrect_code": T(
            "รหัสไม่ถูกต้อง หมดอายุ หรือใช้ไปแล้ว โปรดรอรหัสถัดไปในแอป (ไม่เกิน 30 วินาที)",
            "The code is wrong, too old or already used: wait for the app's next one (30 seconds at most).",
        ),
        "too_many_login_attempts": T(
            "กรอกผิดหลายครั้งเกินไป โปรดรอ 15 นาทีแล้วลองใหม่", "Too many failed attempts: please wait 15 minutes."
        ),
        "rate_limited": T("ส่งคำขอถี่เกินไป โปรดรอสักครู่", "Too many requests: please wait a little."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Never."""
        return False

    def set_password(self, user: Person, password: str) -> None:
        """A person chose a password: an action, so that history says so and a handed-out one ends."""
        ChoosePassword(by=user, person=user, password=password).execute()

    def clean_password(self, password: str, user: Person | None = None) -> str:
        """Whether it is strong enough. Raises ``ValidationError`` in the reader's language."""
        try:
            return str(super().clean_password(password, user))
        except ValidationError as error:
            said = [_WEAK.get(str(one.code), one.messages[0]) for one in error.error_list]
            raise ValidationError(said) from error

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        """Back to one's account."""
        return reverse("me")

    def post_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse:
        """Note how the person signed in, and say that an agency has invited them."""
        if user.roles.filter(accepted=False).exists():
            messages.info(
                request,
                pick(
                    "มีหน่วยงานเชิญท่านรับบทบาท โปรดตอบที่ “บัญชีของฉัน”",
                    "An agency has invited you: please answer in “My account”.",
                ),
            )
        login = (kwargs.get("signal_kwargs") or {}).get("sociallogin")
        if login is not None and (provider := factor.asserted(login)):
            factor.shown(request, provider)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        lockout.remember(response, user)
        return response

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *_args: Any, **_: Any
    ) -> None:
        """Only what is worth reading, in the reader's language."""
        if message_template in _SAID:
            messages.add_message(request, level, pick(*_SAID[message_template]))


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """A provider's person signs in when an administrator entered ``provider:claim`` for a person here."""

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Any:
        """The provider, which leads only where metadata of the configured issuer say."""
        found = super().get_provider(request, provider, client_id=client_id)
        found.oauth2_adapter_class = issuer.Adapter
        return found

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002
        """Never."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Join the provider's account to the person who bears its claim; otherwise say whom to ask."""
        if sociallogin.state.get("process") == "connect":  # identities are entered by administrators alone
            raise ImmediateHttpResponse(redirect("me"))
        if sociallogin.is_existing:
            return
        provider = sociallogin.provider
        name = f"{sociallogin.account.provider}:{_claimed(sociallogin)}"
        person = Person.objects.filter(external=name).first() if _claimed(sociallogin) else None
        if person is None:
            page = render(request, "people/unknown_person.html", {"provider": provider.name, "name": name}, status=403)
            raise ImmediateHttpResponse(page)
        sociallogin.connect(request, person)


def _claimed(sociallogin: Any) -> str:
    """The value by which the provider's people are known here: of its user information, else of the ID token."""
    claim = (sociallogin.provider.app.settings or {}).get("claim", "preferred_username")
    told = sociallogin.account.extra_data
    for source in (told.get("userinfo"), told.get("id_token"), told):
        if isinstance(source, dict) and source.get(claim):
            return str(source[claim])
    return ""


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Codes of an authenticator app; their secrets are stored encrypted under the site's secret key."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": Adapter.error_messages["incorrect_code"],
    }

    def get_totp_label(self, user: Person) -> str:
        """The username: mailboxes are shared."""
        return user.username

    def build_totp_svg(self, url: str) -> str:
        """A QR code as inline SVG without style attributes, which the content policy would drop."""
        return segno.make(url, micro=False).svg_inline(scale=5, border=4, dark="#000", light="#fff")

    def encrypt(self, text: str) -> str:
        """Under a key made of the site's secret key."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; empty (no code fits) when the site's key was changed, and an administrator has to reset it."""
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return ""


def _box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"second factor:" + settings.SECRET_KEY.encode()).digest()))
