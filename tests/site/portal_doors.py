"""Doors of the portal: everybody, without an account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bundles import approved
from cast import Cast
from doors import EVERYONE, Door
from portal_world import CODE, lay

from prongsai.site.opendata.models import PublishedAgency, Release
from prongsai.site.plans.models import PlanState

SLUG = "2568"


def published(*more: Any) -> Callable[[Cast], tuple[Any, ...]]:
    """Arguments of a page that needs a published round."""

    def arguments(cast: Cast) -> tuple[Any, ...]:
        if not Release.objects.exists():
            lay(cast.round)
        return more

    return arguments


def province(cast: Cast) -> tuple[Any, ...]:
    published()(cast)
    return (PublishedAgency.objects.get(code=CODE).province,)


def province_file(cast: Cast) -> tuple[Any, ...]:
    return (*province(cast), "csv")


def document(cast: Cast) -> tuple[Any, ...]:
    published()(cast)
    bundle = approved(cast)
    bundle.plan.state = PlanState.PUBLISHED
    bundle.plan.save()
    file = next(one for one in bundle.files.all() if one.kind == "measures")
    return ("muang", SLUG, file.pk)


DOORS = [
    Door("portal_home", EVERYONE, published()),
    Door("portal_suggest", EVERYONE, published()),
    Door("portal_compare", EVERYONE, published()),
    Door("portal_groups", EVERYONE, published()),
    Door("portal_agency", EVERYONE, published(CODE)),
    Door("portal_agency_year", EVERYONE, published(CODE, SLUG)),
    Door("portal_document", EVERYONE, document),
    Door("portal_province", EVERYONE, province),
    Door("portal_province_file", EVERYONE, province_file),
    Door("portal_ministry", EVERYONE, published("กระทรวงตัวอย่าง")),
    Door("portal_ministry_file", EVERYONE, published("กระทรวงตัวอย่าง", "xlsx")),
    Door("portal_kind", EVERYONE, published("subdistrict_organization")),
    Door("portal_kind_file", EVERYONE, published("subdistrict_organization", "csv")),
]
