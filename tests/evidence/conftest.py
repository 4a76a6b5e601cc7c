from __future__ import annotations

from collections.abc import Iterator

import pytest
from evidence_world import World, serving


@pytest.fixture
def world() -> Iterator[World]:
    with serving() as one:
        yield one
