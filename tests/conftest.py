"""Settings for all tests; also puts this folder on the import path, for the helper modules beside it."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

from tables import tables  # noqa: F401 - a fixture

settings.register_profile(
    "quick", max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("full", max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("full" if os.environ.get("PRONGSAI_FULL") else "quick")
