"""Respondents find the full privacy notice before the first question and at the end; reading it tells nobody."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from ask_world import Respondent, calm  # noqa: F401 - a fixture
from cast import Cast
from django.test import Client
from survey_world import key_folder, open_survey  # noqa: F401 - a fixture
from test_ask import fields

from prongsai.site.ask.pages import sent_page
from prongsai.survey.words import languages, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("key_folder", "calm")]
CONF = Path(__file__).parents[2] / "docs" / "operations" / "nginx.conf"
LINK = re.compile(r'<a href="(/privacy/[^"]*)"([^>]*)>([^<]+)</a>')


def link(page: str) -> tuple[str, str, str]:
    """Address, attributes and words of the one link to the notice."""
    (found,) = LINK.findall(page)
    return found


def test_it_stands_before_the_first_question_and_at_the_end(cast: Cast) -> None:
    survey, codes = open_survey(cast)
    first = Respondent().post("/a/", code=codes[0])
    whole = Respondent().get(f"/a/{survey.token}/all/")
    begun = Respondent().post("/a/", code=codes[1]).press("begin", eligible="yes", way="all")
    sent = begun.press("review", **fields(survey)).press("send")
    assert sent.receipt
    links = {link(one.page) for one in (first, whole, sent)}
    assert len(links) == 1, "the same for everybody: nothing of door, code or answer is in it"
    (address, how, said), *_ = links
    assert address == "/privacy/respondent/"
    assert said == words().texts["privacy"]
    assert {"noopener", "noreferrer"} <= set(re.findall(r"\w+", how))
    assert first.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("language", languages())
def test_it_opens_in_every_language_and_sets_no_cookie(cast: Cast, language: str) -> None:
    address, _, said = link(sent_page(language, "x", "").decode())
    assert unescape(said) == words(language).texts["privacy"]
    client = Client()
    page = client.get(address)
    assert page.status_code == 200
    assert not client.cookies, "nobody is known again"
    text = page.content.decode()
    assert f'<html lang="{"en" if language == "en" else "th"}"' in text
    assert ("Data protection officer" if language == "en" else "เจ้าหน้าที่คุ้มครองข้อมูลส่วนบุคคล") in text


def test_the_notice_says_how_to_reach_the_officer_or_that_nobody_said_it(cast: Cast, settings: Any) -> None:
    from django.core.cache import caches

    assert "ยังไม่ได้ระบุช่องทางติดต่อ" in Client().get("/privacy/respondent/").content.decode()
    caches["pages"].clear()
    settings.PRIVACY_CONTACT = "กองกฎหมาย <dpo@ita.example.go.th>"
    page = Client().get("/privacy/respondent/").content.decode()
    assert "กองกฎหมาย &lt;dpo@ita.example.go.th&gt;" in page
    assert "ยังไม่ได้ระบุ" not in page


def test_the_server_in_front_writes_none_of_it_down() -> None:
    block = CONF.read_text(encoding="utf-8").split("location /privacy/ {")[1].split("}")[0]
    assert "access_log off;" in block
    assert "error_log /dev/null;" in block
