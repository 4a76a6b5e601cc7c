"""Kept files: private, by content, with their hash."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone


def _place(stored: Any, _name: str) -> str:
    return f"{stored.sha256[:2]}/{stored.sha256}"


class Stored(models.Model):
    """One file as it was received or written. Its bytes are never changed; ``sha256`` is of them."""

    sha256 = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=20)  # pdf, docx, xlsx, png, jpeg, yaml, json, csv, txt, html
    size = models.PositiveBigIntegerField()
    content = models.FileField(upload_to=_place, max_length=120)
    agency = models.ForeignKey("agencies.Agency", null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name

    def read(self) -> bytes:
        """The bytes."""
        with self.content.open("rb") as file:
            return bytes(file.read())
