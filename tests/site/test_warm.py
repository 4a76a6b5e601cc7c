"""What a new process has loaded before its first visitor comes."""

from __future__ import annotations

import sys

from prongsai.framework.catalog import by_id, catalog
from prongsai.site.warm import warm


def test_all_pages_and_frameworks_are_there() -> None:
    by_id.cache_clear()
    warm()
    assert by_id.cache_info().currsize == len(catalog()) > 5
    assert {"prongsai.site.nation.views", "prongsai.national.signals.alike"} <= sys.modules.keys()
