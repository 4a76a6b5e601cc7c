"""What other systems are given: tokens to write with, and webhooks that tell them of publications."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from prongsai.site.base.text import T


class Scope(models.TextChoices):
    """What a token may write. A token without any only reads, at the wider limits of a key."""

    RESULTS = "results", T("นำเข้าผลการประเมิน", "Bring in results")
    LINKS = "links", T("กรอกลิงก์หลักฐาน OIT", "File OIT links")
    PLAN = "plan", T("จัดทำมาตรการ", "Write the plan of measures")
    PROGRESS = "progress", T("รายงานผลตามมาตรการ", "Report progress")


class Token(models.Model):
    """A key of one of the agency's own systems. Who made it answers for it: it can do no more than that person today.

    ``digest``: SHA-256 of the key, which is shown once and kept nowhere; ``hint``: its beginning, to tell keys apart.
    """

    agency = models.ForeignKey("agencies.Agency", on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    scopes = models.JSONField(default=list)
    hint = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens")
    at = models.DateTimeField(default=timezone.now)
    expires = models.DateField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return self.name

    @property
    def over(self) -> bool:
        """Whether its last day (included, in Bangkok) has passed."""
        return self.expires < timezone.localdate()

    @property
    def scope_labels(self) -> list[str]:
        """What it may do, in the reader's language."""
        return [str(Scope(scope).label) for scope in self.scopes]


class Sent(models.Model):
    """A change that was asked for under an ``Idempotency-Key``, with its answer: asked again, it is not done again.

    ``request``: SHA-256 of method, address and body. Kept for two days (``write_once.py``).
    """

    token = models.ForeignKey(Token, on_delete=models.CASCADE, related_name="sent")
    key = models.CharField(max_length=200)
    request = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    etag = models.CharField(max_length=80, blank=True)
    answer = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        ordering = ("-at",)
        constraints = (models.UniqueConstraint(fields=("token", "key"), name="sent_once_a_key"),)

    def __str__(self) -> str:
        return f"{self.token} {self.key}"


class Webhook(models.Model):
    """An address that is told of publications: of all agencies, or of one (then only of releases it is in).

    ``secret`` signs what is sent; it is stored encrypted under the site's secret key and shown once. ``disabled_at``:
    nothing more is sent, because its owner said so or because nobody answered for days (``failing`` then).
    """

    agency = models.ForeignKey(
        "agencies.Agency", null=True, blank=True, on_delete=models.CASCADE, related_name="webhooks"
    )
    name = models.CharField(max_length=80)
    url = models.CharField(max_length=2000)
    secret = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="webhooks")
    at = models.DateTimeField(default=timezone.now)
    disabled_at = models.DateTimeField(null=True, blank=True)
    failing = models.BooleanField(default=False)

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One event to one webhook. ``event`` is the same each time it is tried, so that a receiver knows it again.

    ``body``: the very text that is signed and sent. ``status``: of the last answer; ``error``: code of what went wrong.
    """

    STATES = (
        ("waiting", T("รอส่ง", "Waiting")),
        ("sent", T("ส่งแล้ว", "Delivered")),
        ("failed", T("ส่งไม่สำเร็จ", "Failed")),
    )
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.UUIDField(default=uuid.uuid4)
    kind = models.CharField(max_length=40)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=STATES, default="waiting")
    tries = models.PositiveSmallIntegerField(default=0)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    error = models.CharField(max_length=60, blank=True)
    error_th = models.CharField(max_length=300, blank=True)
    error_en = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)
    next_try = models.DateTimeField(default=timezone.now)
    tried_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("webhook", "-id")),)

    def __str__(self) -> str:
        return f"{self.kind} → {self.webhook}"
