"""What passwords may be, and what a new one, or an account that is switched off, changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from cast import PASSWORD, Cast
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from test_login import sign_in, words

from prongsai.site.people.actions import HandOutPassword
from prongsai.site.people.models import Person
from prongsai.site.people.passwords import WORDS, ContextWords

ROOT = Path(__file__).parents[2]
LONG = " วรรคหน้า and Capitals, กำแพงสูง ๑๐๐ เมตร; no digits needed here at all "
CHANGE = "/accounts/password/change/"


@pytest.fixture(autouse=True)
def no_counters_of_other_tests() -> None:
    cache.clear()


def change(client: Client, old: str, new: str) -> Any:
    return client.post(CHANGE, {"oldpassword": old, "password1": new, "password2": new})


def test_a_password_is_taken_as_it_was_typed(cast: Cast) -> None:
    """Neither cut, nor stripped, nor changed in case; any characters, 64 and more."""
    assert len(LONG) > 64
    client = Client()
    sign_in(client, "officer")
    assert change(client, PASSWORD, LONG).status_code == 302
    assert sign_in(Client(), "officer", LONG).status_code == 302
    for other in (LONG.strip(), LONG.lower(), LONG[:64], LONG[:-1]):
        assert sign_in(Client(), "officer", other).status_code == 200, other


def test_the_old_password_is_asked_for(cast: Cast) -> None:
    client = Client()
    sign_in(client, "officer")
    for old in ("", "not this one"):
        assert change(client, old, LONG).status_code == 200
    assert sign_in(Client(), "officer").status_code == 302


@pytest.mark.parametrize(
    "near",
    [
        "Prongsai2568!", "โปร่งใส-โปร่งใส-๒๕๖๘", "PRONGSAI prongsai", "p.r.o.n.g.s.a.i 2568", "prongsai1234567890",
        "เทศบาลเมืองตัวอย่าง", "ตัวอย่าง123456", "เทศบาลเมือง 2568!", "Municipality2568", "muang-muang-99", "นครปฐม73000",
        "สมหญิง ตัวอย่าง 1", "officer.muang.2568",
    ],
)  # fmt: skip
def test_words_of_the_context_count_for_nothing(cast: Cast, near: str) -> None:
    client = Client()
    sign_in(client, "officer")
    assert "ผู้อื่นเดาได้" in words(change(client, PASSWORD, near))
    client.cookies["language"] = "en"
    assert "do not count: use 10 or more" in words(change(client, PASSWORD, near))
    assert sign_in(Client(), "officer").status_code == 302, "the old one is still good"


@pytest.mark.parametrize(
    "long", ["เทศบาลของเราเลี้ยงแมวลายสามตัว", "prongsai: horses eat thistles", "เชียงใหม่ในหมอกเช้าวันจันทร์"]
)
def test_words_of_the_context_may_stand_in_a_long_phrase(cast: Cast, long: str) -> None:
    client = Client()
    sign_in(client, "officer")
    assert change(client, PASSWORD, long).status_code == 302


def test_words_of_another_agency_are_words_like_others(cast: Cast) -> None:
    near = "เชียงใหม่123456"  # the province of the other agency
    ContextWords().validate(near, cast.officer)
    with pytest.raises(ValidationError, match="เชียงใหม่"):
        ContextWords().validate(near, cast.other_officer)


def test_the_guide_has_the_list_of_words() -> None:
    guide = (ROOT / "docs" / "security" / "accounts.md").read_text(encoding="utf-8")
    assert ", ".join(f"`{word}`" for word in WORDS) in guide


def test_fields_hide_what_is_typed_and_let_managers_fill_them(cast: Cast) -> None:
    client = Client()
    shown = {"/accounts/login/": words(client.get("/accounts/login/"))}
    sign_in(client, "officer")
    shown[CHANGE] = words(client.get(CHANGE))
    for address, kinds in (("/accounts/login/", ["current"]), (CHANGE, ["current", "new", "new"])):
        fields = re.findall(r'<input[^>]*name="\w*password\w*"[^>]*>', shown[address])
        assert [kind for field in fields for kind in re.findall(r'autocomplete="(\w+)-password"', field)] == kinds
        assert all('type="password"' in field and "onpaste" not in field for field in fields)


def test_a_new_password_leaves_the_second_factor_as_it_is(cast: Cast) -> None:
    Authenticator.objects.create(user=cast.palad, type="totp", data={"secret": "x"})
    given = HandOutPassword(by=cast.agency_admin, person=cast.palad, within=cast.agency).execute()
    client = Client()
    assert sign_in(client, "palad", given)["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/me/").status_code == 302


def test_a_switched_off_account_has_no_session(cast: Cast) -> None:
    client = Client()
    sign_in(client, "officer")
    assert client.get("/me/").status_code == 200
    Person.objects.filter(username="officer").update(is_active=False)
    assert client.get("/me/").status_code == 302


def test_every_page_has_the_way_out(cast: Cast, client_of: Callable[[str], Client]) -> None:
    client = client_of("officer")
    for address in ("/", "/me/", "/agencies/", "/agencies/muang/2568/", "/nowhere/"):
        assert "/accounts/logout/" in words(client.get(address)), address
