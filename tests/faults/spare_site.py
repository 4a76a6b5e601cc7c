"""A server as small as can be, with the site's own front: ``python spare_site.py PORT THREADS PATIENCE``.

The respondents' entrance is the real one; every other page only costs processor time. Nothing asks a database.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prongsai.site.settings")
PAGE = 0.02  # seconds of the processor that a page costs


def page(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """Sign-in and health cost little; a page that is saved is also slow to come, as where a disk is waited for."""
    cheap = environ["PATH_INFO"].startswith(("/accounts/", "/health/"))
    end = time.thread_time() + (0.001 if cheap else PAGE)
    while time.thread_time() < end:
        pass
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]


def serve(port: int, threads: int, patience: float) -> None:
    """Until it is ended."""
    import django

    django.setup()
    from granian import Granian
    from granian.constants import Interfaces

    from prongsai.site.ask.middleware import before
    from prongsai.site.base.overload import Limits, Overload
    from prongsai.site.busy import refusal

    load = Overload(Limits(threads, threads * 5 // 8, patience))
    application = load.counted(before(load.pages(page, refusal), waits=load.respondent_waits))
    server = Granian("x", port=port, interface=Interfaces.WSGI, workers=1, blocking_threads=threads, log_enabled=False)
    server.serve(target_loader=lambda _: application)


if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
