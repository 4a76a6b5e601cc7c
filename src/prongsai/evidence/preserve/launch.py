"""Becomes a browser: puts its two pipes at 3 and 4, gives up root for an ordinary user, sets limits, then executes it.

Run by ``picture.py`` in a process of its own, without the package: ``launch.py READ WRITE USER COMMAND…`` (USER may be
empty: stay who you are).
"""

from __future__ import annotations

import fcntl
import os
import pwd
import resource
import sys

_FILE = 500_000_000  # bytes: the largest file that a browser may write


def main() -> None:
    """Does not return. Raises ``KeyError``, ``OSError`` where it cannot be; it never stays root."""
    read, write, user, *command = sys.argv[1:]
    far = [fcntl.fcntl(int(pipe), fcntl.F_DUPFD, 20) for pipe in (read, write)]
    os.dup2(far[0], 3)
    os.dup2(far[1], 4)
    os.closerange(5, 100)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_FILE, _FILE))
    if user:
        person = pwd.getpwnam(user)
        os.setgroups([])
        os.setresgid(person.pw_gid, person.pw_gid, person.pw_gid)
        os.setresuid(person.pw_uid, person.pw_uid, person.pw_uid)
    if os.getuid() == 0 or os.geteuid() == 0:
        raise PermissionError("a browser never runs as root")
    os.execv(command[0], command)  # noqa: S606 - becomes the browser that our own code named


if __name__ == "__main__":
    main()
