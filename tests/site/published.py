"""A small nation, published: two years, many kinds of agency, and among them those that make mistakes show.

``published`` is the fixture (tests/site/conftest.py knows it): everything went the way it goes on the site, from
results through gathering and preparing to publication. What it is made of is simulated once for all tests.
"""

from __future__ import annotations

import copy
import tempfile
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from cast import Cast, give_results
from django.utils import timezone

from prongsai.framework import for_year
from prongsai.national.engines import count, engine
from prongsai.national.nation import open_nation
from prongsai.scoring.wide import Layout
from prongsai.simulation.nation import NationSpec, write_nation
from prongsai.site.agencies.models import Agency
from prongsai.site.demo.nation import _file
from prongsai.site.nation.jobs import work as gather_work
from prongsai.site.nation.models import NationJob, NationResult
from prongsai.site.opendata.actions import PrepareRelease, PublishRelease
from prongsai.site.opendata.jobs import work as prepare_work
from prongsai.site.opendata.models import Release
from prongsai.site.results.models import Result, Source
from prongsai.site.rounds.models import Assessment, Round
from prongsai.site.surveys.models import Sums, Survey, SurveyState

SIMULATED = 11
FEW, PINNED = 6, 4  # respondents, both below k
# What agencies are called here, and the mistake that each would show.
XSS, FORMULA, SMALL, ALIKE, GIVEN = "xss", "formula", "small", "alike", "muang"
NAMES = {
    XSS: "<script>alert('สวัสดี')</script>เทศบาล \"ทดสอบ\" & อื่น",
    FORMULA: '=HYPERLINK("https://example.test","องค์การบริหารส่วนตำบลสูตร")',
    SMALL: "องค์การบริหารส่วนตำบลเล็กมาก",
    ALIKE: "องค์การบริหารส่วนตำบลตอบเหมือนกัน",
}


@dataclass
class Published:
    """What is public: ``releases`` by fiscal year. ``codes``: every agency's code; the special ones are named above."""

    cast: Cast
    releases: dict[int, Release] = field(default_factory=dict)

    @property
    def codes(self) -> list[str]:
        """Every agency that is published this year."""
        return sorted(self.releases[2568].lines.values_list("code", flat=True))

    def gather(self, of: Round) -> NationResult:
        """Gather a round anew, as the worker does."""
        job = NationJob.objects.create(round=of, by=self.cast.people["assessor"])
        gather_work.func(job.pk)
        job.refresh_from_db()
        assert job.result is not None, (job.state, job.refused)
        return job.result

    def prepare(self, result: NationResult, note: str = "แก้ไขผลตรวจ") -> Release:
        """Prepare a release, as the worker does."""
        by = self.cast.people["assessor"]
        made = PrepareRelease(by=by, result=result, note=note).execute()
        prepare_work.func(made.pk)
        made.refresh_from_db()
        return made  # type: ignore[no-any-return]

    def publish(self, of: Round, note: str = "แก้ไขผลตรวจ") -> Release:
        """Gather, prepare and publish a round."""
        made = self.prepare(self.gather(of), note)
        assert made.state == "ready", made.problem
        PublishRelease(by=self.cast.people["assessor"], release=made).execute()
        return made

    def correct(self, code: str, of: Round, data: dict[str, Any]) -> Result:
        """A new revision of an agency's results."""
        year = Assessment.objects.get(round=of, agency__code=code)
        last = year.results.first()
        return Result.objects.create(
            assessment=year, revision=last.revision + 1 if last else 1, source=Source.FILE, data=data
        )

    def data(self, code: str, of: Round) -> dict[str, Any]:
        """A copy of an agency's newest results, to be changed."""
        found = Result.objects.filter(assessment__round=of, assessment__agency__code=code).first()
        assert found is not None
        return copy.deepcopy(found.data)


@pytest.fixture
def published(cast: Cast) -> Published:
    """Two years of a small nation that everybody can read."""
    return publish_all(cast)


def publish_all(cast: Cast) -> Published:
    """The same where no fixture can be asked for."""
    made = Published(cast)
    for of in (cast.last_round, cast.round):
        fill(cast, of)
        made.releases[of.fiscal_year or 0] = made.publish(of, "")
    return made


def agencies_of(year: int) -> dict[str, Agency]:
    """The simulated agencies by their codes, made where they are not there yet."""
    parent, _ = Agency.objects.get_or_create(code="ministry", defaults={"name": "กระทรวงตัวอย่าง"})
    return {
        code: Agency.objects.get_or_create(code=code, defaults=about | {"parent": parent})[0]
        for code, about, _ in simulated(year)
    }


def fill(cast: Cast, of: Round) -> None:
    """Results of every agency of a round, none of them public."""
    agencies = agencies_of(of.fiscal_year or 0)
    for code, _, data in simulated(of.fiscal_year or 0):
        year = Assessment.objects.create(round=of, agency=agencies[code])
        Result.objects.create(assessment=year, revision=1, source=Source.ASSESSED, data=copy.deepcopy(data))
        for place, (container, sums) in enumerate(_sums(of.fiscal_year or 0).get(code, {}).items()):
            token = f"0{year.pk}x{place}"
            survey = Survey.objects.create(
                assessment=year, container=container, state=SurveyState.CLOSED, token=token, closed_at=timezone.now()
            )
            Sums.objects.create(survey=survey, data=sums)
    own, _ = Assessment.objects.get_or_create(round=of, agency=cast.agency)
    if not own.results.exists():
        give_results(own)


Line = tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]


def simulated(year: int) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Code, particulars and results file of each simulated agency."""
    return [(code, about, data) for code, about, data, _ in _lines(year)]


def _sums(year: int) -> dict[str, dict[str, Any]]:
    """What standard errors rest on, by agency and survey; not of those whose answers were cut down."""
    return {code: sums for code, _, _, sums in _lines(year)}


@lru_cache(maxsize=4)
def _lines(year: int) -> tuple[Line, ...]:
    with tempfile.TemporaryDirectory() as folder:
        write_nation(NationSpec(for_year(year), SIMULATED, seed=2), Path(folder))
        nation = open_nation(Path(folder))
        counting = engine("polars")
        counted = count(nation, counting, moments=True)
        counting.close()
    found, special = [], list(NAMES)
    for line, row in enumerate(nation.agencies.to_dicts()):
        code = special[line] if line < len(special) else f"sim-{line:02}"
        about = {name: row[name] for name in ("name", "kind", "province", "staff")}
        about["name"] = NAMES.get(code, about["name"])
        data = _file(nation, counted, line, Agency(code=code, **about))
        if code == SMALL:
            few(data, counted["IIT"].layout, FEW, alike=False)
        if code == ALIKE:
            few(data, counted["IIT"].layout, PINNED, alike=True)
        sums = {name: one.moments(line).as_data() for name, one in counted.items() if code not in (SMALL, ALIKE)}
        found.append((code, about, data, sums))
    return tuple(found)


def few(data: dict[str, Any], of: Layout, people: int, *, alike: bool) -> None:
    """Cut a survey down to a few people, all with the best answer, or spread over the options."""
    for row in of.rows:
        best = row.options[row.points.index(max(row.points))]
        chosen = [best if alike else row.options[one % len(row.options)] for one in range(people)]
        data["tallies"][row.code] = {key: str(chosen.count(key)) for key in dict.fromkeys(chosen)}
    data["respondents"][of.container] = str(people)
