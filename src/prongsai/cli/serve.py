"""``prongsai serve``: the site on this machine."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

if TYPE_CHECKING:
    from granian.server.common import AbstractServer

# What runs beside the site: jobs and reminders, and the mixer of survey answers (docs/anonymity.md).
_BESIDE = ("work", "mix")
_PATIENCE = 20  # seconds for a worker's last requests when it is asked to end; the service itself has 30


def serve(
    *,
    port: Annotated[int, Parameter(help="Port on this machine.")] = 8000,
    address: Annotated[str, Parameter(help="Address to listen on; 0.0.0.0 lets others in.")] = "127.0.0.1",
    workers: Annotated[int, Parameter(help="Worker processes.")] = 2,
    alone: Annotated[bool, Parameter(help="Without jobs and mixer: they run elsewhere.", negative="")] = False,
) -> None:
    """Run the site, its jobs and its mixer: brings the database up to date, then serves until interrupted."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prongsai.site.settings")
    from prongsai.site.operation.together import metrics_folder

    with metrics_folder():
        _serve(port, address, workers, alone)


def _serve(port: int, address: str, workers: int, alone: bool) -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from django.db import connections

    from prongsai.site.base.memory import give_back, keep_together
    from prongsai.site.base.parent import ends_with
    from prongsai.site.operation.beside import beside
    from prongsai.site.warm import warm

    keep_together()
    warm()
    connections.close_all()  # the workers open their own
    with_us = ends_with(os.getpid())

    def load(_target: str) -> Any:
        with_us()
        give_back()
        from prongsai.site.wsgi import application

        return application

    with beside(() if alone else _BESIDE):
        server_at(port, address, workers).serve(target_loader=load)


def server_at(port: int, address: str, workers: int) -> AbstractServer[Any]:
    """The server of HTTP, which ends when it is asked to, in whatever moment of its workers."""
    from django.conf import settings
    from granian import Granian
    from granian.constants import Interfaces

    from prongsai.site.base.parent import Called, heeded_from_the_start
    from prongsai.site.operation.logs import told_with

    heeded_from_the_start()
    server = Granian(
        "prongsai.site.wsgi:application",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        # Answers that come in while one commit is being synced go into the next together (surveys/writer.py): as many
        # as there are threads waiting.
        blocking_threads=settings.THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=_PATIENCE,
        websockets=False,
        log_access=False,
        log_dictconfig=told_with(settings.LOGGING, "_granian"),
    )
    server.main_loop_interrupt = Called()  # granian's own Event hangs about once in a thousand stops
    return server
