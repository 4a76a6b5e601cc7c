"""What the assessor gave to whom: whole items, agencies, or an item of one agency; and what nobody was given yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils import timezone

from prongsai.evidence.links import checklist_items
from prongsai.site.agencies.models import Agency
from prongsai.site.inspection.models import Assignment, Conflict
from prongsai.site.people.models import Person, Role, RoleKind, now_in_force
from prongsai.site.rounds.models import Round

ORDERS = (1, 2)  # the first mark, and the second on a sample; whoever is left decides a disagreement


def given(person: Person) -> Q:
    """Which evidence this person was given. In a round that nobody has shared out everything is everybody's."""
    shared = dict.fromkeys(Assignment.objects.filter(round__open=True).values_list("round", flat=True).distinct())
    found = ~Q(assessment__round__in=list(shared))
    for pk in shared:
        rows = Assignment.objects.filter(round=pk)
        mine = Q(again="disagreement")
        for order, again in zip(ORDERS, ("", "sample"), strict=True):
            if order == ORDERS[0] or rows.filter(order=order).exists():
                mine |= Q(again=again) & _own(rows.filter(order=order, inspector=person))
            else:
                mine |= Q(again=again)
        found |= Q(assessment__round=pk) & mine
    return found


def _own(rows: Iterable[Assignment]) -> Q:
    """The evidence that these assignments cover."""
    items, agencies, pairs = set(), set(), defaultdict(set)
    for row in rows:
        if row.agency_id is None:
            items.add(row.item)
        elif row.item:
            pairs[row.item].add(row.agency_id)
        else:
            agencies.add(row.agency_id)
    found = Q(item__in=sorted(items)) | Q(assessment__agency__in=sorted(agencies))
    for item, of in pairs.items():
        found |= Q(item=item, assessment__agency__in=sorted(of))
    return found


@dataclass
class Team:
    """Inspectors and the agencies that each may not judge; read once for a whole round."""

    people: Sequence[Person]
    barred: Mapping[int, frozenset[int]] = field(init=False)
    reach: Mapping[int, frozenset[int] | None] = field(init=False)  # None: every agency

    def __post_init__(self) -> None:
        found: dict[int, set[int]] = defaultdict(set)
        ids = [person.pk for person in self.people]
        conflicts = Conflict.objects.filter(inspector__in=ids, withdrawn_at=None)
        for who, agency in conflicts.values_list("inspector", "agency"):
            found[who].add(agency)
        roles = Role.objects.filter(now_in_force(timezone.localdate()), person__in=ids, agency__isnull=False)
        for who, agency in roles.exclude(kind=RoleKind.INSPECTOR).values_list("person", "agency"):
            found[who].add(agency)
        self.barred = {pk: frozenset(found[pk]) for pk in ids}
        self.reach = _reach(ids)

    def may(self, pk: int, agency: int) -> bool:
        """Whether this inspector may judge that agency."""
        reach = self.reach[pk]
        return agency not in self.barred[pk] and (reach is None or agency in reach)


def _reach(people: Sequence[int]) -> dict[int, frozenset[int] | None]:
    """The agencies that each inspects; None for all of them."""
    roles = Role.objects.filter(now_in_force(timezone.localdate()), kind=RoleKind.INSPECTOR, person__in=people)
    scopes: dict[int, list[dict[str, object]]] = {pk: [] for pk in people}
    for role in roles:
        limits = {"pk": role.agency_id, "province": role.province, "parent": role.parent_id}
        scopes[role.person_id].append({name: value for name, value in limits.items() if value})
    found: dict[int, frozenset[int] | None] = {}
    for pk, own in scopes.items():
        wanted = [Agency.objects.filter(**scope).values_list("pk", flat=True) for scope in own if scope]
        found[pk] = None if {} in own else frozenset(agency for rows in wanted for agency in rows)
    return found


def inspectors() -> list[Person]:
    """Everyone who inspects today, in the order of their names."""
    kinds = Role.objects.filter(now_in_force(timezone.localdate()), kind=RoleKind.INSPECTOR)
    people = Person.objects.filter(pk__in=kinds.values("person"), is_active=True)
    return list(people.order_by("given_name", "family_name", "pk"))


@dataclass(frozen=True)
class Gap:
    """Something of a round that has no inspector: all items of an agency, or one item of it."""

    agency: int
    item: str = ""


def gaps(of: Round, team: Team, order: int = 1) -> list[Gap]:
    """What nobody can mark for the first (or second) time as it was shared out; everything where nothing was."""
    agencies = list(of.assessments.order_by("agency").values_list("agency", flat=True))
    rows = Assignment.objects.filter(round=of, order=order).values_list("inspector", "item", "agency")
    whole: set[int] = set()
    single: set[tuple[int, str]] = set()
    item_of: dict[str, list[int]] = defaultdict(list)
    for who, item, agency in rows:
        if who not in team.barred or (agency is not None and not team.may(who, agency)):
            continue  # left, or may not judge it any more
        if agency is None:
            item_of[item].append(who)
        elif item:
            single.add((agency, item))
        else:
            whole.add(agency)
    items = list(checklist_items(of.framework))
    if not item_of and not single:
        return [Gap(agency) for agency in agencies if agency not in whole]
    found = []
    # Only agencies that someone may not judge differ from the rest.
    usual = [item for item in items if not item_of[item]]
    odd = frozenset[int]().union(*team.barred.values())
    for agency in agencies:
        if agency in whole:
            continue
        missing = usual
        if agency in odd:
            missing = [item for item in items if not any(team.may(who, agency) for who in item_of[item])]
        found += [Gap(agency, item) for item in missing if (agency, item) not in single]
    return found
