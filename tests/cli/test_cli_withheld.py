"""Three people whose score leaves them no choice: no command prints the number, in words or as JSON."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from prongsai.scoring.results import load_results
from prongsai.scoring.score import score
from prongsai.yaml_file import dump
from result_sample import tallies

FEW, MANY = 3, 30
COMMANDS = (
    ("score",),
    ("score", "--json"),
    ("explain", "overall"),
    ("explain", "IIT", "--json"),
    ("explain", "level"),
    ("analyze",),
    ("analyze", "--json"),
)


def results(folder: Path, people: int) -> Path:
    counts = {**tallies(2568, "IIT", {0: people}), **tallies(2568, "EIT", {0: 30, 1: 10, 2: 3})}
    oit = {f"o{number}": "disclosed" for number in range(1, 29)} | {"o6": "not_disclosed"}
    data = {"agency": {"name": "หน่วยงานสมมติ"}, "fiscal_year": 2568, "verdicts": oit}
    path = folder / f"{people}.yaml"
    path.write_text(dump({**data, "tallies": {**counts, "i1": {"5": people - 1, "4": 1}}}), encoding="utf-8")
    return path


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_command_prints_it(tmp_path: Path, prongsai: Callable, command: tuple[str, ...]) -> None:
    for people in (FEW, MANY):
        path = results(tmp_path, people)
        found = score(load_results(path))
        ends = {text for node in ("IIT", "overall") for text in found.values[node].interval.as_json().values()}
        run = prongsai(command[0], path, *command[1:])
        assert run.status in (0, 1)
        told = {number for number in ends - {"0.00", "100.00"} if re.search(rf"(?<![\d.]){number}(?!\d)", run.out)}
        assert bool(told) == (people == MANY), (people, told)
        assert found.level.names[0] in run.out or command[1:2] in (("IIT",), ("overall",))
        if people == FEW:
            assert "ไม่แสดง" in run.out or "withheld" in run.out


def test_nor_does_the_summary_of_many_files(tmp_path: Path, prongsai: Callable) -> None:
    paths = [results(tmp_path, people) for people in (FEW, MANY)]
    run = prongsai("score", *paths)
    assert "ไม่แสดง" in next(line for line in run.out.splitlines() if f"{FEW}.yaml" in line)
    assert "ไม่แสดง" not in next(line for line in run.out.splitlines() if f"{MANY}.yaml" in line)
