"""``python -m prongsai.site work``: the worker beside the site: sends what waits, and reminds every hour."""

from __future__ import annotations

import argparse
import time
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from prongsai.site.base.steady import Steady
from prongsai.site.base.turns import turn_after_turn
from prongsai.site.history.chain import extend
from prongsai.site.notices.due import remind
from prongsai.site.notices.send import deliver, overdue
from prongsai.site.notices.workers import put_back, sweep, worker
from prongsai.site.people.actions.administration import end_overdue

_HOUR = 3600.0


def _run(me: str) -> None:
    """All jobs whose time has come; first those that nobody works at any more go back into the queue."""
    put_back(me)
    call_command("db_worker", batch=True, startup_delay=False, interval=0, reload=False, verbosity=0, worker_id=me)


class Command(BaseCommand):
    """Jobs and reminders in a loop, until interrupted."""

    help = "Run waiting jobs and hourly reminders until interrupted."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """``--once`` for cron and tests."""
        parser.add_argument("--once", action="store_true", help="Remind, run what waits, and end.")
        parser.add_argument("--interval", type=float, default=5.0, help="Seconds between looks at the queue.")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Remind first, then work."""
        with worker() as me:
            self._turns(me, options)

    def _turns(self, me: str, options: dict[str, Any]) -> None:
        reminded, steady = -_HOUR, Steady("work")

        def one() -> None:
            nonlocal reminded
            today = timezone.localdate()  # read before the clock is believed: when it jumps, this is not the wrong day
            if steady() and time.monotonic() - reminded >= _HOUR:
                reminded = time.monotonic()
                sweep()
                end_overdue()
                if new := remind(today):
                    self.stdout.write(f"{new} new reminders")
            _run(me)
            extend()  # entries whose process died before it tied them to the chain
            if lost := overdue():  # nothing takes these any more: the worker that had them was killed
                for pk in lost:
                    deliver.enqueue(pk)
                _run(me)

        if options["once"]:
            one()
        else:
            turn_after_turn(one, options["interval"], self.stderr.write)
