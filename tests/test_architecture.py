"""The house rules of docs/architecture.md, checked on the code itself."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

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
    for node in ast.walk(parsed(path)):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module] if node.module != "prongsai" else [f"prongsai.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        found.update(part.split(".")[1] for part in names if part.startswith("prongsai.") and "." in part)
    return found


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_a_room_imports_only_from_lower_floors() -> None:
    upwards = [
        f"{name(path)} imports {other}, which is not below {own}"
        for path in MODULES
        if (own := room(path)) != "__init__"
        for other in sorted(imports(path) - {own, "__version__"})
        if FLOORS[other] >= FLOORS[own]
    ]
    assert upwards == []


def test_no_file_past_500_lines() -> None:
    lines = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {path: count for path, count in lines.items() if count > 500} == {}


def test_no_function_past_six_parameters() -> None:
    long = []
    for path in MODULES:
        for node in ast.walk(parsed(path)) if room(path) != "cli" else ():
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                arguments = [a for a in [*node.args.args, *node.args.kwonlyargs] if a.arg not in ("self", "cls")]
                if len(arguments) > 6:
                    long.append(f"{name(path)}: {node.name} has {len(arguments)} parameters")
    assert long == []


def test_no_year_or_agency_in_code() -> None:
    """Years and agencies belong to framework files; docstrings and comments may give examples."""
    found = []
    for path in MODULES:
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, int) and not isinstance(node.value, bool):
                if 2555 <= node.value <= 2600:
                    found.append(f"{name(path)}:{node.lineno} has the year {node.value}")
            elif isinstance(node, ast.Compare | ast.Match) and re.search(r"['\"]ita-\d{4}['\"]", ast.unparse(node)):
                found.append(f"{name(path)}:{node.lineno} asks for one framework")
    assert found == []


def test_json_is_read_in_one_way() -> None:
    """``json.loads`` raises what nobody expects for a text that nests too deep: ``read_json`` of ``json_text.py``."""
    found = [name(path) for path in MODULES if re.search(r"\bjson\.loads?\(", path.read_text(encoding="utf-8"))]
    assert found == ["json_text.py"]


def test_every_room_is_on_the_plan() -> None:
    rooms = {path.name for path in SOURCE.iterdir() if path.is_dir() and not path.name.startswith("_")}
    plan = (SOURCE.parent.parent / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert [name for name in sorted(rooms) if f"`{name}/`" not in plan] == []
