"""The way of an item from the first link to a final verdict: which steps lead from each state, and no others."""

from __future__ import annotations

from collections.abc import Mapping

from prongsai.site.history.action import refuse
from prongsai.site.inspection.models import Evidence, State

STEPS: Mapping[State, frozenset[State]] = {
    State.OPEN: frozenset({State.READY, State.CONFIRMED, State.LOCKED}),  # also what is missing is stood by
    State.READY: frozenset({State.OPEN, State.CONFIRMED, State.LOCKED}),
    State.CONFIRMED: frozenset({State.READY, State.LOCKED}),  # taken back; or the window closed
    State.LOCKED: frozenset({State.OPEN, State.READY, State.CONFIRMED, State.MARKED}),  # more time was given; or marked
    State.MARKED: frozenset({State.LOCKED, State.PRELIMINARY}),
    State.PRELIMINARY: frozenset({State.CLARIFYING, State.FINAL}),
    State.CLARIFYING: frozenset({State.PRELIMINARY, State.DECIDED}),
    State.DECIDED: frozenset({State.APPEALED, State.FINAL}),
    State.APPEALED: frozenset({State.DECIDED, State.FINAL}),
    State.FINAL: frozenset(),
}
FILLING = (State.OPEN, State.READY)  # the agency may still change what it files
FILED = tuple(state for state in State if state not in FILLING)
AFTER_LOCK = tuple(state for state in FILED if state not in (State.CONFIRMED, State.LOCKED))  # inspectors have spoken


def move(evidence: Evidence, to: State) -> None:
    """Set the state, not saved yet. Raises ``Refused`` for a step that does not lead there."""
    if to not in STEPS[State(evidence.state)]:
        raise refuse(
            "evidence.state",
            f"ข้อ {evidence.item} อยู่ในสถานะ “{State(evidence.state).label}” จึงเปลี่ยนเป็น “{to.label}” ไม่ได้",
            f"item {evidence.item} is {evidence.state}: no step leads from there to {to}",
            "โปรดเปิดหน้านี้ใหม่เพื่อดูสถานะล่าสุด",
            "Open the page again to see where it stands.",
        )
    evidence.state = to
