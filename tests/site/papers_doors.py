"""Doors of documents and templates."""

from __future__ import annotations

from typing import Any

from cast import Cast
from doors import DRAFTS, SEES, YEAR, Door, agency, year

from prongsai.site.files.keep import Received, keep
from prongsai.site.papers.models import Template


def letter(_cast: Cast) -> tuple[Any, ...]:
    return (*YEAR, "memo")


def template(cast: Cast) -> tuple[Any, ...]:
    file = keep(Received("t.docx", "docx", b"PK"), cast.agency, None)
    return (Template.objects.get_or_create(agency=cast.agency, kind="memo", version=1, defaults={"file": file})[0].pk,)


MANAGERS = {"agency_admin", "admin"}
DOORS = [
    Door("documents", SEES, year),
    Door("document_download", set(), year, method="post"),  # an empty form names no document: 404 for everyone
    Door("document_preview", set(), year),
    Door("document_letter", {"officer"}, letter),
    Door("templates", DRAFTS | {"admin"}, agency),
    Door("template_use", MANAGERS, template, method="post", ok=(302,)),
    Door("template_file", DRAFTS | {"admin"}, template),
]
