"""A published round laid into the database, agency by agency; can be lost and made again from the release's files."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from itertools import islice

from prongsai.framework.model import Framework
from prongsai.publishing.lines import heads, lines
from prongsai.publishing.round import PublishedRound
from prongsai.site.opendata.models import PublishedAgency, Release

_AT_ONCE = 500


def project(
    release: Release,
    published: PublishedRound,
    ministries: Mapping[str, str],
    told: Callable[[int], None] = lambda _done: None,
) -> int:
    """Lay every agency into the database in place of what is there; returns how many. ``ministries``: code → name.

    A few hundred at a time, so that others can write in between; ``told`` hears how many are done. Whoever reads looks
    only at releases that are published, and this one is not yet.
    """
    release.lines.all().delete()
    made, done = rows(release, published, ministries), 0
    while some := list(islice(made, _AT_ONCE)):
        PublishedAgency.objects.bulk_create(some)
        done += len(some)
        told(done)
    return done


def rows(release: Release, published: PublishedRound, ministries: Mapping[str, str]) -> Iterator[PublishedAgency]:
    """The rows of a release as they must stand in the database; not saved."""
    upper = heads(published)
    for line in lines(published):
        low, high, _ = line.scores.get("overall", (None, None, ""))
        yield PublishedAgency(
            release=release,
            code=line.code,
            name=line.name,
            kind=line.kind or "",
            province=line.province or "",
            ministry=ministries.get(line.code, ""),
            level=line.levels[0] if len(line.levels) == 1 else "",
            overall=Decimal(low) if low is not None and low == high else None,
            heads={node: line.scores[node] for node in upper if node in line.scores},
            sheets=inside(published.framework, line.respondents),
            detail=zlib.compress(line.as_json().encode()),
        )


def inside(framework: Framework, respondents: Mapping[str, int]) -> int | None:
    """Answer sheets of a framework's first survey, the one that asks the agency's own people; None where not published.

    ``respondents``: survey or part → sheets, as published (``Line.respondents``).
    """
    first = next((one for one in framework.instruments if one.kind == "survey"), None)
    if first is None or first.code in respondents:
        return respondents.get(first.code) if first else None
    return sum(respondents.get(part.code, 0) for part in first.parts) or None
