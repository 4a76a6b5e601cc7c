"""When the history was verified, and where its heads were posted."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from prongsai.ledger.head import Head, read_heads


class Verification(models.Model):
    """One verification: links behind ``first`` up to ``last``, and ``sampled`` older ones. ``findings``: as told then.

    Rows here are for reading; whether the next one may begin where this one ended stands in a file beside the key
    (``daily.py``), out of reach of who can write the database.
    """

    at = models.DateTimeField(default=timezone.now)
    first = models.PositiveBigIntegerField()
    last = models.PositiveBigIntegerField()
    sampled = models.PositiveBigIntegerField(default=0)
    erased = models.PositiveBigIntegerField(default=0)
    findings = models.JSONField(default=list)

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.first}–{self.last}"

    @property
    def whole(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


class Posting(models.Model):
    """A head that was posted: the whole ``line``, ``place`` (where anybody can find it again) and the day."""

    number = models.PositiveBigIntegerField()
    line = models.CharField(max_length=300)
    place = models.CharField(max_length=300)
    day = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-number", "-pk")

    def __str__(self) -> str:
        return f"{self.number} {self.place}"

    @property
    def head(self) -> Head:
        """The head in the line."""
        return read_heads(self.line, f"integrity.posting:{self.pk}")[0]
