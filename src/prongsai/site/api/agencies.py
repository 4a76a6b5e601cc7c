"""Agencies: the list of a round, one agency, its years, and every number of one year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from prongsai.scoring.agency_kinds import AGENCY_KINDS
from prongsai.site.api import limits, shapes
from prongsai.site.api.envelope import Envelope, Lines, address, answer
from prongsai.site.api.pages import Rows, no_page, page, read_cursor
from prongsai.site.api.read import (
    PRINTED,
    AgencyCode,
    OfRound,
    RoundSlug,
    agency_in,
    distinct,
    not_among,
    release_or_newest,
    years_of,
)
from prongsai.site.opendata import reading
from prongsai.site.opendata.models import PublishedAgency, Release
from prongsai.thai.text import repair

router = Router(tags=["agencies"])
MOST = 1000
if TYPE_CHECKING:
    Kind = str
else:
    Kind = Literal[tuple(AGENCY_KINDS)]  # so that the document names them
Sort = Literal["code", "-code", "name", "-name", "overall", "-overall"]
Name = Annotated[str | None, Query(min_length=1, max_length=255, pattern=PRINTED)]


class Asked(Schema):
    """Which agencies, in which order, how many at once."""

    round: OfRound = None
    kind: Annotated[Kind | None, Query(description="ประเภทหน่วยงาน | Kind of agency")] = None
    province: Annotated[Name, Query(description="จังหวัด | Province")] = None
    ministry: Annotated[Name, Query(description="กระทรวงหรือสังกัด | Ministry")] = None
    level: Annotated[Name, Query(description="ระดับผลการประเมิน | Level")] = None
    q: Annotated[Name, Query(description="ส่วนหนึ่งของชื่อหรือต้นรหัส | Part of the name, or the beginning of the code")] = None
    sort: Annotated[Sort, Query(description="เรียงตาม (- คือมากไปน้อย) | Order; - for descending")] = "code"
    detail: Annotated[
        Literal["heads", "full"],
        Query(description="heads: คะแนนรวมและเครื่องมือ full: ทุกคะแนน | heads: total and instruments; full: every number"),
    ] = "heads"
    limit: Annotated[int, Query(ge=1, le=MOST, description="จำนวนต่อหน้า | Agencies a page")] = 100
    cursor: Annotated[
        str | None,
        Query(
            max_length=1000,
            pattern=r"^[-_A-Za-z0-9]+$",
            description="จาก links.next หรือ links.prev | From links.next or links.prev",
        ),
    ] = None


class AgencyOut(Schema):
    """Who an agency is, as in its newest published round."""

    code: str
    name: str
    kind: str | None
    kind_th: str | None
    province: str | None
    ministry: str | None
    rounds: list[str]
    links: dict[str, str]


@router.get(
    "/agencies",
    response={200: Envelope[list[shapes.AgencyHead | shapes.AgencyFull]]},
    summary="Agencies of a round, filtered, sorted, page by page",
)
def list_agencies(request: HttpRequest, asked: Query[Asked]) -> HttpResponse:
    """Every agency of a round's newest readable revision. Follow ``links.next`` until it is null."""
    limits.also(request, asked.limit / 100 * (1 if asked.detail == "heads" else 3))
    release, cursor = release_or_newest(asked.round), None
    if asked.cursor:
        cursor = read_cursor(asked.cursor, asked.sort)
        begun = reading.published().filter(pk=cursor.release, round=release.round).first()
        if begun is None:
            raise no_page(asked.cursor)
        release = begun
    rows: Rows = _filtered(release, asked)
    found = page(rows if asked.detail == "full" else rows.defer("detail"), release.pk, asked.sort, asked.limit, cursor)
    made = shapes.full if asked.detail == "full" else shapes.head
    slug, year = release.round.slug, release.round.fiscal_year
    beside: dict[str, str | None] = {
        name: address("agencies", **{**_question(asked), "round": slug, "cursor": at.text()})
        for name, at in (("next", found.next), ("prev", found.prev))
        if at
    }
    return answer(request, Lines(made(row, slug, year) for row in found.rows), release=release, links=beside)


