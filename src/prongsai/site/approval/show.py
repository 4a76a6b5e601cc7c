"""What the pages of the room show: a bundle with its chain and changes, and what waits for someone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from prongsai.site.approval.access import is_public
from prongsai.site.approval.actions._bundle import window_of
from prongsai.site.approval.actions.act import NEEDS_REASON, VERBS
from prongsai.site.approval.actions.circulate import own_units
from prongsai.site.approval.brief import as_part
from prongsai.site.approval.chain import current_turn
from prongsai.site.approval.difference import Line, difference
from prongsai.site.approval.freeze import PLAN_DATA, plan_of
from prongsai.site.approval.models import Acknowledgement, Bundle, BundleFile, BundleState, Circular, Turn, Verb
from prongsai.site.approval.seats import Seat, seats_of
from prongsai.site.base.text import T
from prongsai.site.people.access import may, roles_of
from prongsai.site.people.models import Person
from prongsai.site.people.permissions import ALLOWED, May

_BUTTONS: dict[Verb, Any] = {
    Verb.FORWARD: T("เสนอต่อลำดับถัดไป", "Forward to the next rank"),
    Verb.SUPPORT: T("เห็นสมควร", "I support this"),
    Verb.OPPOSE: T("ไม่สมควรเพราะ… (เสนอต่อพร้อมเหตุผล)", "I do not, because… (goes up with the reason)"),
    Verb.APPROVE: T("อนุมัติ", "Approve"),
    Verb.REFUSE: T("ไม่อนุมัติ เนื่องจาก…", "Refuse, because…"),
    Verb.RETURN: T("ส่งคืนแก้ไข เนื่องจาก…", "Return for correction, because…"),
}


@dataclass(frozen=True)
class Button:
    """One act allowed now."""

    verb: Verb
    text: Any
    style: str
    needs_reason: bool


def bundle_context(bundle: Bundle, person: Person) -> dict[str, Any]:
    """Everything on the page of a bundle."""
    assessment = bundle.plan.assessment
    turn = current_turn(bundle)
    window = window_of(assessment, bundle.subject)
    seat = _seat(person, turn, assessment.agency_id) if turn else None
    own = person.pk == bundle.by_id
    blocked = bool(turn and own and not turn.may_be_author)
    circular = Circular.objects.filter(bundle=bundle).select_related("by").first()
    mine = own_units(person, assessment.agency) if circular else set()
    rows = _acknowledgements(circular) if circular else []
    return {
        "bundle": bundle,
        "assessment": assessment,
        "agency": assessment.agency,
        "turn": turn,
        "turns": bundle.turns.all(),
        "window": window,
        "seat": seat,
        "own": blocked,
        "buttons": _buttons(turn) if turn and seat and not blocked and not (window and window.over) else [],
        "brief": _brief(bundle),
        "files": [file for file in bundle.files.all() if file.kind != PLAN_DATA],
        **_changes(bundle),
        "edited": bundle.subject == "plan" and bundle.plan.revision != bundle.plan_revision,
        "signatures": bundle.signatures.select_related("file", "by") if bundle.state != BundleState.OPEN else [],
        "may_submit": may(person, May.SUBMIT, assessment.agency),
        "circular": circular,
        "acknowledgements": rows,
        "missing": [row for row in rows if row.at is None],
        "mine": [row for row in rows if row.unit_id in mine and row.at is None],
        "public": is_public(bundle),
    }


def _seat(person: Person, turn: Turn, agency: int) -> Seat | None:
    return next((seat for seat in seats_of(person, agency) if seat.fits(turn)), None)


def _buttons(turn: Turn) -> list[Button]:
    main = {Verb.FORWARD, Verb.SUPPORT, Verb.APPROVE}
    styles = dict.fromkeys(main, "primary") | {Verb.RETURN: "", Verb.OPPOSE: "", Verb.REFUSE: "danger"}
    return [Button(verb, _BUTTONS[verb], styles[verb], verb in NEEDS_REASON) for verb in VERBS[turn.act]]


def _brief(bundle: Bundle) -> str:
    found = next((file for file in bundle.files.all() if file.kind == "brief" and file.file.kind == "html"), None)
    return as_part(found.file.read()) if found else ""


def _changes(bundle: Bundle) -> dict[str, Any]:
    """The plan beside the one of the bundle before this one."""
    files = BundleFile.objects.filter(
        bundle__plan=bundle.plan_id, bundle__subject=bundle.subject, bundle__number__lt=bundle.number, kind=PLAN_DATA
    )
    before = files.select_related("file", "bundle").order_by("-bundle__number").first()
    now = next((file for file in bundle.files.all() if file.kind == PLAN_DATA), None)
    if before is None or now is None:
        return {"before": None, "changes": []}
    lines: list[Line] = difference(plan_of(before.file.read()), plan_of(now.file.read()))
    return {"before": before.bundle, "changes": lines}


def _acknowledgements(circular: Circular) -> list[Acknowledgement]:
    return list(circular.acknowledgements.select_related("unit", "by"))


def waiting_bundles(person: Person) -> list[dict[str, Any]]:
    """Open bundles at whose present rank this person may act today, oldest first; some five queries."""
    seats = [seat for seat in seats_of(person) if seat.role.agency_id]
    if not seats:
        return []
    agencies = {seat.role.agency_id for seat in seats}
    found = Bundle.objects.filter(state=BundleState.OPEN, plan__assessment__agency__in=agencies)
    related = found.select_related("plan__assessment__agency", "plan__assessment__round", "by").order_by("at")
    waiting = []
    for bundle in related.prefetch_related("turns__role")[:200]:
        turn = current_turn(bundle)
        agency = bundle.plan.assessment.agency_id
        seat = next((s for s in seats if s.role.agency_id == agency and turn and s.fits(turn)), None)
        if turn and seat and (turn.may_be_author or bundle.by_id != person.pk):
            waiting.append({"bundle": bundle, "turn": turn, "seat": seat, "agency": bundle.plan.assessment.agency})
    return waiting


def waiting_circulars(person: Person) -> list[Acknowledgement]:
    """Circulars that one of this person's units has not acknowledged."""
    units = [r.unit_id for r in roles_of(person) if r.unit_id and May.ACKNOWLEDGE in ALLOWED[r.kind]]
    rows = Acknowledgement.objects.filter(unit__in=units, at__isnull=True).order_by("circular__at")
    related = ("circular__bundle__plan__assessment__agency", "circular__bundle__plan__assessment__round", "unit")
    return list(rows.select_related(*related)[:50]) if units else []
