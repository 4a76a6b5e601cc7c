"""The method page rests on this: nothing that a framework file says is left out, and each with its source."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from prongsai.framework import by_id, catalog
from prongsai.publishing.statements import Statement, statements
from prongsai.yaml_file import read

IDS = [entry.id for entry in catalog()]
PATHS = {entry.id: entry.path for entry in catalog()}
ASIDE = {"version", "fiscal_year", "number", "percent_of"}  # heads and names of things, not values


def told(framework_id: str) -> dict[str, Statement]:
    return {one.path: one for one in statements(by_id(framework_id))}


def nodes(data: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every mapping of the file that bears a confidence, by where it stands; marks belong to their node."""
    if isinstance(data, dict):
        if "confidence" in data:
            yield path, data
        for key, value in data.items():
            if key not in ("marks", "sources"):
                yield from nodes(value, f"{path}.{key}".lstrip("."))
    elif isinstance(data, list):
        for place, value in enumerate(data):
            name = next(
                (value[k] for k in ("code", "number", "of") if isinstance(value, dict) and _plain(value, k)), place
            )
            yield from nodes(value, f"{path}.{name}")


def _plain(value: dict[str, Any], key: str) -> bool:
    return key in value and not isinstance(value[key], list | dict)


def numbers(data: Any) -> Iterator[Decimal]:
    """The numbers that a node itself says: those of nodes in it are theirs."""
    if isinstance(data, dict):
        for key, value in data.items():
            inner = isinstance(value, dict) and "confidence" in value
            if key not in ASIDE and not inner and key != "marks":
                yield from numbers(value)
    elif isinstance(data, list):
        for value in data:
            if not (isinstance(value, dict) and "confidence" in value):
                yield from numbers(value)
    elif isinstance(data, int | float | Decimal) and not isinstance(data, bool):
        yield Decimal(str(data))


@pytest.mark.parametrize("framework", IDS)
def test_every_node_of_the_file_is_a_statement_with_its_own_sources(framework: str) -> None:
    made = told(framework)
    found = dict(nodes(read(PATHS[framework]).data))
    assert found.keys() == made.keys()
    for path, node in found.items():
        assert made[path].source == tuple(node.get("source", ())), path
        assert made[path].confidence == node["confidence"], path
        for field, mark in node.get("marks", {}).items():
            own = [fact for fact in made[path].facts if fact.field == field]
            assert [(one.confidence, one.source) for one in own] == [
                (mark["confidence"], tuple(mark.get("source", ())))
            ], (path, field)


@pytest.mark.parametrize("framework", IDS)
def test_every_weight_point_and_threshold_stands_in_its_statement(framework: str) -> None:
    made, seen = told(framework), 0
    for path, node in nodes(read(PATHS[framework]).data):
        words = " ".join(fact.value[0] for fact in made[path].facts).replace(",", " ").replace("=", " ").split()
        for value in numbers(node):
            assert f"{value.normalize():f}" in words, (path, value, words)
            seen += 1
    assert seen > 10


@pytest.mark.parametrize("framework", IDS)
def test_what_is_not_known_says_so(framework: str) -> None:
    for one in told(framework).values():
        for fact in one.facts:
            assert all(fact.value), (one.path, fact.field)
            assert fact.known or fact.value == ("ไม่ทราบ", "unknown")
            if not fact.known:
                assert fact.confidence in ("unknown", "inferred", "recalled", "confirmed")


def test_a_zero_is_a_threshold_and_no_gap() -> None:
    last = told("ita-2568")["levels.bands.4"]
    assert ("overall_min", "0") in [(fact.field, fact.value[0]) for fact in last.facts]
