"""Whether the clock can be believed for what the calendar does by itself and for good: closing, telling, erasing.

A machine's clock may jump: a battery is empty, a time server lies, an administrator mistypes a year. People's own acts
are not kept waiting for that. What happens without anybody asking is: after a jump it waits until the clock has gone
steadily for an hour, in which somebody, or the time server, can set it right.
"""

from __future__ import annotations

import contextlib
import logging
import time
from pathlib import Path

from django.conf import settings

JUMP = 300.0  # seconds; a slow drift that a time server corrects is far less
WAIT = 3600.0  # seconds of steady time after a jump
AWAY = 7 * 86_400.0  # seconds that a machine may be off without its clock being doubted
log = logging.getLogger(__name__)


class Steady:
    """The clock as one process sees it. ``name``: under which the last believed time is kept, over restarts."""

    def __init__(self, name: str) -> None:
        self._kept = Path(settings.DATA) / "locks" / f"clock-{name}"
        self._wall, self._run = time.time(), _running()
        self._until = 0.0
        if (before := self._before()) is not None and not -JUMP <= self._wall - before <= AWAY:
            self._doubt(self._wall - before)

    def __call__(self) -> bool:
        """Whether it went steadily; asked at every turn."""
        wall, run = time.time(), _running()
        moved = (wall - self._wall) - (run - self._run)
        self._wall, self._run = wall, run
        if abs(moved) > JUMP:
            self._doubt(moved)
        if run < self._until:
            return False
        self._keep(wall)
        return True

    def _doubt(self, moved: float) -> None:
        self._until = self._run + WAIT
        log.error(
            "the clock moved by %+.0f minutes: for %.0f minutes no survey is closed, nobody reminded, nothing erased; "
            "if the clock is wrong, set it right now (timedatectl, prongsai doctor); if it is right, do nothing",
            moved / 60,
            WAIT / 60,
        )

    def _before(self) -> float | None:
        try:
            return float(self._kept.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return None

    def _keep(self, wall: float) -> None:
        with contextlib.suppress(OSError):  # a full disk stops no calendar
            self._kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._kept.write_text(f"{wall:.0f}", encoding="ascii")


def _running() -> float:
    """Seconds that nobody can set, a sleeping machine's included where the system counts them."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.clock_gettime(boot) if boot is not None else time.monotonic()
