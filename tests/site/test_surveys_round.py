"""The surveys of a whole round: jobs, wordings, the monitor; at the nation's size too."""

from __future__ import annotations

import csv
import datetime as dt
import io
import time
from collections.abc import Callable

import pytest
from cast import Cast
from django.db import connection
from django.test import Client
from django.utils import timezone
from survey_world import file_with, form_of, key_folder, open_survey, survey_round  # noqa: F401 - a fixture

from prongsai.site.agencies.models import Agency
from prongsai.site.history.models import Entry
from prongsai.site.history.sentences import sentence
from prongsai.site.results.models import Result
from prongsai.site.results.sheet import sheet_of
from prongsai.site.rounds.models import Assessment, Round, Stage, StageKind
from prongsai.site.surveys.asked import asked
from prongsai.site.surveys.jobs import work
from prongsai.site.surveys.mixer import turn
from prongsai.site.surveys.models import Box, Day, Job, Survey, SurveyState, Wording, new_token

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("key_folder")]
ClientOf = Callable[[str], Client]
SLOW = 1.0  # seconds of processor time: ten times what a page may take, for machines that are busy


def two(cast: Cast, framework: str = "rehearsal") -> Round:
    """A round of both agencies of the cast, open for answers."""
    of = survey_round(cast.agency, framework).round
    Assessment.objects.create(round=of, agency=cast.other)
    return of


def do(client: Client, of: Round, kind: str, **sent: object) -> Job:
    """Ask for a job and carry it out as a worker does."""
    answer = client.post(f"/rounds/{of.slug}/surveys/all/{kind}/", sent)
    assert answer.status_code == 302, answer.content.decode()
    job = Job.objects.get(kind=kind, state="waiting")
    work.call(job.pk)
    job.refresh_from_db()
    return job


def test_prepare_and_open_for_all(cast: Cast, client_of: ClientOf) -> None:
    assessor, of = client_of("assessor"), two(cast)
    job = do(assessor, of, "prepare", doors_R=["by_codes", "staff"])
    assert (job.state, job.total, job.done, job.refused) == ("done", 2, 2, [])
    own = Survey.objects.get(assessment__agency=cast.agency)
    assert (own.by_codes, own.by_link, own.heads, own.required) == (True, False, 120, 120)
    assert Survey.objects.get(assessment__agency=cast.other).required is None  # no number of staff
    assert do(assessor, of, "prepare").total == 0
    Survey.objects.filter(assessment__agency=cast.other).update(by_codes=False)
    job = do(assessor, of, "open")
    assert [one["code"] for one in job.refused] == ["other"]
    assert "ยังไม่ได้เลือก" in job.refused[0]["th"]
    own.refresh_from_db()
    assert own.state == SurveyState.OPEN
    shown = assessor.get(f"/rounds/{of.slug}/surveys/job/{job.pk}/").content.decode()
    assert cast.other.name in shown
    assert "ทุกหน่วยงาน" in sentence(Entry.objects.filter(action="surveys.everywhere").first())


def test_a_job_is_not_begun_twice_and_goes_on_after_a_sudden_end(cast: Cast, client_of: ClientOf) -> None:
    assessor, of = client_of("assessor"), two(cast)
    address = f"/rounds/{of.slug}/surveys/all/prepare/"
    assert assessor.post(address, {}).status_code == 302
    assert "กำลังดำเนินการอยู่แล้ว" in assessor.post(address, {}).content.decode()
    dead = Job.objects.get()
    Job.objects.update(state="running", at=timezone.now() - dt.timedelta(hours=1))
    assert assessor.post(address, {}).status_code == 302
    dead.refresh_from_db()
    assert dead.state == "failed"
    work.call(Job.objects.get(state="waiting").pk)
    assert Survey.objects.count() == 2


def test_a_supervisor_of_one_province_sees_its_agencies_only(cast: Cast, client_of: ClientOf) -> None:
    of = two(cast)
    do(client_of("assessor"), of, "prepare", doors_R=["by_link"])
    shown = client_of("supervisor").get(f"/rounds/{of.slug}/surveys/monitor/").content.decode()
    assert cast.agency.name in shown
    assert cast.other.name not in shown


