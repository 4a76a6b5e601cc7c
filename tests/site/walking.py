"""Everything that somebody without an account can fetch: every address that there is, and every link found on the way.

New addresses are found by themselves: each named pattern of the site is tried with all values known for its parameters.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from itertools import product
from typing import Any
from urllib.parse import quote

import polars as pl
from django.conf import settings
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from prongsai.site.opendata.files import listing
from prongsai.site.opendata.models import Release

_LINK = re.compile(
    r"""(?:href|src|content|action)=["']([^"'#]+)|<(?:loc|link|id|url)>([^<]+)<|"(/[^"\s\\]*|https?://[^"\s\\]+)\""""
)
_MOST = 4000  # addresses: a walk that finds more has lost its way
_ASK = re.compile(
    r"^/(a|accounts|static|agencies|rounds|me|notices)/"
)  # followed from no page: tried by their patterns
# Signs of the moment, of which two walks over the same things differ.
_MOMENT = re.compile(
    rb'csrf\w*"? (?:value|content)?="?[\w-]+|"X-CSRFToken": "\w+"|name="csrfmiddlewaretoken" value="\w+"'
)


def values(codes: list[str], groups: list[str]) -> dict[str, list[Any]]:
    """What the parameters of addresses may be, by their names."""
    files = [one.path for release in Release.objects.filter(state="done") for one in listing(release)]
    return {
        "slug": ["2567", "2568"],
        "code": codes,
        "revision": [1, 2, 3],
        "form": ["csv", "xlsx", "svg", "png"],
        "page": ["overview", "league", "spread", "movers", "heat", "items"],
        "path": sorted(set(files)),
        "n": [0, 1],
        "number": [0, 1],
        "name": groups,
        "node": ["overall", "IIT", "i1"],
        "pk": [1],
        "indicator": ["1"],
        "container": ["IIT"],
        "kind": ["measures"],
        "language": ["th", "en"],
    }


def patterns(resolver: URLResolver | None = None) -> Iterator[tuple[str, list[str]]]:
    """Each named address that asks nobody to sign in (``test_doors`` holds the others shut), with its parameters."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern)
        elif isinstance(pattern, URLPattern) and pattern.name and not hasattr(pattern.callback, "signed_in"):
            yield pattern.name, list(pattern.pattern.converters)


def seeds(known: dict[str, list[Any]]) -> Iterator[str]:
    """Every address that can be made of what is known."""
    for name, parameters in patterns():
        for chosen in product(*(known.get(one, []) for one in parameters)):
            try:
                yield reverse(name, args=chosen)
            except NoReverseMatch:
                continue
    yield from ("/api/v1/openapi.json", "/api/docs/", "/robots.txt", "/sitemap.xml")


def walk(codes: list[str], groups: list[str], *, deep: bool) -> dict[str, bytes]:
    """Address → all that came back with status 200 to somebody who is not signed in: headers, and the body unpacked.

    ``deep``: questions that pages link to (sorted by, filtered by, in English), too.
    """
    waiting = list(dict.fromkeys(seeds(values(codes, groups))))
    seen, found = set(waiting), dict[str, bytes]()
    client, broken = Client(raise_request_exception=False), []
    while waiting:
        address = waiting.pop()
        assert len(seen) < _MOST, sorted(seen)[-50:]
        answer = client.get(address)
        broken += [address] if answer.status_code >= 500 else []
        if answer.status_code != 200:
            continue
        body = answer.getvalue()
        headers = "\n".join(f"{name}: {value}" for name, value in sorted(answer.headers.items()))
        found[address] = _MOMENT.sub(b"", headers.encode() + b"\n\n" + opened(body))
        if answer["Content-Type"].startswith(("text/", "application/")) and len(body) < 2_000_000:
            new = [one for one in links(body) - seen if not _ASK.match(one) and (deep or "?" not in one)]
            seen.update(new)
            waiting += new
    assert not broken, broken
    return found


def links(body: bytes) -> set[str]:
    """The addresses of this site that a page, feed, map or answer names."""
    found = set()
    for groups in _LINK.findall(body.decode("utf-8", "replace")):
        one = unescape(next(group for group in groups if group)).removeprefix(settings.SITE_ADDRESS)
        if one.startswith("/") and not one.startswith("//") and "{" not in one and len(one) < 300:
            found.add(quote(one, safe="/?&=%:;,+@~!*'()[]"))
    return found


def opened(body: bytes) -> bytes:
    """The bytes, and what is packed in them: parts of ZIPs and workbooks, tables of Parquet files."""
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return b"\n".join(name.encode() + b"\n" + opened(archive.read(name)) for name in archive.namelist())
    if body[:4] == b"PAR1":
        table = pl.read_parquet(io.BytesIO(body))
        lists = [name for name, kind in table.schema.items() if isinstance(kind, pl.List)]
        return table.with_columns(pl.col(lists).list.join("|")).write_csv().encode()
    return body
