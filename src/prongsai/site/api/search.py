"""Finding agencies by what people type: misspelt, abbreviated, with or without the province."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from prongsai.scoring.agency_kinds import AGENCY_KINDS
from prongsai.site.api.envelope import Envelope, address, answer
from prongsai.site.api.read import PRINTED
from prongsai.site.opendata import reading
from prongsai.site.portal.search import LONGEST, Known, register

router = Router(tags=["agencies"])


class Found(Schema):
    """An agency that answers to what was typed, best first."""

    code: str
    name: str
    kind: str | None
    kind_th: str | None
    province: str | None
    ministry: str | None
    links: dict[str, str]


@router.get("/search", response={200: Envelope[list[Found]]}, summary="Agencies by name, as people type it")
def search(
    request: HttpRequest,
    q: Annotated[
        str,
        Query(
            min_length=1,
            max_length=LONGEST,
            pattern=PRINTED,
            description="ชื่อ คำย่อ จังหวัด หรือรหัส | Name, abbreviation, province or code",
        ),
    ],
    limit: Annotated[int, Query(ge=1, le=50, description="จำนวนมากที่สุด | At most")] = 20,
) -> HttpResponse:
    """The nearest agencies. An empty list: nothing is near."""
    newest = reading.current().first()
    known = register()
    found = known.find(q, limit) or known.near(q)[:limit]
    return answer(request, [_found(one) for one in found], changed=newest.published_at if newest else None)


def _found(one: Known) -> dict[str, Any]:
    return {
        "code": one.code,
        "name": one.name,
        "kind": one.kind or None,
        "kind_th": AGENCY_KINDS.get(one.kind),
        "province": one.province or None,
        "ministry": one.ministry or None,
        "links": {"self": address("agencies", one.code), "rounds": address("agencies", one.code, "rounds")},
    }
