"""What is due, from every room: each registers in its ``reminders.py`` a ``source`` of messages, each sent once, or a
``chore``: what the calendar itself does, such as closing a window.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from django.utils import timezone, translation

from prongsai.site.notices.models import Notice
from prongsai.site.notices.send import tell

Source = Callable[[dt.date], Iterable[Notice]]
SOURCES: list[Source] = []
Chore = Callable[[dt.date], None]
CHORES: list[Chore] = []


def source(function: Source) -> Source:
    """Register a function that gives the messages due on a day (``send.draft``)."""
    SOURCES.append(function)
    return function


def chore(function: Chore) -> Chore:
    """Register a function that does what is due on a day; run again it finds nothing left to do."""
    CHORES.append(function)
    return function


def remind(today: dt.date | None = None) -> int:
    """Do the chores, then keep and send all that is due; how many messages are new. Running it again adds nothing."""
    day = today or timezone.localdate()
    with translation.override("th"):  # no reader is asking: labels in the texts are Thai
        for do in CHORES:
            do(day)
        return sum(len(tell(list(find(day)))) for find in SOURCES)
