"""``prongsai serve``: the site on this machine."""

from __future__ import annotations

import os
from typing import Annotated

from cyclopts import Parameter


def serve(
    *,
    port: Annotated[int, Parameter(help="Port on this machine.")] = 8000,
    address: Annotated[str, Parameter(help="Address to listen on; 0.0.0.0 lets others in.")] = "127.0.0.1",
    workers: Annotated[int, Parameter(help="Worker processes.")] = 2,
) -> None:
    """Run the site: brings its database up to date, then serves until interrupted."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prongsai.site.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from django.db import connection
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        "prongsai.site.wsgi:application",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        # SQLite takes one writer at a time: a second thread would only wait inside the process.
        blocking_threads=1 if connection.vendor == "sqlite" else 4,
        websockets=False,
        log_access=False,
    ).serve()
