"""Tokens: made on the agency's page, shown once, kept as a hash, good for what their maker may do today."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from api_write_world import OWN, Program, as_officer_too, just_signed_in, make_token, problem, program
from cast import Cast, give_results
from django.test import Client
from django.utils import timezone

from prongsai.site.api import write_door
from prongsai.site.api.models import Token
from prongsai.site.api.tokens import digest_of
from prongsai.site.api.tokens_actions import MakeToken
from prongsai.site.ask.limits import Buckets
from prongsai.site.history.action import Refused
from prongsai.site.history.models import Entry
from prongsai.site.history.sentences import sentence
from prongsai.site.people.models import Role, RoleKind
from prongsai.site.results.models import Result
from prongsai.thai.fiscal_year import BE_OFFSET

Of = Callable[[str], Client]
PAGE = "/agencies/muang/tokens/"


def words(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def form(**more: Any) -> dict[str, Any]:
    day = timezone.localdate() + dt.timedelta(days=90)
    parts = {"expires_day": day.day, "expires_month": day.month, "expires_year": day.year + BE_OFFSET}
    return {"name": "ระบบแผนงาน", "scopes": ["plan", "progress"], **parts, **more}


def test_a_token_is_made_on_the_page_shown_once_and_works(planned: Cast, client_of: Of) -> None:
    as_officer_too(planned)
    client = just_signed_in(client_of("agency_admin"))
    made = client.post(f"{PAGE}add/", form())
    assert made.status_code == 200, words(made)
    found = re.search(r"prs_[\w-]{43}", words(made))
    assert found
    key, token = found[0], Token.objects.get()
    assert token.digest == digest_of(key)
    assert key not in str(vars(token))
    assert "no-store" in made["Cache-Control"]
    page = client.get(PAGE)
    assert key not in words(page)
    assert f"{key[:8]}…" in words(page)
    assert "ยังไม่เคยใช้" in words(page)
    assert Program(key).get(f"{OWN}/plan").status_code == 200
    assert "ยังไม่เคยใช้" not in words(client.get(PAGE))
    said = sentence(Entry.objects.filter(action="api.token_made").get())
    assert "นางสุดา ตัวอย่าง ออกโทเคน “ระบบแผนงาน”" in said
    assert "จัดทำมาตรการ, รายงานผลตามมาตรการ" in said
    assert key not in str(Entry.objects.values_list("facts", "personal"))


def test_the_password_is_asked_for_first(planned: Cast, client_of: Of) -> None:
    """A browser that somebody left open makes no key; with a second factor, allauth asks for its code instead."""
    answer = client_of("agency_admin").post(f"{PAGE}add/", form())
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert not Token.objects.exists()


def test_an_administrator_gives_no_more_than_the_own_rights(planned: Cast, client_of: Of) -> None:
    client = just_signed_in(client_of("agency_admin"))
    page = words(client.get(f"{PAGE}add/"))
    assert 'value="results"' in page
    assert 'value="plan"' not in page
    assert "ท่านจึงยังให้สิทธิต่อไปนี้ไม่ได้" in page
    assert client.post(f"{PAGE}add/", form()).status_code == 422
    with pytest.raises(Refused, match="no more than who makes it"):
        MakeToken(
            by=planned.agency_admin, of=planned.agency, name="x", scopes=["plan"], expires=timezone.localdate()
        ).execute()
    assert not Token.objects.exists()


def test_names_and_days(planned: Cast, client_of: Of) -> None:
    as_officer_too(planned)
    client = just_signed_in(client_of("agency_admin"))
    assert client.post(f"{PAGE}add/", form()).status_code == 200
    again = client.post(f"{PAGE}add/", form())
    assert again.status_code == 422
    assert "มีโทเคนชื่อนี้ที่ยังใช้ได้อยู่" in words(again)
    past = timezone.localdate() - dt.timedelta(days=1)
    late = form(name="b", expires_day=past.day, expires_month=past.month, expires_year=past.year + BE_OFFSET)
    assert "วันหมดอายุต้องไม่ผ่านไปแล้ว" in words(client.post(f"{PAGE}add/", late))
    assert client.post(f"{PAGE}add/", form(name="c", expires_year=timezone.localdate().year + 546)).status_code == 422
    assert client.post(f"{PAGE}add/", form(name="<b>d</b>", scopes=[])).status_code == 200
    page = client.get(PAGE).content.decode()
    assert "<b>d</b>" not in page
    assert "&lt;b&gt;d&lt;/b&gt;" in page
    assert "อ่านอย่างเดียว" in page


def test_a_revoked_token_opens_nothing(planned: Cast, client_of: Of) -> None:
    token, key = make_token(planned)
    client = client_of("agency_admin")
    assert "เชื่อมต่อไม่ได้ทันที" in words(client.get(f"/tokens/{token.pk}/revoke/"))
    assert Program(key).get("/api/v1/own").status_code == 200
    assert client.post(f"/tokens/{token.pk}/revoke/").status_code == 302
    answer = Program(key).get("/api/v1/own")
    assert (answer.status_code, problem(answer)["code"]) == (401, "token.revoked")
    assert answer["WWW-Authenticate"] == "Bearer"
    assert client.post(f"/tokens/{token.pk}/revoke/").status_code == 409
    assert "ยกเลิกแล้ว" in words(client.get(PAGE))
    assert "ยกเลิกโทเคน “ระบบสารบรรณ”" in sentence(Entry.objects.order_by("-pk")[0])


@pytest.mark.parametrize(
    "case", ["unknown", "expired", "role over", "inactive", "must change", "basic", "empty", "none"]
)
def test_what_does_not_work_says_why(planned: Cast, case: str) -> None:
    token, key = make_token(planned)
    person, header = planned.agency_admin, f"Bearer {key}"
    match case:
        case "unknown":
            header = f"Bearer {key}x"
        case "expired":
            Token.objects.update(expires=timezone.localdate() - dt.timedelta(days=1))
        case "role over":
            Role.objects.filter(person=person, kind=RoleKind.AGENCY_ADMIN).update(
                end=timezone.localdate() - dt.timedelta(days=1)
            )
        case "inactive":
            type(person).objects.filter(pk=person.pk).update(is_active=False)
        case "must change":
            type(person).objects.filter(pk=person.pk).update(must_change=True)
        case "basic":
            header = "Basic YTpi"
        case "empty":
            header = "Bearer"
        case "none":
            header = ""
    answer = Client().get("/api/v1/own", headers={"Authorization": header} if header else {})
    assert answer.status_code == 401, answer.content.decode()
    first = problem(answer)
    codes = {
        "unknown": "token.unknown", "expired": "token.expired", "role over": "token.maker_left",
        "inactive": "token.maker_left", "must change": "token.maker_locked", "basic": "token.scheme",
        "empty": "token.scheme", "none": "token.scheme",
    }  # fmt: skip
    assert (first["code"], first["where"]) == (codes[case], "header.Authorization")
    assert key not in answer.content.decode()
    assert token.pk


def test_a_token_is_for_its_agency_and_its_rights(planned: Cast) -> None:
    one = program(planned, ["results"])
    other = one.get("/api/v1/own/other/2568/results")
    assert (other.status_code, problem(other)["code"]) == (403, "token.other_agency")
    nowhere = one.get("/api/v1/own/nowhere/2568/results")  # whether an agency exists is not told
    assert nowhere.json()["error"]["problems"][0] == other.json()["error"]["problems"][0]
    for path in ("plan", "links", "progress/6"):
        answer = one.get(f"{OWN}/{path}")
        assert (answer.status_code, problem(answer)["code"]) == (403, "token.scope")
    assert one.put(f"{OWN}/plan", {}, match="*").status_code == 403
    assert one.get("/api/v1/own/muang/2599/results").status_code == 404


def test_a_token_loses_what_its_maker_loses(planned: Cast) -> None:
    one = program(planned, ["plan", "results"])
    assert one.get(f"{OWN}/plan").status_code == 200
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    Role.objects.filter(person=planned.agency_admin, kind=RoleKind.OFFICER).update(end=yesterday)
    answer = one.get(f"{OWN}/plan")
    assert (answer.status_code, problem(answer)["code"]) == (403, "token.maker_may_not")
    assert one.get(f"{OWN}/results").status_code == 200
    assert one.get("/api/v1/own").json()["data"]["may"] == ["results"]


def test_a_key_without_rights_only_raises_the_limits(planned: Cast) -> None:
    one = program(planned, [])
    told = one.get("/api/v1/own")
    assert told.json()["data"]["may"] == []
    with_key, without = told["RateLimit-Policy"], Client().get("/api/v1/rounds")["RateLimit-Policy"]
    assert int(with_key.split("q=")[1].split(";")[0]) > int(without.split("q=")[1].split(";")[0])
    assert one.get(f"{OWN}/results").status_code == 403


def test_bodies_that_are_none(scored: Cast) -> None:
    one, path = program(scored, ["results", "links"]), f"{OWN}/results"

    def code(body: Any, status: int, **more: Any) -> str:
        answer = one.put(path, body, match="*", **more)
        assert answer.status_code == status, answer.content.decode()
        return str(problem(answer)["code"])

    assert code("{}", 415, kind="text/yaml") == "media_type"
    assert code("{}", 415, kind="multipart/form-data; boundary=x") == "media_type"
    assert code("{", 400) == "json.broken"
    assert code(b"\xff\xfe", 400) == "json.broken"
    assert code("[" * 100_000, 400) == "json.broken"
    assert code("[" * 200 + "]" * 200, 422) == "json.deep"
    assert code('{"a": NaN}', 400) == "json.broken"
    assert code('{"a": "\\ud800"}', 422) == "text.control"
    assert code('{"a": "x\\u0000y"}', 422) == "text.control"
    assert code('"' + "x" * (2 * 1024 * 1024) + '"', 413) == "too_large"
    assert one.put(path, "[]", match="*").status_code == 422
    assert one.patch(f"{OWN}/links", "[1]", match="*").status_code == 422
    assert one.send("DELETE", path, "{}").status_code == 405
    assert one.put(f"{path}?dryrun=true", {}, match="*").status_code == 422
    assert Result.objects.count() == 1


def test_writing_is_limited_for_each_token(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    give_results(cast.assessment)
    monkeypatch.setattr(write_door, "_WRITES", Buckets(rate=0.1, burst=2))
    one = program(cast, ["results"])
    assert [one.put(f"{OWN}/results", {}, match="*").status_code for _ in range(3)] == [422, 422, 429]
    late = one.put(f"{OWN}/results", {}, match="*")
    assert int(late["Retry-After"]) >= 1
    assert one.get(f"{OWN}/results").status_code == 200
    assert program(cast, ["results"], name="อีกระบบ").put(f"{OWN}/results", {}, match="*").status_code == 422


def test_a_session_is_no_token(planned: Cast, client_of: Of) -> None:
    """Nobody's page can write in the name of somebody who is signed in."""
    assert client_of("officer").get(f"{OWN}/results").status_code == 401


def test_the_page_takes_few_queries(planned: Cast, client_of: Of, django_assert_max_num_queries: Any) -> None:
    for number in range(12):
        make_token(planned, ["results"], name=f"ระบบที่ {number}")
    client = client_of("agency_admin")
    with django_assert_max_num_queries(20):
        assert client.get(PAGE).status_code == 200
