"""Who must have a second factor, and that nothing else opens before."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import pytest
from all_addresses import all_addresses
from allauth.mfa.models import Authenticator
from cast import PASSWORD, Cast
from django.core.cache import cache
from django.test import Client
from doors import DOORS
from signing_in import ACTIVATE, LOGIN, NEEDED, USUAL, is_in, set_up, sign_in, words
from test_login import code_of

from prongsai.site.env import Environment, Provider
from prongsai.site.history.models import Entry
from prongsai.site.history.sentences import sentence
from prongsai.site.people.actions import EndRole, RemoveSecondFactor
from prongsai.site.people.factor import asserted, spend
from prongsai.site.people.middleware import TO_SET_UP
from prongsai.site.people.models import Delegation, RoleKind
from prongsai.site.settings import login_providers


@pytest.fixture(autouse=True)
def demanded(settings: Any) -> None:
    settings.SECOND_FACTOR = USUAL
    cache.clear()


def test_the_setting_names_roles_and_four_of_them_by_default() -> None:
    field = Environment.model_fields["second_factor"]
    assert set(field.default) == USUAL
    (names,) = (one.__args__ for one in field.annotation.__args__)  # type: ignore[union-attr]
    assert set(names) == set(RoleKind.values)


@pytest.mark.parametrize("member", ["head", "palad", "chief", "assessor", "agency_admin", "admin"])
def test_whoever_must_have_one_is_led_to_it(cast: Cast, member: str) -> None:
    client = sign_in(member)
    assert is_in(client)
    assert client.get("/").get("Location") == NEEDED
    page = words(client.get(NEEDED))
    for said in ("ต้องยืนยันสองขั้น", "แอปยืนยันตัวตน", "รหัสสำรอง", "โทรศัพท์หาย", ACTIVATE):
        assert said in page


@pytest.mark.parametrize("member", ["officer", "unit_owner", "supervisor", "inspector", "stranger"])
def test_others_are_only_offered_it(cast: Cast, member: str) -> None:
    client = sign_in(member)
    assert client.get("/me/").status_code == 200
    assert "โปรดตั้งการยืนยันสองขั้นก่อน" not in words(client.get(NEEDED))


def test_whoever_acts_for_an_approver_must_have_one(cast: Cast) -> None:
    import datetime as dt

    from django.utils import timezone

    today = timezone.localdate()
    client = sign_in("officer")
    assert client.get("/me/").status_code == 200
    Delegation.objects.create(role=cast.palad.roles.get(), to=cast.officer, start=today, end=today + dt.timedelta(1))
    assert client.get("/me/").get("Location") == NEEDED


def test_no_address_that_asks_for_a_person_opens_before(cast: Cast) -> None:
    """Every address that is shut to strangers leads the chief with the password alone to where it is set up."""
    shut = {door.name: door.method for door in DOORS if "nobody" not in door.passes and door.name not in TO_SET_UP}
    addresses = {name: address for name, address in all_addresses() if name in shut}
    assert addresses.keys() == shut.keys()
    client = sign_in("chief")
    reached = []
    for name, address in addresses.items():
        answer = getattr(client, shut[name])(address)
        if (answer.status_code, answer.get("Location")) != (302, NEEDED):
            reached.append((name, answer.status_code))
    assert reached == []


def test_public_pages_stay_open(cast: Cast) -> None:
    client = sign_in("chief")
    for address in ("/results/", "/method/", "/data/"):
        assert client.get(address).status_code == 200, address


def test_setting_it_up_opens_the_site_and_ends_other_sessions(cast: Cast) -> None:
    thief, client = sign_in("chief"), sign_in("chief")
    before = client.session.session_key
    secret = set_up(client)
    assert client.session.session_key != before, "a new key where rights grow"
    assert client.get("/me/").status_code == 200
    assert not is_in(thief), "whoever had the password is out"
    assert sentence(Entry.objects.order_by("-pk")[0]) == "นางบุญมี ตัวอย่าง เปิดการยืนยันสองขั้น"

    again = sign_in("chief")
    assert not is_in(again)
    again.post("/accounts/2fa/authenticate/", {"code": code_of(secret, time.time() + 30)})
    assert again.get("/me/").status_code == 200


def test_turning_it_off_signs_out_everywhere_and_leads_back_to_it(cast: Cast) -> None:
    client = sign_in("chief")
    secret = set_up(client)
    other = sign_in("chief")
    other.post("/accounts/2fa/authenticate/", {"code": code_of(secret, time.time() + 30)})
    assert is_in(other)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    done = client.post("/accounts/2fa/totp/deactivate/")
    assert done["Location"] == LOGIN
    assert not is_in(client)
    assert not is_in(other)
    assert sentence(Entry.objects.order_by("-pk")[0]) == "นางบุญมี ตัวอย่าง ปิดการยืนยันสองขั้นของตน"
    assert sign_in("chief").get("/").get("Location") == NEEDED


def test_the_administrators_removal_ends_all_sessions(cast: Cast) -> None:
    client = sign_in("chief")
    set_up(client)
    RemoveSecondFactor(by=cast.agency_admin, person=cast.chief, within=cast.agency).execute()
    assert not is_in(client)
    assert sign_in("chief").get("/").get("Location") == NEEDED


def test_without_the_role_nothing_is_demanded_any_more(cast: Cast) -> None:
    EndRole(by=cast.agency_admin, role=cast.head.roles.get(), last_day=None).execute()
    assert sign_in("head").get("/me/").status_code == 200


def test_a_handed_out_password_comes_first(cast: Cast) -> None:
    from prongsai.site.people.actions import HandOutPassword

    password = HandOutPassword(by=cast.agency_admin, person=cast.chief, within=cast.agency).execute()
    assert sign_in("chief", password).get("/")["Location"] == "/accounts/password/change/"


def test_nothing_demanded_is_said(cast: Cast, settings: Any) -> None:
    settings.SECOND_FACTOR = frozenset()
    client = sign_in("chief")
    assert "ระบบนี้ไม่บังคับผู้ใด" in words(client.get("/me/"))


# --- a code works once, in whatever process


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> float:
    """A moment at which the clock stands: no step of codes ends within the test."""
    moment = time.time()
    monkeypatch.setattr(time, "time", lambda: moment)
    return moment


def enter(member: str, code: str) -> Client:
    """Password and code in another browser, at a process that remembers nothing of the others."""
    cache.clear()
    client = sign_in(member)
    answer = client.post("/accounts/2fa/authenticate/", {"code": code})
    assert is_in(client) == (answer.status_code == 302)
    return client


def test_a_code_works_once_whichever_process_takes_it(cast: Cast, now: float) -> None:
    secret = set_up(sign_in("chief"))
    assert not is_in(enter("chief", code_of(secret, now))), "the one that was shown when setting up"
    assert is_in(enter("chief", code_of(secret, now + 30)))
    again = enter("chief", code_of(secret, now + 30))
    assert not is_in(again)
    assert "หรือใช้ไปแล้ว โปรดรอรหัสถัดไป" in words(
        again.post("/accounts/2fa/authenticate/", {"code": code_of(secret, now + 30)})
    )
    assert not is_in(enter("chief", code_of(secret, now))), "nor one from before it"


def test_a_code_is_not_taken_again_before_a_delicate_step(cast: Cast, now: float) -> None:
    secret = set_up(sign_in("chief"))
    client = enter("chief", code_of(secret, now + 30))
    cache.clear()
    assert client.post("/accounts/2fa/reauthenticate/", {"code": code_of(secret, now + 30)}).status_code == 200


def test_of_two_requests_that_both_found_a_code_unused_one_is_refused(cast: Cast, now: float) -> None:
    secret = set_up(sign_in("chief"))
    first, second = (Authenticator.objects.get(user=cast.chief, type="totp") for _ in range(2))
    code = code_of(secret, now + 30)
    assert [spend(one, code) for one in (first, second)] == [True, False]
    assert not spend(second, code_of(secret, now - 300)), "too old"


# --- a provider's word


def _login(believed: list[str], **token: Any) -> Any:
    """What the login library knows after a provider's callback."""
    provider = Provider(
        id="office", name="กลาง", client_id="x", server_url="https://login.example.test", second_factor=believed
    )
    (app,) = login_providers([provider])["openid_connect"]["APPS"]
    return SimpleNamespace(
        provider=SimpleNamespace(app=SimpleNamespace(**app)),
        account=SimpleNamespace(extra_data={"userinfo": {"amr": ["mfa"], "acr": "gold"}, "id_token": token}),
    )


