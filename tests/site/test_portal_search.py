"""Search finds agencies as people type them: abbreviated, misspelt, without spaces, by place, by code."""

from __future__ import annotations

import pytest
from cast import Cast
from django.test import Client
from portal_world import NAMED, laid

from prongsai.site.opendata.models import PublishedAgency
from prongsai.site.portal.search import register

SAO, TOWN, UNIVERSITY = NAMED["sim-00001"], NAMED["sim-00003"], NAMED["sim-00004"]


@pytest.fixture
def nation(cast: Cast) -> Cast:
    laid(cast)
    return cast


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        (SAO, SAO),
        ("อบต.บางปลาสร้อย", SAO),
        ("อบต บางปลาสร้อย", SAO),
        ("อบตบางปลาสร้อย", SAO),
        ("ทต.บางปลาสร้อย", NAMED["sim-00002"]),
        ("ทม.ศรีราชา", TOWN),
        ("ทม. สีราชา", TOWN),
        ("เทศบาลเมือง ศรี ราชา", TOWN),
        ("ศรีราซา", TOWN),
        ("มรภ.ตัวอย่าง", UNIVERSITY),
        ("sim-00004", UNIVERSITY),
        ("SIM-๐๐๐๐๔", UNIVERSITY),
    ],
)
def test_the_first_answer_is_the_agency_meant(nation: Cast, typed: str, name: str) -> None:
    assert register().find(typed)[0].name == name


def test_a_province_leads_to_its_agencies_and_its_page(nation: Cast) -> None:
    row = PublishedAgency.objects.filter(release__round__slug="2568").exclude(province="").last()
    assert row is not None
    page = Client().get("/results/", {"q": f"จ.{row.province}"}).content.decode()
    assert "ทุกหน่วยงานในจังหวัด" in page
    assert row.code in page


def test_provinces_are_understood_in_english(nation: Cast) -> None:
    PublishedAgency.objects.filter(code="sim-00003").update(province="ชลบุรี")
    found = register().find("Chon Buri")
    assert TOWN in [one.name for one in found]
    assert "ชลบุรี" in f"{found[0].name} {found[0].province}"


def test_nothing_answers_nonsense(nation: Cast) -> None:
    assert register().find("xyzzy") == []
    assert register().find("") == []


def test_each_agency_is_there_once_although_it_has_two_years(nation: Cast) -> None:
    codes = [one.code for one in register().agencies]
    assert len(codes) == len(set(codes)) == 40


def test_suggestions_are_links(nation: Cast) -> None:
    page = Client().get("/results/suggest/", {"q": "บางปลา"}).content.decode()
    assert "/results/sim-00001/" in page
    assert "<html" not in page
