"""Where the processes of one server put their numbers together; made before anything of the metrics is imported."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator

from prongsai.site.env import environment

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"  # the metrics library's name


@contextlib.contextmanager
def metrics_folder() -> Iterator[None]:
    """A folder for this server alone while it runs, where metrics are wanted and the operator names none."""
    if not environment().metrics_token or os.environ.get(VARIABLE):
        yield
        return
    with tempfile.TemporaryDirectory(prefix="prongsai-metrics-") as folder:
        os.environ[VARIABLE] = folder
        try:
            yield
        finally:
            del os.environ[VARIABLE]
