"""Sessions: their two limits, the key that changes, and all that ends them."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from typing import Any

import pytest
from cast import PASSWORD, Cast
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from signing_in import is_in, sign_in, words

from prongsai.site.people.actions import ChoosePassword, EndRole, HandOutPassword, HandOver, SetIdentity
from prongsai.site.people.models import Person, Session
from prongsai.site.people.sessions import device_of

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36"


@pytest.fixture(autouse=True)
def no_counters_of_other_tests() -> None:
    cache.clear()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A clock that a test moves: ``clock(minutes=31)``."""
    now, ahead = timezone.now, [dt.timedelta()]
    monkeypatch.setattr(timezone, "now", lambda: now() + ahead[0])

    def later(**by: float) -> None:
        ahead[0] += dt.timedelta(**by)

    return later


def test_a_session_ends_without_use(cast: Cast, clock: Any) -> None:
    client = sign_in("officer")
    for _ in range(3):
        clock(minutes=29)
        assert client.get("/me/").status_code == 200, "use keeps it going"
    clock(minutes=31)
    assert client.get("/me/").get("Location", "").startswith("/accounts/login/")


def test_a_session_ends_after_its_longest_time_however_much_it_is_used(cast: Cast, clock: Any) -> None:
    client = sign_in("officer")
    for _ in range(12 * 60 // 20 - 1):
        clock(minutes=20)
        assert client.get("/me/").status_code == 200
    clock(minutes=21)
    assert client.get("/me/").status_code == 302


def test_what_was_typed_when_it_ended_is_kept(cast: Cast, clock: Any) -> None:
    client = sign_in("officer")
    clock(minutes=31)
    lost = client.post("/me/data/", {"given_name": "ชื่อที่เพิ่งพิมพ์"})
    assert lost.status_code == 403
    assert "ชื่อที่เพิ่งพิมพ์" in words(lost)


def test_reading_pages_writes_at_most_once_a_minute(cast: Cast) -> None:
    client = sign_in("officer")
    seen = Session.objects.get(person=cast.officer).seen
    client.get("/me/")
    assert Session.objects.get(person=cast.officer).seen == seen


def test_the_key_changes_when_someone_signs_in(cast: Cast) -> None:
    """A key that was planted before is of no use after (session fixation)."""
    client = Client()
    client.get("/accounts/login/")
    planted = client.session
    planted["x"] = 1
    planted.save()
    client.cookies["sessionid"] = planted.session_key
    sign_in("officer", client=client)
    assert is_in(client)
    assert client.session.session_key != planted.session_key
    thief = Client()
    thief.cookies["sessionid"] = planted.session_key
    assert thief.get("/me/").status_code == 302


def test_the_key_changes_when_someone_shows_anew_who_they_are(cast: Cast) -> None:
    client = sign_in("officer")
    learnt, began = client.session.session_key, Session.objects.get(person=cast.officer).began
    assert client.post("/accounts/reauthenticate/", {"password": "wrong"}).status_code == 200
    assert client.session.session_key == learnt
    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302
    assert is_in(client)
    assert client.session.session_key != learnt
    assert Session.objects.get(person=cast.officer).began == began, "it lives no longer for that"
    thief = Client()
    thief.cookies["sessionid"] = learnt
    assert thief.get("/me/").status_code == 302


def _password(cast: Cast) -> None:
    ChoosePassword(by=cast.palad, person=cast.palad, password="กล้วยไม้สีม่วงบนระเบียง").execute()


def _handed_out(cast: Cast) -> None:
    HandOutPassword(by=cast.agency_admin, person=cast.palad, within=cast.agency).execute()


def _identity(cast: Cast) -> None:
    SetIdentity(by=cast.admin, person=cast.palad, external="office:palad").execute()


def _role(cast: Cast) -> None:
    EndRole(by=cast.agency_admin, role=cast.palad.roles.get(), last_day=None).execute()


def _handover(cast: Cast) -> None:
    HandOver(
        by=cast.agency_admin, leaving=cast.palad, successor=cast.head, within=cast.agency, on=timezone.localdate()
    ).execute()


def _deactivated(cast: Cast) -> None:
    Person.objects.filter(pk=cast.palad.pk).update(is_active=False)


@pytest.mark.parametrize("event", [_password, _handed_out, _identity, _role, _handover, _deactivated])
def test_all_sessions_of_a_person_end_with(cast: Cast, event: Any) -> None:
    one, two, other = sign_in("palad"), sign_in("palad"), sign_in("head")
    assert one.get("/me/").status_code == two.get("/me/").status_code == 200
    event(cast)
    assert one.get("/me/").status_code == two.get("/me/").status_code == 302
    assert other.get("/me/").status_code == 200, "nobody else's"


def test_a_role_that_ends_later_ends_by_the_day(cast: Cast, clock: Any) -> None:
    client = sign_in("palad")
    EndRole(by=cast.agency_admin, role=cast.palad.roles.get(), last_day=timezone.localdate()).execute()
    assert client.get("/agencies/muang/units/").status_code == 200
    Session.objects.update(
        expire_date=timezone.now() + dt.timedelta(days=9), seen=timezone.now() + dt.timedelta(days=9)
    )
    clock(days=1)
    assert client.get("/agencies/muang/units/").status_code == 404


def test_the_session_in_which_a_password_is_changed_goes_on_under_a_new_key(cast: Cast) -> None:
    client, other = sign_in("palad"), sign_in("palad")
    before = client.session.session_key
    new = "กล้วยไม้สีม่วงบนระเบียง"
    fields = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post("/accounts/password/change/", fields).status_code == 302
    assert client.get("/me/").status_code == 200
    assert client.session.session_key != before
    assert other.get("/me/").status_code == 302


# --- one's own sessions


def test_people_see_where_they_are_signed_in_and_end_it(cast: Cast) -> None:
    here, there = sign_in("officer", HTTP_USER_AGENT=CHROME), sign_in("officer")
    page = words(here.get("/me/"))
    assert "Chrome · Windows" in page
    assert "เครื่องนี้" in page
    assert here.session.session_key not in page
    assert there.session.session_key not in page
    moment = Session.objects.get(session_key=there.session.session_key).moment
    assert here.post(f"/me/sessions/{moment}/").status_code == 302
    assert not is_in(there)
    more = [sign_in("officer") for _ in range(2)]
    here.post("/me/sessions/others/")
    assert [is_in(one) for one in (here, *more)] == [True, False, False]


def test_nobody_ends_anothers_session(cast: Cast) -> None:
    client, other = sign_in("officer"), sign_in("palad")
    moment = Session.objects.get(person=cast.palad).moment
    assert client.post(f"/me/sessions/{moment}/").status_code == 404
    client.post("/me/sessions/others/")
    assert is_in(other)


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (CHROME, "Chrome · Windows"),
        (CHROME.replace("Safari/537.36", "Safari/537.36 Edg/131.0"), "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox · Linux"),
        ("<script>alert(1)</script>" * 9, ""),
        ("", ""),
    ],
)
def test_a_device_is_named_in_two_words_of_ours(agent: str, device: str) -> None:
    assert device_of(agent) == device


