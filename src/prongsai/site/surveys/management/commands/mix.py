"""``python -m prongsai.site mix``: the mixer, a process of its own beside the site."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from prongsai.site.base.steady import Steady
from prongsai.site.base.turns import turn_after_turn
from prongsai.site.surveys.keys import keys
from prongsai.site.surveys.mixer import give_up_lost, turn


class Command(BaseCommand):
    """Prepare, mix and close in a loop, until interrupted."""

    help = "Prepare survey boxes, mix answers and close surveys until interrupted. Run exactly one."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """``--once`` for cron and tests."""
        parser.add_argument("--once", action="store_true", help="One turn, and end.")
        parser.add_argument(
            "--give-up-lost", action="store_true", help="Give up answers whose key is lost for good, and end."
        )
        parser.add_argument("--interval", type=float, default=10.0, help="Seconds between turns.")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Keys left by a crash first, then turn after turn. A second mixer would destroy keys that this one makes."""
        lock = keys().lock()
        if lock is None:
            raise CommandError("another mixer runs on these keys")
        with lock:
            if options["give_up_lost"]:
                self.stdout.write(f"gave up {give_up_lost()} answers")
                return
            self._turns(options)

    def _turns(self, options: dict[str, Any]) -> None:
        first, steady = True, Steady("mix")

        def one() -> None:
            nonlocal first
            done = turn(first=first, steady=steady)
            first = False
            if done.lost:
                self.stderr.write(f"{done.lost} boxes cannot be mixed: the key is lost")
            if done.prepared or done.mixed or done.closed:
                self.stdout.write(f"prepared {done.prepared}, mixed {done.mixed} answers, closed {done.closed} surveys")

        if options["once"]:
            one()
        else:
            turn_after_turn(one, options["interval"], self.stderr.write)
