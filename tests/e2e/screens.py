"""The two screens of the browser tests: an office PC and a phone."""

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
