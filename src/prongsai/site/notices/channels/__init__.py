"""The ways a message reaches a person: one file each with ``send(notice)``; a new channel is a new file.

``send`` raises any exception when the message did not get out; it is tried again (``send.py``).
"""

from __future__ import annotations

from importlib import import_module
from typing import Protocol, cast

from prongsai.errors import InputError, Problem
from prongsai.site.notices.models import Notice


class Channel(Protocol):
    """A module of this folder."""

    def send(self, notice: Notice) -> None:
        """Hand the message over, or raise."""


def channel(name: str) -> Channel:
    """The channel of that name. Raises ``InputError`` when there is no such file."""
    try:
        return cast(Channel, import_module(f"{__name__}.{name}" if name.isidentifier() else ""))
    except (ModuleNotFoundError, ValueError) as error:
        problem = Problem("notices.channel", name, f"ไม่มีช่องทางชื่อ {name}", f"there is no channel {name!r}", "")
        raise InputError(problem) from error
