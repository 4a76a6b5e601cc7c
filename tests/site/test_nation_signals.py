"""Odd patterns on the live site: a round written as a nation's folder, what the signals say, and who sees it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from cast import Cast
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from nation_world import make_public

from prongsai.national.engines import count, engine
from prongsai.national.nation import open_nation
from prongsai.simulation.nation import NationSpec, write_nation
from prongsai.site.demo.nation import load
from prongsai.site.nation.folder import write_folder
from prongsai.site.nation.models import NationResult
from prongsai.site.rounds.models import Assessment
from prongsai.site.surveys.live import count_round
from prongsai.site.surveys.models import Day, Survey, SurveyState

HOME = "/rounds/2568/nation/"
AGENCIES = 40
Clients = Callable[[str], Client]


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: Any) -> Path:
    from prongsai.framework import for_year

    folder: Path = tmp_path_factory.mktemp("simulated")
    write_nation(NationSpec(for_year(2568), AGENCIES, seed=6, faults=("copied",), faulty=0.1, spoiled=0.5), folder)
    return folder


@pytest.fixture
def asked(cast: Cast, simulated: Path) -> Cast:
    load(simulated, cast.round)
    return cast


def work() -> None:
    call_command("db_worker", batch=True, startup_delay=False, interval=0, reload=False, verbosity=0)


@pytest.mark.django_db
def test_the_folder_holds_what_was_answered(asked: Cast, simulated: Path, tmp_path: Path) -> None:
    write_folder(asked.round, tmp_path)
    live, original = open_nation(tmp_path), open_nation(simulated)
    invented = np.array([code.startswith("sim-") for code in live.agencies["code"].to_list()])
    assert invented.sum() == AGENCIES
    one, other = count(live, engine("polars")), count(original, engine("polars"))
    for name, counted in other.items():
        assert np.array_equal(one[name].counts[invented], counted.counts), name
        assert not one[name].counts[~invented].any()
    assert np.array_equal(live.verdicts["OIT"][1][invented], original.verdicts["OIT"][1])
    days = pl.read_parquet(tmp_path / "arrivals.parquet").group_by("container").agg(pl.col("sheets").sum())
    assert dict(days.rows())["IIT"] == one["IIT"].sheets.sum()


@pytest.mark.django_db
def test_loading_gives_the_counts_of_the_database(asked: Cast, simulated: Path) -> None:
    numbers = list(Assessment.objects.filter(round=asked.round).values_list("agency_id", flat=True))
    counted = count_round(asked.round, numbers, moments=True)
    original = count(open_nation(simulated), engine("polars"), moments=True)
    for name, one in original.items():
        assert counted[name].sheets.sum() == one.sheets.sum()
        assert counted[name].counts.sum(axis=0).tolist() == one.counts.sum(axis=0).tolist()


@pytest.mark.django_db(transaction=True)
def test_signals_are_kept_beside_the_result_for_the_assessor_alone(asked: Cast, client_of: Clients) -> None:
    assessor = client_of("assessor")
    assessor.post(f"{HOME}gather/")
    work()
    result = NationResult.objects.get()
    assert result.signals is not None
    rows = pl.read_parquet(result.signals.content.path)
    assert len(rows), "half of an office's sheets are copies: something must be seen"
    page = assessor.get(f"{HOME}odd/").content.decode()
    assert rows["name"][0] in page
    assert rows["reason_th"][0] in page
    assert "มิใช่ข้อพิสูจน์" in page
    code = rows["code"][0]
    assert rows["reason_th"][0] in assessor.get(f"{HOME}agency/{code}/").content.decode()
    assert rows["reason_th"][0] in assessor.get(f"{HOME}odd.csv").content.decode("utf-8-sig")
    english = Client()
    english.force_login(asked.people["assessor"], backend="allauth.account.auth_backends.AuthenticationBackend")
    english.cookies["language"] = "en"
    assert rows["reason_en"][0] in english.get(f"{HOME}odd/").content.decode()

    make_public(result)
    public = client_of("nobody")
    for address in (f"/nation/2568/agency/{code}/", "/nation/2568/", "/nation/2568/league/"):
        answer = public.get(address)
        assert answer.status_code == 200, address
        body = answer.content.decode()
        assert "ควรตรวจดูซ้ำ" not in body
        assert rows["reason_th"][0] not in body
    for address in ("/nation/2568/odd/", "/nation/2568/odd.csv"):
        assert public.get(address).status_code == 404
    archive = public.get("/nation/2568/all.zip")
    assert archive.status_code == 200
    assert b"signals" not in b"".join(archive)
    assert client_of("officer").get(f"{HOME}odd/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_signal_that_fails_does_not_cost_the_result(
    asked: Cast, client_of: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    from prongsai.site.nation import jobs

    def broken(_of: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(jobs, "seen_in", broken)
    client_of("assessor").post(f"{HOME}gather/", follow=True)
    work()
    result = NationResult.objects.get()
    assert result.signals is None
    job = asked.round.nation_jobs.get()
    assert job.state == "done"
    assert "ไม่สำเร็จ" in client_of("assessor").get(f"{HOME}gather/{job.pk}/").content.decode()
    assert "ไม่มีคำตอบรายชุด" in client_of("assessor").get(f"{HOME}odd/").content.decode()


def burst_world(cast: Cast) -> Survey:
    """Sixty surveys that get one or two answers a day, and one that gets forty in a day."""
    from prongsai.site.agencies.models import Agency

    today = timezone.localdate()
    rng = np.random.default_rng(3)
    last: Survey | None = None
    for number in range(61):
        agency = Agency.objects.create(code=f"b{number}", name=f"หน่วยงานที่ {number}", province="น่าน")
        year = Assessment.objects.create(round=cast.round, agency=agency)
        last = Survey.objects.create(assessment=year, container="IIT", state=SurveyState.OPEN, token=f"0b{number}")
        for back in range(1, 21):
            count_of_day = int(rng.poisson(1.5)) + (40 if number == 60 and back == 7 else 0)
            Day.objects.create(survey=last, day=today - dt.timedelta(days=back), filed=count_of_day)
    assert last is not None
    return last


def test_a_burst_of_answers_is_told_while_the_survey_is_open(cast: Cast, client_of: Clients) -> None:
    odd = burst_world(cast)
    assessor = client_of("assessor")
    page = assessor.get("/rounds/2568/surveys/odd/").content.decode()
    assert odd.assessment.agency.name in page
    assert "พบ 1 แบบสำรวจ" in page
    assert "อาจเป็นการประชุม" in page
    monitor = assessor.get("/rounds/2568/surveys/monitor/")
    assert 'href="/rounds/2568/surveys/odd/"' in monitor.content.decode()
    assert "surveys/odd/" not in client_of("supervisor").get("/rounds/2568/surveys/monitor/").content.decode()


def test_today_does_not_count(cast: Cast, client_of: Clients) -> None:
    odd = burst_world(cast)
    Day.objects.filter(survey=odd, filed__gte=40).delete()
    Day.objects.create(survey=odd, day=timezone.localdate(), filed=60)
    assert "พบ 0 แบบสำรวจ" in client_of("assessor").get("/rounds/2568/surveys/odd/").content.decode()
