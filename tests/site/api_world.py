"""The small nation of ``published``, published once for all tests of a module, in a transaction around them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from cast import make_cast
from django.db import transaction
from django.test import override_settings
from published import Published, fill

from prongsai.site.api import limits

CODE = "sim-05"


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Published]:
    """Two published years. Tests that change them ask for ``db``, which takes their changes back."""
    folder = tmp_path_factory.mktemp("api") / "opendata"
    with django_db_blocker.unblock(), override_settings(OPENDATA=folder), transaction.atomic():
        made = Published(make_cast())
        for of in (made.cast.last_round, made.cast.round):
            fill(made.cast, of)
            made.releases[of.fiscal_year or 0] = made.publish(of, "")
        made.cast.extra["folder"] = folder
        yield made
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def nobody_asked_before() -> None:
    """Limits count from nothing in each test."""
    for buckets in (limits.anonymous, limits.with_token):
        buckets._left.clear()
