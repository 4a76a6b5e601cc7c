"""One writer per process: what comes in while a commit is being synced goes into the next one, together.

A caller's ``write`` returns when its deposit is on disk, or raises. Inside somebody's transaction (a test) it
writes there.
"""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from django.db import connection

MOST = 256  # deposits in one commit
IDLE = 5.0  # seconds after which a connection is looked at before it is used again

Given = TypeVar("Given")
Outcome = TypeVar("Outcome")


class _Waiting(Generic[Given, Outcome]):
    """One deposit and what becomes of it. A bare lock: a ``Future`` costs more than all else here."""

    def __init__(self, one: Given) -> None:
        self.one = one
        self.outcomes: Sequence[Outcome] = ()
        self.error: BaseException | None = None
        self.done = threading.Lock()
        self.done.acquire()

    def outcome(self) -> Outcome:
        """Wait for it. Raises what kept it from being stored."""
        self.done.acquire()
        if self.error:
            raise self.error
        return self.outcomes[0]


class Writer(Generic[Given, Outcome]):
    """Takes deposits from any thread and has ``put`` store those that wait together; a forked process gets its own.

    ``put`` stores all of them durably or raises and stores none. Putting one again must do no harm: after an error
    nobody knows whether it is there.
    """

    def __init__(self, put: Callable[[Sequence[Given]], Sequence[Outcome]]) -> None:
        self._put = put
        self._waiting: queue.SimpleQueue[_Waiting[Given, Outcome] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._pid = 0
        self._last = 0.0

    def write(self, one: Given) -> Outcome:
        """Store it and return what became of it, once that is durable."""
        if connection.in_atomic_block:
            return self._put([one])[0]
        self._start()
        waiting = _Waiting[Given, Outcome](one)
        self._waiting.put(waiting)
        return waiting.outcome()

    def end(self) -> None:
        """Store what waits and give the connection back; the next ``write`` begins anew."""
        if self._thread and self._pid == os.getpid():
            self._waiting.put(None)
            self._thread.join()
            self._pid = 0

    def _start(self) -> None:
        if self._pid == os.getpid():
            return
        with self._starting:
            if self._pid != os.getpid():
                self._waiting = queue.SimpleQueue()
                self._thread = threading.Thread(target=self._work, daemon=True, name="survey-writer")
                self._thread.start()
                self._pid = os.getpid()

    def _work(self) -> None:
        waiting = self._waiting
        while (one := waiting.get()) is not None:
            together = [one]
            while len(together) < MOST and not waiting.empty() and (one := waiting.get()) is not None:
                together.append(one)
            self._commit(together)
            if one is None:
                break
        connection.close()

    def _commit(self, together: Sequence[_Waiting[Given, Outcome]]) -> None:
        try:
            if time.monotonic() - self._last > IDLE:
                connection.close_if_unusable_or_obsolete()
            outcomes = self._put([each.one for each in together])
            self._last = time.monotonic()
        except Exception as error:
            connection.close()
            if len(together) > 1:  # one bad deposit must not take the others with it
                for each in together:
                    self._commit([each])
            else:
                together[0].error = error
                together[0].done.release()
            return
        for each, outcome in zip(together, outcomes, strict=True):
            each.outcomes = (outcome,)
            each.done.release()
