"""What the first visitor of a new process would wait for: all pages' code, addresses, frameworks, the page around each.

``prongsai serve`` loads it once, before its workers part from it and share it. Nothing here asks the database, reads a
kept file or starts a thread (a thread would not be there in a worker).
"""

from __future__ import annotations

import gc

from django.conf import settings
from django.template.loader import get_template
from django.urls import reverse
from django.utils.module_loading import import_string

from prongsai.framework.catalog import by_id, catalog
from prongsai.scoring.structure import structure

AROUND = "base/page.html"


def warm() -> None:
    """Load it; done again it costs nothing."""
    for middleware in settings.MIDDLEWARE:
        import_string(middleware)
    reverse("home")  # imports every room's pages and learns their addresses
    get_template(AROUND)
    for entry in catalog():
        structure(by_id(entry.id))
    gc.collect()
    gc.freeze()  # looked through by every full collection otherwise: a fifth of a second in which no page is drawn
