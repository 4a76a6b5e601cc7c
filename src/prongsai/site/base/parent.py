"""Ending with the process that began this one, or when it says so; imports nothing of Django, so is asked first."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable


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
