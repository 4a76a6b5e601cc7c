"""Ending with the process that began this one, or when it says so; imports nothing of Django, so is asked first."""

from __future__ import annotations

import ctypes
import math
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue

_TURN = 0.5  # seconds after which a wait looks whether a signal came in the moment it fell asleep


def ends_with(parent: int) -> Callable[[], None]:
    """What a process does first to end when the one that began it is killed: otherwise it would go on beside the next.

    Linux alone can do that; elsewhere whoever kills the server ends its workers too.
    """
    if sys.platform != "linux":
        return lambda: None
    control = ctypes.CDLL(None).prctl

    def ask() -> None:
        control(1, signal.SIGKILL)  # PR_SET_PDEATHSIG; a gentler signal would be lost on a worker that just begins
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)

    return ask


def heeded_from_the_start() -> None:
    """What this process forks from now on ends when asked to, also before it has said what it does then.

    A fork inherits what its parent does when asked to stop: a worker that is asked while it begins would take note in
    a parent's place, go on, and its parent would wait for it for ever.
    """
    os.register_at_fork(after_in_child=lambda: signal.signal(signal.SIGTERM, signal.SIG_DFL))


class Called(threading.Event):
    """What a server waits for when a handler of signals may be what calls it, in whatever moment of its waiting.

    ``threading.Event`` can miss that for ever, twice over. It holds a lock for some instructions of its ``wait``, for
    which a handler's ``set``, in the same thread, would wait; the queue inside here is made for being called from
    handlers. And Python runs handlers only between instructions: a signal in the moment before the main thread falls
    asleep is heard when it next wakes, so this one wakes every now and then. Each ``wait`` takes one call, thus none is
    lost between a wait and a ``clear``.
    """

    def __init__(self) -> None:
        super().__init__()
        self._calls: SimpleQueue[None] = SimpleQueue()

    def is_set(self) -> bool:
        """Whether a call waits to be heard."""
        return not self._calls.empty()

    def set(self) -> None:
        """Call: one wait, now or later, returns."""
        self._calls.put(None)

    def clear(self) -> None:
        """Nothing: what was waited for is heard, what came since is still to be."""

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for a call, at most about `timeout` seconds; whether one came."""
        end = math.inf if timeout is None else time.monotonic() + timeout
        while True:
            try:
                self._calls.get(timeout=max(0, min(_TURN, end - time.monotonic())))
            except Empty:
                if time.monotonic() >= end:
                    return False
            else:
                return True
