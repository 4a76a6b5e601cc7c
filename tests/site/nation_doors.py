"""Doors of the national pages: the round's assessor inside, everybody where a revision is published."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cast import Cast
from doors import EVERYONE, Door
from nation_world import CODE, keep

from prongsai.site.nation.models import NationJob, NationResult

ASSESSES = {"assessor"}
SLUG = "2568"
PAGES = ("spread", "league", "movers", "heat", "items")


def kept(*more: Any, public: bool = False) -> Callable[[Cast], tuple[Any, ...]]:
    def arguments(cast: Cast) -> tuple[Any, ...]:
        if not NationResult.objects.exists():
            keep(cast, cast.last_round, public=public)
            keep(cast, public=public)
        return (SLUG, *more)

    return arguments


def portal(cast: Cast) -> tuple[Any, ...]:
    kept(public=True)(cast)
    return ()


def a_job(cast: Cast) -> tuple[Any, ...]:
    return (SLUG, NationJob.objects.create(round=cast.round).pk)


def nobody_yet(_cast: Cast) -> tuple[Any, ...]:
    return (SLUG,)


DOORS = [
    Door("nation", ASSESSES, kept()),
    Door("nation_revisions", ASSESSES, kept()),
    Door("nation_whole", ASSESSES, kept(1)),
    Door("nation_gather", ASSESSES, nobody_yet, method="post", ok=(302,)),
    Door("nation_job", ASSESSES, a_job),
    Door("nation_agency", ASSESSES, kept(CODE)),
    Door("nation_agency_file", ASSESSES, kept(CODE, "csv")),
    Door("survey_odd", ASSESSES, nobody_yet),
    Door("nation_odd", ASSESSES, kept()),
    Door("nation_beside", ASSESSES, kept()),
    Door("nation_adjustment", ASSESSES, kept(), method="post", ok=(302,)),
    Door("nation_file", ASSESSES, kept("league", "xlsx")),
    *(Door(f"nation_{page}", ASSESSES, kept()) for page in PAGES),
    Door("nation_portal", EVERYONE, portal),
    Door("public_nation", EVERYONE, kept(public=True)),
    Door("public_nation_whole", EVERYONE, kept(public=True)),
    Door("public_nation_agency", EVERYONE, kept(CODE, public=True)),
    Door("public_nation_agency_file", EVERYONE, kept(CODE, "csv", public=True)),
    Door("public_nation_file", EVERYONE, kept("league", "csv", public=True)),
    *(Door(f"public_nation_{page}", EVERYONE, kept(public=True)) for page in PAGES),
]
