"""The house rules of docs/architecture.md, checked on the code itself."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "prongsai"
FLOORS = {
    "errors": -2,
    "json_text": -1,
    "yaml_file": -1,
    "zip_file": -1,
    "disk": -1,
    "cells": -1,
    "thai": 0,
    "framework": 1,
    "ledger": 1,
    "scoring": 2,
    "survey": 3,
    "evidence": 3,
    "analysis": 3,
    "improvement": 4,
    "simulation": 5,
    "documents": 5,
    "reading": 5,
    "national": 5,
    "publishing": 6,
    "site": 7,
    "cli": 8,
}
MODULES = sorted(SOURCE.rglob("*.py"))


def name(path: Path) -> str:
    return str(path.relative_to(SOURCE))


def room(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module] if node.module != "prongsai" else [f"prongsai.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        found.update(part.split(".")[1] for part in names if part.startswith("prongsai.") and "." in part)
    return found


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_room_imports_only_from_lower_floors(path: Path) -> None:
    own = room(path)
    if own == "__init__":
        return
    for other in imports(path) - {own, "__version__"}:
        assert FLOORS[other] < FLOORS[own], f"{name(path)} imports {other}, which is not below {own}"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_no_file_past_500_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 500


@pytest.mark.parametrize("path", [path for path in MODULES if room(path) != "cli"], ids=name)
def test_no_function_past_six_parameters(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            arguments = [a for a in [*node.args.args, *node.args.kwonlyargs] if a.arg not in ("self", "cls")]
            assert len(arguments) <= 6, f"{name(path)}: {node.name} has {len(arguments)} parameters"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_no_year_or_agency_in_code(path: Path) -> None:
    """Years and agencies belong to framework files; docstrings and comments may give examples."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, int) and not isinstance(node.value, bool):
            assert not 2555 <= node.value <= 2600, f"{name(path)}:{node.lineno} has the year {node.value}"
        if isinstance(node, ast.Compare | ast.Match):
            text = ast.unparse(node)
            assert not re.search(r"['\"]ita-\d{4}['\"]", text), f"{name(path)}:{node.lineno} asks for one framework"


def test_json_is_read_in_one_way() -> None:
    """``json.loads`` raises what nobody expects for a text that nests too deep: ``read_json`` of ``json_text.py``."""
    found = [name(path) for path in MODULES if re.search(r"\bjson\.loads?\(", path.read_text(encoding="utf-8"))]
    assert found == ["json_text.py"]


def test_every_room_is_on_the_plan() -> None:
    rooms = {path.name for path in SOURCE.iterdir() if path.is_dir() and not path.name.startswith("_")}
    plan = (SOURCE.parent.parent / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert [name for name in sorted(rooms) if f"`{name}/`" not in plan] == []
