"""The operator stops the server in the moment in which its workers begin: it ends, and does not wait for ever."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time

import pytest

SERVER = """
import os, signal, threading, time
from prongsai.cli.serve import server_at

def late(note):
    os.write(1, note + b"\\n")  # at once: printed unbuffered, the lines of two workers run into each other
    time.sleep(100)

def load(_):
    late(b"a worker reads the site")
    return lambda environ, start_response: []

forked = lambda: os.register_at_fork(after_in_child=lambda: late(b"a worker was forked"))
if {where} == "before":
    forked()
server = server_at(0, "127.0.0.1", 2)
if {where} == "after":
    forked()

def ask():
    os.read(0, 1)
    signal.pthread_kill(threading.get_ident(), signal.SIGTERM)

if {where} == "asleep":  # the signal comes, but wakes nobody: as in the instant in which the server falls asleep
    threading.Thread(target=ask).start()
server.serve(target_loader=load)
"""
FULL = pytest.mark.skipif("PRONGSAI_FULL" not in os.environ, reason="takes the 20 seconds: PRONGSAI_FULL")


@pytest.mark.parametrize(
    ("where", "seconds"),
    [
        pytest.param("after", 10, id="forked"),
        pytest.param("in the loader", 10, id="reading the site"),
        pytest.param("asleep", 10, id="asleep"),
        pytest.param("before", 28, id="deaf", marks=FULL),  # killed after 20; its service would kill all after 30
    ],
)
def test_a_server_that_is_stopped_while_its_workers_begin_ends(where: str, seconds: int) -> None:
    program = SERVER.format(where=repr(where))
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "prongsai.site.settings"}
    server = subprocess.Popen(
        [sys.executable, "-c", program],
        bufsize=0,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        start_new_session=True,
    )
    try:
        assert server.stdin
        assert server.stdout
        told = b""
        while told.count(b"a worker") < 2:
            assert select.select([server.stdout], [], [], 60)[0], f"a worker did not begin: {told!r}"
            new = os.read(server.stdout.fileno(), 4096)
            assert new, f"it ended before its workers began: {told!r}"
            told += new
        if where == "asleep":
            time.sleep(1)  # until it sleeps
            server.stdin.write(b"!")
        else:
            server.terminate()
        server.wait(seconds)
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
