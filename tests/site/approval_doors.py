"""Doors of approval: chain, bundles, inbox, circulation."""

from __future__ import annotations

from typing import Any

from bundles import submitted
from cast import Cast
from doors import DRAFTS, SEES, SIGNED_IN, YEAR, Door, agency, year

from prongsai.site.approval.models import BundleFile, Circular


def submit_plan(_cast: Cast) -> tuple[Any, ...]:
    return (*YEAR, "plan")


def bundle(cast: Cast) -> tuple[Any, ...]:
    return (submitted(cast).pk,)


def sheet(cast: Cast) -> tuple[Any, ...]:
    return (submitted(cast).pk, "docx")


def brief(cast: Cast) -> tuple[Any, ...]:
    return (BundleFile.objects.get(bundle=submitted(cast), kind="brief", file__kind="pdf").pk,)


def circular(cast: Cast) -> tuple[Any, ...]:
    return (Circular.objects.get_or_create(bundle=submitted(cast))[0].pk,)


DOORS = [
    Door("inbox", SIGNED_IN),
    Door("chain", DRAFTS | {"admin"}, agency),
    Door("approval", DRAFTS, year),
    Door("submit", {"officer"}, submit_plan, method="post", ok=(400,)),
    Door("published", SEES, year),
    Door("bundle", DRAFTS, bundle),
    Door("act", DRAFTS, bundle, method="post", ok=(400,)),  # no verb chosen: the page says what may be done
    Door("signed", {"officer"}, bundle),
    Door("sheet", DRAFTS, sheet),
    Door("circulate", {"officer"}, bundle, method="post", ok=(409,)),
    Door("publish", {"officer"}, bundle, method="post", ok=(409,)),
    Door("bundle_file", DRAFTS, brief),
    Door("acknowledge", set(), circular, method="post"),  # an empty form names no unit: 404 for everyone
]
