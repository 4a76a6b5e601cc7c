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
from doors import DOORS, Door, agency, nothing, year
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
_AT_ONCE = 12  # pages of one viewer that are looked at in one house: to build it takes as long as to look at one


def _walks() -> list[tuple[str, list[Door]]]:
    """Every page, by who looks at it and by what has to be there: a house is furnished once."""
    groups: dict[tuple[str, Any], list[Door]] = {}
    for door in PAGES:
        bare = door.arguments in (nothing, agency, year)
        groups.setdefault((viewer(door), None if bare else door.arguments), []).append(door)
    return [
        (member, own[start : start + _AT_ONCE])
        for (member, _), own in groups.items()
        for start in range(0, len(own), _AT_ONCE)
    ]


WALKS = _walks()


def test_every_page_is_on_a_walk() -> None:
    assert sorted(door.name for _, doors in WALKS for door in doors) == sorted(door.name for door in PAGES)
    assert len(PAGES) > 150


@pytest.mark.parametrize(("member", "doors"), WALKS, ids=[f"{member} {doors[0].name}" for member, doors in WALKS])
def test_pages(member: str, doors: list[Door], cast: Cast, page_of: Callable[..., Any], axe: str) -> None:
    made = {of: of(cast) for of in {door.arguments for door in doors}}
    addresses = [reverse(door.name, args=made[door.arguments]) for door in doors]
    found: list[str] = []
    for english, size, read in LOOKS if FULL or member == "nobody" else LOOKS[:1]:
        page = page_of(member, size=size, english=english)
        for address in addresses:
            found += looked_at(page, address, size, axe if read else "")
    assert not found, "\n".join(found)


def looked_at(page: Any, address: str, size: dict[str, int], axe: str) -> list[str]:
    """What is wrong with the page at an address on both screens; nothing of a file: those are judged elsewhere."""
    page.set_viewport_size(size)
    try:
        answer = page.goto(address)
    except PlaywrightError as error:
        if "Download is starting" in str(error):
            return []
        raise
    if "text/html" not in (answer.headers.get("content-type") or ""):
        return []
    found = judged(page, axe) if axe else []
    for screen in (size, PHONE if size is DESKTOP else DESKTOP):
        page.set_viewport_size(screen)
        found += [f"{screen['width']} px, {fault}" for fault in too_wide(page)]
    return found
