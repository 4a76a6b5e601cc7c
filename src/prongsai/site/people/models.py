"""People, the roles they hold and for how long, and who acts for whom."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from prongsai.site.base.text import T


class People(BaseUserManager["Person"]):
    """Makes people with a password."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> Person:
        """A person who signs in with a local account; without a password only through a provider."""
        person = self.model(username=username, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """Someone who signs in. ``external`` names the same person at an identity provider (``provider:claim``).

    ``must_change``: the password was handed out by an administrator, ``handed_out`` when, and is good only for choosing
    another, for some days (``settings.FIRST_PASSWORD``).
    """

    username = models.CharField(max_length=80, unique=True)
    title = models.CharField(max_length=60, blank=True)
    given_name = models.CharField(max_length=120)
    family_name = models.CharField(max_length=120, blank=True)
    position = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    email = models.EmailField(blank=True)
    external = models.CharField(max_length=200, blank=True, db_index=True)
    is_active = models.BooleanField(default=True)
    must_change = models.BooleanField(default=False)
    handed_out = models.DateTimeField(null=True, blank=True)
    joined = models.DateTimeField(default=timezone.now)

    through = ""  # the name of the token by which a request acts for this person (api), for the log
    # Of the person of a request (middleware.py): the rights of administration that were begun, or that they rest.
    administration: Administration | None = None
    at_rest = False
    missed_rights = False  # something was refused only because they rest

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["given_name"]
    objects = People()

    class Meta:
        ordering = ("given_name", "family_name")

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """``นางสาวสมหญิง ใจดี``: the title is written together with the given name."""
        return f"{self.title}{self.given_name} {self.family_name}".strip()

    @property
    def first_password_until(self) -> dt.datetime | None:
        """Until when a password that was handed out can be used; None for a password of one's own."""
        return self.handed_out + settings.FIRST_PASSWORD if self.must_change and self.handed_out else None

    @property
    def first_password_ended(self) -> bool:
        """Whether nobody can sign in any more with the password that was handed out."""
        return (until := self.first_password_until) is not None and until <= timezone.now()

    def namesakes(self) -> QuerySet[Person]:
        """Other accounts of the same given and family name: the name alone tells of either."""
        return self._others().filter(family_name=self.family_name)

    def longer_names(self) -> list[str]:
        """How others' names go on where this one ends: ``งาม`` where somebody else's is ``สมชาย ใจดีงาม``."""
        found = self._others().filter(family_name__startswith=self.family_name).exclude(family_name=self.family_name)
        return [one[len(self.family_name) :] for one in found.values_list("family_name", flat=True)]

    def _others(self) -> QuerySet[Person]:
        return Person.objects.exclude(pk=self.pk).filter(given_name=self.given_name)

    @property
    def signed(self) -> str:
        """How the log names who acts: the person, or the person's token with the person behind it."""
        return f"{self.through} (API, {self.full_name})" if self.through else self.full_name


class RoleKind(models.TextChoices):
    """What a person is to an agency, or to many."""

    OFFICER = "officer", T("เจ้าหน้าที่ผู้รับผิดชอบ ITA", "ITA officer")
    UNIT_OWNER = "unit_owner", T("ผู้รับผิดชอบของส่วนราชการ", "Unit owner")
    APPROVER = "approver", T("ผู้พิจารณาตามสายบังคับบัญชา", "Approver")
    AGENCY_ADMIN = "agency_admin", T("ผู้ดูแลระบบของหน่วยงาน", "Agency administrator")
    ASSESSOR = "assessor", T("ผู้ประเมิน", "Assessor")
    SUPERVISOR = "supervisor", T("ผู้กำกับติดตาม", "Supervisor")
    INSPECTOR = "inspector", T("ผู้ตรวจประเมิน", "Inspector")
    SURVEYOR = "surveyor", T("ผู้สำรวจ", "Surveyor")
    SYSTEM_ADMIN = "system_admin", T("ผู้ดูแลระบบกลาง", "System administrator")


class Acting(models.TextChoices):
    """In which form someone holds or exercises a position."""

    OWN = "", T("ตัวจริง", "In person")
    ACTING = "รักษาราชการแทน", T("รักษาราชการแทน", "Acting for (post vacant or holder absent)")
    ON_BEHALF = "ปฏิบัติราชการแทน", T("ปฏิบัติราชการแทน", "On behalf of (by delegation)")
    DUTY = "ปฏิบัติหน้าที่", T("ปฏิบัติหน้าที่", "Performing the duties of")


def now_in_force(today: dt.date, path: str = "") -> Q:
    """Roles that the person accepted and whose ``start`` and ``end`` include a day; ``path`` leads to them."""
    begun = Q(**{f"{path}start__isnull": True}) | Q(**{f"{path}start__lte": today})
    going_on = Q(**{f"{path}end__isnull": True}) | Q(**{f"{path}end__gte": today})
    return begun & going_on & Q(**{f"{path}accepted": True})


class Role(models.Model):
    """One role of a person. Without an agency it covers a province, a parent's agencies, or (both empty) all.

    ``position`` is the post in which the role is held (ปลัดเทศบาล); ``acting`` the form in which it is held.
    ``seat`` is the first role of those who held the same place one after the other (see ``place``); ``accepted`` is
    false while someone from outside the agency has not yet said yes to the invitation.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="roles")
    kind = models.CharField(max_length=20, choices=RoleKind.choices)
    agency = models.ForeignKey("agencies.Agency", null=True, blank=True, on_delete=models.CASCADE, related_name="roles")
    unit = models.ForeignKey("agencies.Unit", null=True, blank=True, on_delete=models.CASCADE, related_name="roles")
    province = models.CharField(max_length=100, blank=True)
    parent = models.ForeignKey("agencies.Agency", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    position = models.CharField(max_length=200, blank=True)
    acting = models.CharField(max_length=30, choices=Acting.choices, blank=True)
    start = models.DateField(null=True, blank=True)
    end = models.DateField(null=True, blank=True)
    seat = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="later")
    accepted = models.BooleanField(default=True)

    loan: Delegation | None = None  # set on a role that is lent to whoever asked (people/access.py)

    class Meta:
        ordering = ("kind", "id")

    def __str__(self) -> str:
        return f"{self.person} · {self.kind}"

    @property
    def place(self) -> int:
        """The same for everyone who holds this place in turn: open tasks wait for the place, not for the person."""
        return self.seat_id or self.pk

    @property
    def post(self) -> str:
        """The position as a signature line writes it: ``รองปลัดเทศบาล รักษาราชการแทน ปลัดเทศบาล``."""
        held = self.position or self.person.position
        return f"{self.person.position} {self.acting} {held}".strip() if self.acting else held


class Delegation(models.Model):
    """For a period, someone acts in another's role; the holder keeps it."""

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="delegations")
    to = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="delegations")
    acting = models.CharField(max_length=30, choices=Acting.choices, default=Acting.ACTING)
    start = models.DateField()
    end = models.DateField()
    reason = models.CharField(max_length=300, blank=True)
    revoked = models.BooleanField(default=False)

    class Meta:
        ordering = ("-start",)

    def __str__(self) -> str:
        return f"{self.role} → {self.to}"


