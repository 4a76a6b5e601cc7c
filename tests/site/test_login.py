"""Signing in, the second factor, the lock, one-time passwords, and text that outlives a session."""

from __future__ import annotations

import hashlib
import hmac
import re
import struct
import time
from base64 import b32decode
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from cast import PASSWORD, Cast
from django.conf import settings
from django.core.cache import cache
from django.template.loader import get_template
from django.test import Client
from django.utils import timezone

from prongsai.site.history.models import Entry
from prongsai.site.history.sentences import sentence
from prongsai.site.people.actions import ChoosePassword, HandOutPassword
from prongsai.site.people.models import Person

OWN = Path(__file__).parents[2] / "src" / "prongsai" / "site"


@pytest.fixture(autouse=True)
def no_counters_of_other_tests() -> None:
    cache.clear()


def sign_in(client: Client, username: str, password: str = PASSWORD, **more: Any) -> Any:
    return client.post("/accounts/login/", {"login": username, "password": password, **more})


def code_of(secret: str, at: float | None = None) -> str:
    """What an authenticator app shows (RFC 6238)."""
    counter = struct.pack(">Q", int((at or time.time()) // 30))
    digest = hmac.new(b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def words(response: Any) -> str:
    return str(response.content.decode())


def test_a_person_signs_in_and_goes_on_where_they_wanted(cast: Cast) -> None:
    client = Client()
    asked = client.get("/agencies/muang/people/")
    assert asked["Location"] == "/accounts/login/?next=%2Fagencies%2Fmuang%2Fpeople%2F"
    done = sign_in(client, "officer", next="/agencies/muang/people/")
    assert done["Location"] == "/agencies/muang/people/"
    assert sign_in(Client(), "officer", next="https://elsewhere.test/")["Location"] == "/"


def test_a_wrong_password_is_said_without_telling_which_part_is_wrong(cast: Cast) -> None:
    known, unknown = sign_in(Client(), "officer", "not this one"), sign_in(Client(), "nobody.here", "not this one")
    for response in (known, unknown):
        assert response.status_code == 200
        assert "ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง" in words(response)


def test_after_eight_failures_the_name_is_locked_for_a_while(cast: Cast) -> None:
    client = Client()
    statuses = [sign_in(client, "officer", f"wrong {n}").status_code for n in range(8)]
    assert statuses == [200] * 7 + [429]
    locked = sign_in(client, "officer")
    assert locked.status_code == 429
    assert "พักการเข้าสู่ระบบ" in words(locked)
    assert "15 นาที" in words(locked)
    assert sign_in(Client(), "palad").status_code == 302, "others are not locked out"


def test_someone_whose_account_is_switched_off_cannot_sign_in(cast: Cast) -> None:
    Person.objects.filter(username="officer").update(is_active=False)
    client = Client()
    sign_in(client, "officer")
    assert "_auth_user_id" not in client.session


# --- one-time passwords


def test_a_handed_out_password_opens_only_the_page_that_chooses_another(cast: Cast) -> None:
    password = HandOutPassword(by=cast.agency_admin, person=cast.officer, within=cast.agency).execute()
    client = Client()
    assert sign_in(client, "officer", password).status_code == 302
    for page in ("/", "/me/", "/agencies/muang/people/", "/accounts/2fa/"):
        assert client.get(page).get("Location") == "/accounts/password/change/", page
    assert client.post("/me/data/", {"given_name": "x"}).status_code == 302
    page = words(client.get("/accounts/password/change/"))
    assert "ใช้ได้ครั้งเดียว" in page
    fields = {"oldpassword": password, "password1": password, "password2": password}
    assert "ตรงกับรหัสเดิม" in words(client.post("/accounts/password/change/", fields))
    fields |= {"password1": "กล้วยไม้สีม่วงบนระเบียง", "password2": "กล้วยไม้สีม่วงบนระเบียง"}
    assert client.post("/accounts/password/change/", fields).status_code == 302
    assert client.get("/me/").status_code == 200
    assert sentence(Entry.objects.order_by("-pk")[0]) == "นางสมหญิง ตัวอย่าง เปลี่ยนรหัสผ่าน"
    assert sign_in(Client(), "officer", password).status_code == 200, "the handed-out password has ended"


def test_a_handed_out_password_has_an_end(cast: Cast) -> None:
    password = HandOutPassword(by=cast.agency_admin, person=cast.officer, within=cast.agency).execute()
    administrator, page = Client(), f"/agencies/muang/people/{cast.officer.pk}/"
    sign_in(administrator, cast.agency_admin.username)
    assert "ใช้ได้ถึง" in words(administrator.get(page))
    Person.objects.filter(pk=cast.officer.pk).update(handed_out=timezone.now() - settings.FIRST_PASSWORD)
    client = Client()
    late = sign_in(client, "officer", password)
    assert "_auth_user_id" not in client.session
    assert "หมดเวลาแล้ว โปรดขอรหัสใหม่" in words(late)
    assert "หมดเวลาแล้ว" not in words(sign_in(Client(), "officer", "another password"))
    assert "หมดเวลาแล้ว" in words(administrator.get(page))
    again = HandOutPassword(by=cast.agency_admin, person=cast.officer, within=cast.agency).execute()
    assert sign_in(client, "officer", again).status_code == 302
    ChoosePassword(by=cast.officer, person=cast.officer, password="กล้วยไม้สีม่วงบนระเบียง").execute()
    Person.objects.filter(pk=cast.officer.pk).update(joined=timezone.now() - 9 * settings.FIRST_PASSWORD)
    assert sign_in(Client(), "officer", "กล้วยไม้สีม่วงบนระเบียง").status_code == 302, "one's own has none"


def test_handing_out_a_password_ends_the_persons_sessions(cast: Cast) -> None:
    client = Client()
    sign_in(client, "officer")
    assert client.get("/me/").status_code == 200
    HandOutPassword(by=cast.agency_admin, person=cast.officer, within=cast.agency).execute()
    assert client.get("/me/").status_code == 302


@pytest.mark.parametrize("bad", ["short", "password123456", "officer@example"])
def test_weak_passwords_are_refused(cast: Cast, bad: str) -> None:
    client = Client()
    sign_in(client, "officer")
    fields = {"oldpassword": PASSWORD, "password1": bad, "password2": bad}
    assert client.post("/accounts/password/change/", fields).status_code == 200
    assert sign_in(Client(), "officer").status_code == 302


# --- second factor


def confirm(client: Client) -> None:
    """The password once more, which delicate steps ask for."""
    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302


def turn_on(client: Client) -> str:
    asked = client.get("/accounts/2fa/totp/activate/")
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    assert "รหัสผ่านไม่ถูกต้อง" in words(client.post(asked["Location"], {"password": "not this"}))
    assert client.post(asked["Location"], {"password": PASSWORD})["Location"] == "/accounts/2fa/totp/activate/"
    page = words(client.get("/accounts/2fa/totp/activate/"))
    assert "<svg" in page
    assert "data:image" not in page
    found = re.search(r"<code>([A-Z2-7]{16,})</code>", page)
    assert found
    secret = found[1]
    assert "รหัสไม่ถูกต้อง" in words(client.post("/accounts/2fa/totp/activate/", {"code": "000000"}))
    assert client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)}).status_code == 302
    return secret


