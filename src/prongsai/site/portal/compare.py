"""Up to five agencies side by side, of one round: never two years or two frameworks in one table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from prongsai.analysis.difference import Difference, Sampled, difference
from prongsai.site.base.text import pick
from prongsai.site.opendata.models import PublishedAgency, Release
from prongsai.site.portal import draw
from prongsai.site.portal.published import Published
from prongsai.site.portal.search import LONGEST, Known, register

MOST = 5
_TYPED = 20  # addresses are typed, too: more codes than this are not even looked up


@dataclass
class Asked:
    """What an address asks for. ``unknown``: codes that nobody has; ``over``: codes past the fifth."""

    codes: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    over: list[str] = field(default_factory=list)
    q: str = ""
    found: list[Known] = field(default_factory=list)


def asked_of(asked: QueryDict) -> Asked:
    """The agencies asked for, known ones only, each once; and who answers a search for one more."""
    known = register()
    told = Asked(q=asked.get("q", "")[:LONGEST].strip())
    for code in dict.fromkeys(one[:60] for one in asked.getlist("a")[:_TYPED]):
        one = known.by_code.get(code.lower())
        if one is None:
            told.unknown += [code] if code else []
        elif one.code not in told.codes:
            (told.codes if len(told.codes) < MOST else told.over).append(one.code)
    if told.q:
        told.found = [one for one in known.find(told.q, 12) if one.code not in told.codes][:10]
    return told


def build(asked: Asked, releases: Sequence[Release], slug: str) -> dict[str, Any]:
    """The comparison in one round: the one asked for, else the newest that has most of the agencies."""
    rows = PublishedAgency.objects.filter(code__in=asked.codes, release__in=[one.pk for one in releases])
    by_release: dict[int, dict[str, PublishedAgency]] = {}
    for row in rows.select_related("release__round", "release__result") if asked.codes else ():
        by_release.setdefault(row.release_id, {})[row.code] = row
    offered = [one for one in releases if one.pk in by_release]
    if not offered:
        return {"columns": [], "offered": []}
    chosen = next((one for one in offered if one.round.slug == slug), None)
    chosen = chosen or max(offered, key=lambda one: (len(by_release[one.pk]), -offered.index(one)))
    there = by_release[chosen.pk]
    columns = [Published(there[code]) for code in asked.codes if code in there]
    names = register().by_code
    elsewhere = Counter(code for one in by_release.values() for code in one)
    return {
        "offered": offered,
        "chosen": chosen,
        "columns": columns,
        "missing": [(names[code.lower()], elsewhere[code]) for code in asked.codes if code not in there],
        "heads": [_row(columns, node) for node in columns[0].row.heads],
        "indicators": [_row(columns, indicator.number) for _, indicator in columns[0].indicators],
        "reference": columns[0],
    }


def _row(columns: list[Published], node: str) -> dict[str, Any]:
    """One score of all agencies, with their intervals on one axis, and what the others are beside the first."""
    cells = [{"figure": one.figure(node), "chance": one.chance(node), "of": one, "drawing": ""} for one in columns]
    sampled = [_sampled(one, node) for one in columns]
    ends = [float(one.low) for one in sampled if one]
    low = max(min(ends, default=0) // 5 * 5, 0)
    drawn = [place for place, one in enumerate(sampled) if one]
    strips = draw.versus([(float(s.score), float(s.low), float(s.high)) for s in sampled if s], low)
    for place, drawing in zip(drawn, strips, strict=True):
        cells[place]["drawing"] = drawing
    beside = [
        (one.row.name, _said(difference(other, sampled[0])))
        for one, other in zip(columns[1:], sampled[1:], strict=True)
        if other and sampled[0]
    ]
    silent = [one.row.name for one, other in zip(columns, sampled, strict=True) if other is None]
    return {
        "node": node,
        "name": columns[0].name(node),
        "title": columns[0].title(node),
        "cells": cells,
        "low": low,
        "beside": beside,
        "silent": silent,
    }


def _sampled(of: Published, node: str) -> Sampled | None:
    """A score with its published interval; None where either is not published."""
    figure, chance = of.figure(node), of.chance(node)
    if not figure.exact or figure.low is None or chance is None:
        return None
    return Sampled(figure.low, chance.low, chance.high)


def _said(found: Difference) -> tuple[str, str]:
    """A difference in words, and its tone."""
    if not found.value:
        return pick("เท่ากัน", "the same"), "open"
    points = pick(f"{found.value:+} คะแนน", f"{found.value:+} points")
    if found.verdict == "higher":
        return pick(f"สูงกว่า {points} มากกว่าที่ความบังเอิญอธิบายได้", f"higher, {points}: more than chance"), "more"
    if found.verdict == "lower":
        return pick(f"ต่ำกว่า {points} มากกว่าที่ความบังเอิญอธิบายได้", f"lower, {points}: more than chance"), "less"
    return pick(f"ต่าง {points} อาจเป็นเพียงความบังเอิญ", f"{points}: chance alone may have made this"), "open"
