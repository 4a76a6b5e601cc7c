"""What every job in the background tells of itself: where it stands, how far it is, who asked for it and when."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from django.conf import settings
from django.db import models
from django.utils import timezone

from prongsai.disk import hold
from prongsai.site.base.text import T

UNDER_WAY = ("waiting", "running")


class BackgroundJob(models.Model):
    """Base of jobs. ``done`` of ``total`` pieces; ``ended_at``: when it was done or stopped."""

    STATES = (
        ("waiting", T("รอดำเนินการ", "Waiting")),
        ("running", T("กำลังดำเนินการ", "Running")),
        ("done", T("เสร็จแล้ว", "Done")),
        ("failed", T("หยุดกลางคัน", "Stopped")),
    )
    state = models.CharField(max_length=10, choices=STATES, default="waiting")
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ("-id",)

    @property
    def going(self) -> bool:
        """Whether it is under way."""
        return self.state in UNDER_WAY


@contextlib.contextmanager
def alone(kind: str, pk: int) -> Iterator[bool]:
    """Whether this is the only worker at a job; True at most once at a time, for as long as the block lasts.

    A lock of the operating system, not a mark in the database: it ends with the process, however that ends, so that a
    job which runs is never taken twice and one whose worker was killed can be begun again at once.
    """
    lock = hold(settings.DATA / "locks" / f"{kind}-{pk}")
    if lock is None:
        yield False
        return
    with lock:
        yield True
