"""The application a WSGI server runs."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prongsai.site.settings")
_site = get_wsgi_application()
from prongsai.site.ask.middleware import before  # noqa: E402 - needs Django to be set up
from prongsai.site.operation.metrics import measured  # noqa: E402
from prongsai.site.portal import front  # noqa: E402

application = measured(before(front.before(_site)))
