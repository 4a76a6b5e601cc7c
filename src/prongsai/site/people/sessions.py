"""Sessions as rows of their person, so that they can be shown and ended; Django's session engine of this site.

Two limits hold for each: a time without use, and a longest time since signing in. Both are one moment in the row,
``expire_date``, which Django asks for at every request; using the session moves it on.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

if TYPE_CHECKING:
    from prongsai.site.people.models import Person, Session

BEGAN, DEVICE = "began", "device"  # in the session's data
_STEP = dt.timedelta(minutes=1)  # a use is noted once a minute: reading pages should not write all the time
# By which words of the browser's own name people know it; the first that fits counts.
_BROWSERS = {
    "Edg": "Edge", "OPR/": "Opera", "Line/": "LINE", "Firefox": "Firefox", "FxiOS": "Firefox",
    "SamsungBrowser": "Samsung Internet", "CriOS": "Chrome", "Chrome": "Chrome", "Safari": "Safari",
}  # fmt: skip
_SYSTEMS = {
    "Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac OS": "macOS",
    "CrOS": "ChromeOS", "Linux": "Linux",
}  # fmt: skip


class SessionStore(db.SessionStore):
    """A session in the table ``people.Session``."""

    row: Session | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Our table."""
        from prongsai.site.people.models import Session  # the engine is named in the settings, before there are models

        return Session

    def load(self) -> dict[str, Any]:
        """The data, with the row kept beside."""
        self.row = self._get_session_from_db()  # type: ignore[attr-defined]  # the stubs leave it out
        return dict(self.decode(self.row.session_data)) if self.row else {}

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row of this data: whose, since when, from where."""
        made = cast("Session", super().create_model_instance(data))
        made.person_id = int(data[SESSION_KEY]) if data.get(SESSION_KEY) else None
        made.seen = timezone.now()
        made.began = parse_datetime(data.get(BEGAN, "")) or made.seen
        made.device = data.get(DEVICE, "")
        made.expire_date = _over_at(made.began, made.seen)
        self.row = made
        return made

    def used(self) -> None:
        """Note that the session is in use now."""
        now = timezone.now()
        if self.row is not None and now - self.row.seen >= _STEP:
            self.row.seen, self.row.expire_date = now, _over_at(self.row.began, now)
            rows = self.get_model_class().objects.filter(session_key=self.row.session_key)
            rows.update(seen=now, expire_date=self.row.expire_date)


def _over_at(began: dt.datetime, seen: dt.datetime) -> dt.datetime:
    return min(seen + settings.SESSION_IDLE, began + dt.timedelta(seconds=settings.SESSION_COOKIE_AGE))


def begin(request: HttpRequest) -> None:
    """Note when and with what someone signed in, in the session that begins."""
    request.session[BEGAN] = timezone.now().isoformat()
    request.session[DEVICE] = device_of(request.headers.get("User-Agent", ""))


def device_of(agent: str) -> str:
    """``Chrome · Windows``; empty when a browser says nothing that people know."""
    found = (next((name for sign, name in known.items() if sign in agent), "") for known in (_BROWSERS, _SYSTEMS))
    return " · ".join(name for name in found if name)


def end_sessions(person: Person, but: str | None = None) -> int:
    """End all sessions of a person, one excepted (by its key). How many."""
    rows = person.sessions.exclude(session_key=but or "")
    return rows.delete()[0]
