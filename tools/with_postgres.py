"""Runs a command beside a PostgreSQL of its own: ``python tools/with_postgres.py COMMAND …`` with DATABASE_URL set.

The cluster lives in a temporary folder, listens on a socket of that folder only, and is gone afterwards. PostgreSQL
refuses to run as root, so as root it runs as ``postgres`` (the user that Debian's package makes) or ``nobody``.
Exit status 77 where PostgreSQL is not installed.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
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


def main() -> int:
    """Start, run the command, stop; returns the command's status."""
    tools = binaries()
    if tools is None:
        print("PostgreSQL is not installed (Debian: postgresql)", file=sys.stderr)
        return NOT_INSTALLED
    user = _user()
    folder = Path(tempfile.mkdtemp(prefix="prongsai-pg-"))
    data = folder / "data"
    if user:
        shutil.chown(folder, user)
    folder.chmod(0o755)

    def run(tool: str, *arguments: str | Path) -> None:
        subprocess.run([tools / tool, *arguments], check=True, user=user, cwd="/", stdout=subprocess.DEVNULL)

    try:
        run("initdb", "-D", data, "-U", "prongsai", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-k {folder} -c listen_addresses= -c fsync=off -c max_connections=60"
        run("pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
        try:
            run("createdb", "-h", folder, "-U", "prongsai", "prongsai")
            address = f"postgres://prongsai@{quote(str(folder), safe='')}/prongsai"
            return subprocess.run(sys.argv[1:], env={**os.environ, "DATABASE_URL": address}, check=False).returncode
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _user() -> str | None:
    if os.getuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


if __name__ == "__main__":
    sys.exit(main())
