"""A server is asked to stop in whatever moment of its waiting: it hears, and waits for nothing itself holds."""

from __future__ import annotations

import subprocess
import sys
import threading
from types import FrameType
from typing import Any

import pytest

from prongsai.site.base.parent import Called

# To the process the signal comes, but its main thread is not woken: as when it comes in the moment before that sleeps.
MISSED = """
import os, signal, threading, time
from prongsai.site.base.parent import Called
event = {event}()
signal.signal(signal.SIGTERM, lambda *_: event.set())
def ask():
    time.sleep(0.5)
    signal.pthread_kill(threading.get_ident(), signal.SIGTERM)
threading.Thread(target=ask, daemon=True).start()
event.wait()
"""


def misses(event: str) -> bool:
    """Whether a server that waits so misses a signal which does not wake it."""
    try:
        subprocess.run([sys.executable, "-c", MISSED.format(event=event)], timeout=10, check=True)
    except subprocess.TimeoutExpired:
        return True
    return False


def hangs(event: threading.Event, moment: int) -> bool | None:
    """Whether a wait never ends that its own thread, as handlers of signals do, calls at its n-th instruction.

    None where it waits before that instruction, as it should.
    """
    passed, asked = 0, threading.Event()

    def watch(frame: FrameType, kind: str, _: Any) -> Any:
        nonlocal passed
        frame.f_trace_opcodes = True
        if kind == "opcode":
            if passed == moment:
                asked.set()
                event.set()
            passed += 1
        return watch

    def wait() -> None:
        sys.settrace(watch)
        event.wait()
        sys.settrace(None)

    waiting = threading.Thread(target=wait, daemon=True)
    waiting.start()
    waiting.join(0.5)
    if not asked.is_set():
        event.set()
    waiting.join(5)
    if asked.is_set():
        return waiting.is_alive()
    assert not waiting.is_alive()
    return None


def first_that_hangs(made: type[threading.Event]) -> int | None:
    """The first instruction of a wait at which a call makes it hang."""
    for moment in range(1000):
        found = hangs(made(), moment)
        if found is None:
            assert moment > 3  # instructions were seen at all
            return None
        if found:
            return moment
    raise AssertionError("it never waits")


def test_a_server_hears_in_whatever_moment_it_is_asked() -> None:
    assert first_that_hangs(Called) is None
    assert not misses("Called")


def test_an_event_of_the_library_does_not() -> None:
    """Why there is one of our own; where both fail, it can go."""
    assert first_that_hangs(threading.Event) is not None
    assert misses("threading.Event")


def test_no_call_is_lost_between_a_wait_and_a_clear() -> None:
    event = Called()
    event.set()
    assert event.wait()
    event.set()  # somebody asks to stop while the server sees to a worker that ended
    event.clear()
    assert event.is_set()
    assert event.wait(0)
    assert not event.is_set()
    assert not event.wait(0.01)


@pytest.mark.parametrize("calls", [1, 3])
def test_every_call_is_heard_once(calls: int) -> None:
    event = Called()
    for _ in range(calls):
        event.set()
    assert [event.wait(0) for _ in range(calls + 1)] == [True] * calls + [False]
