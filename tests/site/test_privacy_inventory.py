"""Everything that is kept about people is registered: every table of ours and of libraries, log, metrics, cookies."""

from __future__ import annotations

import ast
import logging
import re
from pathlib import Path
from typing import Any

import pytest
from cast import PASSWORD, Cast
from django.conf import settings
from django.contrib.auth.models import Group
from django.test import Client
from prometheus_client.core import Metric

from prongsai.site.operation import metrics
from prongsai.site.operation.logs import Told
from prongsai.site.privacy import inventory
from prongsai.site.privacy.document import put_into
from prongsai.site.privacy.faults import faults
from prongsai.site.privacy.inventory import elsewhere, library_models, own_models, registry, rules

SITE = Path(inventory.__file__).parents[1]


def names(place: str) -> set[str]:
    return {one.name for one in elsewhere() if one.place == place}


def test_every_field_of_every_table_has_purpose_basis_retention_and_shredder() -> None:
    assert faults() == []
    assert {model._meta.app_label for model in library_models()} >= {"axes", "mfa", "account", "sessions", "auth"}
    assert len(registry()) > 150
    for one in registry():
        assert one.purpose, one
        assert one.rule.shredder, one
        assert one.activity.basis.section == "24", one


@pytest.mark.parametrize("model", [Group, next(own_models())])
def test_a_table_that_nobody_registered_is_found(model: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prongsai.site.privacy.faults.declared", lambda one: None if one is model else _DECLARED(one))
    assert any(model._meta.label in fault for fault in faults())


_DECLARED = inventory.declared


def test_a_field_a_rule_and_a_shredder_that_are_missing_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def less(model: Any) -> Any:
        found = _DECLARED(model)
        if found and model._meta.label == "people.Person":
            kept = {name: why for name, why in found["personal"].items() if name != "phone"}
            found = {**found, "personal": {**kept, "email": {"purpose": "x", "retention": "for ever"}}}
        return found

    monkeypatch.setattr("prongsai.site.privacy.faults.declared", less)
    fewer = {name: rule for name, rule in rules().items() if name != "notice"}
    monkeypatch.setattr("prongsai.site.privacy.faults.rules", lambda: fewer)
    found = "\n".join(faults())
    assert "people.Person.phone: in neither list" in found
    assert "people.Person.email: 'for ever' is no rule" in found
    assert "shredders.py notices: no rule names it" in found


def test_every_key_of_a_line_of_the_log_is_registered() -> None:
    tree = ast.parse((SITE / "operation" / "logs.py").read_text(encoding="utf-8"))
    functions = {one.name: one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}
    written: set[str] = set()
    for name in ("_head", "_told", "format"):
        for node in ast.walk(functions[name]):
            if isinstance(node, ast.Dict):
                written |= {key.value for key in node.keys if isinstance(key, ast.Constant)}  # type: ignore[misc]
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
                assert isinstance(node.targets[0].slice, ast.Constant)
                written.add(node.targets[0].slice.value)  # type: ignore[arg-type]
    assert written == names("log")
    assert settings.LOGGING["handlers"].keys() == {"console"}
    assert settings.LOGGING["formatters"]["told"]["()"] == f"{Told.__module__}.{Told.__qualname__}"
    assert all(not one["handlers"] for one in settings.LOGGING["loggers"].values()), (
        "another handler, another formatter"
    )


def test_no_part_of_the_site_adds_to_what_a_line_says() -> None:
    """``extra=`` would put more into a record; the formatter leaves it out, and nobody is led to rely on it."""
    for path in SITE.rglob("*.py"):
        assert not re.search(r"\blog(?:ger)?\.\w+\([^)]*\bextra=", path.read_text(encoding="utf-8")), path
    record = logging.LogRecord("prongsai.any", logging.ERROR, __file__, 1, "words", (), None)
    record.__dict__["person"] = "planted"
    assert "planted" not in Told("json").format(record)


@pytest.mark.django_db
def test_every_label_of_the_metrics_is_registered() -> None:
    metrics.observe("office", "2xx", 0.1)
    found: set[str] = set()
    families: list[Metric] = [*metrics._REGISTRY.collect(), *metrics._Site().collect()]
    for family in families:
        for sample in family.samples:
            found |= set(sample.labels)
    assert found == names("metrics")


def test_every_cookie_is_registered(cast: Cast, client_of: Any) -> None:
    client = Client()
    client.post("/language/", {"language": "en"})
    client.get("/accounts/login/")
    client.post("/accounts/login/", {"login": "officer", "password": PASSWORD})
    client.get("/me/")
    assert {"csrftoken", "language"} <= {one.removeprefix("__Host-") for one in client.cookies} <= names("cookies")
    assert settings.SESSION_COOKIE_NAME.removeprefix("__Host-") in names("cookies")
    texts = [path.read_text("utf-8") for path in SITE.rglob("*.py")]
    written = {one for text in texts for one in re.findall(r"set_cookie\(\s*([\w.]+)", text)}
    known = {"LANGUAGE_COOKIE", "settings.KNOWN_DEVICE_COOKIE"}
    assert written <= known, "a cookie more: register it in privacy/elsewhere.yaml"


def test_everything_that_a_browser_keeps_is_registered() -> None:
    found = set()
    for path in (*SITE.rglob("static/**/*.js"), *SITE.rglob("templates/**/*.js"), *SITE.rglob("templates/**/*.html")):
        text = path.read_text(encoding="utf-8")
        constants = dict(re.findall(r"const (\w+) = \"([^\"]+)\"", text))
        constants |= {name: constants[first] for name, first in re.findall(r"const (\w+) = (\w+) \+ ", text)}
        for kind, pattern in (
            ("indexedDB", r"indexedDB\.open\((\w+)"),
            ("localStorage", r"localStorage\.setItem\((\w+)"),
            ("sessionStorage", r"sessionStorage\.setItem\((\w+)"),
            ("caches", r"caches\.open\((\w+)"),
        ):
            found |= {f"{kind} {constants.get(one, one)}" for one in re.findall(pattern, text)}
        assert "document.cookie" not in text, path
    assert found == names("browser")


def test_periods_that_are_ours_are_marked_and_no_law_is_quoted_for_them() -> None:
    for rule in rules().values():
        assert not re.search(r"มาตรา|section|ข้อ \d", f"{rule.words.th} {rule.words.en}"), rule
    assert all(one.activity.basis.confirm for one in registry()), "a specialist has to confirm which basis holds"


def test_the_page_of_the_documentation_is_what_the_inventory_says() -> None:
    page = (SITE.parents[2] / "docs" / "security" / "privacy.md").read_text(encoding="utf-8")
    assert put_into(page) == page, "docs/security/privacy.md is stale; run make docs"
    for one in registry():
        assert f"`{one.model}`" in page, one.model
        assert one.field in page, one.field
