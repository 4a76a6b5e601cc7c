"""Results as they came in, revision by revision, and the imports they came by."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from prongsai.site.base.text import T


class Source(models.TextChoices):
    """Where results come from."""

    TEMPLATE = "template", T("แบบกรอกข้อมูล XLSX", "XLSX template")
    FILE = "file", T("ไฟล์ผลการประเมิน", "Results file")
    ASSESSED = "assessed", T("ประเมินในระบบนี้", "Assessed here")
    REPORT = "report", T("อ่านจากรายงานที่เผยแพร่", "Read from a published report")


class Import(models.Model):
    """An upload that was tried: what was found, what is wrong in it, what it would change. Nothing else is changed.

    ``data`` is the shape of a results file; ``problems`` (``Problem.as_json`` and ``next_en``) are what to look at
    before accepting: a file that cannot be used is never kept. ``findings`` are in the shape of ``audit --json`` with
    ``nodes``, where a report was read; ``reading`` holds what else it said: ``choices`` by node, and ``unread``.
    """

    assessment = models.ForeignKey("rounds.Assessment", on_delete=models.CASCADE, related_name="imports")
    source = models.CharField(max_length=20, choices=Source.choices)
    file = models.ForeignKey("files.Stored", on_delete=models.PROTECT, related_name="+")
    data = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    findings = models.JSONField(default=list)
    reading = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default="tried")  # tried, accepted, dropped
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.file} → {self.assessment}"


class Result(models.Model):
    """One revision of an assessment's results; only the newest counts. ``data`` is a results file as plain data."""

    assessment = models.ForeignKey("rounds.Assessment", on_delete=models.CASCADE, related_name="results")
    revision = models.PositiveIntegerField()
    source = models.CharField(max_length=20, choices=Source.choices)
    data = models.JSONField()
    findings = models.JSONField(default=list)
    file = models.ForeignKey("files.Stored", null=True, on_delete=models.PROTECT, related_name="+")
    assume = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-revision",)
        constraints = (models.UniqueConstraint(fields=("assessment", "revision"), name="result_revision_once"),)

    def __str__(self) -> str:
        return f"{self.assessment} r{self.revision}"
