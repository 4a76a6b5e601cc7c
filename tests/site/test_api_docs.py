"""The API's page: every operation in both languages, and examples that run as they are shown."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from prongsai.site.api.app import document
from prongsai.site.api.docs import _operations
from prongsai.site.api.words import TAGS, THAI

THAI_LETTER = re.compile("[\u0e01-\u0e5b]")


def page(language: str) -> str:
    return Client().get(f"/api/docs/?language={language}").content.decode()


def test_every_operation_has_thai_words_and_a_place() -> None:
    operations = [said for methods in document()["paths"].values() for said in methods.values()]
    assert {said["operationId"] for said in operations} == set(THAI)
    assert {tag for said in operations for tag in said["tags"]} <= set(TAGS)
    for said in operations:
        assert THAI_LETTER.search("".join(THAI[said["operationId"]]))
        assert not THAI_LETTER.search(said["summary"] + said["description"])
        for one in said.get("parameters", []):
            assert one.get("description"), f"{said['operationId']}: {one['name']} is not described"


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["th", "en"])
def test_the_page_shows_every_operation(language: str) -> None:
    text = page(language)
    for _, one in _operations(document()):
        assert f'id="{one.id}"' in text
        assert one.path in text
    assert len(re.findall(r"<h1\b", text)) == 1
    assert "style=" not in text
    assert not re.search(r"<script(?![^>]*src=\"/static/)", text)
    assert not re.search(r'(?:src|href)="(?:https?:)?//(?!localhost)', text)
    linked = set(re.findall(r'href="#([^"]+)"', text))
    assert linked <= set(re.findall(r'id="([^"]+)"', text))


@pytest.mark.django_db
def test_the_page_before_anything_is_published() -> None:
    assert Client().get("/api/docs/").status_code == 200
