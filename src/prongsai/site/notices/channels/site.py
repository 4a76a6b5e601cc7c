"""For people without an address: the message stands on their page of notices, and nothing has to be sent."""

from __future__ import annotations

from prongsai.site.notices.models import Notice


def send(notice: Notice) -> None:
    """Nothing to do."""
