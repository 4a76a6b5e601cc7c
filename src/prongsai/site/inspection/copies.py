"""The store of preserved copies: beside the other files, never served from the site's own origin."""

from __future__ import annotations

from django.conf import settings

from prongsai.evidence.preserve.copies import Copies
from prongsai.evidence.preserve.picture import Camera
from prongsai.evidence.preserve.timestamp import Authority
from prongsai.evidence.visit import Keeping
from prongsai.json_text import read_json
from prongsai.site.env import environment
from prongsai.site.inspection.models import Link, Preserved

_END = b"-----END CERTIFICATE-----"


def copies() -> Copies:
    """The one store of this installation."""
    return Copies(settings.DATA / "copies")


def keeping() -> Keeping:
    """What a visit keeps: a picture where there is a Chromium, a time stamp where an authority is configured.

    Raises ``OSError`` where the authority's roots cannot be read.
    """
    asked = environment()
    camera = Camera() if asked.pictures else None
    if not asked.timestamp_url:
        return Keeping(copies(), camera)
    pem = asked.timestamp_roots.read_bytes() if asked.timestamp_roots else b""
    roots = tuple(part + _END for part in pem.split(_END) if b"BEGIN" in part)
    return Keeping(copies(), camera, Authority(asked.timestamp_url, roots))


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
        manifest=read_json(manifest.as_bytes()),
        failure=manifest.failure[1] if manifest.failure else "",
    )
