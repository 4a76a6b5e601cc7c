"""What an agency runs for itself: a rehearsal from start to result, and satisfaction at its service points."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from cast import Cast
from django.test import Client
from django.utils import timezone
from survey_world import key_folder  # noqa: F401 - a fixture
from test_rounds import day

from prongsai.framework import by_id
from prongsai.site.history.models import Entry
from prongsai.site.history.sentences import sentence
from prongsai.site.rounds.models import Assessment, Round
from prongsai.site.surveys.actions import AddPlace, CloseSurvey, OpenSurvey
from prongsai.site.surveys.actions.own import StartOwnRound
from prongsai.site.surveys.asked import asked, form_of
from prongsai.site.surveys.keys import keys
from prongsai.site.surveys.mixer import turn
from prongsai.site.surveys.models import Survey
from prongsai.site.surveys.outcome import tallies, tallies_by_place
from prongsai.site.surveys.points import points
from prongsai.site.surveys.store import DatabaseStorage
from prongsai.survey.answers import answer
from prongsai.survey.letterbox import file_open

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("key_folder")]
ClientOf = Callable[[str], Client]


def start(client: Client, kind: str, name: str) -> str:
    """Begin one as the officer does; the address of its set-up."""
    sent = {
        "name": name,
        **day("opens", timezone.localdate()),
        **day("closes", timezone.localdate() + dt.timedelta(days=9)),
    }
    reply = client.post(f"/agencies/muang/own/start/{kind}/", sent)
    assert reply.status_code == 302, reply.content.decode()
    return str(reply["Location"])


def fill(survey: Survey, each: dict[str, int], seed: int = 1) -> None:
    """So many answers at each service point, through its open door."""
    draw = random.Random(seed)
    form = form_of(survey)
    for box in survey.boxes.select_related("place"):
        for number in range(each.get(box.place.name if box.place else "", 0)):
            given = {line.code: draw.choice(line.options) for line in form.lines}
            shape = f"{box.pk}{number}".encode().ljust(32, b"-")
            assert file_open(DatabaseStorage(), keys(), box.pk, shape, str(answer(form, given))).outcome == "filed"


def period(cast: Cast, each: dict[str, int], opens: dt.date, seed: int = 1) -> Survey:
    """A period that is closed, with so many answers at each service point."""
    window = (opens, timezone.localdate() + dt.timedelta(days=5))
    framework = by_id("service-point")
    name = (f"รอบ {opens}", f"Period {opens}")
    made = StartOwnRound(
        by=cast.officer, to=cast.agency, framework=framework, name=name, window=window, doors=("by_places",)
    ).execute()
    survey = made.surveys.get()
    for place in each:
        if not survey.places.filter(name=place).exists():
            AddPlace(by=cast.officer, survey=survey, name=place).execute()
    OpenSurvey(by=cast.officer, survey=survey, form=asked(made.round, survey.container)).execute()
    turn(first=True)
    fill(survey, each, seed)
    CloseSurvey(by=None, survey=survey).execute()
    turn()
    survey.refresh_from_db()
    survey.assessment = Assessment.objects.select_related("round", "agency").get(pk=made.pk)
    return survey


def test_a_rehearsal_without_an_assessor(cast: Cast, client_of: ClientOf) -> None:
    officer = client_of("officer")
    setup = start(officer, "rehearsal", "ก่อนการประเมินจริง")
    of = Round.objects.get(own=cast.agency)
    assert of.name == "ซ้อม: ก่อนการประเมินจริง"
    survey = Survey.objects.get(assessment__round=of)
    assert (survey.heads, survey.required) == (120, 120)
    sent = {"doors": ["by_codes", "by_link"], "heads": "30", "basis": "rule"}
    assert officer.post(setup, sent).status_code == 302
    one = setup.removesuffix("setup/")
    assert officer.post(f"{one}codes/", {"count": "30"})["Content-Type"] == "application/zip"
    assert officer.post(f"{one}open/").status_code == 302
    turn(first=True)
    survey.refresh_from_db()
    fill(survey, {"": 14})
    assert officer.post(f"{one}close/", {"reason": "ครบแล้ว"}).status_code == 302
    turn()
    year = f"/agencies/muang/{of.slug}/"
    assert officer.post(f"{year}surveys/gather/").status_code == 302
    shown = officer.get(f"{year}results/").content.decode()
    assert "ซ้อม" in shown
    assert "ซ้อม" in officer.get(f"{year}surveys/").content.decode()
    assert "ซ้อม" in sentence(Entry.objects.get(action="surveys.own_round"))


def test_a_rehearsal_is_in_no_list_of_rounds(cast: Cast, client_of: ClientOf) -> None:
    start(client_of("agency_admin"), "rehearsal", "ลองดู")
    of = Round.objects.get(own=cast.agency)
    for page in ("/rounds/", "/agencies/", "/"):
        assert "ลองดู" not in client_of("assessor").get(page).content.decode(), page
    assert client_of("assessor").get(f"/rounds/{of.slug}/surveys/").status_code == 404
    assert client_of("other_officer").get(f"/agencies/muang/{of.slug}/surveys/").status_code == 404
    assert client_of("chief").get(f"/agencies/muang/{of.slug}/surveys/R/setup/").status_code == 404
    assert "ลองดู" in client_of("chief").get("/agencies/muang/own/").content.decode()


def test_a_wrong_window_or_name_is_refused_and_nothing_typed_is_lost(cast: Cast, client_of: ClientOf) -> None:
    officer = client_of("officer")
    start(officer, "rehearsal", "หนึ่ง")
    late = {
        "name": "สอง",
        **day("opens", timezone.localdate()),
        **day("closes", timezone.localdate() - dt.timedelta(days=1)),
    }
    reply = officer.post("/agencies/muang/own/start/rehearsal/", late)
    assert reply.status_code == 400
    assert "สอง" in reply.content.decode()
    again = {"name": "หนึ่ง", **day("opens", timezone.localdate()), **day("closes", timezone.localdate())}
    assert "อยู่แล้ว" in officer.post("/agencies/muang/own/start/rehearsal/", again).content.decode()
    assert Round.objects.filter(own=cast.agency).count() == 1


def test_its_own_round_is_extended_with_a_reason(cast: Cast, client_of: ClientOf) -> None:
    officer = client_of("officer")
    setup = start(officer, "rehearsal", "หนึ่ง")
    page = setup.removesuffix("R/setup/")
    sooner = {"reason": "x", **day("closes", timezone.localdate())}
    assert officer.post(f"{page}extend/", sooner).status_code == 400
    later = {"reason": "ฝนตกหนัก", **day("closes", timezone.localdate() + dt.timedelta(days=20))}
    assert officer.post(f"{page}extend/", later).status_code == 302
    assert "ฝนตกหนัก" in officer.get(page).content.decode()


def test_points_add_up_and_small_ones_are_hidden_with_another(cast: Cast, client_of: ClientOf) -> None:
    each = {"ช่อง ก": 30, "ช่อง ข": 22, "ช่อง ค": 4}
    survey = period(cast, each, timezone.localdate())
    by_place = tallies_by_place(survey)
    assert {name: sum(lines["s1"].values()) for name, lines in by_place.items()} == each
    whole = tallies(survey)
    for line, options in whole.items():
        for option, count in options.items():
            assert sum(lines[line].get(option, 0) for lines in by_place.values()) == count
    page = f"/agencies/muang/{survey.assessment.round.slug}/surveys/points/"
    shown = client_of("chief").get(page).content.decode()
    assert shown.count("ไม่แสดง</td>") == 2  # the small one, and the next smallest: else the total gives it back
    found = points(survey)
    assert found is not None
    assert found.best[1] == ["ช่อง ก"]
    assert client_of("officer").get(f"{page}summary.docx").content.startswith(b"PK")


def test_before_the_close_no_point_has_a_score(cast: Cast, client_of: ClientOf) -> None:
    survey = period(cast, {"ช่อง ก": 30}, timezone.localdate())
    Survey.objects.filter(pk=survey.pk).update(state="open")
    page = f"/agencies/muang/{survey.assessment.round.slug}/surveys/points/"
    assert "ผลแสดงเมื่อแบบสำรวจปิด" in client_of("officer").get(page).content.decode()
    survey.refresh_from_db()
    assert tallies_by_place(survey) == {"ช่อง ก": {}}


def test_publishing_and_taking_down(cast: Cast, client_of: ClientOf) -> None:
    survey = period(cast, {"ช่อง ก": 30, "ช่อง ข": 22}, timezone.localdate())
    slug = survey.assessment.round.slug
    public = f"/satisfaction/muang/{slug}/"
    assert client_of("nobody").get(public).status_code == 404
    publish = f"/agencies/muang/{slug}/surveys/points/publish/"
    assert client_of("officer").post(publish, {"public": "yes"}).status_code == 302
    assert "ช่อง ก" in client_of("nobody").get(public).content.decode()
    assert client_of("officer").post(publish, {"public": "no"}).status_code == 302
    assert client_of("nobody").get(public).status_code == 404


def test_a_period_is_compared_with_the_one_before(cast: Cast, client_of: ClientOf) -> None:
    half_a_year_ago = timezone.localdate() - dt.timedelta(days=190)
    earlier = period(cast, {"ช่อง ก": 30, "ช่อง ข": 25}, half_a_year_ago, seed=3)
    Survey.objects.filter(pk=earlier.pk).update(opened_at=timezone.now() - dt.timedelta(days=190))
    later = period(cast, {"ช่อง ก": 28, "ช่อง ข": 26}, timezone.localdate(), seed=4)
    assert later.places.count() == 2  # those of the period before were there again
    found = points(later)
    assert found is not None
    before = found.earlier("ช่อง ก")
    now = found.figures.unit("ช่อง ก")
    assert before is not None
    assert now is not None
    assert before.overall is not None
    assert now.overall is not None
    page = f"/agencies/muang/{later.assessment.round.slug}/surveys/points/"
    with_change = client_of("officer").get(page).content.decode()
    change = now.overall - before.overall
    assert f"{'+' if change > 0 else ''}{float(change):.2f}" in with_change


def test_pages_of_own_rounds_ask_little_of_the_database(
    cast: Cast, client_of: ClientOf, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    survey = period(cast, {f"ช่อง {n}": 1 for n in range(12)}, timezone.localdate())
    for number in range(12):
        start(client_of("officer"), "rehearsal", f"ครั้งที่ {number}")
    year = f"/agencies/muang/{survey.assessment.round.slug}/surveys/"
    client = client_of("officer")
    for page in ("/agencies/muang/own/", year, f"{year}points/"):
        with django_assert_max_num_queries(20):  # type: ignore[attr-defined]
            assert client.get(urlsplit(page).path).status_code == 200, page


def test_nothing_official_follows_from_a_rehearsal(cast: Cast, client_of: ClientOf) -> None:
    officer = client_of("officer")
    page = start(officer, "rehearsal", "หนึ่ง").removesuffix("surveys/R/setup/")
    for where in ("", "surveys/", "results/"):
        shown = officer.get(f"{page}{where}").content.decode()
        assert "ไม่ใช่ผลการประเมิน ITA" in shown, where
        for tab in ("plan", "progress", "approval", "documents", "import"):
            assert f'href="{page}{tab}/' not in shown, (where, tab)
    official = officer.get("/agencies/muang/2568/").content.decode()
    assert "ไม่ใช่ผลการประเมิน ITA" not in official
    assert 'href="/agencies/muang/2568/approval/"' in official
    Assessment.objects.filter(round__own=cast.agency).update(surveyed_at=timezone.now())
    shown = officer.get(page).content.decode()
    assert "ปิดรับคำตอบแล้ว" in shown
    assert "นำเข้าผล" not in shown


def test_where_the_required_number_comes_from_is_said_in_words(cast: Cast, client_of: ClientOf) -> None:
    officer = client_of("officer")
    setup = start(officer, "rehearsal", "หนึ่ง")
    page = setup.removesuffix("R/setup/")
    assert "คำนวณตามเกณฑ์ในกรอบการประเมิน" in officer.get(page).content.decode()
    sent = {"doors": ["by_codes"], "heads": "30", "basis": "entered", "required": "20", "source": "หนังสือสั่งการ (ฉบับแรก)"}
    assert officer.post(setup, sent).status_code == 302
    shown = officer.get(page).content.decode()
    assert "หนังสือสั่งการ (ฉบับแรก)" in shown
    assert "(confirmed)" not in shown
