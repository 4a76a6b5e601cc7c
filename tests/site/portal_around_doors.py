"""Doors around the portal's core: open to everybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cast import Cast
from doors import EVERYONE, Door
from light_release import light

from prongsai.site.opendata.models import Release


def published(*arguments: Any) -> Callable[[Cast], tuple[Any, ...]]:
    """Arguments of a page, once there is something to show."""

    def made(cast: Cast) -> tuple[Any, ...]:
        if not Release.objects.exists():
            light(cast)
        return arguments

    return made


YEAR = ("muang", "2568")
DOORS = [
    *(
        Door(name, EVERYONE)
        for name in (
            "portal_method",
            "portal_data",
            "portal_catalogue",
            "portal_changes",
            "portal_atom",
            "portal_rss",
            "sitemap",
            "sitemap_pages",
            "robots",
        )
    ),
    Door("portal_method_of", EVERYONE, published("2568")),
    Door("portal_data_of", EVERYONE, published("2568")),
    Door("sitemap_part", EVERYONE, published("2568", 1)),
    *(Door(f"portal_{name}", EVERYONE, published(*YEAR)) for name in ("picture", "badge", "embed", "embedding")),
    Door("portal_folder", EVERYONE, published(*YEAR)),
    Door("portal_qr", EVERYONE, published(*YEAR, "svg")),
]
