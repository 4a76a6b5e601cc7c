"""An agency in a published round, by its address."""

from __future__ import annotations

from django.http import Http404
from django.utils.translation import override

from prongsai.publishing.agency.card import Card
from prongsai.site.opendata.models import PublishedAgency
from prongsai.site.opendata.reading import current
from prongsai.site.portal.published import Published


def published_agency(code: str, slug: str) -> Published:
    """The agency in the round's current release. Raises ``Http404`` where there is none."""
    rows = PublishedAgency.objects.filter(code=code, release__in=current(), release__round__slug=slug)
    row = rows.select_related("release__round", "release__result").first()
    if row is None:
        raise Http404(f"{code} {slug}")
    return Published(row)


def card_of(found: Published) -> Card:
    """It in a few Thai words, as badge, picture and table show it."""
    with override("th"):
        return Card(
            found.row.name,
            found.year,
            found.levels,
            found.passes if found.levels else None,
            found.head("overall").text,
            tuple((inst.code, found.head(inst.code).text) for inst in found.instruments),
        )
