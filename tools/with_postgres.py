"""Runs a command beside a PostgreSQL of its own: ``python tools/with_postgres.py COMMAND …`` with DATABASE_URL set.

The cluster lives in a temporary folder, listens on a socket of that folder only, and is gone afterwards. PostgreSQL
refuses to run as root, so as root it runs as ``postgres`` (the user that Debian's package makes) or ``nobody``.
Exit status 77 where PostgreSQL is not installed.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

NOT_INSTALLED = 77


def binaries() -> Path | None:
    """The folder with initdb and createdb: the newest of Debian's, or what the PATH has."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
    if places:
        return places[-1]
    found = shutil.which("createdb")
    return Path(found).parent if found and shutil.which("initdb") else None


class Cluster:
    """A PostgreSQL of one's own, while the ``with`` block lasts. ``durable``: syncs to disk as a real one does.

    ``place``: a small disk to lie on, with a log in small pieces. Raises ``FileNotFoundError`` where PostgreSQL is not
    installed.
    """

    def __init__(self, *, durable: bool = False, place: Path | None = None) -> None:
        tools = binaries()
        if tools is None:
            raise FileNotFoundError("PostgreSQL is not installed (Debian: postgresql)")
        self.tools, self.durable, self.user = tools, durable, _user()
        self.folder = Path(tempfile.mkdtemp(prefix="prongsai-pg-", dir=place))
        self.small = place is not None
        self.data = self.folder / "data"
        if self.user:
            shutil.chown(self.folder, self.user)
        self.folder.chmod(0o755)

    @property
    def address(self) -> str:
        """Its DATABASE_URL."""
        return f"postgres://prongsai@{quote(str(self.folder), safe='')}/prongsai"

    def __enter__(self) -> Cluster:
        small = ["--wal-segsize=1"] if self.small else []
        self._run("initdb", "-D", self.data, "-U", "prongsai", "-A", "trust", "-E", "UTF8", "--no-sync", *small)
        self.start()
        self._run("createdb", "-h", self.folder, "-U", "prongsai", "prongsai")
        return self

    def __exit__(self, *_error: object) -> None:
        if (self.data / "postmaster.pid").exists():
            stop = [self.tools / "pg_ctl", "-D", self.data, "-m", "immediate", "stop"]
            subprocess.run(stop, check=False, user=self.user, cwd="/", capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def first(self) -> int:
        """The id of its first process, whose children serve."""
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def start(self) -> None:
        """Start it, again after ``kill`` too."""
        options = f"-k {self.folder} -c listen_addresses= -c max_connections=60"
        options += "" if self.durable else " -c fsync=off"
        options += " -c min_wal_size=2MB -c max_wal_size=8MB" if self.small else ""
        self._run("pg_ctl", "-D", self.data, "-w", "-l", self.folder / "log", "-o", options, "start")

    def stop(self, mode: str = "immediate") -> None:
        """As an operator does; ``immediate`` cuts everybody off, and the next start recovers from the log."""
        self._run("pg_ctl", "-D", self.data, "-w", "-m", mode, "stop")

    def kill(self) -> None:
        """SIGKILL to the server and all its processes, as when the power goes."""
        first = self.first
        children = subprocess.run(
            ["pgrep", "-P", str(first)], check=False, capture_output=True, text=True
        ).stdout.split()
        for pid in (first, *map(int, children)):
            with contextlib.suppress(ProcessLookupError):  # one that ended by itself, or with the first
                os.kill(pid, signal.SIGKILL)
        for pid in (first, *map(int, children)):
            while _runs(pid):
                time.sleep(0.01)
        # Where nobody collects dead children, their numbers look alive to the next start.
        for left in (self.data / "postmaster.pid", self.folder / ".s.PGSQL.5432.lock"):
            left.unlink(missing_ok=True)

    def _run(self, tool: str, *arguments: str | Path) -> None:
        subprocess.run([self.tools / tool, *arguments], check=True, user=self.user, cwd="/", stdout=subprocess.DEVNULL)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def main() -> int:
    """Start, run the command, stop; returns the command's status."""
    try:
        with Cluster() as cluster:
            return subprocess.run(
                sys.argv[1:], env={**os.environ, "DATABASE_URL": cluster.address}, check=False
            ).returncode
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return NOT_INSTALLED


def _user() -> str | None:
    if os.getuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


if __name__ == "__main__":
    sys.exit(main())
