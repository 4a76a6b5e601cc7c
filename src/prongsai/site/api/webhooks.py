"""Signing what is sent, so that a receiver knows who sent it, when, and that nothing was changed on the way.

The scheme is that of Standard Webhooks (https://www.standardwebhooks.com): three headers, and HMAC-SHA256 over
``id.timestamp.body`` under a secret that only both sides know. A receiver refuses old timestamps and ids it has seen,
so that what somebody recorded cannot be played to it again (docs/api-write.md has a receiver that a test runs).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import uuid
from collections.abc import Mapping
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.utils import timezone

from prongsai.evidence.network import Network
from prongsai.evidence.network import Refused as Unfit
from prongsai.site.agencies.models import Agency
from prongsai.site.api.models import Delivery, Webhook
from prongsai.site.history.action import Refused, refuse
from prongsai.site.opendata.models import Release

PUBLISHED, WITHDRAWN, TEST = "release.published", "release.withdrawn", "test"
PREFIX = "whsec_"
MAX_URL = 2000


def new_secret() -> str:
    """A secret of 256 random bits, in the form that libraries of Standard Webhooks take."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def locked(secret: str) -> str:
    """The secret as it is stored: encrypted, since it is needed again for each signature."""
    return _box().encrypt(secret.encode()).decode()


def unlocked(stored: str) -> str | None:
    """The secret; None when the site's secret key was changed and the owner has to take a new one."""
    try:
        return _box().decrypt(stored.encode()).decode()
    except InvalidToken:
        return None


def _box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"webhook:" + settings.SECRET_KEY.encode()).digest()))


def signature(secret: str, event: str, timestamp: int, body: bytes) -> str:
    """``v1,…``: HMAC-SHA256 over ``event.timestamp.body``, in base64."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = b".".join((event.encode(), str(timestamp).encode(), body))
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers(secret: str, event: str, timestamp: int, body: bytes) -> Mapping[str, str]:
    """What goes beside the body. ``timestamp``: seconds since 1970, of this try."""
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Prongsai-Webhooks/1",
        "webhook-id": event,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, event, timestamp, body),
    }


def unfit(url: str) -> Refused | None:
    """What is wrong with an address, as far as its form tells; it is vetted again at every sending, name by name."""
    if len(url) > MAX_URL:
        return refuse("webhook.long", f"ที่อยู่ยาวเกิน {MAX_URL} ตัวอักษร", f"longer than {MAX_URL} characters")
    try:
        found = Network().vetted(url)
    except Unfit as error:
        return refuse(f"webhook.{error.code}", error.th, error.en)
    if found.scheme != "https":
        return refuse(
            "webhook.not_https",
            "ที่อยู่ต้องขึ้นต้นด้วย https://",
            "the address must begin with https://",
            "โปรดเปิดใช้ HTTPS ที่ระบบปลายทาง",
            "Serve it over HTTPS.",
        )
    if found.host == "localhost" or _is_private(found.host):
        return refuse(
            "webhook.address_private",
            "ที่อยู่นี้อยู่ในเครือข่ายภายใน ระบบนี้ส่งถึงไม่ได้",
            "this address lies in a private network, where nothing is sent",
            "โปรดใช้ที่อยู่ที่เปิดจากอินเทอร์เน็ตได้",
            "Use an address that can be reached from the internet.",
        )
    return None


def _is_private(host: str) -> bool:
    """Whether a host is an IP address that is not public (names are resolved when something is sent)."""
    import ipaddress

    from prongsai.evidence.network import is_public

    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return not is_public(host)


def event(kind: str, data: Mapping[str, Any]) -> tuple[uuid.UUID, str]:
    """A new event: its id and the text that is sent. It says what happened and where to read, and nothing else."""
    made = uuid.uuid4()
    at = timezone.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    text = json.dumps({"id": str(made), "type": kind, "timestamp": at, "data": dict(data)}, ensure_ascii=False)
    return made, text


def about(release: Release, agency: Agency | None) -> dict[str, Any]:
    """What a receiver is told of a release: names and addresses; the numbers stand at the addresses."""
    slug, site = release.round.slug, settings.SITE_ADDRESS
    told: dict[str, Any] = {
        "round": slug,
        "fiscal_year": release.round.fiscal_year,
        "revision": release.revision,
        "framework": release.framework_id,
        "framework_version": release.framework_version,
        "agencies": release.agencies,
        "digest": release.digest,
        "api": f"{site}/api/v1/rounds/{slug}",
        "page": f"{site}/data/{slug}/",
    }
    if agency:
        told["agency"] = {
            "code": agency.code,
            "api": f"{site}/api/v1/agencies/{agency.code}",
            "page": f"{site}/results/{agency.code}/{slug}/",
        }
    return told


def tell(kind: str, release: Release) -> list[Delivery]:
    """Keep an event for every webhook that listens, and have it sent. Runs in the transaction of what happened."""
    from prongsai.site.api.webhooks_jobs import send

    made = []
    listed = release.lines.values("code")
    for hook in Webhook.objects.filter(disabled_at=None).select_related("agency"):
        if hook.agency and not listed.filter(code=hook.agency.code).exists():
            continue
        number, body = event(kind, about(release, hook.agency))
        made.append(Delivery.objects.create(webhook=hook, event=number, kind=kind, body=body))
        send.enqueue(made[-1].pk)
    return made
