"""Settings for all tests; also puts this folder on the import path, for the helper modules beside it."""

from __future__ import annotations

import datetime as dt
import os
import time
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, settings

from tables import tables  # noqa: F401 - a fixture

settings.register_profile(
    "quick", max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("full", max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("full" if os.environ.get("PRONGSAI_FULL") else "quick")

_LONGEST = 20  # seconds; hardly a test of days takes longer


def pytest_runtest_setup() -> None:
    """No test begins today and ends tomorrow, by the clock of Bangkok: what it asks for today is in the past then."""
    now = dt.datetime.now(ZoneInfo("Asia/Bangkok"))
    midnight = dt.datetime.combine(now.date() + dt.timedelta(days=1), dt.time(), now.tzinfo)
    if (left := (midnight - now).total_seconds()) < _LONGEST:
        time.sleep(left + 0.1)
