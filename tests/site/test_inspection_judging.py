"""From locked evidence to confirmed verdicts: who may judge, when a second look is due, what an agency may answer."""

from __future__ import annotations

import pytest
from cast import Cast
from django.test import override_settings
from inspection_world import FAIL, PASS, inspector, locked, mark, mark_all, preliminary, window

from prongsai.site.history.action import Refused
from prongsai.site.history.models import Entry
from prongsai.site.history.sentences import sentence
from prongsai.site.inspection import judging
from prongsai.site.inspection.actions.clarify import APPEAL, ConfirmScores, DecideClarification, FileClarification
from prongsai.site.inspection.actions.mark import DeclareConflict, MarkItem, OpenPreliminary
from prongsai.site.inspection.models import Evidence, Link, State
from prongsai.site.people.models import Person, Role, RoleKind
from prongsai.site.results.actions import GatherResults
from prongsai.site.results.sheet import sheet_of
from prongsai.site.rounds.models import StageKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def judges() -> list[Person]:
    return [inspector(number) for number in (1, 2, 3)]


@pytest.fixture
def no_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "SAMPLED", 0)


def sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "SAMPLED", 1)


@pytest.mark.usefixtures("no_sample")
def test_one_mark_is_enough_where_nothing_is_drawn(cast: Cast, judges: list[Person]) -> None:
    row = locked(cast)[0]
    mark(row, judges[0])
    row.refresh_from_db()
    assert (row.state, row.verdict, row.again) == (State.MARKED, PASS, "")


