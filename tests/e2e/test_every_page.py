"""Every page at phone and desktop width: axe finds nothing, nothing sticks out sideways.

Loading pages and axe take most of the time. In each run axe reads the page that most people see, and pages for people
who sign in are looked at in Thai; with ``PRONGSAI_FULL`` both languages everywhere.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from cast import CAST, Cast
from django.urls import reverse
from doors import DOORS, Door
from playwright.sync_api import Error as PlaywrightError
from screens import DESKTOP, PHONE

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FULL = bool(os.environ.get("PRONGSAI_FULL"))
# In English or not, the screen that it is opened on, whether axe reads it.
LOOKS = ((False, PHONE, True), (True, DESKTOP, FULL))
if FULL:
    LOOKS += ((False, DESKTOP, True), (True, PHONE, True))
# Whoever sees most of an address first; pages for people who are not signed in last.
VIEWERS = (
    "officer",
    "agency_admin",
    "admin",
    "assessor",
    "chief",
    "palad",
    "head",
    "unit_owner",
    "supervisor",
    "nobody",
)
# Files, and pieces of pages.
NO_PAGES = {"file", "picture", "plan_file", "progress_calendar", "evidence_run", "oit_fragment", "field_icon"}
NO_PAGES |= {"sitemap", "sitemap_pages", "sitemap_part", "portal_picture", "portal_suggest"}


def viewer(door: Door) -> str:
    return next(member for member in (*VIEWERS, *CAST) if member in door.passes)


PAGES = [
    door for door in DOORS if door.method == "get" and door.passes and 200 in door.ok and door.name not in NO_PAGES
]


@pytest.mark.parametrize("door", PAGES, ids=lambda door: door.name)
def test_page(door: Door, cast: Cast, page_of: Callable[..., Any], axe: str) -> None:
    address = reverse(door.name, args=door.arguments(cast))
    found: list[str] = []
    for english, size, read in LOOKS if FULL or "nobody" in door.passes else LOOKS[:1]:
        page = page_of(viewer(door), size=size, english=english)
        try:
            answer = page.goto(address)
        except PlaywrightError as error:
            if "Download is starting" in str(error):
                return  # a file, judged where it is made
            raise
        if "text/html" not in (answer.headers.get("content-type") or ""):
            return
        if read:
            page.evaluate(axe)
            result = page.evaluate("tags => axe.run(document, {runOnly: tags})", TAGS)
            for violation in result["violations"]:
                nodes = "; ".join(node["html"][:120] for node in violation["nodes"][:3])
                found.append(f"{'en' if english else 'th'} {violation['id']} ({violation['help']}): {nodes}")
        for screen in (size, PHONE if size is DESKTOP else DESKTOP):
            page.set_viewport_size(screen)
            wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            if wide > 0:
                found.append(f"{'en' if english else 'th'} {screen['width']} px: {wide} px too wide")
    assert not found, f"{address}\n" + "\n".join(found)
