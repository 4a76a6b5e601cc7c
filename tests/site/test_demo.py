"""The demo: filled once from the examples, known again, and never mixed with real data."""

from __future__ import annotations

import os
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from prongsai.ledger.record import digest
from prongsai.site.agencies.models import Agency
from prongsai.site.approval.chain import current_turn
from prongsai.site.approval.models import Bundle, BundleState
from prongsai.site.demo import fill
from prongsai.site.demo.people import PASSWORD, accounts
from prongsai.site.fieldwork.models import Assignment
from prongsai.site.history.models import Entry
from prongsai.site.history.sentences import sentence
from prongsai.site.inspection.models import Evidence
from prongsai.site.notices.due import remind
from prongsai.site.opendata.reading import current
from prongsai.site.people.models import Person, RoleKind
from prongsai.site.plans.models import Choice, Measure, Plan, PlanState, Report
from prongsai.site.rounds.deadlines import State, deadline
from prongsai.site.rounds.models import Assessment, Round, StageKind
from prongsai.site.surveys.models import SurveyState

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def filled(db: None) -> None:
    fill.fill(EXAMPLES)


def year_of(code: str) -> Assessment:
    """The year of an example, not the new one."""
    return Assessment.objects.select_related("round", "agency").filter(agency__code=code, results__isnull=False).get()


def test_every_role_of_every_agency_has_an_account_that_signs_in(filled: None) -> None:
    kinds = {(account.role.kind, account.role.agency_id is None) for account in accounts()}
    assert {kind for kind, _ in kinds} == set(RoleKind.values)
    assert len(accounts()) == 5 * 6 + 6
    for account in (accounts()[0], accounts()[-1]):
        client = Client()
        form = {"login": account.username, "password": PASSWORD}
        assert client.post(reverse("account_login"), form).status_code == 302
        assert client.get(reverse("agencies")).status_code == 200
    assert all(str(account.role.person).endswith("สมมติ") for account in accounts())


def test_what_today_means_in_each_agency(filled: None) -> None:
    waiting = Bundle.objects.get(plan__assessment=year_of("sisaket"), state=BundleState.OPEN)
    turn = current_turn(waiting)
    assert turn is not None
    assert turn.act == "decide"
    assert Bundle.objects.filter(plan=waiting.plan, state=BundleState.RETURNED).count() == 1

    extended = deadline(year_of("bangpla"), StageKind.PLAN)
    assert extended is not None
    assert extended.extension is not None
    assert extended.state is State.OPEN
    assert Measure.objects.filter(point__plan__assessment=year_of("bangpla"), choice=Choice.PROPOSED).exists()

    late = deadline(year_of("takbai"), StageKind.PUBLICATION)
    assert late is not None
    assert late.state is State.LATE
    assert late.done_at is None

    for code, months in (("krokkaeo", 6), ("thatalat", 12)):
        plan = Plan.objects.get(assessment=year_of(code))
        assert plan.state == PlanState.PUBLISHED
        assert Report.objects.filter(measure__point__plan=plan, months=months).exists()
        done = deadline(plan.assessment, StageKind.REPORT_6 if months == 6 else StageKind.REPORT_12)
        assert done is not None
        assert done.state is State.DONE

    newest = Assessment.objects.filter(results__isnull=True, round__own=None)
    assert newest.count() == 5
    opening = deadline(newest[0], StageKind.RESULTS)
    assert opening is not None
    assert opening.open


def test_the_log_is_told_at_the_time_of_the_story_and_can_be_chained(filled: None) -> None:
    for agency in Agency.objects.all():
        entries = list(Entry.objects.filter(agency=agency).order_by("pk"))
        assert len(entries) >= 4
        assert [e.at for e in entries] == sorted(e.at for e in entries)
        assert all(e.at <= timezone.now() for e in entries)
    for entry in Entry.objects.select_related("agency"):
        assert entry.digest == digest(entry.canonical_facts(), entry.personal, entry.salt)
        assert "–" not in sentence(entry) or entry.action.startswith("results."), sentence(entry)
    old = Entry.objects.filter(agency__code="krokkaeo", action="approval.publish").get()
    assert old.at.year < timezone.now().year - 3
    assert timezone.now().year == Bundle.objects.get(state=BundleState.OPEN).at.year


@pytest.fixture
def run(transactional_db: None) -> Callable[..., str]:
    def command(*flags: str) -> str:
        out = StringIO()
        call_command("fill_demo", str(EXAMPLES), *flags, stdout=out)
        return out.getvalue()

    return command


@pytest.mark.skipif("PRONGSAI_FULL" not in os.environ, reason="fills it three times: PRONGSAI_FULL")
def test_a_second_run_changes_nothing_and_again_begins_anew(run: Callable[..., str]) -> None:
    first = run()
    assert PASSWORD in first
    assert "make serve" in first
    with_results = set(Round.objects.filter(assessments__results__isnull=False))
    assert {release.round for release in current()} == with_results != set()
    assert Client().get("/results/sisaket/").status_code == 200
    entries = Entry.objects.count()
    Plan.objects.filter(assessment__agency__code="takbai").delete()
    second = run()
    assert "อยู่แล้ว" in second
    assert "takbai-officer" in second
    assert Entry.objects.count() == entries
    assert not Plan.objects.filter(assessment__agency__code="takbai").exists()
    run("--again")
    assert Entry.objects.count() == entries
    assert Plan.objects.filter(assessment__agency__code="takbai").exists()


def test_a_database_with_anything_else_is_left_alone(run: Callable[..., str]) -> None:
    Agency.objects.create(code="real", name="เทศบาลจริง")
    with pytest.raises(CommandError, match="เทศบาลจริง"):
        run()
    with pytest.raises(CommandError, match="PRONGSAI_DATA"):
        run("--again")
    assert list(Agency.objects.values_list("code", flat=True)) == ["real"]
    assert not Entry.objects.exists()


def test_a_folder_without_examples_is_refused(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="sisaket-2568"):
        call_command("fill_demo", str(tmp_path), stdout=StringIO())
    assert not Entry.objects.exists()


def test_a_surveyor_has_interviews_to_do(filled: None) -> None:
    given = Assignment.objects.get()
    assert (given.surveyor.username, given.survey.state) == ("surveyor", SurveyState.OPEN)
    assert given.survey.by_interview
    client = Client()
    client.force_login(given.surveyor, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(reverse("field")).status_code == 200


def test_the_inspection_waits_in_one_agency_and_is_open_in_another(filled: None) -> None:
    states = {
        code: set(Evidence.objects.filter(assessment__agency__code=code).values_list("state", flat=True))
        for code in ("bangpla", "thatalat")
    }
    assert states == {"bangpla": {"locked", "marked"}, "thatalat": {"preliminary"}}
    client = Client()
    client.force_login(
        Person.objects.get(username="inspector2"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    first = Evidence.objects.filter(assessment__agency__code="bangpla", state="locked").exclude(copies=None)[0]
    page = client.get(reverse("inspect_item", args=(first.pk,))).content.decode()
    assert "ข้อมูลสมมติของฐานข้อมูลตัวอย่าง" in page
    remind()  # the calendar opens none of it again
    assert not Evidence.objects.filter(assessment__agency__code="bangpla", state="open").exists()
