"""An agency's own templates by version, and the record of every document that was downloaded."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class Template(models.Model):
    """A DOCX template of an agency for one kind of document (empty: for all kinds that have none of their own).

    At most one version of a kind is active; older ones are kept, so that one can go back.
    """

    agency = models.ForeignKey("agencies.Agency", on_delete=models.CASCADE, related_name="templates")
    kind = models.CharField(max_length=20, blank=True)
    version = models.PositiveIntegerField()
    file = models.ForeignKey("files.Stored", on_delete=models.PROTECT, related_name="+")
    active = models.BooleanField(default=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("kind", "-version")
        constraints = (models.UniqueConstraint(fields=("agency", "kind", "version"), name="template_version_once"),)

    def __str__(self) -> str:
        return f"{self.agency} · {self.kind} v{self.version}"


class LetterFields(models.Model):
    """What an officer typed for the letters of one kind in one year: numbers and dates are of that paper alone.

    ``data``: the fields of ``letters.FIELDS`` as text. Next year's form begins with what does not change yearly.
    """

    assessment = models.ForeignKey("rounds.Assessment", on_delete=models.CASCADE, related_name="letters")
    kind = models.CharField(max_length=20)
    data = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("assessment", "kind"), name="letter_kind_once"),)

    def __str__(self) -> str:
        return f"{self.assessment} · {self.kind}"


class Download(models.Model):
    """A document that was taken out. ``made_from``: digest of what it was made from; stale when today's differs."""

    assessment = models.ForeignKey("rounds.Assessment", on_delete=models.CASCADE, related_name="downloads")
    kind = models.CharField(max_length=20)
    layout = models.CharField(max_length=20, blank=True)
    form = models.CharField(max_length=10)
    digits = models.CharField(max_length=10)
    months = models.PositiveSmallIntegerField(default=12)  # of a progress report
    template = models.ForeignKey(Template, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    sha256 = models.CharField(max_length=64)
    made_from = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.assessment} · {self.kind}.{self.form}"
