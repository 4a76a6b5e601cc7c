"""The one shape of every success below /api: the data, what they are, and where to go from here.

Operations build plain data and give them to ``answer``; the schemas describe them (OpenAPI) and tests hold the two
against each other. Checking each of a thousand agencies again while answering would cost more than finding them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, TypeVar
from urllib.parse import quote, urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date
from ninja import Schema

from prongsai import __version__
from prongsai.json_text import read_json
from prongsai.site.api.render import rendered
from prongsai.site.opendata.models import Release

BASE = "/api/v1"
D = TypeVar("D")


class ReleaseRef(Schema):
    """Which publication numbers come from. ``fiscal_year_be``: the Buddhist year; ``digest``: SHA-256 of SHA256SUMS."""

    round: str
    revision: int
    fiscal_year_be: int | None
    framework: str
    framework_version: int
    published: str
    digest: str | None


class Licence(Schema):
    """The licence that the publisher chose."""

    id: str | None = None
    title: str | None = None
    url: str | None = None


class Meta(Schema):
    """What the data are. ``release`` and ``revision`` are null where an answer rests on several publications or none.

    ``generated``: when the newest of the data was published or changed, not when it was asked for: the same data have
    the same bytes. ``licence``: null where the publisher stated none.
    """

    release: ReleaseRef | None
    revision: int | None
    licence: Licence | None
    generated: str | None
    count: int | None = None
    version: str


class Links(Schema):
    """Whole addresses. ``next`` and ``prev`` are null at the ends; ``bulk``: the files that hold everything at once."""

    self: str
    next: str | None
    prev: str | None
    bulk: str | None


class Envelope(Schema, Generic[D]):
    """What every successful answer consists of."""

    data: D
    meta: Meta
    links: Links


class Lines:
    """The entries of a long list as JSON, each rendered as soon as it is made: little is held at a time."""

    def __init__(self, entries: Iterable[dict[str, Any]]) -> None:
        self._lines = [rendered(one) for one in entries]

    def __len__(self) -> int:
        return len(self._lines)

    @property
    def whole(self) -> bytes:
        """The list."""
        return b"[" + b",".join(self._lines) + b"]"


def answer(
    request: HttpRequest,
    data: Any,
    *,
    release: Release | None = None,
    changed: dt.datetime | None = None,
    links: dict[str, str | None] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Plain data in the envelope; a long list may come as ``Lines``, rendered one by one.

    ``changed``: when the data last changed; a release's own moment where none is given.
    """
    moment = changed or (release.published_at if release else None)
    meta = {
        "release": release_ref(release) if release else None,
        "revision": release.revision if release else None,
        "licence": licence(str(release.folder)) if release else None,
        "generated": stamp(moment),
        "count": len(data) if isinstance(data, list | Lines) else None,
        "version": __version__,
    }
    here = {"self": whole(request.get_full_path()), "next": None, "prev": None}
    bulk = address("rounds", release.round.slug, "bulk") if release else None
    told = data.whole if isinstance(data, Lines) else rendered(data)
    around = rendered({"meta": meta, "links": {**here, "bulk": bulk, **(links or {})}})
    content = b'{"data":' + told + b"," + around[1:]
    response = HttpResponse(content, status=status, content_type="application/json")
    if moment:
        response["Last-Modified"] = http_date(moment.timestamp())
    return response


def whole(path: str) -> str:
    """A path of this site as an address that can be followed from anywhere; never made of what a request says."""
    return str(settings.SITE_ADDRESS) + path


def address(*steps: object, **asked: object) -> str:
    """The whole address of an operation: ``address("agencies", code, q="x")``."""
    path = "/".join(quote(str(step), safe="") for step in steps)
    question = {name: value for name, value in asked.items() if value is not None}
    return whole(f"{BASE}/{path}" + (f"?{urlencode(question)}" if question else ""))


def stamp(moment: dt.datetime | None) -> str | None:
    """ISO 8601 in UTC, to the second."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def release_ref(release: Release) -> dict[str, Any]:
    """``ReleaseRef`` as plain data."""
    return {
        "round": release.round.slug,
        "revision": release.revision,
        "fiscal_year_be": release.round.fiscal_year,
        "framework": release.framework_id,
        "framework_version": release.framework_version,
        "published": stamp(release.published_at),
        "digest": release.digest or None,
    }


@lru_cache(maxsize=64)
def licence(folder: str) -> dict[str, Any] | None:
    """The licence as the release's own description states it (its files never change)."""
    try:
        package = read_json((Path(folder) / "datapackage.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    stated = package.get("licenses") or []
    return (
        {"id": stated[0].get("name"), "title": stated[0].get("title"), "url": stated[0].get("path")} if stated else None
    )
