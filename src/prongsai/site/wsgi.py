"""The application a WSGI server runs."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prongsai.site.settings")
_site = get_wsgi_application()
from prongsai.site.ask.middleware import before  # noqa: E402 - needs Django to be set up
from prongsai.site.base.overload import Overload  # noqa: E402
from prongsai.site.busy import refusal  # noqa: E402
from prongsai.site.operation.metrics import measured  # noqa: E402
from prongsai.site.portal import front  # noqa: E402

_load = Overload.of_settings()
application = measured(
    _load.counted(before(front.before(_load.pages(_site, refusal)), waits=_load.respondent_waits)),
)
