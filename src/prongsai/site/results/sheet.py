"""From stored results to the score sheet that every page and document is made from."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import lru_cache

from prongsai.scoring.results import from_yaml
from prongsai.scoring.score import ScoreSheet, score
from prongsai.site.results.gather import moments
from prongsai.site.results.models import Result, Source
from prongsai.site.rounds.models import Assessment
from prongsai.yaml_file import YamlFile


def sheet_of(result: Result) -> ScoreSheet:
    """The scores of one revision, exact; kept in memory, since a revision never changes."""
    return _sheet(result.pk, result.at)


@lru_cache(maxsize=256)
def _sheet(pk: int, _at: dt.datetime) -> ScoreSheet:
    """``_at`` tells apart rows that bear the same number one after the other (a restored database, a test)."""
    return scored(Result.objects.select_related("assessment").get(pk=pk))


def scored(result: Result) -> ScoreSheet:
    """A revision scored now: for whoever goes through many and keeps none in memory."""
    results = from_yaml(YamlFile(f"result-{result.pk}", result.data))
    if result.source == Source.ASSESSED:
        # Sums are kept for what closed last; an older revision may rest on other answers, and has none.
        kept = {
            name: found
            for name, found in moments(result.assessment).items()
            if results.respondents.get(name) == found.sheets
        }
        results = replace(results, moments=kept)
    return score(results, assume=result.assume)


def current(assessment: Assessment) -> Result | None:
    """The newest revision of an assessment's results."""
    return assessment.results.order_by("-revision").first()


def current_sheet(assessment: Assessment) -> ScoreSheet | None:
    """The score sheet of the newest revision; None before any results came in."""
    result = current(assessment)
    return sheet_of(result) if result else None


def previous_assessment(assessment: Assessment) -> Assessment | None:
    """The same agency's assessment of the year before, where there is one with results."""
    year = assessment.round.fiscal_year
    if year is None:
        return None
    found = Assessment.objects.filter(agency=assessment.agency, round__fiscal_year=year - 1, results__isnull=False)
    return found.select_related("round", "agency").first()
