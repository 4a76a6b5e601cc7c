"""The files of published releases, for everybody: each named by its hash, so that nobody has to fetch one twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from prongsai.site.opendata.access import readable
from prongsai.site.opendata.files import listed, whole
from prongsai.site.opendata.reading import withdrawn

_KEEP = 86_400  # seconds a copy is used unasked: a file never changes, but what is taken back shall be gone in a day
_AT_ONCE = 1 << 18
_RANGE = re.compile(r"bytes=(\d{1,15})-(\d{0,15})|bytes=-(\d{1,15})")


@require_safe
def file(request: HttpRequest, slug: str, revision: int, path: str) -> HttpResponseBase:
    """One file of a release. What is not in its list of files is not there, whatever the address says."""
    try:
        release = readable(slug, revision)
    except Http404:
        return _gone(request, slug, revision)
    one = listed(release, path)
    if one is None:
        raise Http404
    name = f"ita-{slug}-r{revision}-{one.name}" if one.name[:1].isalpha() else one.name
    return _sent(request, release.folder / one.path, one.sha256, (one.media, name))


@require_safe
def bundle(request: HttpRequest, slug: str, revision: int) -> HttpResponseBase:
    """All files of a release in one."""
    try:
        release = readable(slug, revision)
    except Http404:
        return _gone(request, slug, revision)
    return _sent(request, whole(release), f"{release.digest}-zip", ("application/zip", f"ita-{slug}-r{revision}.zip"))


# What asks for a person leaves these alone.
file.public_page = True  # type: ignore[attr-defined]
bundle.public_page = True  # type: ignore[attr-defined]


def _gone(request: HttpRequest, slug: str, revision: int) -> HttpResponse:
    release = withdrawn(slug, revision)
    if release is None:
        raise Http404
    response = render(request, "opendata/gone.html", {"release": release, "round": release.round}, status=410)
    response["Cache-Control"] = "no-store"
    return response


def _sent(request: HttpRequest, path: Path, tag: str, told: tuple[str, str]) -> HttpResponseBase:
    etag = f'"{tag}"'
    response: Any = get_conditional_response(request, etag=etag)
    if response is None:
        size = path.stat().st_size
        part = _part(request, etag, size)
        if part is None:
            response = FileResponse(path.open("rb"), content_type=told[0])
        elif part[0] > part[1]:
            response = HttpResponse(status=416)
            response["Content-Range"] = f"bytes */{size}"
        else:
            response = StreamingHttpResponse(_pieces(path, *part), status=206, content_type=told[0])
            response["Content-Range"] = f"bytes {part[0]}-{part[1]}/{size}"
            response["Content-Length"] = str(part[1] - part[0] + 1)
        response["Content-Disposition"] = content_disposition_header(True, told[1]) or "attachment"
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = f"public, max-age={_KEEP}, immutable"
    response["Access-Control-Allow-Origin"] = "*"  # open data: pages of others may read them
    return response  # type: ignore[no-any-return]


def _part(request: HttpRequest, etag: str, size: int) -> tuple[int, int] | None:
    """The first and last byte asked for; None for the whole, the first after the last for what is not there."""
    asked = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if asked is None or request.headers.get("If-Range", etag) != etag:
        return None
    first, last, tail = asked.groups()
    if tail is not None:
        return max(size - int(tail), 0), size - 1
    end = min(int(last), size - 1) if last else size - 1
    return int(first), end


def _pieces(path: Path, first: int, last: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(first)
        left = last - first + 1
        while left and (data := file.read(min(left, _AT_ONCE))):
            left -= len(data)
            yield data
