"""What happens elsewhere and is told to webhooks: a publication, and one that is taken back."""

from __future__ import annotations

from typing import Any

from prongsai.site.api.webhooks import PUBLISHED, WITHDRAWN, tell
from prongsai.site.opendata import signals
from prongsai.site.opendata.models import Release


def connect() -> None:
    """Listen, once per process."""
    signals.published.connect(_published, dispatch_uid="api.webhooks")
    signals.withdrawn.connect(_withdrawn, dispatch_uid="api.webhooks")


def _published(release: Release, **_: Any) -> None:
    tell(PUBLISHED, release)


def _withdrawn(release: Release, **_: Any) -> None:
    tell(WITHDRAWN, release)
