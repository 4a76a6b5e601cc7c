"""What an operator may set: every setting is documented, and what cannot be read is named."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from prongsai.site.env import Environment, environment

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"


@pytest.fixture(autouse=True)
def read_anew() -> Iterator[None]:
    environment.cache_clear()
    yield
    environment.cache_clear()


def variable(name: str) -> str:
    return str(Environment.model_fields[name].validation_alias or f"PRONGSAI_{name.upper()}")


def test_the_page_lists_every_setting_and_no_other() -> None:
    listed = re.findall(r"^\| `([A-Z_]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(variable(name) for name in Environment.model_fields)


def test_providers_are_read_with_their_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"id": "office", "name": "กลาง", "client_id": "x", "server_url": "https://login.example.test"}
    monkeypatch.setenv("PRONGSAI_OIDC", json.dumps([given]))
    assert environment().oidc[0].claim == "preferred_username"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PRONGSAI_COLOUR", "red", "unknown settings: PRONGSAI_COLOUR"),
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
