"""The store of preserved copies: beside the other files, never served from the site's own origin."""

from __future__ import annotations

import json

from django.conf import settings

from prongsai.evidence.preserve.copies import Copies
from prongsai.evidence.visit import Keeping
from prongsai.site.inspection.models import Link, Preserved


def copies() -> Copies:
    """The one store of this installation."""
    return Copies(settings.DATA / "copies")


def keeping() -> Keeping:
    """What a visit keeps."""
    return Keeping(copies())


def remember(link: Link, occasion: str, name: str) -> Preserved:
    """The row of a copy that the store has just taken."""
    manifest = copies().manifest(name)
    return Preserved.objects.create(
        evidence=link.evidence,
        link=link,
        url=manifest.url,
        occasion=occasion,
        at=manifest.retrieved_at,
        sha256=manifest.sha256 or "",
        name=name,
        manifest=json.loads(manifest.as_bytes()),
        failure=manifest.failure[1] if manifest.failure else "",
    )
