"""What is due, from every room: each registers a ``source`` in its ``reminders.py``; each message goes out once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from django.utils import timezone, translation

from prongsai.site.notices.models import Notice
from prongsai.site.notices.send import tell

Source = Callable[[dt.date], Iterable[Notice]]
SOURCES: list[Source] = []


def source(function: Source) -> Source:
    """Register a function that gives the messages due on a day (``send.draft``)."""
    SOURCES.append(function)
    return function


def remind(today: dt.date | None = None) -> int:
    """Keep and send all that is due; how many messages are new. Running it again adds nothing."""
    day = today or timezone.localdate()
    with translation.override("th"):  # no reader is asking: labels in the texts are Thai
        return sum(len(tell(list(find(day)))) for find in SOURCES)