def test_a_drawn_item_is_marked_twice_and_a_disagreement_is_decided_by_a_third(
    cast: Cast, judges: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    sampled(monkeypatch)
    row = locked(cast)[0]
    mark(row, judges[0], PASS)
    row.refresh_from_db()
    assert (row.state, row.again) == (State.LOCKED, "sample")
    mark(row, judges[1], FAIL)
    row.refresh_from_db()
    assert (row.state, row.again) == (State.LOCKED, "disagreement")
    with pytest.raises(Refused, match="another must"):
        mark(row, judges[0], PASS)
    mark(row, judges[2], FAIL)
    row.refresh_from_db()
    assert (row.state, row.verdict, row.again) == (State.MARKED, FAIL, "")


def test_about_one_of_ten_items_is_drawn(cast: Cast) -> None:
    rows = [Evidence(pk=pk, assessment=cast.assessment, item="o1") for pk in range(1, 2001)]
    assert 140 < sum(judging.is_sampled(row) for row in rows) < 260


def test_who_reads_the_program_cannot_foresee_which_items_are_drawn(cast: Cast) -> None:
    rows = [Evidence(pk=pk, assessment=cast.assessment, item="o1") for pk in range(1, 2001)]
    here = {row.pk for row in rows if judging.is_sampled(row)}
    assert {row.pk for row in rows if judging.is_sampled(row)} == here  # asked again, the same
    with override_settings(SECRET_KEY="that of another installation, or of who tries it at home"):
        there = {row.pk for row in rows if judging.is_sampled(row)}
    assert len(here & there) < len(here) / 2  # a tenth of them, by chance


def test_nobody_judges_the_own_agency_or_one_in_conflict(cast: Cast, judges: list[Person]) -> None:
    row = locked(cast)[0]
    Role.objects.create(person=judges[0], kind=RoleKind.OFFICER, agency=cast.agency)
    with pytest.raises(Refused, match="own agency"):
        mark(row, judges[0])
    DeclareConflict(by=judges[1], of=cast.agency, reason="เคยรับราชการที่นี่").execute()
    with pytest.raises(Refused, match="conflict"):
        mark(row, judges[1])
    assert list(judging.queue(judges[0])) == list(judging.queue(judges[1])) == []
    assert row in judging.queue(judges[2])


@pytest.mark.parametrize(
    ("verdict", "missing", "said", "reason"),
    [
        ("perhaps", "", "", "not one of"),
        (FAIL, "", "ไม่พบ", "missing element"),
        (FAIL, "องค์ประกอบที่ 1", " ", "missing element"),
        ("not_applicable", "", "", "not one of"),
    ],
)
def test_a_verdict_that_cannot_be_defended(
    verdict: str, missing: str, said: str, reason: str, cast: Cast, judges: list[Person]
) -> None:
    row = locked(cast)[0]
    with pytest.raises(Refused, match=reason):
        MarkItem(by=judges[0], evidence=row, verdict=verdict, missing=missing, sentence=said).execute()
    assert not row.marks.exists()


def test_the_preliminary_result_opens_when_all_is_marked(cast: Cast, judges: list[Person]) -> None:
    rows = locked(cast)
    mark_all(rows[1:], judges)
    with pytest.raises(Refused, match=rows[0].item):
        OpenPreliminary(by=cast.assessor, assessment=cast.assessment).execute()
    mark_all(rows[:1], judges)
    OpenPreliminary(by=cast.assessor, assessment=cast.assessment).execute()
    assert set(cast.assessment.evidence.values_list("state", flat=True)) == {State.PRELIMINARY}
    cast.assessment.refresh_from_db()
    assert cast.assessment.inspected_at


def test_a_clarification_is_decided_by_somebody_else_and_reaches_the_score(cast: Cast, judges: list[Person]) -> None:
    rows = preliminary(cast, judges[:2], failing=("o1", "o2"))
    first, second = rows[0], rows[1]
    filed = FileClarification(
        by=cast.officer, evidence=first, text="ข้อมูลอยู่ท้ายหน้า", links=list(first.links.all())
    ).execute()
    first.refresh_from_db()
    assert first.state == State.CLARIFYING
    with pytest.raises(Refused, match="another must"):
        DecideClarification(
            by=judges[0], evidence=first, clarification=filed, verdict=PASS, sentence="พบข้อมูล"
        ).execute()
    DecideClarification(by=judges[2], evidence=first, clarification=filed, verdict=PASS, sentence="พบข้อมูล").execute()
    said = sentence(Entry.objects.filter(action="inspection.decide").get())
    assert "มีผล" not in said
    assert "เปิดเผยครบตามองค์ประกอบ" in said
    with pytest.raises(Refused, match="can still clarify"):
        ConfirmScores(by=cast.assessor, assessment=cast.assessment).execute()
    window(cast, StageKind.CLARIFICATION, -10, -1)
    ConfirmScores(by=cast.assessor, assessment=cast.assessment).execute()
    sheet = sheet_of(GatherResults(by=cast.assessor, assessment=cast.assessment).execute())
    assert sheet.score("o1") == 100
    assert sheet.score(second.item) == 0  # silence accepts


def test_what_an_agency_may_not_file(cast: Cast, judges: list[Person]) -> None:
    rows = preliminary(cast, judges[:2], failing=("o1",))
    stranger = Link.objects.create(evidence=rows[1], url="https://example.go.th/new")
    for evidence, more, reason in (
        (rows[1], {}, "all its points"),
        (rows[0], {"text": "  "}, "write the clarification"),
        (rows[0], {"links": [stranger]}, "only links filed"),
        (rows[0], {"kind": APPEAL}, "is preliminary"),
    ):
        with pytest.raises(Refused, match=reason):
            FileClarification(by=cast.officer, evidence=evidence, **({"text": "ชี้แจง"} | more)).execute()
    window(cast, StageKind.CLARIFICATION, -10, -1)
    with pytest.raises(Refused, match="not open"):
        FileClarification(by=cast.officer, evidence=rows[0], text="ชี้แจง").execute()


def test_an_appeal_only_where_the_framework_has_it(cast: Cast, judges: list[Person]) -> None:
    rows = preliminary(cast, judges[:2], failing=("o1",))
    filed = FileClarification(by=cast.officer, evidence=rows[0], text="ชี้แจง").execute()
    DecideClarification(
        by=judges[2], evidence=rows[0], clarification=filed, verdict=FAIL, missing="องค์ประกอบที่ 1", sentence="ยังไม่พบ"
    ).execute()
    with pytest.raises(Refused, match="knows no appeal"):
        FileClarification(by=cast.officer, evidence=rows[0], text="อุทธรณ์", kind=APPEAL).execute()


def test_nothing_reaches_the_score_before_all_is_final(cast: Cast, judges: list[Person]) -> None:
    preliminary(cast, judges[:2])
    with pytest.raises(Refused, match="no survey is closed"):
        GatherResults(by=cast.assessor, assessment=cast.assessment).execute()