@router.get("/agencies/{code}", response={200: Envelope[AgencyOut]}, summary="One agency")
def get_agency(request: HttpRequest, code: AgencyCode) -> HttpResponse:
    """Who it is and in which rounds it has published results."""
    years = years_of(code)
    row = years[0]
    data = {
        "code": row.code,
        "name": row.name,
        "kind": row.kind or None,
        "kind_th": AGENCY_KINDS.get(row.kind),
        "province": row.province or None,
        "ministry": row.ministry or None,
        "rounds": [one.release.round.slug for one in years],
        "links": {
            "self": address("agencies", row.code),
            "rounds": address("agencies", row.code, "rounds"),
            "newest": address("agencies", row.code, "rounds", row.release.round.slug),
        },
    }
    return answer(request, data, changed=_newest(years))


@router.get("/agencies/{code}/rounds", response={200: Envelope[list[shapes.AgencyHead]]}, summary="An agency's years")
def list_agency_rounds(request: HttpRequest, code: AgencyCode) -> HttpResponse:
    """Newest first. Years of different frameworks may not compare: see each round's framework."""
    years = years_of(code)
    data = [shapes.head(row, row.release.round.slug, row.release.round.fiscal_year) for row in years]
    return answer(request, data, changed=_newest(years))


@router.get(
    "/agencies/{code}/rounds/{round}", response={200: Envelope[shapes.AgencyInRound]}, summary="One agency in a round"
)
def get_agency_round(request: HttpRequest, code: AgencyCode, round: RoundSlug) -> HttpResponse:
    """Level, or the levels still possible; total, instruments and parts; respondents."""
    row = agency_in(code, round)
    return answer(request, shapes.in_round(row, round, row.release.round.fiscal_year), release=row.release)


@router.get(
    "/agencies/{code}/rounds/{round}/scores",
    response={200: Envelope[list[shapes.NodeScore]]},
    summary="All scores of one agency in a round",
)
def list_scores(request: HttpRequest, code: AgencyCode, round: RoundSlug) -> HttpResponse:
    """Every node of the framework: the score or the range it lies in, where it comes from, and its error."""
    return _of_agency(request, shapes.nodes, code, round)


@router.get(
    "/agencies/{code}/rounds/{round}/distributions",
    response={200: Envelope[list[shapes.Distribution]]},
    summary="How many chose each option",
)
def list_distributions(request: HttpRequest, code: AgencyCode, round: RoundSlug) -> HttpResponse:
    """Only rows that may be shown: a small group, or one that answered alike, has none."""
    return _of_agency(request, shapes.distributions, code, round)


@router.get(
    "/agencies/{code}/rounds/{round}/verdicts",
    response={200: Envelope[list[shapes.Verdict]]},
    summary="Verdicts on the items of the checklist",
)
def list_verdicts(request: HttpRequest, code: AgencyCode, round: RoundSlug) -> HttpResponse:
    """The inspector's decision on each item."""
    return _of_agency(request, shapes.verdicts, code, round)


@router.get(
    "/agencies/{code}/rounds/{round}/respondents",
    response={200: Envelope[list[shapes.Respondents]]},
    summary="Answer sheets by survey and part",
)
def list_respondents(request: HttpRequest, code: AgencyCode, round: RoundSlug) -> HttpResponse:
    """How many answered."""
    return _of_agency(request, shapes.respondents, code, round)


def _of_agency(request: HttpRequest, shape: Any, code: str, round: str) -> HttpResponse:
    row = agency_in(code, round)
    return answer(request, shape(row), release=row.release)


def _newest(years: list[PublishedAgency]) -> Any:
    return max(row.release.published_at for row in years if row.release.published_at)


def _question(asked: Asked) -> dict[str, Any]:
    """What was asked beside the defaults, for the address of the next page."""
    return asked.model_dump(exclude_defaults=True, exclude={"cursor"})


def _filtered(release: Release, asked: Asked) -> Rows:
    """The release's agencies that fit. Raises ``ApiError`` 404 for a province, ministry or level that is not there."""
    rows: Rows = release.lines.all()
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    for name, expected in _NAMED.items():
        value = getattr(asked, name)
        if value is None:
            continue
        fitting = rows.filter(**{name: repair(value)})
        if not fitting.exists() and repair(value) not in (known := distinct(release, name)):
            raise not_among(f"query.{name}", value, known, expected)
        rows = fitting
    if asked.q:
        rows = rows.filter(Q(name__contains=repair(asked.q).strip()) | Q(code__istartswith=asked.q.strip()))
    return rows


_NAMED = {
    "province": ("จังหวัดที่มีในการประเมินนี้", "a province of this round"),
    "ministry": ("กระทรวงหรือสังกัดที่มีในการประเมินนี้", "a ministry of this round"),
    "level": ("ระดับที่มีในการประเมินนี้", "a level of this round"),
}
