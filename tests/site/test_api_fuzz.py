"""Schemathesis over the read API: whatever is asked, the answer is as described, and never a fault of ours."""

from __future__ import annotations

import os
from typing import Any

import pytest
import schemathesis
from api_fuzz_world import one_connection_and_no_limits  # noqa: F401 - a fixture
from api_world import CODE, nobody_asked_before  # noqa: F401 - a fixture
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from published import Published

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
def published_here(world: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.conf.settings.OPENDATA", world.cast.extra["folder"])


@pytest.mark.django_db
@pytest.mark.usefixtures("one_connection_and_no_limits")
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
