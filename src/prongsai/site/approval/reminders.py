"""Reminders of approval: a bundle that waits for a rank, a circular that a unit has not acknowledged."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from django.urls import reverse
from django.utils import timezone, translation

from prongsai.site.approval.models import Acknowledgement, Bundle, BundleState, Turn
from prongsai.site.notices.due import source
from prongsai.site.notices.models import Notice
from prongsai.site.notices.send import draft
from prongsai.site.people.access import holder_of
from prongsai.site.people.models import Delegation, Person, Role, RoleKind, now_in_force
from prongsai.site.rounds.models import Assessment

_PATIENCE = dt.timedelta(days=3)


def _waiting_since(bundle: Bundle) -> tuple[Turn, dt.datetime] | None:
    """The turn on which a bundle waits, and since when."""
    turns = list(bundle.turns.all())
    if turns and not turns[0].verb:
        return turns[0], bundle.at
    for before, turn in pairwise(turns):
        if not turn.verb:
            return turn, before.at or bundle.at
    return None


def _in_place(turn: Turn, agency_id: int, today: dt.date) -> list[Person]:
    """Who may act at a rank today: the holders of its place (by name of the post where none is named), and those to
    whom it is lent.
    """
    if turn.role:
        holders = [holder_of(turn.role)]
    else:
        posts = Role.objects.filter(now_in_force(today), agency=agency_id, position=turn.position)
        holders = list(posts.filter(kind=RoleKind.APPROVER).select_related("person"))
    lent = Delegation.objects.filter(role__in=holders, revoked=False, start__lte=today, end__gte=today)
    return [*(role.person for role in holders), *(loan.to for loan in lent.select_related("to"))]


@source
def bundles(today: dt.date) -> Iterator[Notice]:
    """To whoever's turn it is: a bundle has waited for more than three days."""
    found = Bundle.objects.filter(state=BundleState.OPEN).select_related(
        "plan__assessment__agency", "plan__assessment__round"
    )
    for bundle in found.prefetch_related("turns__role__person"):
        waiting = _waiting_since(bundle)
        if waiting is None or today - timezone.localdate(waiting[1]) <= _PATIENCE:
            continue
        turn, since = waiting
        assessment = bundle.plan.assessment
        text = (
            f"เอกสาร “{bundle.get_subject_display()}” {assessment.round.name} ของ{assessment.agency.name} "
            f"รอการพิจารณาในลำดับ {turn.position} มาแล้ว {(today - timezone.localdate(since)).days} วัน"
        )
        with translation.override("en"):
            english = (
                f"“{bundle.get_subject_display()}” of {_of(assessment)} has waited for {turn.position} "
                f"for {(today - timezone.localdate(since)).days} days."
            )
        link = reverse("approval", args=(assessment.agency.code, assessment.round.slug))
        for person in _in_place(turn, assessment.agency_id, today):
            waits = draft(person, f"turn:{turn.pk}", "มีเอกสารรอท่านพิจารณา", text, link, assessment.agency)
            yield waits.in_english("Documents wait for your decision", english)


@source
def circulars(today: dt.date) -> Iterator[Notice]:
    """To the people of a unit: a circular has not been acknowledged for more than three days."""
    chain = "circular__bundle__plan__assessment"
    missing = Acknowledgement.objects.filter(
        at__isnull=True, circular__at__date__lt=today - _PATIENCE, **{f"{chain}__round__open": True}
    ).select_related("unit", f"{chain}__agency", f"{chain}__round")
    people: dict[int, list[Person]] = defaultdict(list)
    for role in Role.objects.filter(now_in_force(today), unit__isnull=False).select_related("person"):
        people[role.unit_id or 0].append(role.person)
    for one in missing:
        assessment = one.circular.bundle.plan.assessment
        text = (
            f"หนังสือแจ้งเวียนเรื่อง {one.circular.bundle.get_subject_display()} {assessment.round.name} "
            f"ของ{assessment.agency.name} ยังไม่มีผู้รับทราบในนาม{one.unit.name}"
        )
        with translation.override("en"):
            english = (
                f"Nobody of {one.unit.name} has acknowledged the circular on "
                f"“{one.circular.bundle.get_subject_display()}” of {_of(assessment)}."
            )
        link = reverse("approval", args=(assessment.agency.code, assessment.round.slug))
        for person in people[one.unit_id]:
            waits = draft(person, f"circular:{one.pk}", "มีหนังสือแจ้งเวียนรอรับทราบ", text, link, assessment.agency)
            yield waits.in_english("A circular waits to be acknowledged", english)


def _of(assessment: Assessment) -> str:
    agency, round_ = assessment.agency, assessment.round
    return f"{agency.name_en or agency.name}, {round_.name_en or round_.name}"
