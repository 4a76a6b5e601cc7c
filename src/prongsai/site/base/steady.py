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
    """The clock as one process sees it.

    ``name``: under which the last believed time is kept, and since when it is doubted. Both outlast the process: cron
    begins one for each turn, and who is begun again in the hour of doubt still doubts.
    """

    def __init__(self, name: str) -> None:
        self._kept = Path(settings.DATA) / "locks" / f"clock-{name}"
        self._doubted = self._kept.with_name(f"clock-{name}-doubted")
        self._wall, self._run = time.time(), _running()
        self._until = self._doubted_until()
        before = None if self._until else self._before()
        if before is not None and not -JUMP <= self._wall - before <= AWAY:
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
        _write(self._doubted, f"{self._wall:.0f} {self._run:.0f}")
        log.error(
            "the clock moved by %+.0f minutes: for %.0f minutes no survey is closed, nobody reminded, nothing erased; "
            "if the clock is wrong, set it right now (timedatectl, prongsai doctor); if it is right, do nothing",
            moved / 60,
            WAIT / 60,
        )

    def _doubted_until(self) -> float:
        """The end of an earlier process's hour of doubt, if the clock went steadily since; otherwise 0."""
        try:
            wall, run = map(float, self._doubted.read_text(encoding="ascii").split())
        except (OSError, ValueError):
            return 0.0
        steadily = self._run >= run - 1 and abs((self._wall - wall) - (self._run - run)) <= JUMP
        return run + WAIT if steadily else 0.0

    def _before(self) -> float | None:
        try:
            return float(self._kept.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return None

    def _keep(self, wall: float) -> None:
        _write(self._kept, f"{wall:.0f}")
        with contextlib.suppress(OSError):
            self._doubted.unlink(missing_ok=True)


def _write(path: Path, text: str) -> None:
    with contextlib.suppress(OSError):  # a full disk stops no calendar
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_text(text, encoding="ascii")


def _running() -> float:
    """Seconds that nobody can set, a sleeping machine's included where the system counts them."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.clock_gettime(boot) if boot is not None else time.monotonic()
