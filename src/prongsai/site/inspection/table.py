"""The table of links for the agency's own website: made from what was confirmed, and from nothing else."""

from __future__ import annotations

import datetime as dt

from django.http import Http404
from django.utils import timezone

from prongsai.documents.notices import links as notice
from prongsai.documents.notices.links import Disclosed, Link, LinkTable
from prongsai.documents.tree import Document
from prongsai.framework import Item
from prongsai.site.base.text import pick
from prongsai.site.inspection.models import Confirmation

FORMS = {"docx": "Word", "pdf": "PDF", "xlsx": "Excel", "html": "HTML"}


def table_of(confirmation: Confirmation) -> LinkTable:
    """What was confirmed. The note is for the inspector and stays inside."""
    return LinkTable(
        confirmation.content["agency"],
        confirmation.assessment.round.framework,
        tuple(
            Disclosed(
                one["item"],
                tuple(Link(link["url"], link["label"]) for link in one["links"]),
                dt.date.fromisoformat(one["effective"]) if one["effective"] else None,
                one["reason"] if one["not_applicable"] else None,
            )
            for one in confirmation.content["items"]
        ),
        timezone.localdate(confirmation.at),
    )


def rows_of(table: LinkTable) -> list[tuple[str, list[tuple[Item, Disclosed, str]]]]:
    """The rows under their indicators: each item with what is disclosed, or the words that stand in place of links."""
    given = {one.item: one for one in table.items}
    found = []
    for instrument in table.framework.instruments:
        for indicator in instrument.indicators if instrument.kind == "checklist" else ():
            rows = [(item, given.get(item.code, Disclosed(item.code))) for item in indicator.items]
            title = f"{indicator.number} {pick(indicator.name.th, indicator.name.en or indicator.name.th)}"
            found.append((title, [(item, one, _words(one)) for item, one in rows]))
    return found


def _words(one: Disclosed) -> str:
    if one.not_applicable:
        return f"{pick(notice.NOT_APPLICABLE, 'Not applicable')}: {one.not_applicable}"
    return "" if one.links else pick(notice.NOT_FILED, "No link was given")


def document_of(table: LinkTable, form: str) -> Document:
    """The table as a document; a workbook has one row a link."""
    return notice.as_rows(table) if form == "xlsx" else notice.build(table)


def confirmed(code: str, slug: str) -> Confirmation:
    """What stands of an agency in a round, for everyone. Raises ``Http404`` before and after."""
    of = Confirmation.objects.filter(assessment__agency__code=code, assessment__round__slug=slug, withdrawn_at=None)
    found = of.select_related("assessment__agency", "assessment__round").first()
    if found is None:
        raise Http404
    return found


def title_of(confirmation: Confirmation) -> str:
    """The table's heading, Thai as the agency's website shows it."""
    return f"การเปิดเผยข้อมูลสาธารณะ (OIT) {confirmation.assessment.round.name}"
