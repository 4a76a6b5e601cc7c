"""What random requests need beside a world: one connection for a whole test, and no limit that stops them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from prongsai.site.api import limits, write_door


@pytest.fixture
def one_connection_and_no_limits(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server looks after its connection between requests; here a test's transaction is open around them."""
    for buckets in (limits.anonymous, limits.with_token, write_door._WRITES):
        monkeypatch.setattr(buckets, "burst", 1e9)
    for moment in (request_started, request_finished):
        moment.disconnect(close_old_connections)
    yield
    for moment in (request_started, request_finished):
        moment.connect(close_old_connections)
