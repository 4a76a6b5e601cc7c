"""Stand-ins for ClamAV's clamd on loopback, and a real one with one signature of its own."""

from __future__ import annotations

import shutil
import socketserver
import struct
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from prongsai.site.files.scanner import EICAR

FOUND, CLEAN = b"stream: Eicar-Test-Signature FOUND\0", b"stream: OK\0"
Answer = Callable[[socketserver.StreamRequestHandler, bytes], bytes]


def honest(_line: socketserver.StreamRequestHandler, data: bytes) -> bytes:
    """What clamd says of these bytes."""
    return FOUND if EICAR in data else CLEAN


class Clamd:
    """Speaks clamd's protocol and keeps what it was sent. ``answer`` may say anything."""

    def __init__(self, answer: Answer = honest) -> None:
        self.answer = answer
        self.seen: list[bytes] = []

    @contextmanager
    def listening(self, unix: Path | None = None) -> Iterator[str]:
        """The address while it listens."""
        handler = type("Line", (_Line,), {"world": self})
        server: socketserver.BaseServer
        if unix:
            server, address = socketserver.ThreadingUnixStreamServer(str(unix), handler), f"unix:{unix}"
        else:
            server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)
            address = f"tcp:127.0.0.1:{server.server_address[1]}"
        server.daemon_threads = True  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield address
        finally:
            server.shutdown()
            server.server_close()


class _Line(socketserver.StreamRequestHandler):
    world: Clamd

    def handle(self) -> None:
        command = b""
        while not command.endswith(b"\0"):
            one = self.rfile.read(1)
            if not one:
                return
            command += one
        if command == b"zVERSION\0":
            self.wfile.write(b"ClamAV 1.4/1/today\0")
            return
        assert command == b"zINSTREAM\0"
        data = b""
        while size := struct.unpack("!I", self.rfile.read(4))[0]:
            data += self.rfile.read(size)
        self.world.seen.append(data)
        with suppress(OSError):  # the other side may have gone
            self.wfile.write(self.world.answer(self, data))


@contextmanager
def real_clamd(program: str) -> Iterator[str]:
    """A clamd of its own with the one signature of the EICAR test file; its address. Ends with the block."""
    folder = Path(tempfile.mkdtemp(prefix="clamd-"))
    database = folder / "database"
    database.mkdir()
    (database / "test.ndb").write_text(f"Eicar-Test-Signature:0:*:{EICAR.hex()}\n")
    said = folder / "clamd.conf"
    said.write_text(
        f"LocalSocket {folder}/clamd.ctl\nDatabaseDirectory {database}\nForeground yes\nStreamMaxLength 5M\n"
        f"LogFile {folder}/clamd.log\nSelfCheck 600\nConcurrentDatabaseReload no\n"
    )
    process = subprocess.Popen([program, "-c", str(said)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while not (folder / "clamd.ctl").exists():
            if process.poll() is not None or time.monotonic() > until:
                log = folder / "clamd.log"
                raise RuntimeError(f"clamd did not begin: {log.read_text() if log.exists() else process.poll()}")
            time.sleep(0.05)
        yield f"unix:{folder}/clamd.ctl"
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder)
