"""``python -m prongsai.site watch``: looks at published links through the year."""

from __future__ import annotations

import argparse
import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from prongsai.site.base.turns import turn_after_turn
from prongsai.site.inspection.watching import look

_HOUR = dt.timedelta(hours=1)


class Command(BaseCommand):
    """What is due in the next hour, hour after hour."""

    help = "Look at published OIT links that are due, hour after hour. Asks the agencies' sites: start it on purpose."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """``--once`` for cron and tests."""
        parser.add_argument("--once", action="store_true", help="What is due in one hour, and end.")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Look, then wait an hour: what has become due in the meantime stands first in the next plan."""

        def one() -> None:
            self.stdout.write(f"looked at {look(timezone.now(), _HOUR)} links")

        if options["once"]:
            one()
        else:
            turn_after_turn(one, _HOUR.total_seconds(), self.stderr.write)
