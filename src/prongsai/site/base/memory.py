"""Memory that is not used goes back to the system: of glibc's allocator, elsewhere nothing is done.

A server of many threads that makes large documents now and then grows for long without need: what one thread gave
back no other can use, and a little that stays holds much that is free around it.
"""

from __future__ import annotations

import ctypes
import sys
import threading
import time

_ARENAS, _M_ARENA_MAX = 2, -8
_TURN = 60.0  # seconds; giving back takes some ten milliseconds, in which other threads wait for memory


def keep_together() -> None:
    """Let this process and those it begins use two arenas, not one for each of many threads."""
    if (glibc := _glibc()) is not None:
        glibc.mallopt(_M_ARENA_MAX, _ARENAS)


def give_back(every: float = _TURN) -> None:
    """Begin a thread that gives back what is free, as long as this process lives. ``every``: seconds between turns."""
    if (glibc := _glibc()) is None:
        return

    def turns() -> None:
        while True:
            time.sleep(every)
            glibc.malloc_trim(0)

    threading.Thread(target=turns, name="memory", daemon=True).start()


def _glibc() -> ctypes.CDLL | None:
    if sys.platform != "linux":
        return None
    here = ctypes.CDLL(None)
    return here if hasattr(here, "malloc_trim") else None  # another C library
