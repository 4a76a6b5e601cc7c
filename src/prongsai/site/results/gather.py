"""Results that are made here: each room that assesses gives its part of an agency's results file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from prongsai.scoring.tally import Moments
from prongsai.site.rounds.models import Assessment

Part = Callable[[Assessment], dict[str, Any]]
PARTS: list[Part] = []


def part(function: Part) -> Part:
    """Register a function that gives a part of a results file (``tallies``, …), empty while it has none."""
    PARTS.append(function)
    return function


Sums = Callable[[Assessment], dict[str, Moments]]
SUMS: list[Sums] = []


def sums(function: Sums) -> Sums:
    """Register a function that gives the moments of surveys, by container: what standard errors rest on.

    They are never part of a results file, which leaves this house: they could give single answers back.
    """
    SUMS.append(function)
    return function


def moments(assessment: Assessment) -> dict[str, Moments]:
    """The moments of everything that was asked here."""
    return {container: found for give in SUMS for container, found in give(assessment).items()}


def gathered(assessment: Assessment) -> dict[str, Any]:
    """The results file that all parts make together; empty where none has anything."""
    found: dict[str, Any] = {}
    for give in PARTS:
        _merge(found, give(assessment))
    if not found:
        return {}
    agency, of = assessment.agency, assessment.round
    about = {"name": agency.name, "kind": agency.kind, "district": agency.district, "province": agency.province}
    head: dict[str, Any] = {
        "agency": {key: value for key, value in about.items() if value},
        "framework": of.framework_id,
    }
    if of.fiscal_year is not None and of.framework.fiscal_year is not None:
        head["fiscal_year"] = str(of.fiscal_year)
    return head | found


def _merge(into: dict[str, Any], more: dict[str, Any]) -> None:
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = value
