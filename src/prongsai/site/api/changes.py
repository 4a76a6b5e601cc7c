"""What was published when: the list that programs ask to learn whether there is anything new."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from prongsai.site.api.envelope import Envelope, address, answer, stamp
from prongsai.site.opendata import reading
from prongsai.site.opendata.models import Release

router = Router(tags=["changes"])


class Change(Schema):
    """One publication. ``revision`` 1 is the first; later ones are corrections, and ``note`` says what changed."""

    at: str
    round: str
    revision: int
    note: str | None
    agencies: int
    links: dict[str, str]


@router.get("/changes", response={200: Envelope[list[Change]]}, summary="What was published when, newest first")
def list_changes(request: HttpRequest) -> HttpResponse:
    """Every revision that can be read. A round that was withdrawn is no longer in the list."""
    found = sorted(reading.published(), key=lambda one: (stamp(one.published_at) or "", one.pk), reverse=True)
    return answer(request, [_change(one) for one in found], changed=found[0].published_at if found else None)


def _change(release: Release) -> dict[str, Any]:
    slug = release.round.slug
    return {
        "at": stamp(release.published_at),
        "round": slug,
        "revision": release.revision,
        "note": release.note or None,
        "agencies": release.agencies,
        "links": {
            "round": address("rounds", slug),
            "bulk": address("rounds", slug, "bulk", revision=release.revision),
        },
    }
