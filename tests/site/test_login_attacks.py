"""Attacks on signing in: guessing from one address and from many, telling names apart, leading away, planting."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from axes.models import AccessAttempt
from cast import PASSWORD, Cast
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from signing_in import LOGIN, is_in, sign_in, words

from prongsai.site.people.models import Person
from prongsai.site.people.passwords import one_time_password


@pytest.fixture(autouse=True)
def no_counters_of_other_tests() -> None:
    cache.clear()


WRONG = "not the right one"


def attempt(username: str, password: str = WRONG, address: str = "203.0.113.1", client: Client | None = None) -> Any:
    """One attempt from an address, through the server before us."""
    sender = client or Client()
    return sender.post(LOGIN, {"login": username, "password": password}, HTTP_X_FORWARDED_FOR=address)


def failed_before(many: int, *, username: str = "", address: str = "") -> None:
    """Failures of the last minutes: of an account from many addresses, or of an address on many accounts."""
    for n in range(many):
        AccessAttempt.objects.create(
            username=username or f"name{n}", ip_address=address or f"198.51.{n // 250}.{n % 250}", user_agent="x",
            failures_since_start=1, attempt_time=timezone.now(),
        )  # fmt: skip


# --- guessing


def test_one_address_on_one_account(cast: Cast) -> None:
    statuses = [attempt("officer").status_code for _ in range(settings.AXES_FAILURE_LIMIT)]
    assert statuses[-2:] == [200, 429]
    assert attempt("officer", PASSWORD).status_code == 429, "not even with the right one"
    assert attempt("officer", PASSWORD, "203.0.113.2").status_code == 302, "the owner elsewhere gets in"


def test_other_spellings_of_a_name_are_the_same_account(cast: Cast) -> None:
    """The login library finds ``OFFICER``, too: so it must not have tries of its own."""
    assert attempt("OFFICER", PASSWORD).status_code == 302
    spellings = ["officer", "OFFICER", "Officer", " officer ", "oFFicer", "officeR", "ｏｆｆｉｃｅｒ", "OfFiCeR"]
    statuses = [attempt(one).status_code for one in spellings]
    assert statuses[-1] == 429


def test_a_browser_that_changes_its_name_is_the_same_address(cast: Cast) -> None:
    for n in range(settings.AXES_FAILURE_LIMIT):
        client = Client(headers={"User-Agent": f"browser {n}"})
        answer = attempt("officer", client=client)
    assert answer.status_code == 429


def test_many_addresses_on_one_account(cast: Cast) -> None:
    failed_before(settings.LOCKOUT_ACCOUNT - 2, username="officer")
    assert [attempt("officer", address=f"192.0.2.{n}").status_code for n in (1, 3)] == [200, 429]
    stopped = attempt("officer", PASSWORD, "192.0.2.2")
    assert stopped.status_code == 429, "a botnet's next address has no try"
    assert "พักการเข้าสู่ระบบ" in words(stopped)
    assert attempt("palad", PASSWORD, "192.0.2.2").status_code == 302, "others are not locked"


def test_the_owner_gets_in_with_a_browser_used_before_while_the_account_is_attacked(cast: Cast) -> None:
    """So nobody can keep a chief out by failing in the chief's name."""
    known = Client()
    attempt("officer", PASSWORD, client=known)
    known.post("/accounts/logout/")
    failed_before(settings.LOCKOUT_ACCOUNT, username="officer")
    assert attempt("officer", PASSWORD, client=Client()).status_code == 429
    assert attempt("officer", PASSWORD, client=known).status_code == 302
    other = Client()
    other.cookies["device"] = known.cookies["device"].value
    failed_before(settings.LOCKOUT_ACCOUNT, username="palad")
    assert attempt("palad", PASSWORD, client=other).status_code == 429, "of another person it says nothing"
    other.cookies["device"] = "officer"
    assert attempt("officer", PASSWORD, client=other).status_code == 429, "nor if nobody signed it"


