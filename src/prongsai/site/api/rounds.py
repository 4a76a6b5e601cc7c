"""Rounds, their revisions, and the files that hold everything at once."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Query, Router, Schema

from prongsai.site.api.envelope import Envelope, ReleaseRef, address, answer, release_ref, whole
from prongsai.site.api.read import RoundSlug, release_of
from prongsai.site.opendata import reading
from prongsai.site.opendata.files import Listed, listing
from prongsai.site.opendata.models import Release

router = Router(tags=["rounds"])


class RoundOut(Schema):
    """A round whose results are published. ``agencies``: how many are in its newest readable revision."""

    round: str
    name_th: str
    name_en: str | None
    fiscal_year_be: int | None
    agencies: int
    release: ReleaseRef
    links: dict[str, str]


class RevisionOut(ReleaseRef):
    """One revision. ``note``: what changed since the one before; ``files``: where its files stand."""

    agencies: int
    note: str | None
    files: str


class FileOut(Schema):
    """One file of a revision: ``bytes`` long; ``sha256`` as in its SHA256SUMS."""

    path: str
    href: str
    bytes: int
    sha256: str


@router.get("/rounds", response={200: Envelope[list[RoundOut]]}, summary="Rounds whose results are published")
def list_rounds(request: HttpRequest) -> HttpResponse:
    """Newest fiscal year first, each with its newest readable revision."""
    found = list(reading.current())
    newest = max((one.published_at for one in found if one.published_at), default=None)
    return answer(request, [_round(one) for one in found], changed=newest)


@router.get("/rounds/{round}", response={200: Envelope[RoundOut]}, summary="One round")
def get_round(request: HttpRequest, round: RoundSlug) -> HttpResponse:
    """The round and its newest readable revision."""
    release = release_of(round)
    return answer(request, _round(release), release=release)


@router.get("/rounds/{round}/bulk", response={200: Envelope[list[FileOut]]}, summary="The files of a revision")
def list_files(
    request: HttpRequest,
    round: RoundSlug,
    revision: Annotated[
        int | None, Query(ge=1, le=9999, description="ฉบับที่ (ไม่ระบุ: ล่าสุด) | Revision; the newest if none")
    ] = None,
) -> HttpResponse:
    """Everything at once: CSV, Parquet, XLSX, JSON lines, descriptions and checksums. These files never change."""
    release = release_of(round, revision)
    return answer(request, [_file(release, one) for one in listing(release)], release=release)


@router.get("/rounds/{round}/revisions", response={200: Envelope[list[RevisionOut]]}, summary="A round's revisions")
def list_revisions(request: HttpRequest, round: RoundSlug) -> HttpResponse:
    """Newest first. A correction is a new revision; the earlier ones stay readable as files."""
    release = release_of(round)
    return answer(request, [_revision(one) for one in reading.published().filter(round=release.round)], release=release)


def _round(release: Release) -> dict[str, Any]:
    of, slug = release.round, release.round.slug
    return {
        "round": slug,
        "name_th": of.name,
        "name_en": of.name_en or None,
        "fiscal_year_be": of.fiscal_year,
        "agencies": release.agencies,
        "release": release_ref(release),
        "links": {
            "self": address("rounds", slug),
            "agencies": address("agencies", round=slug),
            "revisions": address("rounds", slug, "revisions"),
            "groups": address("rounds", slug, "groups", "kind"),
            "framework": address("frameworks", release.framework_id),
            "bulk": address("rounds", slug, "bulk"),
        },
    }


def _file(release: Release, one: Listed) -> dict[str, Any]:
    href = whole(reverse("opendata_file", args=[release.round.slug, release.revision, one.path]))
    return {"path": one.path, "href": href, "bytes": one.size, "sha256": one.sha256}


def _revision(release: Release) -> dict[str, Any]:
    return {
        **release_ref(release),
        "agencies": release.agencies,
        "note": release.note or None,
        "files": address("rounds", release.round.slug, "bulk", revision=release.revision),
    }
