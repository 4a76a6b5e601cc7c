"""Whether a test that a table names stands in the tree."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


def stands(name: str) -> bool:
    """``tests/…/test_x.py::test_y``: the file is there and has the function, outside any helper class."""
    path, _, function = name.partition("::")
    return function.startswith("test_") and Path(path).name.startswith("test_") and function in _functions(path)


@cache
def _functions(path: str) -> frozenset[str]:
    file = ROOT / path
    if not file.is_file():
        return frozenset()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
