"""Every page at phone and desktop width: axe finds nothing, nothing sticks out sideways.

Loading pages and axe take most of the time. In each run axe reads the page that most people see, pages for people who
sign in are looked at in Thai, public ones where they have data; with ``PRONGSAI_FULL`` everything in both languages.
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
from screens import DESKTOP, PHONE, judged, too_wide

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


# Judged with a whole nation's data in test_portal and test_nation.
ELSEWHERE = () if FULL else ("portal_", "public_nation")


def is_page(door: Door) -> bool:
    shown = door.method == "get" and door.passes and 200 in door.ok and door.name not in NO_PAGES
    return bool(shown) and not door.name.startswith(ELSEWHERE)


PAGES = [door for door in DOORS if is_page(door)]


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
            found += [f"{'en' if english else 'th'}: {fault}" for fault in judged(page, axe)]
        for screen in (size, PHONE if size is DESKTOP else DESKTOP):
            page.set_viewport_size(screen)
            found += [f"{screen['width']} px, {fault}" for fault in too_wide(page)]
    assert not found, "\n".join(found)
