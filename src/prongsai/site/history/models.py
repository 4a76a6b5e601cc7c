"""The log: one entry for every change of state, in a form that can be chained."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from prongsai.ledger.record import new_salt, personal_digest, sealed

ACTOR = "actor_id"  # in ``personal``: the column ``actor`` as it was sealed


class Entry(models.Model):
    """What happened. ``facts`` tell nothing about a person; ``personal`` holds names and typed reasons, with a salt.

    ``digest`` is of the canonical form, with the personal part only as a salted hash (``personal_hash``). Entries are
    never changed; erasing a person (``erase.py``) empties ``personal``, ``salt`` and ``actor`` and leaves both hashes.
    ``number``, ``link`` and ``signature`` tie the entry to all before it (``chain.py``), as soon as it was committed.
    """

    at = models.DateTimeField(default=timezone.now, db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    agency = models.ForeignKey("agencies.Agency", null=True, on_delete=models.SET_NULL, related_name="+")
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=60, db_index=True)
    facts = models.JSONField(default=dict)
    personal = models.JSONField(default=dict)
    salt = models.CharField(max_length=32, blank=True)
    personal_hash = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    number = models.PositiveBigIntegerField(null=True, unique=True)
    link = models.CharField(max_length=64, blank=True)
    signature = models.CharField(max_length=128, blank=True)

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("agency", "-id")),
            models.Index(fields=("id",), condition=models.Q(number=None), name="history_waiting"),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.subject}"

    def canonical_facts(self) -> dict[str, Any]:
        """What the digest covers besides the personal part."""
        return {
            "action": self.action,
            "agency": self.agency.code if self.agency else "",
            "at": self.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
            "facts": self.facts,
            "subject": self.subject,
        }

    def seal(self) -> None:
        """Set salt, hash and digest; called once, before the first save. Who acted is sealed with the personal part."""
        if self.personal or self.actor_id:
            self.personal = {**self.personal, ACTOR: self.actor_id}
        self.salt = new_salt() if self.personal else ""
        self.personal_hash = personal_digest(self.personal, self.salt)
        self.digest = sealed(self.canonical_facts(), self.personal_hash)
