"""``python -m prongsai.site fill_demo EXAMPLES``: a database to try everything in, with an account for every role."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

from prongsai.errors import InputError
from prongsai.site.demo import fill, publishing
from prongsai.site.demo.people import PASSWORD, accounts
from prongsai.site.rounds.models import Assessment


class Command(BaseCommand):
    """Fill once; afterwards only print the accounts again."""

    help = "Fill the site's database with the example agencies and print the demo accounts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the examples are."""
        parser.add_argument("examples", type=Path)
        parser.add_argument("--again", action="store_true", help="empty the demo database and fill it anew")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Migrate, fill, print."""
        if settings.ENV.https:
            raise CommandError(
                "PRONGSAI_HTTPS is on: everybody knows the demo's passwords, so it is not filled into a public site"
            )
        console = Console(file=self.stdout, width=None if sys.stdout.isatty() else 120)  # type: ignore[arg-type]
        call_command("migrate", verbosity=0)
        lines: list[str] = []
        try:
            if fill.is_filled() and not options["again"]:
                console.print("ฐานข้อมูลมีข้อมูลตัวอย่างอยู่แล้ว (เริ่มใหม่ทั้งหมด: เพิ่ม --again)")
            else:
                fill.empty()
                publishing.forget()
                lines = fill.fill(options["examples"])
                publishing.publish()
        except InputError as error:
            said = [line for p in error.problems for line in (p.th, p.en, p.next_th) if line]
            raise CommandError("\n".join(said)) from error
        self._print(console)
        for line in lines:
            console.print(line, highlight=False, soft_wrap=True)

    def _print(self, console: Console) -> None:
        table = Table(title=f"บัญชีตัวอย่าง (ชื่อบุคคลสมมติ) รหัสผ่านของทุกบัญชี: {PASSWORD}")
        for name in ("ผู้ใช้", "หน่วยงาน", "ชื่อผู้ใช้", "รหัสผ่าน"):
            table.add_column(name)
        agency = None
        for account in accounts():
            if agency not in (None, account.agency) and account.role.agency:
                table.add_section()
            agency = account.agency
            table.add_row(account.who, account.agency, account.username, PASSWORD)
        console.print(table)
        with_results = Assessment.objects.filter(results_at__isnull=False).count()
        console.print(f"หน่วยงานที่มีผลการประเมิน {with_results} แห่ง ขั้นต่อไป: make serve แล้วเปิด {settings.SITE_ADDRESS}")
