"""Accounts: made by administrators, with a password that is good for one sign-in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.utils import timezone

from prongsai.site.agencies.models import Agency
from prongsai.site.history.action import Action, refuse
from prongsai.site.people.access import runs_account
from prongsai.site.people.actions.administration import end_of
from prongsai.site.people.models import Person
from prongsai.site.people.passwords import one_time_password
from prongsai.site.people.sessions import end_sessions


@dataclass(kw_only=True)
class _OfPerson(Action):
    """About one person, in the history of the agency whose administrator does it."""

    person: Person
    within: Agency | None = None

    def agency(self) -> Agency | None:
        """Where it was done."""
        return self.within

    def subject(self) -> Person:
        """The person."""
        return self.person

    def personal(self) -> dict[str, Any]:
        """The name."""
        return {"person": self.person.full_name}


def _must_run_account(by: Person | None, person: Person) -> None:
    """Whoever can sign in as a person has all of the person's roles: so only who governs all of them may."""
    if by is None or not runs_account(by, person):
        raise refuse(
            "people.serves_elsewhere",
            "บัญชีนี้มีบทบาทนอกเหนือจากหน่วยงานที่ท่านดูแล ท่านจึงเปลี่ยนรหัสผ่านหรือข้อมูลของบัญชีไม่ได้",
            "this account also has roles outside the agencies you administer",
            "โปรดให้เจ้าของบัญชีแก้ไขเอง หรือติดต่อผู้ดูแลระบบกลาง",
            "Let the owner of the account change it, or ask the system administrator.",
        )


def sign_out_everywhere(person: Person) -> None:
    """End every session of a person, and what was begun in it. Whoever asks in a session of their own signs in anew."""
    end_of(person)
    end_sessions(person)


@dataclass(kw_only=True)
class AddPerson(Action):
    """A new account. ``execute`` gives the person and the one-time password, which is kept nowhere."""

    values: Mapping[str, Any]
    within: Agency | None = None
    made: Person | None = None

    code = "people.add"
    th = "{actor} เพิ่มบัญชีของ {person}"
    en = "{actor} made an account for {person}"

    def agency(self) -> Agency | None:
        """Where it was made."""
        return self.within

    def subject(self) -> Person | None:
        """The new person."""
        return self.made

    def check(self) -> None:
        """The username must be free, whatever its letters' case."""
        if Person.objects.filter(username__iexact=self.values["username"]).exists():
            raise refuse(
                "people.username_taken",
                "มีผู้ใช้ชื่อนี้แล้ว",
                "this username is taken",
                "โปรดใช้ชื่อผู้ใช้อื่น",
                "Use another username.",
            )

    def do(self) -> tuple[Person, str]:
        """Make the account."""
        password = one_time_password()
        self.made = Person.objects.create_user(
            password=password, must_change=True, handed_out=timezone.now(), **self.values
        )
        return self.made, password

    def personal(self) -> dict[str, Any]:
        """The name."""
        return {"person": self.made.full_name if self.made else ""}


@dataclass(kw_only=True)
class ChangePerson(_OfPerson):
    """Name, title, position, telephone, e-mail: by the person, or by who governs all of the person's roles."""

    values: Mapping[str, Any]

    code = "people.change"
    th = "{actor} แก้ไขข้อมูลของ {person}"
    en = "{actor} changed the data of {person}"

    def check(self) -> None:
        """One's own always."""
        if self.by != self.person:
            _must_run_account(self.by, self.person)

    def do(self) -> None:
        """Write the data."""
        for name, value in self.values.items():
            setattr(self.person, name, value)
        self.person.save()


@dataclass(kw_only=True)
class HandOutPassword(_OfPerson):
    """A forgotten password is replaced by a one-time password; all sessions of the person end."""

    code = "people.password_handed_out"
    th = "{actor} ออกรหัสผ่านใช้ครั้งเดียวให้ {person}"
    en = "{actor} handed out a one-time password to {person}"

    def check(self) -> None:
        """Only by who governs all of the person's roles."""
        _must_run_account(self.by, self.person)

    def do(self) -> str:
        """The password, which is kept nowhere."""
        password = one_time_password()
        self.person.set_password(password)
        self.person.must_change, self.person.handed_out = True, timezone.now()
        self.person.save()
        sign_out_everywhere(self.person)
        return password