@pytest.mark.parametrize(
    ("believed", "token", "counts"),
    [
        (["mfa"], {"amr": ["pwd", "mfa"]}, True),
        (["gold"], {"acr": "gold"}, True),
        (["otp", "hwk"], {"amr": ["pwd", "otp"]}, True),
        ([], {"amr": ["pwd", "mfa"], "acr": "gold"}, False),  # nothing was configured to be believed
        (["mfa"], {"amr": ["pwd"]}, False),
        (["mfa"], {"amr": "mfa"}, True),
        (["mfa"], {}, False),  # the user information alone says it, and that is not the token
        (["mfa"], {"amr": [["mfa"]], "acr": None}, False),
    ],
)
def test_a_providers_word_counts_only_where_it_is_configured(
    believed: list[str], token: dict[str, Any], counts: bool
) -> None:
    assert asserted(_login(believed, **token)) == ("office" if counts else "")


@pytest.mark.parametrize(("believed", "lands"), [(["mfa"], 200), ([], 302)])
def test_a_session_that_a_provider_vouches_for_needs_no_other(cast: Cast, believed: list[str], lands: int) -> None:
    from django.contrib.messages.storage.fallback import FallbackStorage
    from django.contrib.sessions.middleware import SessionMiddleware
    from django.http import HttpResponse
    from django.test import RequestFactory

    from prongsai.site.people.login import Adapter

    client = Client()
    client.force_login(cast.chief, backend="allauth.account.auth_backends.AuthenticationBackend")
    request = RequestFactory().get("/", HTTP_COOKIE=f"sessionid={client.cookies['sessionid'].value}")
    request.user = cast.chief
    SessionMiddleware(lambda _: HttpResponse()).process_request(request)
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    kwargs = {"email_verification": "none", "email": None, "signup": False, "redirect_url": "/"}
    told = {"sociallogin": _login(believed, amr=["pwd", "mfa"])}
    Adapter(request).post_login(request, cast.chief, signal_kwargs=told, **kwargs)
    request.session.save()
    assert client.get("/me/").status_code == lands
