"""``prongsai serve``: the site on this machine."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Annotated

from cyclopts import Parameter

# What runs beside the site: jobs and reminders, and the mixer of survey answers (docs/anonymity.md).
_BESIDE = ("work", "mix")


def serve(
    *,
    port: Annotated[int, Parameter(help="Port on this machine.")] = 8000,
    address: Annotated[str, Parameter(help="Address to listen on; 0.0.0.0 lets others in.")] = "127.0.0.1",
    workers: Annotated[int, Parameter(help="Worker processes.")] = 2,
    alone: Annotated[bool, Parameter(help="Without jobs and mixer: they run elsewhere.", negative="")] = False,
) -> None:
    """Run the site, its jobs and its mixer: brings the database up to date, then serves until interrupted."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prongsai.site.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from granian import Granian
    from granian.constants import Interfaces

    server = Granian(
        "prongsai.site.wsgi:application",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        # Answers that come in while one commit is being synced go into the next together (surveys/writer.py): as many
        # as there are threads waiting.
        blocking_threads=8,
        websockets=False,
        log_access=False,
    )
    with _beside(() if alone else _BESIDE):
        server.serve()


@contextlib.contextmanager
def _beside(commands: tuple[str, ...]) -> Iterator[None]:
    """Processes that end with the site."""
    running = [subprocess.Popen([sys.executable, "-m", "prongsai.site", command]) for command in commands]
    try:
        yield
    finally:
        for one in running:
            one.terminate()
        for one in running:
            one.wait(timeout=20)
