"""``python -m prongsai.site export_agency CODE OUT.zip``: one agency with everything that belongs to it."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from prongsai.site.agencies.models import Agency
from prongsai.site.exchange.actions import ExportAgency


class Command(BaseCommand):
    """Write the archive; an existing file is not written over."""

    help = "Write one agency, with everything that belongs to it, into a ZIP."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which agency, and where to."""
        parser.add_argument("code")
        parser.add_argument("out", type=Path)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Say what was written."""
        agency = Agency.objects.filter(code=options["code"]).first()
        if agency is None:
            raise CommandError(f"there is no agency with the code {options['code']}")
        out: Path = options["out"]
        if out.exists():
            raise CommandError(f"{out} exists already: give another name")
        action = ExportAgency(by=None, of=agency, target=out)
        action.execute()
        self.stdout.write(f"{agency.name}: {action.rows} rows, {action.files} files -> {out}\nSHA-256 {action.sha256}")
