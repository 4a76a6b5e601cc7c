"""Messages to people, by channel, with every try to send them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from prongsai.site.base.text import T, pick


class Notice(models.Model):
    """One message to one person. ``key`` makes a reminder go out once; ``link`` is a path on this site.

    Mail is Thai; the page of notices speaks the reader's language where the English words are known.
    """

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
    subject_en = models.CharField(max_length=300, blank=True)
    text_en = models.TextField(blank=True)
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

    def in_english(self, subject: str, text: str) -> Notice:
        """The same message, with its English words."""
        self.subject_en, self.text_en = subject[:300], text
        return self

    @property
    def title(self) -> str:
        """What it is about, in the reader's language."""
        return pick(self.subject, self.subject_en or self.subject)

    @property
    def words(self) -> str:
        """What it says, in the reader's language."""
        return pick(self.text, self.text_en or self.text)

    @property
    def language(self) -> str:
        """The language of ``title`` and ``words``."""
        return "th" if not self.text_en else pick("th", "en")
