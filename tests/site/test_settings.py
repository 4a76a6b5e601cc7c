"""What an operator may set: every setting is documented, and what cannot be read is named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from write_configuration import TARGET, page

from prongsai.site.env import ELSEWHERE, Environment, environment, variable


@pytest.fixture(autouse=True)
def read_anew() -> Iterator[None]:
    environment.cache_clear()
    yield
    environment.cache_clear()


def test_the_page_lists_every_setting_in_both_languages_and_is_fresh() -> None:
    text = TARGET.read_text(encoding="utf-8")
    assert text == page(), "docs/configuration.md is stale; run make docs"
    for name in (*map(variable, Environment.model_fields), *ELSEWHERE):
        row = next(line for line in text.splitlines() if line.startswith(f"| `{name}` |"))
        assert any("\u0e01" <= letter <= "\u0e5b" for letter in row), f"{name}: no Thai"
        assert " · " in row, f"{name}: no English"


def test_providers_are_read_with_their_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"id": "office", "name": "กลาง", "client_id": "x", "server_url": "https://login.example.test"}
    monkeypatch.setenv("PRONGSAI_OIDC", json.dumps([given]))
    assert environment().oidc[0].claim == "preferred_username"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PRONGSAI_COLOUR", "red", "unknown settings: PRONGSAI_COLOUR"),
        ("PRONGSAI_HOSTS", "ita.example.go.th", "PRONGSAI_HOSTS: expected JSON"),
        ("PRONGSAI_METRICS_TOKEN", "short", "PRONGSAI_METRICS_TOKEN: "),
        ("PRONGSAI_LOG", "xml", "PRONGSAI_LOG: "),
        ("PRONGSAI_UPLOAD_LIMIT_MB", "much", "PRONGSAI_UPLOAD_LIMIT_MB: "),
        ("PRONGSAI_OIDC", '[{"id": "office"}]', "PRONGSAI_OIDC 0 client_id: "),
        ("PRONGSAI_OIDC", '[{"id": "office", "secrets": "x"}]', "PRONGSAI_OIDC 0 secrets: "),
    ],
)
def test_what_cannot_be_read_stops_the_start_and_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit, match=says):
        environment()


def test_a_secret_comes_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("of a file\n", encoding="utf-8")
    monkeypatch.delenv("PRONGSAI_SECRET_KEY", raising=False)
    monkeypatch.setenv("PRONGSAI_SECRET_KEY_FILE", str(tmp_path / "key"))
    assert environment().secret_key == "of a file"
    monkeypatch.setenv("PRONGSAI_SECRET_KEY", "only for tests")  # what the module set, undone with the rest
