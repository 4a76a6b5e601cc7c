"""Schemathesis over the read API: whatever is asked, the answer is as described, and never a fault of ours."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from api_world import CODE, nobody_asked_before  # noqa: F401 - a fixture
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from published import Published

from prongsai.site.api import limits

FULL = bool(os.environ.get("PRONGSAI_FULL"))
EXAMPLES = 200 if FULL else 6
REAL = {"round": "2568", "code": CODE, "by": "province", "id": "ita-2568"}

schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler()).exclude(tag="own")
schema.config.generation.update(modes=list(schemathesis.GenerationMode))
if not FULL:
    schema.config.phases.coverage.enabled = False  # some hundred cases an operation


@schema.hook
def flatmap_path_parameters(context: Any, generated: Any) -> Any:
    """Half of the questions are about what is there; what is negative stays as it was made."""
    there = {name: value for name, value in REAL.items() if name in (generated or {})}
    return st.one_of(st.just(generated), st.just({**(generated or {}), **there}))


@pytest.fixture(autouse=True)
def one_connection_and_no_limits(world: Published, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server looks after its connection between requests; here a test's transaction is open around them."""
    for buckets in (limits.anonymous, limits.with_token):
        monkeypatch.setattr(buckets, "burst", 1e9)
    monkeypatch.setattr("django.conf.settings.OPENDATA", world.cast.extra["folder"])
    for moment in (request_started, request_finished):
        moment.disconnect(close_old_connections)
    yield
    for moment in (request_started, request_finished):
        moment.connect(close_old_connections)


@pytest.mark.django_db
@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=not FULL,
    database=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_as_described(case: schemathesis.Case, world: Published) -> None:
    case.call_and_validate(headers={"Accept-Encoding": "identity"})