def test_the_second_factor_from_first_scan_to_recovery_code(cast: Cast) -> None:
    client = Client()
    sign_in(client, "palad")
    secret = turn_on(client)
    assert secret not in str(list(Authenticator.objects.values_list("data", flat=True))), "stored encrypted"
    codes = re.findall(r"<li><code>(\d{8})</code></li>", words(client.get("/accounts/2fa/recovery-codes/")))
    assert len(codes) == 10
    assert client.get("/accounts/2fa/recovery-codes/download/").content.decode().split() == codes
    assert "เปิดใช้" in words(client.get("/me/"))

    again = Client()
    assert sign_in(again, "palad")["Location"] == "/accounts/2fa/authenticate/"
    assert again.get("/me/").status_code == 302, "the password alone is not enough"
    assert "รหัสไม่ถูกต้อง" in words(again.post("/accounts/2fa/authenticate/", {"code": "123456"}))
    assert again.post("/accounts/2fa/authenticate/", {"code": code_of(secret, time.time() + 30)}).status_code == 302
    assert again.get("/me/").status_code == 200

    lost = Client()
    sign_in(lost, "palad")
    assert lost.post("/accounts/2fa/authenticate/", {"code": codes[0]}).status_code == 302
    once = Client()
    sign_in(once, "palad")
    assert once.post("/accounts/2fa/authenticate/", {"code": codes[0]}).status_code == 200, "a code works once"

    confirm(lost)
    assert lost.get("/accounts/2fa/totp/deactivate/").status_code == 200
    assert lost.post("/accounts/2fa/totp/deactivate/").status_code == 302
    assert sign_in(Client(), "palad")["Location"] == "/"


def test_the_administrator_removes_a_lost_second_factor(cast: Cast, client_of: Any) -> None:
    client = Client()
    sign_in(client, "palad")
    turn_on(client)
    done = client_of("agency_admin").post(f"/agencies/muang/people/{cast.palad.pk}/second-factor/")
    assert done.status_code == 302
    assert sign_in(Client(), "palad")["Location"] == "/"
    assert sentence(Entry.objects.order_by("-pk")[0]).startswith("นางสุดา ตัวอย่าง ยกเลิกการยืนยันสองขั้นของ")


def test_codes_cannot_be_tried_without_end(cast: Cast) -> None:
    client = Client()
    sign_in(client, "palad")
    turn_on(client)
    cache.clear()
    other = Client()
    sign_in(other, "palad")
    seen = [words(other.post("/accounts/2fa/authenticate/", {"code": f"{n:06}"})) for n in range(11)]
    assert "15 นาที" in seen[-1]


# --- pages of the library in our dress

