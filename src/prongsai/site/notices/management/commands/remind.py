"""``python -m prongsai.site remind``: keep all reminders that are due today (for cron); a worker sends them."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from prongsai.site.base.steady import Steady
from prongsai.site.notices.due import remind


class Command(BaseCommand):
    """Reminders of today, each once."""

    help = "Queue all reminders that are due today; running it again adds nothing."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Say how many are new; nothing on a day that the clock seems to have made up."""
        if not Steady("remind")():
            return
        self.stdout.write(f"{remind()} new reminders")
