"""Doors of privacy: notices for everybody, one's own data, and what the system's administrator does."""

from __future__ import annotations

from typing import Any

from cast import Cast
from django.utils import timezone
from doors import EVERYONE, SIGNED_IN, Door

from prongsai.site.privacy.models import Incident, Request

ADMIN = {"admin"}


def notice(_cast: Cast) -> tuple[Any, ...]:
    return ("officer",)


def whom(cast: Cast) -> tuple[Any, ...]:
    return (cast.stranger.pk,)


def asked(cast: Cast) -> tuple[Any, ...]:
    today = timezone.localdate()
    return (Request.objects.create(kind="access", person=cast.stranger, received=today, due=today).pk,)


def of_officer(cast: Cast) -> tuple[Any, ...]:
    today = timezone.localdate()
    return (Request.objects.create(kind="access", person=cast.officer, received=today, due=today).pk,)


def leak(_cast: Cast) -> tuple[Any, ...]:
    return (Incident.objects.create(title="ทดสอบ", what="x", known_at=timezone.now()).pk,)


DOORS = [
    Door("privacy", EVERYONE),
    Door("privacy_notice", EVERYONE, notice),
    Door("my_privacy", SIGNED_IN),
    Door("my_copy", SIGNED_IN, method="post"),
    Door("privacy_withdraw", {"officer"}, of_officer, "post", ok=(302,)),
    Door("privacy_seen", SIGNED_IN, method="post", ok=(302,)),
    Door("system_privacy", ADMIN),
    Door("privacy_records", ADMIN),
    Door("privacy_records_file", ADMIN),
    Door("privacy_requests", ADMIN),
    Door("privacy_request_add", ADMIN),
    Door("privacy_request", ADMIN, asked),
    Door("person_privacy", ADMIN, whom),
    Door("person_copy", ADMIN, whom, "post"),
    Door("privacy_incidents", ADMIN),
    Door("privacy_incident_add", ADMIN),
    Door("privacy_incident", ADMIN, leak),
]
