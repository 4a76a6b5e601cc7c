"""What an agency's own systems read and write below ``/own``, with a token: results, links, plan, progress.

Operations only pass on: ``write_door`` lets in, ``write_once`` makes a change all or nothing and once, and one module
a thing does what its page does.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import Field

from prongsai.improvement import model
from prongsai.site.api import write_links, write_plan, write_progress, write_results
from prongsai.site.api.envelope import Envelope
from prongsai.site.api.errors import Refusal
from prongsai.site.api.models import Scope, Token
from prongsai.site.api.tokens import scopes_for
from prongsai.site.api.write_door import Door
from prongsai.site.api.write_once import HEADERS, change, read

router = Router(tags=["own"])
_READS = {401: Refusal, 403: Refusal}
_WRITES = {**_READS, 409: Refusal, 412: Refusal, 413: Refusal, 415: Refusal, 428: Refusal}
_PARAMETERS = [
    {"in": "header", "name": name, "required": required, "schema": {"type": "string"}, "description": text}
    for name, (required, text) in HEADERS.items()
]
_YEAR = "/own/{code}/{slug}"


class Year(Schema):
    """Which agency and which round."""

    code: str = Field(max_length=60, description="รหัสหน่วยงานของโทเคน | Code of the token's agency")
    slug: str = Field(max_length=60, pattern=r"^[-a-zA-Z0-9_]+$", description="การประเมิน | The round, such as 2568")


class Period(Year):
    """And which of its reports."""

    months: int = Field(ge=1, le=12, description="รอบ 6 หรือ 12 เดือน | 6 or 12")


class How(Schema):
    """How a change is asked for."""

    dry_run: bool = Field(False, description="ลองโดยไม่เปลี่ยนข้อมูลใด | Try it; nothing is changed")


class HowSure(How):
    """And whether what stands in the way was seen."""

    confirm: bool = Field(False, description="ดูสิ่งที่ต้องตรวจแล้ว ให้ดำเนินการ | What is to be looked at was; go on")


class OwnRound(Schema):
    """A round the agency takes part in; its name in both languages."""

    slug: str
    name_th: str
    name_en: str | None
    fiscal_year_be: int | None


class Own(Schema):
    """What a token is. ``may``: what it can do today; ``expires``: its last day, in Bangkok."""

    agency: str
    name: str
    token: str
    may: list[str]
    expires: str
    rounds: list[OwnRound]


def _body(schema: dict[str, Any]) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    return {"parameters": _PARAMETERS, "requestBody": {"required": True, "content": content}}


_RESULTS_BODY = _body({"type": "object", "description": "A results file as JSON (docs/schema/results.schema.json)."})


@router.get("/own", auth=Door(), response={200: Envelope[Own], **_READS}, summary="What this token is and may do")
def get_own(request: HttpRequest) -> HttpResponse:
    """Agency, rights as of today, last day, and the rounds it can be used for."""
    token: Token = request.auth  # type: ignore[attr-defined]
    agency = token.agency

    def make() -> tuple[dict[str, Any], str]:
        years = agency.assessments.select_related("round").filter(round__own=None)
        now = set(scopes_for(token.by, agency))
        return {
            "agency": agency.code,
            "name": agency.name,
            "token": token.name,
            "may": [scope for scope in token.scopes if scope in now],
            "expires": token.expires.isoformat(),
            "rounds": [
                {
                    "slug": year.round.slug,
                    "name_th": year.round.name,
                    "name_en": year.round.name_en or None,
                    "fiscal_year_be": year.round.fiscal_year,
                }
                for year in years
            ],
        }, ""

    return read(request, make)


@router.get(
    f"{_YEAR}/results", auth=Door(Scope.RESULTS), response={200: Envelope[write_results.ResultsNow], **_READS},
    summary="The agency's own results as they stand",
)  # fmt: skip
def get_own_results(request: HttpRequest, year: Path[Year]) -> HttpResponse:
    """The newest revision, published or not, and the ETag that a change has to name."""
    return read(request, lambda: write_results.results(request, year.code, year.slug))


@router.put(
    f"{_YEAR}/results", auth=Door(Scope.RESULTS), response={200: Envelope[write_results.ResultsTaken], **_WRITES},
    summary="Bring in results", openapi_extra=_RESULTS_BODY,
)  # fmt: skip
def put_own_results(request: HttpRequest, year: Path[Year], how: Query[HowSure]) -> HttpResponse:
    """A results file as JSON becomes the newest revision: all of it, or nothing. Earlier revisions stay."""

    def work() -> tuple[dict[str, Any], str]:
        return write_results.take_results(request, year.code, year.slug, dry_run=how.dry_run, confirm=how.confirm)

    return change(request, work, dry_run=how.dry_run)


@router.get(
    f"{_YEAR}/links", auth=Door(Scope.LINKS), response={200: Envelope[write_links.LinksNow], **_READS},
    summary="The links of the OIT checklist as they stand",
)  # fmt: skip
def get_own_links(request: HttpRequest, year: Path[Year]) -> HttpResponse:
    """Every item of the checklist with what is filed for it, and the ETag that a change has to name."""
    return read(request, lambda: write_links.links(request, year.code, year.slug))


@router.patch(
    f"{_YEAR}/links", auth=Door(Scope.LINKS), response={200: Envelope[write_links.LinksSaved], **_WRITES},
    summary="File links for items", openapi_extra={"parameters": _PARAMETERS},
)  # fmt: skip
def patch_own_links(request: HttpRequest, year: Path[Year], how: Query[How], body: write_links.LinksIn) -> HttpResponse:
    """Items that are named are replaced, the others stay: all of them, or nothing."""

    def work() -> tuple[dict[str, Any], str]:
        return write_links.save_links(request, year.code, year.slug, body, dry_run=how.dry_run)

    return change(request, work, dry_run=how.dry_run)


@router.get(
    f"{_YEAR}/plan", auth=Door(Scope.PLAN), response={200: Envelope[write_plan.PlanNow], **_READS},
    summary="The plan of measures as it stands",
)  # fmt: skip
def get_own_plan(request: HttpRequest, year: Path[Year]) -> HttpResponse:
    """The accepted measures in the shape of plan files, and the ETag that a change has to name."""
    return read(request, lambda: write_plan.plan(request, year.code, year.slug))


@router.put(
    f"{_YEAR}/plan", auth=Door(Scope.PLAN), response={200: Envelope[write_plan.PlanTaken], **_WRITES},
    summary="Write the plan of measures", openapi_extra={"parameters": _PARAMETERS},
)  # fmt: skip
def put_own_plan(request: HttpRequest, year: Path[Year], how: Query[HowSure], body: model.Plan) -> HttpResponse:  # noqa: ARG001 - described by it, read by the page's reader
    """The plan becomes what the body says: measures are known by their ids, and keep their reports."""

    def work() -> tuple[dict[str, Any], str]:
        return write_plan.take_plan(request, year.code, year.slug, dry_run=how.dry_run, confirm=how.confirm)

    return change(request, work, dry_run=how.dry_run)


@router.get(
    f"{_YEAR}/progress/{{months}}", auth=Door(Scope.PROGRESS),
    response={200: Envelope[write_progress.ProgressNow], **_READS}, summary="What is reported on the measures",
)  # fmt: skip
def get_own_progress(request: HttpRequest, period: Path[Period]) -> HttpResponse:
    """Every measure of the plan with its report for the period, and the ETag that a change has to name."""
    return read(request, lambda: write_progress.progress(request, period.code, period.slug, period.months))


@router.patch(
    f"{_YEAR}/progress/{{months}}", auth=Door(Scope.PROGRESS),
    response={200: Envelope[write_progress.ProgressSaved], **_WRITES}, summary="Report on measures",
    openapi_extra={"parameters": _PARAMETERS},
)  # fmt: skip
def patch_own_progress(
    request: HttpRequest, period: Path[Period], how: Query[How], body: write_progress.ProgressIn
) -> HttpResponse:
    """Reports of the measures that are named are replaced, the others stay: all of them, or nothing."""
    where = (period.code, period.slug, period.months)

    def work() -> tuple[dict[str, Any], str]:
        return write_progress.save_progress(request, where, body, dry_run=how.dry_run)

    return change(request, work, dry_run=how.dry_run)