PAGES = {
    "nobody": ["/accounts/login/", "/accounts/inactive/", "/accounts/provider/cancelled/", "/accounts/provider/error/"],
    "palad": [
        "/accounts/logout/",
        "/accounts/password/change/",
        "/accounts/reauthenticate/",
        "/accounts/2fa/",
        "/accounts/2fa/totp/activate/",
    ],
    "with_factor": [
        "/accounts/2fa/",
        "/accounts/2fa/reauthenticate/",
        "/accounts/2fa/totp/deactivate/",
        "/accounts/2fa/recovery-codes/",
        "/accounts/2fa/recovery-codes/generate/",
    ],
}


@pytest.mark.parametrize("member", PAGES)
@pytest.mark.parametrize("language", ["th", "en"])
def test_every_login_page_is_ours_in_both_languages(cast: Cast, member: str, language: str) -> None:
    client = Client()
    if member != "nobody":
        sign_in(client, "palad")
    if member == "palad":
        confirm(client)
    if member == "with_factor":
        turn_on(client)
    client.cookies["language"] = language
    for address in PAGES[member]:
        response = client.get(address)
        assert response.status_code in (200, 401), address
        page = words(response)
        body = page[page.index("<main") : page.index("</main")]
        assert page.count("<h1") == 1, address
        assert 'class="top"' in page, address
        assert not re.search(r"\sstyle=|<style|<script(?![^>]*src=)|\son\w+=", page), address
        thai = re.search(r"[\u0e01-\u0e5b]", re.sub(r"นาง\S+ \S+", "", body))
        assert bool(thai) is (language == "th"), f"{address}: {thai and body[thai.start() : thai.start() + 60]}"


@pytest.mark.parametrize(
    "name",
    [
        "account/login.html", "account/logout.html", "account/locked.html", "account/account_inactive.html",
        "account/signup_closed.html", "account/reauthenticate.html", "account/password_change.html", "429.html",
        "mfa/index.html", "mfa/authenticate.html", "mfa/reauthenticate.html", "mfa/totp/activate_form.html",
        "mfa/totp/deactivate_form.html", "mfa/recovery_codes/index.html", "mfa/recovery_codes/generate.html",
        "socialaccount/login.html", "socialaccount/login_cancelled.html", "socialaccount/authentication_error.html",
        "people/unknown_person.html",
    ],
)  # fmt: skip
def test_the_librarys_templates_are_replaced(name: str) -> None:
    origin: Any = get_template(name)
    assert Path(origin.origin.name).is_relative_to(OWN)


# --- a session that ends while someone types


def again(page: str) -> dict[str, str]:
    """What the page's form sends: the hidden fields, with its new token."""
    form = page[page.index("<h1") :]
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))


def token(client: Client) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', words(client.get("/accounts/login/")))
    assert found
    return found[1]


def test_text_typed_before_a_session_ended_can_be_sent_after_signing_in(cast: Cast) -> None:
    """As a browser does it: the token is checked, signing in happens in another tab and changes it."""
    client = Client(enforce_csrf_checks=True)
    assert sign_in(client, "officer", csrfmiddlewaretoken=token(client)).status_code == 302
    form = words(client.get("/me/data/"))
    client.post("/accounts/logout/", again(form))  # the session ends
    typed = {
        **again(form),
        "given_name": "สมหญิง",
        "position": "นักวิเคราะห์นโยบายและแผน",
        "phone": "๐๒ ๑๒๓",
        "title": "นางสาว",
    }
    lost = client.post("/me/data/", typed)
    assert lost.status_code == 403
    assert "นักวิเคราะห์นโยบายและแผน" in words(lost)
    assert "เข้าสู่ระบบในแท็บใหม่" in words(lost)
    assert sign_in(client, "officer", csrfmiddlewaretoken=token(client)).status_code == 302  # in another tab
    stale = client.post("/me/data/", again(words(lost)))  # the token of the tab that waited is from before
    page = words(stale)
    assert (stale.status_code, "โปรดตรวจข้อความแล้วกดส่งอีกครั้ง" in page) == (403, True)
    assert client.post("/me/data/", again(page)).status_code == 302
    person = Person.objects.get(pk=cast.officer.pk)
    assert (person.title, person.position, person.phone) == ("นางสาว", "นักวิเคราะห์นโยบายและแผน", "02 123")


def test_a_form_whose_token_is_too_old_keeps_the_text(cast: Cast, client_of: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = client_of("officer").cookies
    lost = client.post("/me/data/", {"given_name": "บรรทัดแรก\nบรรทัดสอง <b>"})
    assert lost.status_code == 403
    assert "บรรทัดแรก\nบรรทัดสอง &lt;b&gt;" in words(lost)


def test_passwords_are_never_shown_again(cast: Cast) -> None:
    lost = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "officer", "password": "my secret"})
    page = words(lost)
    assert lost.status_code == 403
    assert "my secret" not in page
    assert "ส่งอีกครั้ง</button>" not in page, "without the password sending again is of no use"
    assert 'href="/accounts/login/"' in page