def test_what_is_over_is_cleared_away(cast: Cast, clock: Any) -> None:
    sign_in("officer")
    clock(minutes=31)
    call_command("clearsessions")
    assert not Session.objects.exists()


# --- cookies, sign-out


def test_signing_out_takes_a_post_and_ends_the_session(cast: Cast) -> None:
    client = sign_in("officer")
    key = client.session.session_key
    client.get("/accounts/logout/")
    assert is_in(client), "a link or picture of another site signs nobody out"
    client.post("/accounts/logout/")
    assert not is_in(client)
    thief = Client()
    thief.cookies["sessionid"] = key
    assert thief.get("/me/").status_code == 302


def test_cookies_are_for_the_server_alone(cast: Cast) -> None:
    client = Client()
    client.get("/accounts/login/")
    sign_in("officer", client=client)
    for name in ("sessionid", "csrftoken", "device"):
        cookie = client.cookies[name]
        assert cookie["httponly"], name
        assert cookie["samesite"] == "Lax", name
        assert cookie["path"] == "/", name
        assert not cookie["domain"], name
    assert not client.cookies["sessionid"]["max-age"], "gone with the browser"


_COOKIES = """
import json
import prongsai.site.settings as s
names = [n for n in dir(s) if n.startswith(("SESSION_COOKIE_", "CSRF_COOKIE_", "SECURE_", "KNOWN_"))]
print(json.dumps({n: str(getattr(s, n)) for n in names}))
"""


def test_over_https_cookies_are_this_hosts_alone() -> None:
    """``__Host-``: a browser takes such a cookie only when it is secure, of the whole host and without a domain."""
    environ = {**os.environ, "PRONGSAI_HTTPS": "true", "DJANGO_SETTINGS_MODULE": "prongsai.site.settings"}
    environ.pop("COV_CORE_SOURCE", None)
    done = subprocess.run([sys.executable, "-c", _COOKIES], env=environ, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["SESSION_COOKIE_NAME"] == "__Host-sessionid"
    assert told["CSRF_COOKIE_NAME"] == "__Host-csrftoken"
    assert told["KNOWN_DEVICE_COOKIE"] == "__Host-device"
    assert told["SESSION_COOKIE_SECURE"] == told["CSRF_COOKIE_SECURE"] == "True"
    assert not {"SESSION_COOKIE_DOMAIN", "CSRF_COOKIE_DOMAIN", "SESSION_COOKIE_PATH", "CSRF_COOKIE_PATH"} & told.keys()
    assert int(told["SECURE_HSTS_SECONDS"]) >= 31_536_000
    assert settings.SESSION_COOKIE_NAME == "sessionid", "without HTTPS the promise cannot be kept"