@dataclass(kw_only=True)
class ChoosePassword(_OfPerson):
    """A person chose a password of their own; a handed-out one ends with it, and all other sessions.

    The session in which it is done goes on under a new key: the login library makes it anew.
    """

    password: str

    code = "people.password_chosen"
    th = "{person} เปลี่ยนรหัสผ่าน"
    en = "{person} changed the password"

    def check(self) -> None:
        """Another than the one in use."""
        if self.person.check_password(self.password):
            raise refuse(
                "people.same_password",
                "รหัสผ่านใหม่ตรงกับรหัสเดิม",
                "the new password is the old one",
                "โปรดตั้งรหัสอื่น",
                "Choose another password.",
            )

    def do(self) -> None:
        """Set it."""
        self.person.set_password(self.password)
        self.person.must_change, self.person.handed_out = False, None
        self.person.save()
        sign_out_everywhere(self.person)


@dataclass(kw_only=True)
class RemoveSecondFactor(_OfPerson):
    """For someone who lost the telephone: all sessions end, and the next sign-in asks for the password alone, then for
    a new second factor where the person's roles demand one.
    """

    code = "people.second_factor_removed"
    th = "{actor} ยกเลิกการยืนยันสองขั้นของ {person}"
    en = "{actor} removed the second factor of {person}"

    def check(self) -> None:
        """Only by who governs all of the person's roles."""
        _must_run_account(self.by, self.person)

    def do(self) -> None:
        """Forget the person's devices and recovery codes."""
        Authenticator.objects.filter(user=self.person).delete()
        sign_out_everywhere(self.person)


@dataclass(kw_only=True)
class SetUpSecondFactor(_OfPerson):
    """A person has set up a second factor: the login library did it, this is its place in the history."""

    code = "people.second_factor_set_up"
    th = "{person} เปิดการยืนยันสองขั้น"
    en = "{person} set up a second factor"

    def do(self) -> None:
        """Nothing more."""


@dataclass(kw_only=True)
class TurnOffSecondFactor(_OfPerson):
    """A person turns off the own second factor; all sessions end."""

    code = "people.second_factor_turned_off"
    th = "{person} ปิดการยืนยันสองขั้นของตน"
    en = "{person} turned off the second factor"

    def do(self) -> None:
        """Forget devices and recovery codes."""
        Authenticator.objects.filter(user=self.person).delete()
        sign_out_everywhere(self.person)


@dataclass(kw_only=True)
class SetIdentity(_OfPerson):
    """Under which name an identity provider knows the person (``provider:claim``); empty: no longer. Sessions end."""

    external: str

    code = "people.identity"
    th = "{actor} กำหนดบัญชีผู้ให้บริการยืนยันตัวตนของ {person}: {external}"
    en = "{actor} set the identity provider's account of {person}: {external}"

    def check(self) -> None:
        """One person to each of the provider's accounts."""
        _must_run_account(self.by, self.person)
        if self.external and Person.objects.filter(external=self.external).exclude(pk=self.person.pk).exists():
            raise refuse(
                "people.identity_taken",
                "บัญชีนี้ผูกกับบุคคลอื่นแล้ว",
                "this identity belongs to someone else",
                "โปรดตรวจสอบชื่อบัญชี",
                "Check the name of the account.",
            )

    def do(self) -> None:
        """Write it, and forget how the provider's account was joined before."""
        SocialAccount.objects.filter(user=self.person).delete()
        self.person.external = self.external
        self.person.save(update_fields=["external"])
        sign_out_everywhere(self.person)

    def personal(self) -> dict[str, Any]:
        """Name and identity."""
        return {**super().personal(), "external": self.external or "–"}