def test_a_stolen_device_cookie_is_still_limited(cast: Cast) -> None:
    thief = Client()
    attempt("officer", PASSWORD, client=thief)
    thief.post("/accounts/logout/")
    failed_before(settings.LOCKOUT_ACCOUNT, username="officer")
    statuses = [attempt("officer", client=thief).status_code for _ in range(settings.AXES_FAILURE_LIMIT)]
    assert statuses[-1] == 429


def test_one_address_on_many_accounts(cast: Cast) -> None:
    failed_before(settings.LOCKOUT_ADDRESS - 2, address="203.0.113.7")
    assert [attempt("palad", address="203.0.113.7").status_code for _ in range(2)] == [200, 429]
    assert attempt("officer", PASSWORD, "203.0.113.7").status_code == 429
    assert attempt("officer", PASSWORD, "203.0.113.8").status_code == 302
    known = Client()
    attempt("palad", PASSWORD, "203.0.113.8", known)
    known.post("/accounts/logout/")
    assert attempt("palad", PASSWORD, "203.0.113.7", known).status_code == 302, "nor is an office locked out"


def test_an_ipv6_customer_is_one_address(cast: Cast) -> None:
    answers = [attempt("officer", address=f"2001:db8:1:2::{n:x}").status_code for n in range(1, 9)]
    assert answers[-1] == 429
    assert attempt("officer", PASSWORD, "2001:db8:1:3::1").status_code == 302


def test_what_a_visitor_writes_into_the_header_does_not_count(cast: Cast) -> None:
    """Straight from the Internet nobody's forwarded-for is believed; behind our server only its own last entry."""

    def from_far(n: int) -> int:
        sender = Client(REMOTE_ADDR="9.9.9.9")
        sent = {"login": "officer", "password": "wrong"}
        return sender.post(LOGIN, sent, HTTP_X_FORWARDED_FOR=f"10.0.0.{n}").status_code

    assert [from_far(n) for n in range(8)][-1] == 429
    behind = [attempt("palad", address=f"10.9.9.{n}, 203.0.113.10").status_code for n in range(8)]
    assert behind[-1] == 429


def test_the_lock_opens_by_itself(cast: Cast) -> None:
    for _ in range(settings.AXES_FAILURE_LIMIT):
        attempt("officer")
    AccessAttempt.objects.update(attempt_time=timezone.now() - dt.timedelta(minutes=16))
    assert attempt("officer", PASSWORD).status_code == 302


# --- which names there are


def test_a_name_that_is_not_there_gets_the_same_words_and_the_same_lock(cast: Cast) -> None:
    """The same page but for the name typed, the token, and nothing else; also once it is locked."""

    def page(answer: Any, name: str) -> str:
        import re

        return re.sub(r'csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"', "", words(answer)).replace(name, "NAME")

    for n in range(9):
        known, unknown = attempt("officer", address="192.0.2.5"), attempt("nobody", address="192.0.2.6")
        assert known.status_code == unknown.status_code, n
        assert page(known, "officer") == page(unknown, "nobody"), n


def _hashes(monkeypatch: pytest.MonkeyPatch, username: str) -> int:
    """How often a password was hashed for one failed attempt: hashing is what takes time (Argon2: some 50 ms)."""
    count, encode = [0], MD5PasswordHasher.encode

    def counted(self: Any, *args: Any, **more: Any) -> str:
        count[0] += 1
        return encode(self, *args, **more)

    with monkeypatch.context() as patched:
        patched.setattr(MD5PasswordHasher, "encode", counted)
        attempt(username)
    return count[0]


