"""Static findings: the rules that look for weak code are on, and what they are told to overlook has its reason."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "prongsai"
MODULES = sorted(SOURCE.rglob("*.py"))


def test_the_security_rules_are_on() -> None:
    lint = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]["lint"]
    assert "S" in lint["select"]
    assert [rule for rule in lint["ignore"] if rule.startswith("S1")] == ["S101"]
    for pattern, rules in lint["per-file-ignores"].items():
        assert not (pattern.startswith("src") and any(re.fullmatch(r"S\d{3}", rule) for rule in rules)), pattern


def test_every_finding_that_is_overlooked_says_why() -> None:
    lines = [(path, line) for path in MODULES for line in path.read_text(encoding="utf-8").splitlines()]
    overlooked = [(path, line) for path, line in lines if re.search(r"noqa:[^#]*\bS\d{3}", line)]
    assert overlooked
    assert [f"{path.name}: {line}" for path, line in overlooked if not re.search(r"noqa: [\w, ]+ - \w", line)] == []
    assert [f"{path.name}: {line}" for path, line in lines if "nosec" in line] == []


def test_the_rules_find_what_they_are_for(tmp_path: Path) -> None:
    """The control: the linter, as it is set up here, sees one weakness of each kind."""
    weak = [
        "import pickle, subprocess",
        'subprocess.run("ls " + input(), shell=True)',
        'pickle.loads(b"")',
        'eval("1")',
    ]
    path = tmp_path / "weak.py"
    path.write_text("\n".join([*weak, 'secret = "hunter2hunter2"', ""]), encoding="utf-8")
    command = [str(Path(sys.executable).with_name("ruff")), "check", "--config", str(ROOT / "pyproject.toml")]
    done = subprocess.run([*command, str(path)], check=False, capture_output=True, text=True)
    assert {"S602", "S301", "S307", "S105"} <= set(re.findall(r"\bS\d{3}\b", done.stdout))


def narrows(test: ast.expr) -> bool:
    """Whether an assertion says only what a type checker could not see: of this type, not None, not empty."""
    if isinstance(test, ast.Compare):
        return [type(one) for one in test.ops] == [ast.IsNot] and ast.unparse(test.comparators[0]) == "None"
    if isinstance(test, ast.Call):
        return ast.unparse(test.func) == "isinstance"
    return isinstance(test, ast.Name | ast.Attribute)


def loose(source: str) -> list[str]:
    """Assertions that decide anything: with ``python -O`` they are not there."""
    tree = ast.parse(source)
    found = [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Assert) and not narrows(node.test)]
    caught = [node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) and node.type]
    return found + [
        ast.unparse(node.type) for node in caught if node.type and "AssertionError" in ast.unparse(node.type)
    ]


def test_no_assertion_decides_anything() -> None:
    texts = {str(path.relative_to(SOURCE)): path.read_text(encoding="utf-8") for path in MODULES}
    some = {name: text for name, text in texts.items() if "assert " in text or "AssertionError" in text}
    assert {name: found for name, text in some.items() if (found := loose(text))} == {}


@pytest.mark.parametrize(
    "source",
    ["assert person.may(x)", "assert a == b", "try:\n    pass\nexcept (ValueError, AssertionError):\n    pass"],
)
def test_an_assertion_that_decides_is_found(source: str) -> None:
    assert loose(source)
    assert loose("assert a.b is not None\nassert isinstance(a, B)\nassert found") == []


_CLOCKS = ("now", "today", "localdate", "localtime", "utcnow")


def asked_too_early(source: str) -> list[str]:
    """Calls for the day or the hour that are made when a module is imported: long before its tests run."""
    found: list[str] = []

    def look(node: ast.AST) -> None:
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in _CLOCKS:
            found.append(ast.unparse(node))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            inner = [*node.args.defaults, *filter(None, node.args.kw_defaults)]
            inner += [] if isinstance(node, ast.Lambda) else node.decorator_list
        else:
            inner = list(ast.iter_child_nodes(node))  # type: ignore[arg-type]
        for one in inner:
            look(one)

    look(ast.parse(source))
    return found


@pytest.mark.parametrize(
    "source", ["DAY = timezone.localdate()", "def f(day=dt.date.today()): ...", "class A:\n    at = timezone.now()"]
)
def test_a_day_that_is_asked_for_too_early_is_seen(source: str) -> None:
    assert asked_too_early(source)


def test_no_module_asks_for_the_day_when_it_is_imported() -> None:
    """A server runs for weeks, and a run of all tests may begin before midnight in Bangkok and end after it."""
    every = [*MODULES, *(ROOT / "tests").rglob("*.py"), *(ROOT / "bench").rglob("*.py")]
    assert {path.name: found for path in every if (found := asked_too_early(path.read_text(encoding="utf-8")))} == {}
