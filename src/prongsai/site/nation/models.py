"""A round's result over all agencies, revision by revision, and the jobs that gathered them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from prongsai.site.base.jobs import BackgroundJob


class NationResult(models.Model):
    """One gathering of a round, kept as one file (``national/book.py``) that never changes; only the newest counts.

    ``agencies``: agencies of the round then; ``scored``: those with results. ``published_at``: since when this revision
    can be read without an account, as ``public_file`` says it (the app ``opendata`` sets both: what is shown beside
    earlier publications may be less); at most one of a round is published. ``signals``: odd patterns seen in the
    answers of the same day, for the assessor alone; None where there were no answers to look at.
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
    public_file = models.ForeignKey("files.Stored", null=True, on_delete=models.PROTECT, related_name="+")

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


class NationJob(BackgroundJob):
    """One gathering in the background. ``refused``: agencies whose results could not be used, with the reason.

    ``result``: the revision that it made, or the one that says the same already.
    """

    round = models.ForeignKey("rounds.Round", on_delete=models.CASCADE, related_name="nation_jobs")
    refused = models.JSONField(default=list)
    result = models.ForeignKey(NationResult, null=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return f"{self.round} {self.done}/{self.total}"


class NationAdjustment(models.Model):
    """The assessor's file for an adjusted score of a round (``national/adjusted.py``), which is not the official one.

    ``title`` and ``decided_by`` as the file says them. The newest of a round counts.
    """

    round = models.ForeignKey("rounds.Round", on_delete=models.CASCADE, related_name="nation_adjustments")
    file = models.ForeignKey("files.Stored", on_delete=models.PROTECT, related_name="+")
    title = models.TextField()
    decided_by = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.round} {self.title}"
