"""Results of invented agencies, built in memory."""

from __future__ import annotations

from typing import Any

from prongsai.errors import InputError, Problem
from prongsai.framework import Framework, for_year
from prongsai.scoring.results import Results, from_yaml
from prongsai.scoring.score import ScoreSheet, score
from prongsai.yaml_file import YamlFile, parse

NAME = "หน่วยงานสมมติ"


def results(fiscal_year: int, **keys: Any) -> Results:
    """Results read the way a file is, from data."""
    return from_yaml(YamlFile("ผล.yaml", {"agency": {"name": NAME}, "fiscal_year": fiscal_year, **keys}))


def sheet(fiscal_year: int, assume: tuple[str, ...] = (), **keys: Any) -> ScoreSheet:
    """Results scored."""
    return score(results(fiscal_year, **keys), assume)


def problems(text: str) -> list[Problem]:
    """What is wrong in the text of a results file; fails where nothing is."""
    try:
        from_yaml(parse(text, "ผล.yaml"))
    except InputError as error:
        return list(error.problems)
    raise AssertionError("the text was accepted")


def options(framework: Framework, code: str) -> list[str]:
    """Option keys of an item from its best answer to its worst."""
    item = next(i for inst in framework.instruments for ind in inst.indicators for i in ind.items if i.code == code)
    assert item.scale
    found = sorted(framework.scales[item.scale].options, key=lambda option: option.points, reverse=True)
    keys = [option.key for option in found]
    return keys if item.polarity == "positive" else keys[::-1]


def tallies(fiscal_year: int, instrument: str, counts: dict[int, int]) -> dict[str, Any]:
    """One tally for every item of an instrument without rows: position from the best option → respondents."""
    framework = for_year(fiscal_year)
    inst = next(inst for inst in framework.instruments if inst.code == instrument)
    found: dict[str, Any] = {}
    for item in (item for ind in inst.indicators for item in ind.items):
        keys = options(framework, item.code)
        tally: dict[str, int] = {}
        for position, count in counts.items():
            key = keys[min(position, len(keys) - 1)]
            tally[key] = tally.get(key, 0) + count
        found[item.code] = {part.code: dict(tally) for part in inst.parts} or tally
    return found
