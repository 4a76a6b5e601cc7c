"""``python -m prongsai.site invent_nation``: a simulated nation in rounds, gathered, to try the pages with."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from prongsai.errors import InputError
from prongsai.framework import for_year
from prongsai.site.demo.nation import CODE, invent
from prongsai.site.nation.jobs import work
from prongsai.site.nation.models import NationJob
from prongsai.site.rounds.models import Assessment, Round


class Command(BaseCommand):
    """Invented agencies say so in their names and codes."""

    help = "Put a simulated nation into the rounds of some years, as if it had been assessed here, and gather them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many, when, from which seed."""
        parser.add_argument("--agencies", type=int, default=120)
        parser.add_argument("--year", type=int, action="append", required=True, help="fiscal year; may be given twice")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--no-answers", action="store_true", help="without single answers, which only signals need")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Fill and gather."""
        if settings.ENV.https:
            raise CommandError("PRONGSAI_HTTPS is on: invented agencies are not put into a public site")
        for year in sorted(options["year"]):
            found = self._round(year)
            if Assessment.objects.filter(round=found, agency__code__startswith=CODE).exists():
                raise CommandError(f"the round of {year} has invented agencies already")
            count = invent(found, options["agencies"], options["seed"], answers=not options["no_answers"])
            job = NationJob.objects.create(round=found)
            work.func(job.pk)
            job.refresh_from_db()
            self.stdout.write(
                f"{found.name}: {count} หน่วยงานจำลอง {job.get_state_display()} /rounds/{found.slug}/nation/"
            )

    def _round(self, year: int) -> Round:
        try:
            framework = for_year(year)
        except InputError as error:
            raise CommandError(error.problems[0].en) from error
        name = f"การประเมิน ITA ประจำปีงบประมาณ พ.ศ. {year}"
        found = Round.objects.filter(fiscal_year=year, framework_id=framework.id, own=None).first()
        return found or Round.objects.create(
            slug=str(year),
            name=name,
            name_en=f"ITA, fiscal year {year}",
            fiscal_year=year,
            framework_id=framework.id,
            framework_version=framework.version,
        )
