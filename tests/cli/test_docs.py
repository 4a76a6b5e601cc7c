"""docs/cli.md names every command and option there is, and is what ``make docs`` would write."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from prongsai.cli.app import build
from prongsai.cli.reference import commands, reference

PAGE = (Path(__file__).parents[2] / "docs" / "cli.md").read_text(encoding="utf-8")
COMMANDS = list(commands(build()))


@pytest.mark.parametrize(("path", "command"), COMMANDS, ids=[" ".join(path) for path, _ in COMMANDS])
def test_every_command_and_option_is_documented(path, command) -> None:
    _, found, section = PAGE.partition(f"\n## prongsai {' '.join(path)}\n")
    assert found, f"prongsai {' '.join(path)} is not in docs/cli.md; run make docs"
    section = section.split("\n## ")[0]
    if command.default_command is None:
        return
    for argument in command.assemble_argument_collection():
        for name in set(argument.names or (argument.name,)) - set(argument.negatives):
            assert name in section, f"{name} of prongsai {' '.join(path)} is not in docs/cli.md; run make docs"


def _without_names(page: str) -> str:
    """Names of document kinds, layouts and formats left out: a new one is one new file and edits nothing else."""
    return re.sub(r"(\((?:kind|layout|format)\)): [a-z_ |]+", r"\1", page)


def test_page_is_fresh() -> None:
    assert _without_names(reference()) == _without_names(PAGE), "docs/cli.md is stale; run make docs"


def test_every_picture_is_shown_and_every_shown_picture_is_there() -> None:
    docs = Path(__file__).parents[2] / "docs"
    pages = [*docs.rglob("*.md"), *docs.parent.glob("*.md")]
    shown = {
        (page.parent / found).resolve()
        for page in pages
        for found in re.findall(r"\]\(([^)\s]+\.(?:png|svg))\)", page.read_text(encoding="utf-8"))
    }
    assert shown == {path for path in docs.rglob("*") if path.suffix in {".png", ".svg"}}
