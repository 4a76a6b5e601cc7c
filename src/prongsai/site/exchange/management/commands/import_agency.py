"""``python -m prongsai.site import_agency FILE.zip``: shows what would be made; ``--yes`` makes it."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from prongsai.errors import InputError, Problem
from prongsai.site.exchange.actions import ImportAgency
from prongsai.site.exchange.archive import opened
from prongsai.site.exchange.read_in import attempt


class Command(BaseCommand):
    """A dry run first, then all or nothing."""

    help = "Read an agency's export: a dry run, or with --yes the import itself."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The archive, and under which code."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--code", help="the agency's code here, if not that of the export")
        parser.add_argument("--yes", action="store_true", help="import, after the dry run found nothing in the way")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the dry run; import if asked."""
        try:
            archive = opened(options["file"])
            trial = attempt(archive, options["code"] or str(archive.manifest["agency"].get("code", "")))
        except InputError as error:
            raise CommandError(_lines(error.problems)) from error
        self.stdout.write(f"{trial.name} -> {trial.code}")
        for label, count in trial.counts:
            self.stdout.write(f"  {count:6} {label}")
        if trial.notes:
            self.stdout.write(_lines(trial.notes))
        if trial.conflicts:
            raise CommandError(_lines(trial.conflicts))
        if not options["yes"]:
            self.stdout.write("nothing was changed; add --yes to import")
            return
        ImportAgency(by=None, trial=trial).execute()
        self.stdout.write("imported; its people have no accounts yet: open them on the agency's page of people")


def _lines(problems: list[Problem] | tuple[Problem, ...]) -> str:
    return "\n".join(f"{problem.where}: {problem.th} ({problem.en}) {problem.next_th}".strip() for problem in problems)
