"""Sharing out a round among inspectors: evenly, to nobody concerned, and what the queue makes of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from cast import Cast
from django.test import Client
from inspection_world import FAIL, PASS, inspector, locked, mark

from prongsai.evidence.links import checklist_items
from prongsai.site.agencies.models import Agency
from prongsai.site.history.action import Refused
from prongsai.site.inspection import judging
from prongsai.site.inspection.actions.distribute import Distribute
from prongsai.site.inspection.actions.mark import DeclareConflict
from prongsai.site.inspection.given import Team, gaps, inspectors
from prongsai.site.inspection.judging import queue
from prongsai.site.inspection.models import Assignment, Conflict, Evidence, State
from prongsai.site.people.models import Person, Role, RoleKind
from prongsai.site.rounds.models import Assessment

pytestmark = pytest.mark.django_db
SHARE = "/inspection/rounds/2568/share/"


@pytest.fixture
def nation(cast: Cast) -> Cast:
    """Twenty more agencies with two locked items each."""
    for number in range(20):
        agency = Agency.objects.create(code=f"n{number}", name=f"หน่วยงาน {number:02}", kind="department")
        assessment = Assessment.objects.create(round=cast.round, agency=agency)
        for item in ("o1", "o2"):
            Evidence.objects.create(assessment=assessment, item=item, state=State.LOCKED)
    return cast


@pytest.fixture
def team() -> list[Person]:
    return [inspector(number) for number in (1, 2, 3)]


def share(cast: Cast, people: list[Person], way: Any = "agencies") -> None:
    Distribute(by=cast.assessor, round=cast.round, inspectors=people, way=way).execute()


def test_by_agency_evenly_and_the_second_mark_to_another(nation: Cast, team: list[Person]) -> None:
    share(nation, team)
    rows = Assignment.objects.all()
    loads = Counter(rows.filter(order=1).values_list("inspector", flat=True))
    assert max(loads.values()) - min(loads.values()) <= 1
    assert sum(loads.values()) == nation.round.assessments.count()
    firsts = dict(rows.filter(order=1).values_list("agency", "inspector"))
    assert all(firsts[agency] != who for agency, who in rows.filter(order=2).values_list("agency", "inspector"))
    queues = [set(queue(person).values_list("pk", flat=True)) for person in team]
    assert sum(map(len, queues)) == len(set().union(*queues)) == 40
    assert not queue(nation.inspector)  # given nothing in a round that is shared out


def test_nobody_is_given_the_own_agency_or_one_in_conflict_or_out_of_reach(nation: Cast, team: list[Person]) -> None:
    own, conflict = Agency.objects.get(code="n1"), Agency.objects.get(code="n2")
    Role.objects.create(person=team[0], kind=RoleKind.OFFICER, agency=own)
    Conflict.objects.create(inspector=team[1], agency=conflict, reason="ญาติ")
    narrow = inspector(9, province=nation.agency.province)
    for _ in range(3):
        share(nation, [*team, narrow])
        given = set(Assignment.objects.values_list("inspector", "agency"))
        assert (team[0].pk, own.pk) not in given
        assert (team[1].pk, conflict.pk) not in given
        assert {agency for who, agency in given if who == narrow.pk} <= {nation.agency.pk}
    with pytest.raises(Refused, match="a part of the agencies"):
        share(nation, [*team, narrow], "items")


def test_by_item_with_exceptions_for_conflicts(nation: Cast, team: list[Person]) -> None:
    agency = Agency.objects.get(code="n3")
    Conflict.objects.create(inspector=team[0], agency=agency, reason="ญาติ")
    share(nation, team, "items")
    whole = Assignment.objects.filter(agency=None, order=1)
    assert whole.count() == len(checklist_items(nation.round.framework))
    barred = set(whole.filter(inspector=team[0]).values_list("item", flat=True))
    instead = Assignment.objects.filter(agency=agency, order=1)
    assert set(instead.values_list("item", flat=True)) == barred
    assert not instead.filter(inspector=team[0]).exists()
    assert not gaps(nation.round, Team(inspectors()))
    found = Evidence.objects.filter(assessment__agency=agency)
    assert {one.pk for person in team for one in queue(person) if one.assessment.agency == agency} == {
        one.pk for one in found
    }


def test_second_marks_and_disagreements(nation: Cast, team: list[Person], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "SAMPLED", 1)
    share(nation, team)
    row = Evidence.objects.filter(assessment__agency__code="n5").select_related("assessment__agency").first()
    assert row
    given = dict(Assignment.objects.filter(agency=row.assessment.agency).values_list("order", "inspector"))
    by_pk = {person.pk: person for person in team}
    first, second = by_pk[given[1]], by_pk[given[2]]
    third = next(person for person in team if person not in (first, second))
    assert [row in queue(one) for one in (first, second, third)] == [True, False, False]
    mark(row, first, PASS)
    assert [row in queue(one) for one in (first, second, third)] == [False, True, False]
    mark(row, second, FAIL)
    assert [row in queue(one) for one in (first, second, third)] == [False, False, True]


def test_a_conflict_declared_later_leaves_a_gap_that_the_rest_fills(nation: Cast, team: list[Person]) -> None:
    share(nation, team)
    kept = set(Assignment.objects.values_list("pk", flat=True))
    given = Assignment.objects.filter(order=1, inspector=team[0]).select_related("agency").first()
    assert given
    assert given.agency
    DeclareConflict(by=team[0], of=given.agency, reason="เพิ่งย้ายไป").execute()
    assert [gap.agency for gap in gaps(nation.round, Team(inspectors()))] == [given.agency_id]
    share(nation, team[1:], "rest")
    assert not gaps(nation.round, Team(inspectors()))
    assert kept - set(Assignment.objects.values_list("pk", flat=True)) <= {given.pk}


def test_the_page(nation: Cast, team: list[Person], client_of: Callable[[str], Client]) -> None:
    locked(nation)
    client = client_of("assessor")
    assert "ยังไม่ได้แจก" in client.get(SHARE).content.decode()
    assert client.post(SHARE, {"way": "agencies"}).status_code == 409
    form = {"way": "agencies", "inspectors": [str(person.pk) for person in team]}
    assert client.post(SHARE, form).status_code == 302
    assert "ทุกรายการมีผู้ตรวจแล้ว" in client.get(SHARE).content.decode()
    assert client.post(SHARE, {"nothing": "1"}).status_code == 302
    assert not Assignment.objects.exists()
