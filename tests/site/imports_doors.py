"""Doors of bringing in results."""

from __future__ import annotations

from typing import Any

from cast import Cast
from doors import YEAR, Door, year

from prongsai.site.files.keep import Received, keep
from prongsai.site.results.models import Import, Source

MAY_IMPORT = {"officer", "agency_admin", "assessor"}


def tried(cast: Cast) -> tuple[Any, ...]:
    file = keep(Received("r.yaml", "yaml", b"x"), cast.agency, cast.officer)
    data = {"agency": {"name": cast.agency.name}, "fiscal_year": "2568", "scores": {"items": {"i1": "90"}}}
    made = Import.objects.create(assessment=cast.assessment, source=Source.FILE, file=file, data=data, by=cast.officer)
    return (*YEAR, made.pk)


def first_revision(_cast: Cast) -> tuple[Any, ...]:
    return (*YEAR, 1)


DOORS = [
    Door("import", MAY_IMPORT, year),
    Door("import_template", MAY_IMPORT, year),
    Door("import_preview", MAY_IMPORT, tried),
    Door("import_restore", MAY_IMPORT, first_revision, "post", (409,)),
]
