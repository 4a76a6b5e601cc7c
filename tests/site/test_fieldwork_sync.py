"""What devices send: taken once however often it comes, refused with a reason, and never read by the site."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from cast import Cast
from django.test import Client
from django.utils import timezone
from field_world import assign, field_survey, interview, make_surveyor, outcomes, packed, send
from survey_world import given, key_folder  # noqa: F401 - a fixture

from prongsai.site.fieldwork.actions import AcceptInterviews, ReturnInterviews
from prongsai.site.fieldwork.forwarding import field_keys
from prongsai.site.fieldwork.models import Assignment, Interview, InterviewState, Seal
from prongsai.site.history.models import Entry
from prongsai.site.rounds.models import Stage
from prongsai.site.surveys.mixer import turn
from prongsai.site.surveys.models import Answer, Letter, Survey, SurveyState
from prongsai.site.surveys.outcome import respondents, tallies
from prongsai.survey.answers import answer
from prongsai.survey.letterbox import seal
from prongsai.survey.sheets import tallies as counted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("key_folder")]
Of = Callable[[str], Client]


@pytest.fixture
def work(cast: Cast) -> Assignment:
    return assign(cast, field_survey(cast))


def accept_all(cast: Cast, survey: Survey) -> None:
    ids = list(Interview.objects.filter(state=InterviewState.SENT).values_list("pk", flat=True))
    AcceptInterviews(by=cast.assessor, survey=survey, ids=ids).execute()


def test_from_a_device_to_a_tally(cast: Cast, work: Assignment, client_of: Of) -> None:
    survey, form = work.survey, work.survey.form.asked
    assert outcomes(send(client_of("stranger"), *(interview(work, seed) for seed in range(25)))) == ["stored"] * 25
    turn()
    assert Letter.objects.count() == 0  # nobody has accepted them
    accept_all(cast, survey)
    turn()
    assert Interview.objects.filter(sealed__isnull=True, state=InterviewState.MOVED, alike=None).count() == 25
    Stage.objects.filter(round=survey.assessment.round).update(closes=timezone.localdate() - dt.timedelta(days=1))
    turn()
    assert Survey.objects.get(pk=survey.pk).state == SurveyState.CLOSED
    expected = counted((answer(form, given(form, seed)) for seed in range(25)), form)
    assert tallies(survey) == {line: dict(tally.counts) for line, tally in expected.items()}
    assert respondents(survey) == 25
    assert not field_keys().batches()


def test_the_same_batch_twice_and_in_any_order(work: Assignment, client_of: Of) -> None:
    client, batch = client_of("stranger"), [interview(work, seed) for seed in range(6)]
    assert outcomes(send(client, *batch[:4])) == ["stored"] * 4
    shuffled = random.Random(5).sample(batch, 6)
    assert sorted(outcomes(send(client, *shuffled))) == ["here"] * 4 + ["stored"] * 2
    assert outcomes(send(client, *batch, *batch)) == ["here"] * 12
    assert Interview.objects.count() == 6
    assert outcomes(send(client, batch[0], batch[0])) == ["here"] * 2


def test_the_same_interview_twice_in_one_batch_is_stored_once(work: Assignment, client_of: Of) -> None:
    one = interview(work)
    assert sorted(outcomes(send(client_of("stranger"), one, one))) == ["here", "stored"]
    assert Interview.objects.count() == 1


def test_sent_again_after_it_was_accepted_returned_or_moved(cast: Cast, work: Assignment, client_of: Of) -> None:
    client, one, other = client_of("stranger"), interview(work, 1), interview(work, 2)
    send(client, one, other)
    AcceptInterviews(by=cast.assessor, survey=work.survey, ids=[one["id"]]).execute()
    ReturnInterviews(by=cast.assessor, survey=work.survey, ids=[other["id"]], reason="สั้นเกินไป").execute()
    assert outcomes(send(client, one, other)) == ["here", "here"]
    turn()
    assert Letter.objects.count() == 1
    assert outcomes(send(client, one, other)) == ["here", "here"]
    turn()
    assert Letter.objects.count() == 1
    assert Interview.objects.get(pk=other["id"]).sealed is None


def test_returned_answers_are_destroyed_and_counted_nowhere(cast: Cast, work: Assignment, client_of: Of) -> None:
    one = interview(work)
    send(client_of("stranger"), one)
    turn()
    ReturnInterviews(by=cast.assessor, survey=work.survey, ids=[one["id"]], reason="สั้นเกินไป").execute()
    bundle = client_of("stranger").get("/field/bundle/").json()["assignments"][0]
    assert (bundle["brought"], bundle["returned"][0]["reason"]) == (0, "สั้นเกินไป")
    Stage.objects.update(closes=timezone.localdate() - dt.timedelta(days=1))
    turn()
    assert Answer.objects.count() == 0
    assert Survey.objects.get(pk=work.survey_id).state == SurveyState.CLOSED


def test_what_nobody_reviewed_counts_at_the_close(work: Assignment, client_of: Of) -> None:
    send(client_of("stranger"), *(interview(work, seed) for seed in range(3)))
    Stage.objects.update(closes=timezone.localdate() - dt.timedelta(days=1))
    turn()
    assert (Answer.objects.count(), Interview.objects.filter(state=InterviewState.MOVED).count()) == (3, 3)
    assert Seal.objects.get().over
    assert Entry.objects.filter(action="field.accept_rest", facts__count=3).exists()


def refused(response: Any) -> str:
    (result,) = response.json()["results"]
    assert result["outcome"] == "refused"
    return str(result["th"])


SPOILED: list[tuple[dict[str, Any], str]] = [
    ({"id": "not an id"}, "ไม่ครบถ้วน"),
    ({"id": None}, "ไม่ครบถ้วน"),
    ({"id": ["a"]}, "ไม่ครบถ้วน"),
    ({"sealed": "%%%"}, "ไม่ครบถ้วน"),
    ({"sealed": None}, "ไม่ครบถ้วน"),
    ({"sealed": "AAAA"}, "ไม่ครบถ้วน"),
    ({"seconds": "x"}, "ไม่ครบถ้วน"),
    ({"seconds": None}, "ไม่ครบถ้วน"),
    ({"seconds": float("inf")}, "ไม่ครบถ้วน"),
    ({"assignment": "1"}, "ไม่ครบถ้วน"),
    ({"assignment": 999_999}, "ไม่ได้มอบหมาย"),
    ({"assignment": 10**30}, "ไม่ได้มอบหมาย"),
    ({"key": "0" * 32}, "กุญแจของแบบสำรวจอื่น"),
    ({"key": {}}, "กุญแจของแบบสำรวจอื่น"),
]


@pytest.mark.parametrize(("changes", "reason"), SPOILED, ids=lambda value: str(value)[:30])
def test_a_spoiled_interview_is_refused_alone(
    changes: dict[str, Any], reason: str, work: Assignment, client_of: Of
) -> None:
    client = client_of("stranger")
    assert reason in refused(send(client, interview(work, **changes)))
    assert Interview.objects.count() == 0
    assert sorted(outcomes(send(client, interview(work), interview(work, **changes)))) == ["refused", "stored"]


@pytest.mark.parametrize("missing", ["id", "assignment", "key", "seconds", "sealed", "started"])
def test_a_missing_field_is_refused(missing: str, work: Assignment, client_of: Of) -> None:
    one = interview(work)
    del one[missing]
    assert "ไม่ครบถ้วน" in refused(send(client_of("stranger"), one))


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'"x"', b"{}", b'{"now": 1}', b'{"now": "1", "interviews": []}', b"\xff",
     b'{"now": 1, "interviews": {}}', b'{"now": 1, "interviews": [' + b"1," * 60 + b"1]}", b"[" * 20_000],
    ids=lambda body: body[:24].decode("latin-1"),
)  # fmt: skip
def test_a_batch_that_cannot_be_read_takes_nothing(body: bytes, work: Assignment, client_of: Of) -> None:
    response = client_of("stranger").post("/field/sync/", body, content_type="application/json")
    assert response.status_code == 400
    assert "ไม่ได้" in response.json()["th"]


def test_things_that_are_no_interviews(work: Assignment, client_of: Of) -> None:
    response = send(client_of("stranger"), *[1, None, "x", [], {}])  # type: ignore[list-item]
    assert outcomes(response) == ["refused"] * 5


def test_too_large_a_batch(work: Assignment, client_of: Of) -> None:
    one = interview(work, sealed="A" * 300_000)
    assert send(client_of("stranger"), one).status_code == 413
    assert client_of("stranger").post(
        "/field/sync/", b"x" * 4_000_000, content_type="application/json"
    ).status_code in (400, 413)


@pytest.mark.parametrize("year", [-30_000, 0, 1970, 2300, 90_000])
def test_a_wrong_clock_changes_nothing(year: int, work: Assignment, client_of: Of) -> None:
    told = (year - 1970) * 31_556_952_000
    one = interview(work, started=told - 300_000, ended=told, seconds=300)
    assert outcomes(send(client_of("stranger"), one, now=told + 5000)) == ["stored"]
    kept = Interview.objects.get()
    assert kept.seconds == 300
    assert abs((timezone.now() - kept.received_at).total_seconds()) < 60
    if year in (1970, 2300):
        assert kept.began
        assert abs((timezone.now() - kept.began).total_seconds() - 305) < 60 or abs(kept.ahead) == 2**31 - 1


def test_another_content_under_the_same_id_wipes_nothing(work: Assignment, client_of: Of) -> None:
    one = interview(work, 1)
    send(client_of("stranger"), one)
    kept = bytes(Interview.objects.get().sealed or b"")
    assert "เนื้อหาต่างกัน" in refused(send(client_of("stranger"), {**interview(work, 2), "id": one["id"]}))
    assert bytes(Interview.objects.get().sealed or b"") == kept


def test_nobody_sends_under_anothers_assignment(cast: Cast, work: Assignment, client_of: Of) -> None:
    make_surveyor(cast.inspector)
    assert "ไม่ได้มอบหมาย" in refused(send(client_of("inspector"), interview(work)))
    assert client_of("inspector").get("/field/bundle/").json()["assignments"] == []


def test_after_the_close_it_is_refused_and_stays_on_the_device(work: Assignment, client_of: Of) -> None:
    early, late = interview(work, 1), interview(work, 2)
    send(client_of("stranger"), early)
    Stage.objects.update(closes=timezone.localdate() - dt.timedelta(days=1))
    turn()
    response = send(client_of("stranger"), early, late)
    by_id = {one["id"]: one for one in response.json()["results"]}
    assert by_id[early["id"]]["outcome"] == "here"  # its answer to the device was lost, perhaps
    assert "ยังอยู่ในเครื่อง" in by_id[late["id"]]["th"]


def test_whose_role_is_over_may_still_send_but_gets_no_new_work(cast: Cast, work: Assignment, client_of: Of) -> None:
    cast.stranger.roles.update(end=timezone.localdate() - dt.timedelta(days=1))
    client = client_of("stranger")
    assert client.get("/field/bundle/").json()["assignments"][0]["key"] is None
    assert outcomes(send(client, interview(work))) == ["stored"]


def test_a_withdrawn_quota_takes_what_was_done(cast: Cast, work: Assignment, client_of: Of) -> None:
    Assignment.objects.update(quota=0)
    assert client_of("stranger").get("/field/bundle/").json()["assignments"][0]["key"] is None
    assert outcomes(send(client_of("stranger"), interview(work))) == ["stored"]


def test_without_a_session_nothing_is_taken_and_the_device_can_tell(work: Assignment, client_of: Of) -> None:
    nobody = client_of("nobody")
    assert nobody.get("/field/bundle/").status_code == 302
    assert send(nobody, interview(work)).status_code == 403
    assert Interview.objects.count() == 0


def test_a_foreign_page_cannot_send(cast: Cast, work: Assignment) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.stranger, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert send(client, interview(work)).status_code == 403
    token = client.get("/field/bundle/").json()["token"]
    body = json.dumps({"now": 1, "interviews": [interview(work)]})
    answered = client.post("/field/sync/", body, content_type="application/json", headers={"X-CSRFToken": token})
    assert outcomes(answered) == ["stored"]


def test_content_that_cannot_be_opened_goes_back_to_the_surveyor(work: Assignment, client_of: Of) -> None:
    import base64

    text = packed(work.survey, 1)
    public = field_keys().public(work.survey.seal.key)
    assert public
    unanswered = seal(text[:-1] + "-", work.survey.seal.key, public)
    other_batch = seal(text, "another", public)
    bad = [interview(work, sealed=base64.b64encode(s).decode()) for s in (unanswered, other_batch)]
    good = interview(work)
    assert outcomes(send(client_of("stranger"), *bad, good)) == ["stored"] * 3
    turn()
    assert Interview.objects.get(pk=good["id"]).state == InterviewState.SENT
    for one in bad:
        back = Interview.objects.get(pk=one["id"])
        assert (back.state, back.sealed) == (InterviewState.RETURNED, None)
        assert "ไม่สมบูรณ์" in back.reason


def test_accepted_before_the_mixer_looked_is_still_looked_at(cast: Cast, work: Assignment, client_of: Of) -> None:
    import base64

    public = field_keys().public(work.survey.seal.key)
    assert public
    broken = seal(packed(work.survey, 1)[:-1] + "-", work.survey.seal.key, public)
    send(client_of("stranger"), interview(work, sealed=base64.b64encode(broken).decode()), interview(work))
    accept_all(cast, work.survey)
    turn()
    assert sorted(Interview.objects.values_list("state", flat=True)) == ["moved", "returned"]
    assert Letter.objects.count() == 1


def test_a_lost_key_closes_nothing_and_is_told(work: Assignment, client_of: Of, caplog: Any) -> None:
    send(client_of("stranger"), interview(work))
    field_keys().destroy(work.survey.seal.key)
    Stage.objects.update(closes=timezone.localdate() - dt.timedelta(days=1))
    turn()
    assert Survey.objects.get(pk=work.survey_id).state == SurveyState.CLOSING
    assert "key of the interviews is lost" in caplog.text


def test_a_crash_between_moving_and_the_end_of_a_turn(
    cast: Cast, work: Assignment, client_of: Of, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The move is one transaction: broken off, all is as before; run again, every answer is there once."""
    from prongsai.site.fieldwork import actions

    send(client_of("stranger"), *(interview(work, seed) for seed in range(4)))
    turn()
    accept_all(cast, work.survey)
    real, calls = actions.file_open, []

    def third_fails(*args: Any) -> Any:
        calls.append(args)
        if len(calls) == 3:
            raise RuntimeError("power")
        return real(*args)

    monkeypatch.setattr(actions, "file_open", third_fails)
    with pytest.raises(RuntimeError):
        turn()
    assert (Letter.objects.count(), Interview.objects.filter(sealed__isnull=False).count()) == (0, 4)
    monkeypatch.undo()
    turn()
    turn()
    assert (Letter.objects.count(), Interview.objects.filter(state=InterviewState.MOVED).count()) == (4, 4)
