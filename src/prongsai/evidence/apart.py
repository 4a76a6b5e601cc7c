"""Reads fetched bodies in a process apart: what strangers wrote may be made to hang or break whatever reads it.

One child is started and used again. It is given memory and time; when it takes more, or ends, the answer is a
``Content`` that says so, and the next body gets a new child. What comes back is plain JSON, checked field by field.
Where the system is no POSIX one (Windows) the time is limited but not the memory.
"""

from __future__ import annotations

import contextlib
import json
import os
import struct
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass, fields
from typing import IO, TYPE_CHECKING, Any

from prongsai.evidence.content import Content, kind_of, read
from prongsai.json_text import read_json

if TYPE_CHECKING:
    from prongsai.evidence.fetch import Fetched

_HEAD = struct.Struct("!II")
_MAX_ANSWER = 64_000_000
_USES = 500  # bodies after which a child is replaced, so that nothing that leaks grows for ever


@dataclass(frozen=True)
class Allowance:
    """What reading one body may take: seconds by the clock, bytes of address space of the whole child."""

    seconds: float = 30
    memory: int = 2_000_000_000


class Reader:
    """``content_of`` in a process apart; use as ``with``, from several threads if you like (one body at a time)."""

    def __init__(self, allowance: Allowance | None = None) -> None:
        self.allowance = allowance or Allowance()
        self._child: subprocess.Popen[bytes] | None = None
        self._used = 0
        self._lock = threading.Lock()

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the child."""
        with self._lock:
            self._end()

    def read(self, fetched: Fetched) -> Content:
        """What the body holds; never raises for what it may be, never takes much longer than allowed."""
        with self._lock:
            if self._used >= _USES:
                self._end()
            child = self._child or self._start()
            self._used += 1
            late = threading.Event()

            def stop() -> None:
                late.set()
                child.kill()

            timer = threading.Timer(self.allowance.seconds, stop)
            timer.daemon = True
            timer.start()
            try:
                answer = _ask(child, fetched)
            except (OSError, EOFError, ValueError, TypeError):
                self._end()
                kind = kind_of(fetched.body)
                if late.is_set():
                    said = f"not read within {self.allowance.seconds:g} seconds"
                    return Content(kind, broken=said, beyond="time")
                return Content(kind, broken="reading ended suddenly, out of memory as a rule", beyond="memory")
            finally:
                timer.cancel()
            if late.is_set():
                self._end()
            return answer

    def _start(self) -> subprocess.Popen[bytes]:
        # Its own words go nowhere: they would stand in the middle of a table or a progress bar.
        self._child = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", __name__, str(self.allowance.memory), str(int(self.allowance.seconds) + 1)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._used = 0
        return self._child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        for pipe in (child.stdin, child.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()
        child.wait()


def _ask(child: subprocess.Popen[bytes], fetched: Fetched) -> Content:
    assert child.stdin
    assert child.stdout
    head = json.dumps([fetched.header("content-type"), fetched.whole]).encode()
    child.stdin.write(_HEAD.pack(len(head), len(fetched.body)) + head)
    child.stdin.write(fetched.body)
    child.stdin.flush()
    size, _ = _HEAD.unpack(_exactly(child.stdout, _HEAD.size))
    if size > _MAX_ANSWER:
        raise ValueError("the answer is too long")
    found: Any = read_json(_exactly(child.stdout, size))
    empty = Content("")
    if not isinstance(found, dict) or {name: type(value) for name, value in found.items()} != {
        one.name: type(getattr(empty, one.name)) for one in fields(Content)
    }:
        raise ValueError("not such an answer")
    return Content(**found)


def _exactly(pipe: IO[bytes], size: int) -> bytes:
    data = pipe.read(size)
    if len(data) != size:
        raise EOFError
    return data


# --- the child


def _limit(memory: int) -> None:
    import resource

    for limit, value in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))


def _limit_time(seconds: int) -> None:
    """So that a child whose parent was killed ends too."""
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    end = int(used.ru_utime + used.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (end, resource.RLIM_INFINITY))


def _serve(memory: int, seconds: int) -> None:
    posix = os.name == "posix"
    if posix:
        _limit(memory)
    come, go = sys.stdin.buffer, sys.stdout.buffer
    while head := come.read(_HEAD.size):
        size, length = _HEAD.unpack(head)
        content_type, whole = read_json(_exactly(come, size))
        body = _exactly(come, length)
        if posix:
            _limit_time(seconds)
        answer = json.dumps(asdict(read(body, content_type, whole))).encode()
        go.write(_HEAD.pack(len(answer), 0) + answer)
        go.flush()


if __name__ == "__main__":
    try:
        _serve(int(sys.argv[1]), int(sys.argv[2]))
    except MemoryError:
        os._exit(1)
