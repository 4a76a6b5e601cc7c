"""Who interviews for which survey, and what is kept of an interview: its timing, and for a while its sealed answer.

Nothing here says who was asked. The answer leaves for the letterbox when a supervisor accepts the interview unread;
from then on this table holds only times of the surveyor's work (docs/decisions/011).
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils import timezone

from prongsai.site.base.text import T


def clock(seconds: int) -> str:
    """``6:05``: minutes and seconds."""
    return f"{seconds // 60}:{seconds % 60:02d}"


class Seal(models.Model):
    """The key to which devices seal the interviews of a survey; made by the mixer, which destroys it at the close."""

    survey = models.OneToOneField("surveys.Survey", on_delete=models.CASCADE, related_name="seal")
    key = models.CharField(max_length=32)
    over = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.key


class Assignment(models.Model):
    """How many interviews one surveyor is to bring for one survey. A quota of 0 withdraws what is still to be done."""

    surveyor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments")
    survey = models.ForeignKey("surveys.Survey", on_delete=models.CASCADE, related_name="assignments")
    quota = models.PositiveIntegerField()
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("surveyor", "survey"), name="assignment_once"),)

    def __str__(self) -> str:
        return f"{self.surveyor} · {self.survey}: {self.quota}"


class InterviewState(models.TextChoices):
    """Where an interview stands. Only ``SENT`` and ``ACCEPTED`` hold a sealed answer; ``MOVED``: in the letterbox."""

    SENT = "sent", T("รอตรวจ", "To be reviewed")
    ACCEPTED = "accepted", T("รับแล้ว รอเข้าหีบคำตอบ", "Accepted, on its way")
    RETURNED = "returned", T("ส่งคืนให้สัมภาษณ์ใหม่", "Returned, to be done again")
    MOVED = "moved", T("รับแล้ว", "Accepted")


COUNTING = (InterviewState.SENT, InterviewState.ACCEPTED, InterviewState.MOVED)


class Interview(models.Model):
    """One interview. ``id`` is drawn by the device, so that sending it again is known for as long as the row stands.

    ``started`` and ``ended`` are as the device's clock told them; ``seconds`` were counted without that clock;
    ``ahead`` is how many seconds the clock was ahead of ours when the interview was sent. ``digest`` is of the sealed
    answer. ``alike`` (the mixer's finding): nearly every line was answered with one option; which is not told.
    """

    id = models.CharField(max_length=32, primary_key=True)
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="interviews")
    started = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)
    seconds = models.PositiveIntegerField()
    ahead = models.IntegerField()
    received_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=InterviewState.choices, default=InterviewState.SENT)
    sealed = models.BinaryField(null=True)
    digest = models.CharField(max_length=64)
    alike = models.BooleanField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-received_at", "pk")
        indexes = (models.Index(fields=("assignment", "state")),)

    def __str__(self) -> str:
        return self.id[:8]

    @property
    def began(self) -> dt.datetime | None:
        """When it began, by our clock."""
        return self.started and self.started - dt.timedelta(seconds=self.ahead)

    @property
    def took(self) -> str:
        """How long it took, in minutes and seconds."""
        return clock(self.seconds)
