"""Processes beside the site go on turn after turn, also while the database is full, restarting or away."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.db import InterfaceError, OperationalError, close_old_connections, connection


def turn_after_turn(turn: Callable[[], None], interval: float, say: Callable[[str], object]) -> None:
    """Until interrupted; ``interval`` in seconds. What keeps the database from answering is said, and tried again."""
    while True:
        close_old_connections()
        try:
            turn()
        except (OperationalError, InterfaceError) as error:
            say(f"the database cannot be used ({type(error).__name__}); tried again in {interval:g} seconds")
            connection.close()
        time.sleep(interval)
