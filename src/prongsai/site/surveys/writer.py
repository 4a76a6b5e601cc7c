"""One writer per process: what comes in while a commit is being synced goes into the next one, together.

A caller's ``write`` returns when its change is on disk, or raises. Inside somebody's transaction (a test) it
writes there.
"""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

MOST = 256  # changes in one commit
Change = Callable[[CursorWrapper], Any]


class Writer:
    """Takes changes from any thread; a forked process gets its own thread."""

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[tuple[Change, Future[Any]]] = queue.SimpleQueue()
        self._starting = threading.Lock()
        self._pid = 0

    def write(self, change: Change) -> Any:
        """Do the change in a transaction and return what it returns, once that is durable."""
        if connection.in_atomic_block:
            with connection.cursor() as cursor:
                return change(cursor)
        self._start()
        done: Future[Any] = Future()
        self._waiting.put((change, done))
        return done.result()

    def _start(self) -> None:
        if self._pid == os.getpid():
            return
        with self._starting:
            if self._pid != os.getpid():
                self._waiting = queue.SimpleQueue()
                threading.Thread(target=self._work, args=(self._waiting,), daemon=True, name="survey-writer").start()
                self._pid = os.getpid()

    def _work(self, waiting: queue.SimpleQueue[tuple[Change, Future[Any]]]) -> None:
        while True:
            together = [waiting.get()]
            while len(together) < MOST:
                try:
                    together.append(waiting.get_nowait())
                except queue.Empty:
                    break
            self._commit(together)

    def _commit(self, together: list[tuple[Change, Future[Any]]]) -> None:
        try:
            connection.close_if_unusable_or_obsolete()
            with transaction.atomic(), connection.cursor() as cursor:
                results = [change(cursor) for change, _ in together]
        except Exception as error:
            if len(together) > 1:  # one bad change must not take the others with it
                for one in together:
                    self._commit([one])
            else:
                connection.close()
                together[0][1].set_exception(error)
            return
        for (_, done), result in zip(together, results, strict=True):
            done.set_result(result)


writer = Writer()
