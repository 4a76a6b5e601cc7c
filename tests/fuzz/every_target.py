"""All targets by name: the plain ones, and those that need Django."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fuzz_target import Target


def target(name: str) -> Target:
    """One target; Django, which takes seconds to set up, only where it is one of the site's."""
    if is_of_the_site(name):
        return every_target()[name]
    import plain_readers

    return plain_readers.TARGETS[name]


def every_target() -> dict[str, Target]:
    """Name → target, those of the site last."""
    import django
    import plain_readers

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_settings")
    django.setup()
    import site_readers

    return {**plain_readers.TARGETS, **site_readers.TARGETS}


def is_of_the_site(name: str) -> bool:
    """Whether a target needs Django and a database."""
    return name.startswith("site.")
