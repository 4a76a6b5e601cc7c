"""The two screens of the browser tests, an office PC and a phone, and what is wrong with a page on one."""

import os
from typing import Any

import pytest

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
# For journeys whose every page is looked at on both screens by test_every_page as well: here on one.
ONE_OR_BOTH = [
    pytest.param(PHONE, id="phone"),
    pytest.param(
        DESKTOP,
        id="desktop",
        marks=pytest.mark.skipif(
            not os.environ.get("PRONGSAI_FULL"), reason="the same on a wide screen: PRONGSAI_FULL"
        ),
    ),
]
# Only faults are written out: to write out all that is right takes longer than to look.
AXE = """axe.run(document, {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"],
})"""


def judged(page: Any, axe: str) -> list[str]:
    """What the accessibility checker and the screen's edge say of the page as it stands."""
    page.wait_for_load_state()  # after a click the next page has begun, no more
    page.evaluate(axe)
    found = [
        f"{page.url} {fault['id']} ({fault['help']}): " + "; ".join(node["html"][:150] for node in fault["nodes"][:3])
        for fault in page.evaluate(AXE)["violations"]
    ]
    return found + too_wide(page)


def too_wide(page: Any) -> list[str]:
    """What sticks out sideways."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{page.url}: {wide} px too wide"] if wide > 0 else []
