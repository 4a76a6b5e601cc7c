"""A round's result over all agencies, revision by revision, and the jobs that gathered them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from prongsai.site.base.text import T


class NationResult(models.Model):
    """One gathering of a round, kept as one file (``national/book.py``) that never changes; only the newest counts.

    ``agencies``: agencies of the round then; ``scored``: those with results. ``published_at``: since when this revision
    can be read without an account; at most one of a round is published. ``signals``: odd patterns seen in the answers
    of the same day, for the assessor alone; None where there were no answers to look at.
    """

    round = models.ForeignKey("rounds.Round", on_delete=models.PROTECT, related_name="nation_results")
    revision = models.PositiveIntegerField()
    framework_id = models.CharField(max_length=60)
    framework_version = models.PositiveIntegerField()
    file = models.ForeignKey("files.Stored", on_delete=models.PROTECT, related_name="+")
    agencies = models.PositiveIntegerField()
    scored = models.PositiveIntegerField()
    signals = models.ForeignKey("files.Stored", null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-revision",)
        constraints = (
            models.UniqueConstraint(fields=("round", "revision"), name="nation_revision_once"),
            models.UniqueConstraint(
                fields=("round",), condition=models.Q(published_at__isnull=False), name="nation_published_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.round} r{self.revision}"

    @property
    def missing(self) -> int:
        """Agencies of the round that had no results."""
        return self.agencies - self.scored


class NationJob(models.Model):
    """One gathering in the background. ``refused``: agencies whose results could not be used, with the reason.

    ``result``: the revision that it made, or the one that says the same already.
    """

    STATES = (
        ("waiting", T("รอดำเนินการ", "Waiting")),
        ("running", T("กำลังดำเนินการ", "Running")),
        ("done", T("เสร็จแล้ว", "Done")),
        ("failed", T("หยุดกลางคัน", "Stopped")),
    )
    round = models.ForeignKey("rounds.Round", on_delete=models.CASCADE, related_name="nation_jobs")
    state = models.CharField(max_length=10, choices=STATES, default="waiting")
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=list)
    result = models.ForeignKey(NationResult, null=True, on_delete=models.SET_NULL, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.round} {self.done}/{self.total}"

    @property
    def going(self) -> bool:
        """Whether it is under way."""
        return self.state in ("waiting", "running")
