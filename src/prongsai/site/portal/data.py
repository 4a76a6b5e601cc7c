"""Open data: what there is to fetch of each round, revision by revision, and how to read, check and cite it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from prongsai.json_text import read_json
from prongsai.publishing.opendata import datapackage, dcat
from prongsai.publishing.opendata.formats import module, names
from prongsai.site.base.text import pick
from prongsai.site.opendata.files import Listed, listing, whole
from prongsai.site.opendata.models import Release
from prongsai.site.opendata.reading import current, published
from prongsai.site.portal.caching import public_page


@dataclass(frozen=True)
class Format:
    """The files of one format; ``total`` bytes."""

    title: str
    files: tuple[Listed, ...]

    @property
    def total(self) -> int:
        """Bytes of all of them."""
        return sum(one.size for one in self.files)


@dataclass(frozen=True)
class Edition:
    """A revision that can be read, with its files by format; what describes them last."""

    release: Release

    @property
    def name(self) -> str:
        """The round's name in the reader's language."""
        return pick(self.release.round.name, self.release.round.name_en or self.release.round.name)

    @property
    def formats(self) -> list[Format]:
        """The files, those formats first that there are modules for."""
        by: dict[str, list[Listed]] = {}
        for one in listing(self.release):
            by.setdefault(one.path.partition("/")[0] if "/" in one.path else "", []).append(one)
        found = [
            Format(pick(module(name).TITLE_TH, module(name).TITLE_EN), tuple(by.pop(name)))
            for name in names()
            if name in by
        ]
        rest = [one for files in by.values() for one in files]
        return [*found, Format(pick("คำอธิบายข้อมูลและค่าตรวจสอบ", "Descriptions and checksums"), tuple(rest))]

    @property
    def zip_size(self) -> int:
        """Bytes of the whole as ZIP; 0 where there is none."""
        path = whole(self.release)
        return path.stat().st_size if path.exists() else 0

    @property
    def package(self) -> dict[str, Any]:
        """The Data Package's own words: titles, licence, publisher, tables and their columns."""
        return _read(self.release.folder / datapackage.NAME, self.release.digest)


@lru_cache(maxsize=32)
def _read(path: Path, _digest: str) -> dict[str, Any]:
    """A release never changes: its digest is all there is to know of it."""
    found: dict[str, Any] = read_json(path.read_text(encoding="utf-8"))
    return found


@public_page()
def index(request: HttpRequest) -> HttpResponse:
    """Every round that is published, newest year first."""
    title = pick("ข้อมูลเปิด", "Open data")
    context = {"editions": [Edition(one) for one in current()], "heading": title, "crumbs": [(title, "")]}
    return render(request, "portal/data.html", context)


@public_page()
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """One round: its revisions with files, checksums and what changed; the dictionary; how to check and cite."""
    editions = [Edition(one) for one in published().filter(round__slug=slug)]
    if not editions:
        raise Http404(slug)
    name = editions[0].name
    title = pick("ข้อมูลเปิด", "Open data")
    context = {
        "editions": editions,
        "newest": editions[0],
        "address": f"{settings.SITE_ADDRESS}{reverse('portal_data_of', args=[slug])}",
        "heading": name,
        "crumbs": [(title, reverse("portal_data")), (name, "")],
    }
    return render(request, "portal/data_of.html", context)


@public_page()
def catalogue(_request: HttpRequest) -> HttpResponse:
    """All rounds as one DCAT catalogue for harvesters: the data sets as each release describes itself."""
    here = f"{settings.SITE_ADDRESS}{reverse('portal_data')}"
    found = [_read(release.folder / dcat.NAME, release.digest) for release in current()]
    made = {
        "@context": dcat.CONTEXT,
        "@id": f"{here}#catalogue",
        "@type": "dcat:Catalog",
        "dct:title": [
            {"@value": "ข้อมูลเปิดผลการประเมิน ITA", "@language": "th"},
            {"@value": "Open data of ITA results", "@language": "en"},
        ],
        "foaf:homepage": {"@id": here},
        "dcat:dataset": [dataset for one in found for dataset in one["dcat:dataset"]],
    }
    return HttpResponse(json.dumps(made, ensure_ascii=False, indent=1), content_type="application/ld+json")
