"""The operator stops the server in the moment in which its workers begin: it ends, and does not wait for ever."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

SERVER = """
import os, time
from prongsai.cli.serve import server_at

def late(note):
    print(note, flush=True)
    time.sleep(100)

def load(_):
    late("a worker reads the site")
    return lambda environ, start_response: []

forked = lambda: os.register_at_fork(after_in_child=lambda: late("a worker was forked"))
if {where} == "before":
    forked()
server = server_at(0, "127.0.0.1", 2)
if {where} == "after":
    forked()
server.serve(target_loader=load)
"""
FULL = pytest.mark.skipif("PRONGSAI_FULL" not in os.environ, reason="takes the 20 seconds: PRONGSAI_FULL")


@pytest.mark.parametrize(
    ("where", "seconds"),
    [
        pytest.param("after", 10, id="forked"),
        pytest.param("in the loader", 10, id="reading the site"),
        pytest.param("before", 28, id="deaf", marks=FULL),  # killed after 20; its service would kill all after 30
    ],
)
def test_a_server_that_is_stopped_while_its_workers_begin_ends(where: str, seconds: int) -> None:
    program = SERVER.format(where=repr(where))
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "prongsai.site.settings"}
    server = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, env=environment, start_new_session=True
    )
    try:
        assert server.stdout
        begun = 0
        while begun < 2:
            line = server.stdout.readline()
            assert line, "it ended before its workers began"
            begun += line.startswith(b"a worker")
        server.terminate()
        server.wait(seconds)
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