def test_a_name_that_is_not_there_takes_as_long(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    Person.objects.filter(username="head").update(is_active=False)
    Person.objects.filter(username="chief").update(password="!never")  # only through a provider
    took = {name: _hashes(monkeypatch, name) for name in ("officer", "nobody.here", "head", "chief")}
    assert took == dict.fromkeys(took, 1), took


# --- leading away, planting, forging


@pytest.mark.parametrize(
    "elsewhere",
    ["https://elsewhere.test/", "//elsewhere.test/", "/\\elsewhere.test", "https:elsewhere.test", "javascript:alert(1)",
     "http://testserver@elsewhere.test/", "\thttps://elsewhere.test/", "///elsewhere.test", "/%09/elsewhere.test"],
)  # fmt: skip
def test_signing_in_leads_nowhere_else(cast: Cast, elsewhere: str) -> None:
    client = Client()
    asked = client.post(f"{LOGIN}?next={elsewhere}", {"login": "officer", "password": PASSWORD, "next": elsewhere})
    assert asked.status_code == 302
    assert "elsewhere" not in asked["Location"] or asked["Location"].startswith("/%09/")
    assert not asked["Location"].startswith("//")
    switched = client.post("/language/", {"language": "en", "next": elsewhere})
    assert not switched["Location"].startswith(("http", "//", "/\\", "\t", "java"))
    out = client.post("/accounts/logout/", {"next": elsewhere})
    assert not out["Location"].startswith(("http", "//", "/\\", "\t", "java"))


def test_nobody_is_signed_in_by_another_sites_form(cast: Cast) -> None:
    """Login CSRF: the victim would then type into the attacker's account."""
    client = Client(enforce_csrf_checks=True)
    client.get(LOGIN)
    forged = client.post(LOGIN, {"login": "officer", "password": PASSWORD}, HTTP_ORIGIN="https://elsewhere.test")
    assert forged.status_code == 403
    token = client.cookies["csrftoken"].value
    sent = {"login": "officer", "password": PASSWORD, "csrfmiddlewaretoken": token}
    assert client.post(LOGIN, sent, HTTP_ORIGIN="https://elsewhere.test").status_code == 403, "even with a token"
    assert not is_in(client)
    assert client.post(LOGIN, sent, HTTP_ORIGIN="http://testserver").status_code == 302


def test_signing_in_as_another_leaves_nothing_of_the_first(cast: Cast) -> None:
    client = sign_in("officer")
    key = client.session.session_key
    client.post("/accounts/logout/")
    sign_in("palad", client=client)
    assert client.session.session_key != key
    assert client.session["_auth_user_id"] == str(cast.palad.pk)


# --- passwords


@pytest.mark.parametrize(
    "bad", ["สั้นเกินไป"[:9], "123456789012", "password123456", "officer@example", "qwertyuiop", "1234567890"]
)
def test_passwords_that_guessers_try_first_are_refused(cast: Cast, bad: str) -> None:
    client = sign_in("officer")
    fields = {"oldpassword": PASSWORD, "password1": bad, "password2": bad}
    page = words(client.post("/accounts/password/change/", fields))
    assert "This password" not in page, "said in Thai"
    assert any(why in page for why in ("สั้นเกินไป", "ใช้กันทั่วไป", "มีแต่ตัวเลข", "คล้ายชื่อ"))
    assert is_in(sign_in("officer"))


@pytest.mark.parametrize("good", ["กล้วยไม้สีม่วงบนระเบียง", "correct horse battery", "🌳 ต้นไม้หน้าอำเภอ", "x7!" * 40])
def test_long_phrases_in_any_script_are_taken(cast: Cast, good: str) -> None:
    client = sign_in("officer")
    fields = {"oldpassword": PASSWORD, "password1": good, "password2": good}
    assert client.post("/accounts/password/change/", fields).status_code == 302
    assert is_in(sign_in("officer", good))


def test_passwords_are_kept_as_argon2() -> None:
    from prongsai.site import settings as real

    assert real.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]


def test_handed_out_passwords_cannot_be_guessed() -> None:
    made = {one_time_password() for _ in range(200)}
    assert len(made) == 200
    assert all(len(one.replace("-", "")) == 16 for one in made)
