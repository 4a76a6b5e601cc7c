"""The processes beside the site (jobs, mixer): begun with it, begun again when they end before it, ended with it."""

from __future__ import annotations

import contextlib
import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from threading import Event, Thread

SOON, LATE = 1.0, 60.0  # seconds until an ended process is begun again: at first, and when it ends again and again
STEADY = 60.0  # seconds that a process must run to count as mended
_PATIENCE = 20.0  # seconds for its last turn
log = logging.getLogger(__name__)


class _Kept:
    """One process, looked after by a thread of its own. ``stop`` ends both."""

    def __init__(self, command: str) -> None:
        self.command = command
        self._stopped = Event()
        self._process = self._begin()
        self._thread = Thread(target=self._watch, name=f"beside-{command}", daemon=True)
        self._thread.start()

    def _begin(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", "prongsai.site", f"--with={os.getpid()}", self.command])  # noqa: S603 - our own interpreter and module

    def _watch(self) -> None:
        """Whatever ends it (a kill, a lack of memory, an error), its work is safe to begin again."""
        wait, begun = SOON, time.monotonic()
        while True:
            status = self._process.wait()
            if self._stopped.is_set():
                return
            wait = SOON if time.monotonic() - begun > STEADY else min(wait * 2, LATE)
            log.error("%s ended with status %s; it begins again in %g seconds", self.command, status, wait)
            if self._stopped.wait(wait):
                return
            begun = time.monotonic()
            with contextlib.suppress(OSError):  # no memory for one just now: looked at as if it had ended again
                self._process = self._begin()
            if self._stopped.is_set():
                self._process.terminate()

    def stop(self) -> None:
        self._stopped.set()
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()

    def wait(self) -> None:
        self._thread.join(_PATIENCE)
        if self._thread.is_alive():
            self._process.kill()


@contextlib.contextmanager
def beside(commands: Sequence[str]) -> Iterator[None]:
    """Commands of ``python -m prongsai.site`` that run while the block does."""
    running = [_Kept(command) for command in commands]
    try:
        yield
    finally:
        for one in running:
            one.stop()
        for one in running:
            one.wait()
