"""Prints for people (Rich) and for programs (JSON). Piped output is never cut to a width."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import IO, Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from prongsai.errors import Problem

_NEVER_CUT = 10_000


def console(stream: IO[str] | None = None) -> Console:
    """A console on a stream (standard output). Rich itself respects ``NO_COLOR`` and the terminal's width."""
    target = stream or sys.stdout
    width = None if target.isatty() else _NEVER_CUT
    return Console(file=target, width=width, highlight=False, markup=False, emoji=False)


def say(text: str = "", style: str | None = None) -> None:
    """One line for people on standard output."""
    console().print(Text(text, style=style or ""), soft_wrap=True)


def note(text: str) -> None:
    """One line beside the result, on standard error."""
    console(sys.stderr).print(Text(text, style="dim"), soft_wrap=True)


def heading(text: str) -> None:
    """A heading with a line of space above."""
    say(f"\n{text}", "bold")


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], title: str | None = None) -> None:
    """A table; columns whose name begins with ``>`` stand to the right."""
    grid = Table(
        title=title, title_justify="left", title_style="bold", header_style="bold", box=SIMPLE_HEAD, show_edge=False
    )
    for name in columns:
        grid.add_column(name.removeprefix(">"), justify="right" if name.startswith(">") else "left", overflow="fold")
    for row in rows:
        grid.add_row(*(Text(cell) for cell in row))
    console().print(grid)


def bullets(lines: Sequence[str], indent: int = 2) -> None:
    """One line each."""
    for line in lines:
        say(f"{' ' * indent}• {line}")


def print_json(data: Any) -> None:
    """The one JSON document of a command."""
    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2) + "\n")


def print_problems(problems: Sequence[Problem], as_json: bool = False) -> None:
    """Every problem: where, what was found, what to do; as JSON on standard output, else on standard error."""
    if as_json:
        print_json({"errors": [problem.as_json() for problem in problems]})
        return
    out = console(sys.stderr)
    for problem in problems:
        out.print(Text("✗ ", "bold red") + Text(problem.where, "bold"), soft_wrap=True)
        out.print(Text(f"  {problem.th}"), soft_wrap=True)
        out.print(Text(f"  {problem.en}", "dim"), soft_wrap=True)
        if problem.next_th:
            out.print(Text(f"  → {problem.next_th}", "green"), soft_wrap=True)
