"""An agency's own templates by version, and the record of every document that was downloaded."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class Template(models.Model):
    """A DOCX template of an agency for one kind of document; the newest active version is used."""

    agency = models.ForeignKey("agencies.Agency", on_delete=models.CASCADE, related_name="templates")
    kind = models.CharField(max_length=20)
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


class Download(models.Model):
    """A document that was taken out. ``made_from``: digest of what it was made from; stale when today's differs."""

    assessment = models.ForeignKey("rounds.Assessment", on_delete=models.CASCADE, related_name="downloads")
    kind = models.CharField(max_length=20)
    layout = models.CharField(max_length=20, blank=True)
    form = models.CharField(max_length=10)
    digits = models.CharField(max_length=10)
    template = models.ForeignKey(Template, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    sha256 = models.CharField(max_length=64)
    made_from = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.assessment} · {self.kind}.{self.form}"