class Session(AbstractBaseSession):
    """One browser in which someone is signed in (``sessions.py``); the row is gone when the session is over.

    ``expire_date`` moves on with every use and never beyond the longest time since ``began``. ``device`` is the kind of
    browser and system in a few words; no address is kept.
    """

    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="sessions")
    began = models.DateTimeField(default=timezone.now)
    seen = models.DateTimeField(default=timezone.now)
    device = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ("-seen",)

    def __str__(self) -> str:
        return f"{self.person_id} {self.began:%Y-%m-%d %H:%M}"

    @property
    def moment(self) -> int:
        """When it began, in microseconds: what a page calls it, since the key is a secret."""
        return int(self.began.timestamp() * 1_000_000)


class Administration(models.Model):
    """The rights of the system's administrator, in use by one person in one session for a stated time and reason.

    The row is there only while they are in use; beginning and end stand in the history (actions/administration.py).
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="administrations")
    reason = models.CharField(max_length=300)
    begun = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()

    class Meta:
        ordering = ("begun",)

    def __str__(self) -> str:
        return f"{self.person_id} {self.begun:%Y-%m-%d %H:%M}"

    @property
    def minutes_left(self) -> int:
        """Whole minutes, the last one counted; 0 when it is over."""
        return max(0, -int(-(self.until - timezone.now()).total_seconds() // 60))
