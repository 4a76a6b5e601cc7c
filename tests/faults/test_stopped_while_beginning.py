"""The operator stops the server in the moment in which its workers begin: it ends, and does not wait for ever."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

PATIENCE = 30  # seconds in which a server without work must have ended
SERVER = """
import os, time
from granian import Granian
from granian.constants import Interfaces
from prongsai.site.base.parent import heeded_from_the_start

def late(note):
    print(note, flush=True)
    time.sleep({seconds})

def load(_):
    late("a worker reads the site")
    return lambda environ, start_response: []

heeded_from_the_start()
if {forking}:
    os.register_at_fork(after_in_child=lambda: late("a worker was forked"))
Granian("of:nothing", port=0, interface=Interfaces.WSGI, workers=2, log_enabled=False).serve(target_loader=load)
"""


@pytest.mark.parametrize("forking", [True, False], ids=["forked", "reading the site"])
def test_a_server_that_is_stopped_while_its_workers_begin_ends(forking: bool) -> None:
    program = SERVER.format(seconds=PATIENCE * 2, forking=forking)
    server = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, start_new_session=True)
    try:
        assert server.stdout
        for _ in range(2):
            assert server.stdout.readline().startswith(b"a worker")
        server.terminate()
        server.wait(PATIENCE)
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
