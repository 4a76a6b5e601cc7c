"""The plain Django view that figures are held against: no middleware, no database; served as the site is."""

from __future__ import annotations

import sys

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path

if not settings.configured:
    settings.configure(ROOT_URLCONF="plain", ALLOWED_HOSTS=["localhost"], SECRET_KEY="plain", MIDDLEWARE=[])


def plain(_request: HttpRequest) -> HttpResponse:
    """A line of text."""
    return HttpResponse("plain", headers={"Content-Length": "5"})


urlpatterns = [path("", plain)]

from django.core.wsgi import get_wsgi_application  # noqa: E402

application = get_wsgi_application()

if __name__ == "__main__":
    from pathlib import Path

    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        "plain:application",
        port=int(sys.argv[1]),
        interface=Interfaces.WSGI,
        workers=2,
        blocking_threads=8,
        websockets=False,
        log_access=False,
        working_dir=Path(__file__).parent,
    ).serve()
