"""Messages to people, by channel, with every try to send them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from prongsai.site.base.text import T


class Notice(models.Model):
    """One message to one person. ``key`` makes a reminder go out once; ``link`` is a path on this site."""

    STATES = (
        ("waiting", T("รอส่ง", "Waiting")),
        ("sent", T("ส่งแล้ว", "Sent")),
        ("failed", T("ส่งไม่สำเร็จ", "Failed")),
    )
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    agency = models.ForeignKey("agencies.Agency", null=True, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=120, unique=True)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    link = models.CharField(max_length=300, blank=True)
    channel = models.CharField(max_length=20, default="email")
    state = models.CharField(max_length=10, choices=STATES, default="waiting")
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(default=timezone.now)
    next_try = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-at",)
        indexes = (models.Index(fields=("state", "next_try")),)

    def __str__(self) -> str:
        return self.subject
