"""What a new process has loaded before its first visitor comes."""

from __future__ import annotations

import gc
import sys

from prongsai.framework.catalog import by_id, catalog
from prongsai.site.warm import warm


def test_all_pages_and_frameworks_are_there() -> None:
    by_id.cache_clear()
    warm()
    assert by_id.cache_info().currsize == len(catalog()) > 5
    assert {"prongsai.site.nation.views", "prongsai.national.signals.alike"} <= sys.modules.keys()


def test_what_stays_is_not_looked_through_for_garbage_again() -> None:
    gc.unfreeze()
    warm()
    kept = gc.get_freeze_count()
    gc.unfreeze()
    assert kept > 100_000
