"""Doors of OIT evidence: the agency's side, and the public table."""

from __future__ import annotations

from typing import Any

from cast import Cast
from doors import DRAFTS, EVERYONE, SEES, YEAR, Door
from inspection_evidence import confirm, open_window, started

from prongsai.site.inspection.models import CheckRun, Confirmation

FILLS = {"officer", "unit_owner"}
CHIEF = {"chief"}


def opened(cast: Cast) -> tuple[Any, ...]:
    open_window(cast.round)
    return YEAR


def begun(cast: Cast) -> tuple[Any, ...]:
    started(cast)
    return YEAR


def item(cast: Cast) -> tuple[Any, ...]:
    started(cast)
    return (*YEAR, "o1")


def act(cast: Cast) -> tuple[Any, ...]:
    return (*item(cast), "sing")


def a_run(cast: Cast) -> tuple[Any, ...]:
    return (*YEAR, CheckRun.objects.create(assessment=cast.assessment).pk)


def table(cast: Cast) -> tuple[Any, ...]:
    if not Confirmation.objects.exists():
        started(cast)
        confirm(cast)
    return YEAR


def order(cast: Cast) -> tuple[Any, ...]:
    return (*opened(cast), "docx")


def file(cast: Cast) -> tuple[Any, ...]:
    return (*table(cast), "xlsx")


DOORS = [
    Door("evidence", SEES, begun),
    Door("evidence_assign", {"officer"}, opened),
    Door("evidence_check", {"officer"}, opened, method="post", ok=(409,)),  # no link yet
    Door("evidence_run", DRAFTS, a_run),
    Door("evidence_confirm", DRAFTS, begun),
    Door("evidence_confirm", CHIEF, opened, method="post", ok=(409,)),  # no digest
    Door("evidence_take_back", CHIEF, opened, method="post", ok=(409,)),  # no reason
    Door("evidence_publish", DRAFTS, table),
    Door("evidence_order", DRAFTS, order),
    Door("evidence_item", DRAFTS, item),
    Door("evidence_item", FILLS, item, method="post", ok=(400,)),  # an empty form
    Door("evidence_act", set(), act, method="post"),  # no such verb: 404 for everyone
    Door("oit_table", EVERYONE, table),
    Door("oit_fragment", EVERYONE, table),
    Door("oit_file", EVERYONE, file),
]
