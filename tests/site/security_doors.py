"""Doors of the second factor, of one's sessions, and of the rights of administration."""

from __future__ import annotations

from typing import Any

from cast import Cast
from doors import SIGNED_IN, Door


def some_session(cast: Cast) -> tuple[Any, ...]:
    """A session that nobody has: one's own alone can be ended."""
    return (1,)


DOORS = [
    Door("second_factor", SIGNED_IN),
    Door("session_end", set(), some_session, "post"),
    Door("sessions_end_others", SIGNED_IN, method="post", ok=(302,)),
    Door("administration", {"admin"}, ok=(302,)),
    Door("administration_end", {"admin"}, method="post", ok=(302,)),
]
