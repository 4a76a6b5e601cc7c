"""Doors of tokens and webhooks: who reaches the pages. What needs a password given just now leads there first (302)."""

from __future__ import annotations

from typing import Any

from api_write_world import make_token
from cast import Cast
from doors import EVERYONE, Door, agency

from prongsai.site.api.models import Delivery, Webhook
from prongsai.site.api.webhooks_actions import AddWebhook

MANAGES = {"agency_admin", "admin"}
ALL = {"assessor", "admin"}  # whoever runs rounds is told about all agencies
URL = "https://hooks.example.go.th/prongsai"


def token(cast: Cast) -> tuple[Any, ...]:
    return (make_token(cast, ["results"])[0].pk,)


def hook(cast: Cast) -> Webhook:
    made: Webhook = AddWebhook(by=cast.agency_admin, of=cast.agency, name="เว็บไซต์", url=URL).execute()[0]
    return made


def own(cast: Cast) -> tuple[Any, ...]:
    return (hook(cast).pk,)


def stop(cast: Cast) -> tuple[Any, ...]:
    return (hook(cast).pk, "stop")


def delivery(cast: Cast) -> tuple[Any, ...]:
    return (Delivery.objects.create(webhook=hook(cast), kind="test", body="{}", state="sent").pk,)


DOORS = [
    Door("api_docs_writing", EVERYONE),
    Door("tokens", MANAGES, agency),
    Door("token_add", MANAGES, agency, ok=(302,)),
    Door("token_revoke", MANAGES, token),
    Door("webhooks", MANAGES, agency),
    Door("webhook_add", MANAGES, agency, ok=(302,)),
    Door("all_webhooks", ALL),
    Door("all_webhook_add", ALL, ok=(302,)),
    Door("webhook", MANAGES, own),
    Door("webhook_secret", MANAGES, own, ok=(302,)),
    Door("webhook_remove", MANAGES, own),
    Door("webhook_act", MANAGES, stop, "post", ok=(302, 409)),
    Door("delivery_resend", MANAGES, delivery, "post", ok=(302, 409)),
]
