"""The worker's turn: what is over its time goes (``retention.py``), and somebody is told of requests that wait."""

from __future__ import annotations

import datetime as dt

from prongsai.site.notices.due import chore
from prongsai.site.privacy.retention import retain


@chore
def over_their_time(_today: dt.date) -> None:
    """Erase what is over its time, by the clock: a chore's day may be another in tests and demos."""
    retain()
