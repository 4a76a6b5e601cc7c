"""The two screens of the browser tests: an office PC and a phone."""

import os

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
