"""Ending with the process that began this one; imports nothing of Django, so that it can be asked first of all."""

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
