"""From final verdicts to the verdicts of a results file."""

from __future__ import annotations

from typing import Any

from prongsai.site.inspection.models import State
from prongsai.site.results.gather import part
from prongsai.site.rounds.models import Assessment


@part
def inspection_part(assessment: Assessment) -> dict[str, Any]:
    """Every item's verdict, once all are final; nothing before."""
    rows = list(assessment.evidence.values_list("item", "verdict", "state"))
    if not rows or any(state != State.FINAL for _, _, state in rows):
        return {}
    return {"verdicts": dict(sorted((item, verdict) for item, verdict, _ in rows))}
