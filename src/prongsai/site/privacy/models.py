"""Requests of people about their data, which notice was shown to whom, and the register of incidents."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils import timezone

from prongsai.site.base.text import T

ANSWER_WITHIN = dt.timedelta(days=30)  # a default of ours, to be confirmed by a specialist
TELL_WITHIN = dt.timedelta(hours=72)


class RequestKind(models.TextChoices):
    """What a person asks for."""

    ACCESS = "access", T("ขอสำเนาข้อมูลของตน", "A copy of my data")
    CORRECTION = "correction", T("ขอแก้ไขข้อมูล", "Correction")
    ERASURE = "erasure", T("ขอลบข้อมูล", "Erasure")
    OBJECTION = "objection", T("ขอคัดค้านหรือระงับการใช้", "Objection or restriction")


class Request(models.Model):
    """One request. ``person``: the account it is about; ``name`` and ``contact`` of someone without an account.

    ``due`` is a day; ``state`` goes from open to done or refused, with the answer.
    """

    STATES = (
        ("open", T("รอดำเนินการ", "Open")),
        ("done", T("ดำเนินการแล้ว", "Done")),
        ("refused", T("ปฏิเสธพร้อมเหตุผล", "Refused, with the reason")),
    )
    kind = models.CharField(max_length=12, choices=RequestKind.choices)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=200, blank=True)
    contact = models.CharField(max_length=200, blank=True)
    words = models.TextField(blank=True)
    received = models.DateField()
    due = models.DateField()
    state = models.CharField(max_length=8, choices=STATES, default="open")
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("state", "due", "pk")

    def __str__(self) -> str:
        return f"{self.kind} {self.received}"

    @property
    def late(self) -> bool:
        """Whether the answer is overdue today."""
        return self.state == "open" and self.due < timezone.localdate()


class Seen(models.Model):
    """That a notice in a version was shown to a signed-in person and put away."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    audience = models.CharField(max_length=20)
    version = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person", "audience", "version"), name="notice_seen_once"),)

    def __str__(self) -> str:
        return f"{self.audience} {self.version}"


class Incident(models.Model):
    """A breach, or what may be one. The clock of 72 hours runs from ``known_at`` until it was told, or need not be."""

    RISKS = (
        ("unknown", T("ยังไม่ทราบ", "Not known yet")),
        ("none", T("ไม่มีความเสี่ยงต่อบุคคล", "No risk to people")),
        ("risk", T("มีความเสี่ยงต่อบุคคล", "A risk to people")),
    )
    title = models.CharField(max_length=200)
    what = models.TextField()
    known_at = models.DateTimeField()
    risk = models.CharField(max_length=8, choices=RISKS, default="unknown")
    told_at = models.DateTimeField(null=True, blank=True)
    measures = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("-known_at",)

    def __str__(self) -> str:
        return self.title

    @property
    def tell_by(self) -> dt.datetime:
        """When the 72 hours end."""
        return self.known_at + TELL_WITHIN

    @property
    def clock_open(self) -> bool:
        """Whether somebody still has to be told, or the risk is still to be judged."""
        return self.told_at is None and self.risk != "none"

    @property
    def hours_left(self) -> int:
        """Whole hours until the 72 are over; negative when they are."""
        return int((self.tell_by - timezone.now()).total_seconds() // 3600)
