"""What is published of a round, revision by revision. The portal, the API, feeds and pictures read from here alone.

Everything here was made from a ``publishing.round.PublishedRound``: what may not be shown is not in it.
"""

from __future__ import annotations

import zlib
from functools import cached_property
from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils import timezone

from prongsai.publishing.lines import Line
from prongsai.site.base.text import T


class Release(models.Model):
    """One revision of a round's open data (``publishing.opendata.release``): a folder of files that never changes.

    ``revision`` counts what was published, from 1; ``result`` is the gathering that it was made of. It is prepared in
    the background (``total`` and ``done`` say how far; ``problem`` why it stopped, as ``Problem.as_json``), then
    ``ready``: seen by the assessor alone, its files apart (``staged``). Only when it is published (``done``) can
    anybody read it. ``dated``: the day that its files bear. ``digest``: SHA-256 of its ``SHA256SUMS``. ``book``: the
    figures over all agencies, made from the same shown numbers (``national.book``). ``changes``: what differs from the
    revision that was public then (``changes.py``). ``withheld``: how many surveys show less beside earlier revisions.

    The round's newest published one is what pages show (``reading.current``); when a round is taken back, every
    revision has ``withdrawn_at`` and the reason.
    """

    STATES = (
        ("waiting", T("รอจัดเตรียม", "Waiting")),
        ("running", T("กำลังจัดเตรียม", "Being prepared")),
        ("ready", T("รอการยืนยัน", "Ready to be published")),
        ("done", T("เผยแพร่แล้ว", "Published")),
        ("failed", T("จัดเตรียมไม่สำเร็จ", "Stopped")),
    )
    round = models.ForeignKey("rounds.Round", on_delete=models.PROTECT, related_name="releases")
    revision = models.PositiveIntegerField()
    result = models.ForeignKey("nation.NationResult", on_delete=models.PROTECT, related_name="releases")
    framework_id = models.CharField(max_length=60)
    framework_version = models.PositiveIntegerField()
    note = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=STATES, default="waiting")
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    problem = models.JSONField(default=dict)
    agencies = models.PositiveIntegerField(default=0)
    withheld = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    book = models.ForeignKey("files.Stored", null=True, on_delete=models.PROTECT, related_name="+")
    changes = models.ForeignKey("files.Stored", null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    dated = models.DateField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        ordering = ("-revision",)
        constraints = (models.UniqueConstraint(fields=("round", "revision"), name="release_revision_once"),)

    def __str__(self) -> str:
        return f"{self.round} r{self.revision}"

    @property
    def root(self) -> Path:
        """Where the published revisions of its round lie, a folder per framework."""
        return Path(settings.OPENDATA) / self.round.slug

    @property
    def folder(self) -> Path:
        """Where its files lie once it is published."""
        return self.root / self.framework_id / f"revision-{self.revision}"

    @property
    def staged(self) -> Path:
        """Where its files lie before."""
        return Path(settings.OPENDATA) / ".prepared" / str(self.pk)

    @property
    def going(self) -> bool:
        """Whether it is being prepared."""
        return self.state in ("waiting", "running")


class PublishedAgency(models.Model):
    """One agency of a release. The columns repeat what lists sort and search by; ``detail`` is all of it.

    ``level``: empty where several are possible. ``overall``: as shown, where it is known. ``heads``: total, instruments
    and parts → low, high, origin (``Line.scores``). ``sheets``: answer sheets of the first survey, the one inside the
    agency: what is published that comes nearest to its size.
    """

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="lines")
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=40, blank=True)
    province = models.CharField(max_length=100, blank=True)
    ministry = models.CharField(max_length=255, blank=True)
    level = models.CharField(max_length=60, blank=True)
    overall = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    heads = models.JSONField(default=dict)
    sheets = models.PositiveIntegerField(null=True)
    detail = models.BinaryField()

    class Meta:
        ordering = ("code",)
        constraints = (models.UniqueConstraint(fields=("release", "code"), name="agency_once_a_release"),)
        indexes = (
            models.Index(fields=("code",)),
            models.Index(fields=("release", "kind", "sheets"), name="opendata_near_in_size"),
            models.Index(fields=("release", "province")),
            models.Index(fields=("release", "ministry")),
            models.Index(fields=("release", "overall")),
        )

    def __str__(self) -> str:
        return f"{self.name} · {self.release_id}"

    @cached_property
    def line(self) -> Line:
        """Everything that is published of it."""
        return Line.of_json(zlib.decompress(bytes(self.detail)))
