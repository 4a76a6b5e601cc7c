"""The site as ``prongsai serve`` starts it, and respondents who type codes and send answers over HTTP."""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlencode

from machine import Machine

TICKET = re.compile(rb'name="t" value="([^"]+)"')
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
READING = 3.2  # seconds; sooner no form is taken
PATIENCE = 60  # seconds for whatever must happen


class Site:
    """One server on a port of its own; ``alone``: without its jobs and its mixer."""

    def __init__(self, machine: Machine, *, alone: bool = False) -> None:
        self.machine, self.more = machine, ["--alone"] if alone else []
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def start(self) -> None:
        """Ready when it returns."""
        command = [str(Path(sys.executable).with_name("prongsai")), "serve", "--port", str(self.port), *self.more]
        with (self.machine.folder / "server").open("ab") as log:
            self.process = subprocess.Popen(
                command, env=self.machine.environment, stdout=log, stderr=log, start_new_session=True
            )
        end = time.monotonic() + PATIENCE
        while True:
            try:
                status, _ = ask(http.client.HTTPConnection("127.0.0.1", self.port, timeout=5), "/a/")
                assert status == 200
                return
            except OSError:
                assert time.monotonic() < end, (self.machine.folder / "server").read_text()[-3000:]
                time.sleep(0.05)

    def workers(self) -> list[int]:
        """The processes that answer."""
        of_it = ["pgrep", "-P", str(self.process.pid), "-f", "serve"]
        return [int(pid) for pid in subprocess.run(of_it, check=False, capture_output=True, text=True).stdout.split()]

    def kill_a_worker(self) -> None:
        """Until another has come in its place."""
        before = self.workers()
        assert len(before) == 2
        os.kill(random.choice(before), signal.SIGKILL)
        self._until(lambda: len(self.workers()) == 2 and self.workers() != before)

    def kill_the_first(self) -> None:
        """The first process alone: all others end by themselves."""
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._until(lambda: not self._alive())

    def kill_all(self) -> None:
        """As when the memory is short, or the power goes."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._until(lambda: not self._alive())

    def stop(self) -> None:
        """As an operator does."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(PATIENCE)
        self._until(lambda: not self._alive())

    def _alive(self) -> list[int]:
        found = ["ps", "-o", "pid=,stat=", "--sid", str(self.process.pid)]
        lines = subprocess.run(found, check=False, capture_output=True, text=True).stdout.splitlines()
        return [int(line.split()[0]) for line in lines if not line.split()[1].startswith("Z")]

    def _until(self, true: object) -> None:
        end = time.monotonic() + PATIENCE
        while not true():  # type: ignore[operator]
            assert time.monotonic() < end, (self.machine.folder / "server").read_text()[-3000:]
            time.sleep(0.02)


def ask(line: http.client.HTTPConnection, path: str, body: str | None = None) -> tuple[int, bytes]:
    """Status and page. Raises ``OSError`` where the server is not there or goes away."""
    try:
        line.request("GET" if body is None else "POST", path, body, FORM if body else {})
        answered = line.getresponse()
        return answered.status, answered.read()
    except http.client.HTTPException as error:
        line.close()
        raise ConnectionError(str(error)) from error
    except OSError:
        line.close()
        raise


class Respondents:
    """All people of a machine's plan. Who sent and heard nothing sends again, if of an even number; others give up."""

    def __init__(self, machine: Machine, site: Site) -> None:
        self.machine, self.site = machine, site
        self.plan = json.loads((machine.folder / "plan.json").read_text())
        self.forms: dict[int, str] = {}
        self.told_spent: set[int] = set()
        self.refused: list[tuple[int, bytes]] = []
        self.ended = threading.Event()
        self._out = os.open(machine.folder / "confirmed", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._threads: list[threading.Thread] = []

    def type_codes(self, people: Sequence[int]) -> None:
        """And read the form as long as a person must."""
        line = self._line()
        for person in people:
            status, page = ask(line, "/a/", urlencode({"code": self.plan["codes"][person]}))
            found = TICKET.search(page)
            assert status == 200, page
            assert found
            given = {f"a-{code}": key for code, key in self.plan["given"][person].items()}
            self.forms[person] = urlencode({"t": found[1].decode(), "lang": "th", "do": "send", **given})
        time.sleep(READING)

    def begin(self, people: Sequence[int], lines: int = 8) -> None:
        """Start sending, over so many connections."""
        self._threads = [threading.Thread(target=self._send, args=(people[n::lines],)) for n in range(lines)]
        for thread in self._threads:
            thread.start()

    def wait(self) -> None:
        """Until everybody knows or has given up."""
        for thread in self._threads:
            thread.join(PATIENCE)
            assert not thread.is_alive()

    def _line(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=30)

    def _send(self, mine: Sequence[int]) -> None:
        line = self._line()
        for person in mine:
            while not self.ended.is_set() and not self._sent(line, person):
                time.sleep(0.05)
            time.sleep(random.random() / 50)

    def _sent(self, line: http.client.HTTPConnection, person: int) -> bool:
        """Whether this person is done."""
        try:
            line.connect() if line.sock is None else None
        except OSError:
            return False  # nothing was sent
        try:
            status, page = ask(line, "/a/go/", self.forms[person])
        except OSError:
            return person % 2 == 1
        if status == 200 and b'class="receipt"' in page:
            os.write(self._out, f"{person} 0\n".encode())
        elif status == 409:
            self.told_spent.add(person)
        else:
            self.refused.append((status, page))
            return person % 2 == 1
        return True
