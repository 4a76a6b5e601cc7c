"""Tests that need something a machine may lack are skipped and say why; where all is required, they fail instead."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest

# Set by .ci/run: a skipped browser or database test would be a green lie.
ALL = "PRONGSAI_NEED_ALL"


def missing(what: str) -> NoReturn:
    """Skip the test for want of something, or fail where everything is required."""
    if os.environ.get(ALL):
        pytest.fail(f"{what} ({ALL} is set)")
    pytest.skip(what)