def test_results_for_all_are_the_same_again_to_the_last_digit(cast: Cast, client_of: ClientOf) -> None:
    survey, codes = open_survey(cast)
    of = survey.assessment.round
    for seed, code in enumerate(codes[:25]):
        file_with(survey, code, seed)
    Stage.objects.update(closes=timezone.localdate() - dt.timedelta(days=1))
    turn()
    assessor = client_of("assessor")
    job = do(assessor, of, "gather")
    assert (job.total, job.refused) == (1, [])
    result = Result.objects.get(assessment=survey.assessment)
    first = {node: value.score for node, value in sheet_of(result).values.items()}
    again = do(assessor, of, "gather")
    assert again.refused == []  # the same data is no fault, and no new revision
    assert Result.objects.filter(assessment=survey.assessment).count() == 1
    assert assessor.post(f"/agencies/muang/{of.slug}/surveys/gather/").status_code == 409
    result.data = {"agency": {"name": "x"}}
    result.save()
    done = assessor.post(f"/agencies/muang/{of.slug}/surveys/gather/")
    assert done.status_code == 302
    newest = Result.objects.filter(assessment=survey.assessment).order_by("revision").last()
    assert newest is not None
    assert {node: value.score for node, value in sheet_of(newest).values.items()} == first
    assert client_of("officer").get(f"/agencies/muang/{of.slug}/results/").status_code == 200


def wording_of(client: Client, of: Round, container: str) -> str:
    """The template of what is missing in Thai, filled in."""
    text = client.get(f"/rounds/{of.slug}/surveys/form/{container}/wording/th.yaml").content.decode()
    filled = [f'{line[:-2]}"ข้อความที่ {n}"' if line.endswith('""') else line for n, line in enumerate(text.splitlines())]
    return "\n".join(filled)


def test_a_wording_file_is_tried_first_and_then_taken(cast: Cast, client_of: ClientOf) -> None:
    assessor, of = client_of("assessor"), two(cast, "ita-2568")
    address = f"/rounds/{of.slug}/surveys/form/IIT/wording/"
    text = wording_of(assessor, of, "IIT")
    before = asked(of, "IIT").version
    tried = assessor.post(address, {"text": text}).content.decode()
    assert "ยังไม่บันทึก" in tried
    assert not Wording.objects.exists()
    assert assessor.post(address, {"text": text, "take": "yes"}).status_code == 302
    form = asked(of, "IIT")
    assert form.version != before
    assert not form.missing()
    shown = assessor.get(f"/rounds/{of.slug}/surveys/form/IIT/preview/").content.decode()
    assert form.version in shown
    assert "ข้อความที่" in shown
    assert form.version in sentence(Entry.objects.get(action="surveys.wording"))


def test_a_wrong_wording_file_is_told_by_line_and_changes_nothing(cast: Cast, client_of: ClientOf) -> None:
    assessor, of = client_of("assessor"), two(cast, "ita-2568")
    address = f"/rounds/{of.slug}/surveys/form/IIT/wording/"
    text = "questionnaire: ita-2568/IIT\nlanguage: th\nstatus: reviewed\ntexts:\n  i1: อื่น\n  i99: ไม่มี\n"
    answer = assessor.post(address, {"text": text, "take": "yes"})
    assert answer.status_code == 400
    shown = answer.content.decode()
    assert ":5 texts.i1" in shown
    assert ":6 texts" in shown
    assert "แก้ไขไม่ได้" in shown
    assert not Wording.objects.exists()
    assert assessor.post(address, {"text": "a: [b"}).status_code == 400
    assert assessor.post(address, {}).status_code == 400


def test_an_open_survey_keeps_its_questionnaire(cast: Cast, client_of: ClientOf) -> None:
    survey, _ = open_survey(cast)
    before = survey.form_id
    of = survey.assessment.round
    text = "questionnaire: rehearsal/R\nlanguage: en\nstatus: reviewed\ntexts:\n  r1: Something else\n"
    address = f"/rounds/{of.slug}/surveys/form/R/wording/"
    assert client_of("assessor").post(address, {"text": text, "take": "yes"}).status_code == 302
    survey.refresh_from_db()
    assert survey.form_id == before != asked(of, "R").version


