"""Quotas, the supervisor's word on interviews, and what the pages show and never show."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from cast import Cast
from django.test import Client
from field_world import assign, field_survey, interview, make_surveyor, packed, send
from survey_world import key_folder  # noqa: F401 - a fixture

from prongsai.site.fieldwork.actions import AcceptInterviews
from prongsai.site.fieldwork.app_views import _FILES
from prongsai.site.fieldwork.models import Assignment, Interview, InterviewState
from prongsai.site.history.entries import told_to
from prongsai.site.history.models import Entry
from prongsai.site.history.sentences import sentence
from prongsai.site.surveys.mixer import turn
from prongsai.site.surveys.models import Survey

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("key_folder")]
Of = Callable[[str], Client]


@pytest.fixture
def work(cast: Cast) -> Assignment:
    return assign(cast, field_survey(cast))


def address(survey: Survey, page: str = "") -> str:
    return f"/agencies/muang/{survey.assessment.round.slug}/surveys/{survey.container}/interviews/{page}"


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_a_quota_is_given_and_changed(cast: Cast, client_of: Of) -> None:
    survey = field_survey(cast)
    make_surveyor(cast.stranger)
    boss = client_of("assessor")
    typed = {"surveyor": cast.stranger.pk, "quota": "๒๐", "note": "ตลาดสดช่วงเช้า"}
    page = boss.post(address(survey, "assign/"), typed, follow=True)
    assert "มอบหมายงานให้ นางแปลก ตัวอย่าง แล้ว" in words(page)
    assert "ตลาดสดช่วงเช้า" in words(page)
    boss.post(address(survey, "assign/"), {"surveyor": cast.stranger.pk, "quota": "5"})
    assert Assignment.objects.get().quota == 5
    assert sentence(Entry.objects.latest("pk")).startswith("นางศิริ ตัวอย่าง มอบหมายให้ นางแปลก ตัวอย่าง สัมภาษณ์ 5 คน")


@pytest.mark.parametrize("quota", ["", "-1", "มาก", "99999999999"])
def test_a_quota_must_be_a_number(quota: str, cast: Cast, work: Assignment, client_of: Of) -> None:
    response = client_of("assessor").post(
        address(work.survey, "assign/"), {"surveyor": cast.stranger.pk, "quota": quota}
    )
    assert response.status_code == 400
    assert Assignment.objects.get().quota == 3


def test_only_a_surveyor_gets_a_quota(cast: Cast, work: Assignment, client_of: Of) -> None:
    response = client_of("assessor").post(address(work.survey, "assign/"), {"surveyor": cast.officer.pk, "quota": "1"})
    assert response.status_code == 400
    assert Assignment.objects.count() == 1


def test_what_is_still_to_be_done_moves_to_another(cast: Cast, work: Assignment, client_of: Of) -> None:
    make_surveyor(cast.inspector)
    send(client_of("stranger"), interview(work))
    boss, to = client_of("assessor"), address(work.survey, "move/")
    typed = {"assignment": work.pk, "to": cast.inspector.pk, "count": "3"}
    refused = boss.post(to, typed)
    assert refused.status_code == 409
    assert "โอนได้ไม่เกิน 2 คน" in words(refused)
    boss.post(to, {**typed, "count": "2"})
    assert dict(Assignment.objects.values_list("surveyor__username", "quota")) == {"stranger": 1, "inspector": 2}
    assert boss.post(to, {**typed, "to": cast.stranger.pk, "count": "1"}).status_code == 409


def test_the_supervisor_sees_times_and_signs_but_no_answer(cast: Cast, work: Assignment, client_of: Of) -> None:
    form = work.survey.form.asked
    from prongsai.survey.answers import answer

    first = str(answer(form, {line.code: line.options[0] for line in form.lines}))
    import base64

    from prongsai.site.fieldwork.forwarding import field_keys
    from prongsai.survey.letterbox import seal

    key = work.survey.seal.key
    alike = base64.b64encode(seal(first, key, field_keys().public(key) or b"")).decode()
    send(client_of("stranger"), interview(work, seconds=11, sealed=alike), interview(work, 2))
    turn()
    page = words(client_of("assessor").get(address(work.survey)))
    assert "ตอบตัวเลือกเดียวกันเกือบทุกข้อ" in page
    assert "สั้นผิดปกติ" in page
    assert "0:11" in page
    assert packed(work.survey, 2).rpartition("/")[2] not in page
    assert form.text(form.lines[0].code, "th") not in page


def decide(client: Client, survey: Survey, ids: list[str], word: str, reason: str = "") -> Any:
    return client.post(address(survey, "decide/"), {"interview": ids, "word": word, "reason": reason}, follow=True)


def test_accept_and_return(cast: Cast, work: Assignment, client_of: Of) -> None:
    send(client_of("stranger"), *(interview(work, seed) for seed in range(3)))
    ids = list(Interview.objects.values_list("pk", flat=True))
    boss = client_of("assessor")
    assert decide(boss, work.survey, ids[:1], "return").status_code == 400  # without a reason
    assert "ส่งคืนแบบสัมภาษณ์ 1 ชุดแล้ว" in words(decide(boss, work.survey, ids[:1], "return", "เร็วเกินไป"))
    assert "รับแบบสัมภาษณ์ 2 ชุดแล้ว" in words(decide(boss, work.survey, ids[1:], "accept"))
    again = decide(boss, work.survey, ids[1:2], "return", "เปลี่ยนใจ")
    assert again.status_code == 409
    assert Interview.objects.filter(state=InterviewState.ACCEPTED).count() == 2
    assert decide(boss, work.survey, [], "accept").status_code == 409
    assert decide(boss, work.survey, ["' OR 1=1"], "accept").status_code == 409
    own = words(client_of("stranger").get("/field/"))
    assert "เร็วเกินไป" in own


def test_interviews_of_another_agencys_survey_cannot_be_decided(cast: Cast, work: Assignment, client_of: Of) -> None:
    send(client_of("stranger"), interview(work))
    other = Survey.objects.create(
        assessment=cast.assessment,
        container=work.survey.container,
        by_interview=True,
        state="open",
        form=work.survey.form,
    )
    to = f"/agencies/muang/{cast.round.slug}/surveys/{other.container}/interviews/decide/"
    response = client_of("assessor").post(to, {"interview": [Interview.objects.get().pk], "word": "accept"})
    assert response.status_code == 409
    assert Interview.objects.get().state == InterviewState.SENT


def test_what_surveyors_send_is_not_in_the_agencys_history(cast: Cast, work: Assignment, client_of: Of) -> None:
    send(client_of("stranger"), interview(work))
    entry = Entry.objects.get(action="field.receive")
    assert (entry.agency, sentence(entry)) == (None, "นางแปลก ตัวอย่าง ส่งแบบสัมภาษณ์ 1 ชุด")


def test_an_agency_does_not_read_who_interviews_there_and_how_many_answers_came_in(
    cast: Cast, work: Assignment, client_of: Of
) -> None:
    send(client_of("stranger"), interview(work))
    AcceptInterviews(by=cast.assessor, survey=work.survey, ids=[Interview.objects.get().pk]).execute()
    done = Entry.objects.filter(agency=cast.agency, action__startswith="field.").order_by("pk")
    assert [one.action for one in done] == ["field.assign", "field.accept"]
    assert not told_to(cast.agency).filter(action__startswith="field.").exists()
    shown = words(client_of("chief").get("/agencies/muang/history/"))
    assert work.surveyor.full_name not in shown
    assert "แบบสัมภาษณ์ 1 ชุด" not in shown


@pytest.mark.parametrize("page", ["survey", "overview", "own", "bundle"])
def test_pages_with_many_rows_ask_few_questions(
    page: str, cast: Cast, work: Assignment, client_of: Of, django_assert_max_num_queries: Any
) -> None:
    client = client_of("stranger")
    for _ in range(3):
        send(client, *(interview(work, seed) for seed in range(30)))
    for name in ("inspector", "chief", "palad", "head", "supervisor"):
        Assignment.objects.create(surveyor=make_surveyor(cast.people[name]), survey=work.survey, quota=4)
    where = {"survey": address(work.survey), "overview": "/fieldwork/", "own": "/field/", "bundle": "/field/bundle/"}
    who = client if page in ("own", "bundle") else client_of("assessor")
    who.get(where[page])
    with django_assert_max_num_queries(20):
        response = who.get(where[page])
    assert response.status_code == 200


def test_english_pages(work: Assignment, client_of: Of) -> None:
    client = client_of("assessor")
    client.cookies["language"] = "en"
    assert "Quotas against what came in" in words(client.get(address(work.survey)))
    shell = client_of("nobody").get("/field/app/en/")
    assert 'lang="en"' in words(shell)
    assert shell.headers["Content-Language"] == "en"
    assert "เริ่ม" not in words(shell)


def test_the_manifest_can_be_installed(client_of: Of) -> None:
    client = client_of("nobody")
    response = client.get("/field/app/th/manifest.webmanifest")
    made = json.loads(response.content)
    assert response.headers["Content-Type"] == "application/manifest+json"
    assert made["start_url"].startswith(made["scope"])
    for icon in made["icons"]:
        picture = client.get(icon["src"])
        size = int(icon["sizes"].partition("x")[0])
        assert picture.content[:8] == b"\x89PNG\r\n\x1a\n"
        assert (int.from_bytes(picture.content[16:20]), int.from_bytes(picture.content[20:24])) == (size, size)
    assert client.get("/field/app/icon-7.png").status_code == 404


def test_the_worker_keeps_every_script_and_its_headers_let_it_update(client_of: Of) -> None:
    from django.contrib.staticfiles import finders

    response = client_of("nobody").get("/field/app/worker.js")
    text = response.content.decode()
    assert response.headers["Content-Type"].startswith("text/javascript")
    assert response.headers["Cache-Control"] == "no-cache"
    from pathlib import Path

    folder = Path(finders.find("fieldwork/app.js")).parent  # type: ignore[arg-type]
    for script in folder.glob("*.js"):
        assert f"/static/fieldwork/{script.name}" in text
        assert len(script.read_text(encoding="utf-8").splitlines()) < 300
    for file in _FILES:
        assert finders.find(file.removeprefix("/static/")), file
    assert "/field/app/th/" in text
    assert "/field/bundle/" not in text


def test_the_shell_has_no_code_of_its_own(client_of: Of) -> None:
    response = client_of("nobody").get("/field/app/th/")
    text = response.content.decode()
    assert "style=" not in text
    assert " on" not in {part[:3] for part in text.split("<")[1:] if "onclick" in part}
    assert text.count("<script") == text.count('type="application/json"') + text.count('type="module" src=')
    assert "'unsafe" not in response.headers["Content-Security-Policy"]
    assert "set-cookie" not in {name.lower() for name in response.headers}


def test_everything_without_a_remark_is_accepted_at_once(cast: Cast, work: Assignment, client_of: Of) -> None:
    send(client_of("stranger"), interview(work, 1, seconds=5), *(interview(work, seed) for seed in range(2, 6)))
    turn()
    send(client_of("stranger"), interview(work, 7))  # the mixer has not looked at this one
    assert "รับแบบสัมภาษณ์ 4 ชุดแล้ว" in words(decide(client_of("assessor"), work.survey, [], "plain"))
    assert Interview.objects.filter(state=InterviewState.SENT).count() == 2


def test_the_desk_leads_surveyors_and_supervisors_to_their_pages(work: Assignment, client_of: Of) -> None:
    send(client_of("stranger"), interview(work))
    desk = words(client_of("stranger").get("/"))
    assert "สัมภาษณ์อีก 2 คน" in desk
    assert 'href="/field/"' in desk
    assert 'href="/fieldwork/"' in words(client_of("assessor").get("/"))
