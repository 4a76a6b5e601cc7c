"""Doors of the inspector's side of OIT, and of what the agency answers."""

from __future__ import annotations

from typing import Any

from cast import Cast
from doors import DRAFTS, YEAR, Door, nothing
from inspection_world import FAIL, inspector, locked, mark, preliminary

from prongsai.site.inspection.actions.clarify import FileClarification
from prongsai.site.inspection.models import Conflict, Preserved


def waiting_item(cast: Cast) -> tuple[Any, ...]:
    """An item that waits for a mark."""
    return (locked(cast)[0].pk,)


def marked_item(cast: Cast) -> tuple[Any, ...]:
    """An item that the inspector of the cast has marked."""
    row = locked(cast)[0]
    mark(row, cast.inspector)
    return (row.pk,)


def conflict(cast: Cast) -> tuple[Any, ...]:
    return (Conflict.objects.create(inspector=cast.inspector, agency=cast.other, reason="ญาติ").pk,)


def copy(cast: Cast) -> tuple[Any, ...]:
    """A copy of which nothing could be kept: whoever may pass finds nothing there."""
    evidence = locked(cast)[0]
    kept = Preserved.objects.create(evidence=evidence, url="https://example.go.th/", occasion="submission")
    return (kept.pk, "picture")


def filed(cast: Cast) -> tuple[Any, ...]:
    """A clarification that waits for a decision of somebody who did not mark the item."""
    rows = preliminary(cast, [inspector(1), inspector(2)], failing=("o1",))
    return (FileClarification(by=cast.officer, evidence=rows[0], text="ชี้แจง").execute().pk,)


def filed_item(cast: Cast) -> tuple[Any, ...]:
    filed(cast)
    return (*YEAR, "o1")


def verdicts(cast: Cast) -> tuple[Any, ...]:
    """An item that did not pass."""
    preliminary(cast, [inspector(1), inspector(2)], failing=("o1",))
    return (*YEAR, "o1")


def this_round(_cast: Cast) -> tuple[Any, ...]:
    return ("2568",)


def one_item(_cast: Cast) -> tuple[Any, ...]:
    return ("2568", "o1")


def results(cast: Cast) -> tuple[Any, ...]:
    row = locked(cast)[0]
    mark(row, inspector(1), FAIL)
    return YEAR


SENT_ON = frozenset({302})
DOORS = [
    Door("inspect_queue", {"inspector"}, nothing),
    Door("inspect_start", {"inspector"}, nothing, ok=SENT_ON),
    Door("inspect_agreement", {"inspector", "assessor"}, nothing),
    Door("inspect_precedents", {"inspector", "assessor"}, one_item),
    Door("inspect_item", {"inspector"}, waiting_item),
    Door("inspect_undo", {"inspector"}, marked_item, method="post", ok=SENT_ON),
    Door("inspect_conflict_over", {"inspector"}, conflict, method="post", ok=SENT_ON),
    Door("inspect_clarification", {"inspector"}, filed),
    Door("inspect_copy", set(), copy),
    Door("inspection_round", {"assessor", "admin"}, this_round),
    Door("inspection_share", {"assessor", "admin"}, this_round),
    Door("evidence_result", DRAFTS | {"assessor"}, results),
    Door("evidence_clarify", {"officer"}, verdicts),
    Door("evidence_clarify_back", {"officer"}, filed_item, method="post", ok=SENT_ON),
]