def test_the_monitor_puts_those_at_risk_first(cast: Cast, client_of: ClientOf) -> None:
    assessor, of = client_of("assessor"), two(cast)
    do(assessor, of, "prepare", doors_R=["by_link"])
    today = timezone.localdate()
    for code, daily in (("muang", 9), ("other", 1)):
        survey = Survey.objects.get(assessment__agency__code=code)
        opened = timezone.now() - dt.timedelta(days=5)
        Survey.objects.filter(pk=survey.pk).update(state="open", required=40, opened_at=opened)
        Box.objects.create(survey=survey, filed=daily * 5)
        for before in range(1, 6):
            Day.objects.create(survey=survey, day=today - dt.timedelta(days=before), filed=daily)
    page = assessor.get(f"/rounds/{of.slug}/surveys/monitor/").content.decode()
    rows = page[page.index("หน่วยงานที่เสี่ยงก่อน") :]
    assert rows.index(cast.other.name) < rows.index(cast.agency.name)
    assert "เสี่ยงไม่ครบ" in rows
    assert "ครบแล้ว" in rows
    assert "<svg" in page
    table = assessor.get(f"/rounds/{of.slug}/surveys/monitor/list.csv").content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(table)))
    assert [line[0] for line in lines[1:]] == ["other", "muang"]
    assert lines[1][6:9] == ["5", "40", "15"]
    assert assessor.get(f"/rounds/{of.slug}/surveys/monitor/list.xlsx").content.startswith(b"PK")
    assert assessor.get(f"/rounds/{of.slug}/surveys/monitor/list.pdf").status_code == 404


def test_the_calendar_of_a_new_round_has_the_survey(cast: Cast, client_of: ClientOf) -> None:
    shown = client_of("assessor").get("/rounds/new/").content.decode()
    assert "สำรวจความคิดเห็น (IIT และ EIT)" in shown
    of = two(cast)
    assert f"/rounds/{of.slug}/surveys/" in client_of("assessor").get(f"/rounds/{of.slug}/").content.decode()


def nation(cast: Cast, agencies: int) -> Round:
    """A round over many agencies with three surveys each."""
    of = Round.objects.create(slug="nation", name="ทั้งประเทศ", framework_id="ita-2565", framework_version=1)
    today = timezone.localdate()
    Stage.objects.create(round=of, kind=StageKind.SURVEY, opens=today, closes=today + dt.timedelta(days=20))
    made = Agency.objects.bulk_create(
        [
            Agency(code=f"n{n}", name=f"หน่วยงานที่ {n}", kind="subdistrict_organization", province=f"จังหวัด {n % 77}")
            for n in range(agencies)
        ]
    )
    years = Assessment.objects.bulk_create([Assessment(round=of, agency=one) for one in made])
    surveys = Survey.objects.bulk_create(
        [
            Survey(
                assessment=year,
                container=code,
                state="open",
                required=30,
                opened_at=timezone.now(),
                token=f"{year.pk}{code[0]}",
            )
            for year in years
            for code in ("IIT", "EIT")
        ]
    )
    Box.objects.bulk_create([Box(survey=one, filed=n % 40) for n, one in enumerate(surveys)])
    return of


def test_pages_of_a_nation_stay_quick(
    cast: Cast, client_of: ClientOf, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    of = nation(cast, 8_325)
    with connection.cursor() as asked:
        asked.execute("ANALYZE")  # a server does so by itself within a minute, but not inside a test's transaction
    client = client_of("assessor")
    for page in ("surveys/", "surveys/?province=จังหวัด 5&state=open&container=IIT", "surveys/monitor/"):
        address = f"/rounds/{of.slug}/{page}"
        client.get(address)
        with django_assert_max_num_queries(20):  # type: ignore[attr-defined]
            assert client.get(address).status_code == 200
        before = time.process_time()
        client.get(address)
        assert time.process_time() - before < SLOW, page


def test_addresses_never_meet(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Surveys and service points share the addresses below /a/: the same token must not come twice."""
    survey, _ = open_survey(cast)
    signs = iter([*survey.token.upper(), *"ACEFHJ"])
    monkeypatch.setattr("prongsai.site.surveys.models.secrets.choice", lambda _: next(signs))
    assert new_token() == "acefhj"
