"""Each agency's newest results as they stood at a moment, scored one after the other and laid into columns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from prongsai.errors import ProngsaiError
from prongsai.national.gather import About, Gathering
from prongsai.site.results.models import Result
from prongsai.site.results.sheet import scored
from prongsai.site.rounds.models import Assessment, Round

_TOLD = 100  # agencies between two reports of progress
Told = Callable[[int, int, list[dict[str, Any]]], None]


def gather(of: Round, until: dt.datetime, told: Told) -> Gathering:
    """A round by the results that were there ``until`` then: revisions never change, so asking again gives the same.

    ``told`` hears how many of how many agencies are done, and whose results could not be used, with the reason.
    """
    waiting = list(
        Assessment.objects.filter(round=of, results__at__lte=until)
        .order_by("agency_id")
        .values_list("pk", flat=True)
        .distinct()
    )
    found, refused = Gathering(of.framework), list[dict[str, Any]]()
    told(0, len(waiting), refused)
    for start in range(0, len(waiting), _TOLD):
        some = waiting[start : start + _TOLD]
        for result in _newest(of, some, until):
            _add(found, result, refused)
        told(start + len(some), len(waiting), refused)
    return found


def _newest(of: Round, some: list[int], until: dt.datetime) -> Iterator[Result]:
    """The newest revision of each of some assessments; two queries."""
    rows = Result.objects.filter(assessment__in=some, at__lte=until).select_related("assessment__agency__parent")
    last = 0
    for result in rows.order_by("assessment__agency_id", "-revision"):
        if result.assessment_id != last:
            last = result.assessment_id
            result.assessment.round = of
            yield result


def _add(gathering: Gathering, result: Result, refused: list[dict[str, Any]]) -> None:
    agency = result.assessment.agency
    about = About(
        agency.pk,
        agency.code,
        agency.name,
        agency.kind,
        agency.province,
        agency.parent.name if agency.parent else "",
        agency.staff,
    )
    try:
        gathering.add(about, scored(result))
    except (ProngsaiError, ValueError) as error:
        first = error.problems[0] if isinstance(error, ProngsaiError) else None
        th, en = (first.th, first.en) if first else ("ผลใช้กรอบการประเมินอื่น", str(error))
        refused.append({"code": agency.code, "name": agency.name, "th": th, "en": en})
