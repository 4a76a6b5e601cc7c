"""The log: one entry for every change of state, in a form that can be chained."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from prongsai.ledger.record import digest, new_salt


class Entry(models.Model):
    """What happened. ``facts`` tell nothing about a person; ``personal`` holds names and typed reasons, with a salt.

    ``digest`` is of the canonical form, with the personal part only as a salted hash. Entries are never changed;
    erasing a person empties ``personal`` and ``salt`` and leaves the digest.
    """

    at = models.DateTimeField(default=timezone.now, db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    agency = models.ForeignKey("agencies.Agency", null=True, on_delete=models.SET_NULL, related_name="+")
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=60, db_index=True)
    facts = models.JSONField(default=dict)
    personal = models.JSONField(default=dict)
    salt = models.CharField(max_length=32, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("agency", "-id")),)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.subject}"

    def canonical_facts(self) -> dict[str, Any]:
        """What the digest covers besides the personal part."""
        return {
            "action": self.action,
            "agency": self.agency.code if self.agency else "",
            "at": self.at.isoformat(timespec="microseconds"),
            "facts": self.facts,
            "subject": self.subject,
        }

    def seal(self) -> None:
        """Set salt and digest; called once, before the first save."""
        self.salt = new_salt()
        self.digest = digest(self.canonical_facts(), self.personal, self.salt)
