"""What exactly was confirmed: the agency's links as plain data, and the digest of it."""

from __future__ import annotations

import hashlib
from typing import Any

from prongsai.evidence.links import checklist_items
from prongsai.ledger.record import canonical
from prongsai.site.inspection.models import Confirmation, Evidence
from prongsai.site.rounds.models import Assessment


def content_of(assessment: Assessment) -> dict[str, Any]:
    """Every item of the checklist in the framework's order, with what is filed for it now; two queries."""
    rows = {one.item: one for one in assessment.evidence.select_related("unit").prefetch_related("links")}
    framework = assessment.round.framework
    return {
        "agency": assessment.agency.name,
        "round": assessment.round.slug,
        "framework": {"id": framework.id, "version": framework.version},
        "items": [_item(code, item.text or "", rows.get(code)) for code, item in checklist_items(framework).items()],
    }


def _item(code: str, title: str, evidence: Evidence | None) -> dict[str, Any]:
    found = evidence or Evidence(item=code)
    links = list(found.links.all()) if evidence else []
    return {
        "item": code,
        "title": title,
        "unit": found.unit.name if found.unit else "",
        "not_applicable": found.not_applicable,
        "reason": found.reason,
        "effective": found.effective.isoformat() if found.effective else "",
        "note": found.note,
        "links": [{"url": link.url, "label": link.label, "elements": list(link.elements)} for link in links],
    }


def digest_of(content: dict[str, Any]) -> str:
    """SHA-256 of the content's canonical form."""
    return hashlib.sha256(canonical(content)).hexdigest()


def standing(assessment: Assessment) -> Confirmation | None:
    """The confirmation that stands; None before, and after it was taken back."""
    return assessment.confirmations.select_related("by").filter(withdrawn_at=None).first()
