"""A small simulated nation, scored once for all tests, to be kept in a round as if it had been gathered."""

from __future__ import annotations

import tempfile
from functools import lru_cache
from pathlib import Path

from cast import Cast
from django.utils import timezone

from prongsai.framework import for_year
from prongsai.national.book import write
from prongsai.national.engines import count, engine
from prongsai.national.gather import About, Gathering
from prongsai.national.nation import open_nation
from prongsai.national.score import results_of
from prongsai.scoring.score import score
from prongsai.simulation.nation import NationSpec, write_nation
from prongsai.site.nation.actions import KeepNation
from prongsai.site.nation.models import NationResult
from prongsai.site.rounds.models import Round

AGENCIES = 40
CODE = "sim-00007"


@lru_cache(maxsize=4)
def gathered_nation(year: int, assume: tuple[str, ...] = ()) -> Gathering:
    """All agencies of one year, gathered from their answers."""
    framework = for_year(year)
    with tempfile.TemporaryDirectory() as folder:
        write_nation(NationSpec(framework, AGENCIES, seed=4), Path(folder))
        nation = open_nation(Path(folder))
        counted = count(nation, engine("polars"), moments=True)
    found = Gathering(framework)
    for line, about in enumerate(nation.agencies.to_dicts()):
        sheet = score(results_of(nation, counted, line, moments=True), assume)
        known = [about[name] for name in ("agency", "code", "name", "kind", "province")]
        who = About(*known, ministry="กระทรวงตัวอย่าง", staff=about["staff"])
        found.add(who, sheet)
    return found


@lru_cache(maxsize=4)
def book_bytes(year: int, assume: tuple[str, ...] = ()) -> bytes:
    """The file of one year."""
    return write(gathered_nation(year, assume).done(), {"round": f"ITA {year}", "agencies_in_round": AGENCIES + 2})


def keep(cast: Cast, of: Round | None = None, *, public: bool = False, assume: tuple[str, ...] = ()) -> NationResult:
    """Keep the simulated nation as a revision of a round, published if asked for."""
    of = of or cast.round
    by = cast.people["assessor"]
    data = book_bytes(of.fiscal_year or 0, assume)
    made: NationResult = KeepNation(
        by=by, round=of, data=data, agencies=AGENCIES + 2, scored=AGENCIES, until=timezone.now()
    ).execute()
    if public:
        make_public(made)
    return made


def make_public(result: NationResult) -> None:
    """As publishing its release does, for pages alone: no agency of this nation has results in the database."""
    result.round.nation_results.update(published_at=None)
    result.published_at, result.public_file = timezone.now(), result.file
    result.save()
