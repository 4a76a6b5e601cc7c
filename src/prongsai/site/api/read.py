"""What the operations read, from ``opendata.reading`` alone, and how they say that something is not there."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Annotated, Any

from django.db.models import QuerySet
from ninja import Path, Query

from prongsai.site.api.envelope import address
from prongsai.site.api.errors import ApiError, Near, plain
from prongsai.site.opendata import reading
from prongsai.site.opendata.models import PublishedAgency, Release
from prongsai.site.portal.search import register

NEAR = 5
PRINTED = r"^[^\x00-\x1f\x7f]+$"
RoundSlug = Annotated[
    str, Path(max_length=60, pattern=r"^[-a-zA-Z0-9_]+$", description="การประเมิน | The round, as in /rounds")
]
AgencyCode = Annotated[
    str,
    Path(
        max_length=60, pattern=r"^[^\x00-\x1f\x7f/]+$", description="รหัสหน่วยงาน | Code of the agency, as in /agencies"
    ),
]
OfRound = Annotated[
    str | None,
    Query(
        max_length=60,
        pattern=r"^[-a-zA-Z0-9_]+$",
        description="การประเมิน (ไม่ระบุ: ล่าสุด) | The round; the newest where none is named",
    ),
]


def release_of(slug: str, revision: int | None = None, where: str = "path.round") -> Release:
    """A round's newest readable revision, or the one named. Raises ``ApiError``: 404, or 410 where it was withdrawn."""
    found = reading.published().filter(round__slug=slug)
    release = (found.filter(revision=revision) if revision else found).first()
    if release is not None:
        return release
    if reading.withdrawn(slug, revision):
        raise plain(410, "query.revision" if revision else where, revision or slug)
    raise _no_round(slug, revision, where)


def _no_round(slug: str, revision: int | None, where: str) -> ApiError:
    there = {one.round.slug: one.round.name for one in reading.current()}
    if slug in there:
        return plain(404, "query.revision", revision)
    error = plain(404, where, slug, ("การประเมินที่เผยแพร่แล้ว", "a round whose results are published"))
    error.problems[0].near = [Near(value=one, name=name, href=address("rounds", one)) for one, name in there.items()][
        :NEAR
    ]
    return error


def release_or_newest(slug: str | None) -> Release:
    """The named round's current revision, or the newest round's. Raises ``ApiError`` 404 or 410."""
    if slug:
        return release_of(slug, where="query.round")
    release = reading.current().first()
    if release is None:
        raise plain(404, "query.round", expected=("ยังไม่มีผลที่เผยแพร่", "nothing is published yet"))
    return release


def years_of(code: str) -> list[PublishedAgency]:
    """An agency in every current revision, newest first. Raises ``ApiError`` 404 with near names."""
    found = list(reading.years_of(code))
    if not found:
        raise no_agency(code)
    return found


def agency_in(code: str, slug: str) -> PublishedAgency:
    """An agency in a round's current revision. Raises ``ApiError`` 404 with near names, or 410."""
    release = release_of(slug)
    row = release.lines.filter(code=code).first()
    if row is None:
        raise no_agency(code)
    row.release = release
    return row


def no_agency(code: str) -> ApiError:
    """The error for a code that nobody has, with agencies that may have been meant."""
    expected = ("รหัสของหน่วยงานที่มีผลเผยแพร่", "the code of an agency with published results")
    error = plain(404, "path.code", code, expected)
    near = register().near(code)[:NEAR]
    error.problems[0].near = [Near(value=one.code, name=one.name, href=address("agencies", one.code)) for one in near]
    return error


def not_among(where: str, value: str, known: Iterable[str], expected: tuple[str, str]) -> ApiError:
    """The error for a name that stands nowhere in a release, with those that may have been meant."""
    names = [name for name in known if name]
    error = plain(404, where, value, expected)
    near = get_close_matches(value, names, n=NEAR, cutoff=0.4)
    error.problems[0].near = [Near(value=name, name=name) for name in near]
    return error


def distinct(release: Release, column: str) -> list[str]:
    """The values that a column has in a release."""
    rows: QuerySet[PublishedAgency, Any] = release.lines.order_by().values_list(column, flat=True).distinct()
    return sorted(rows)
