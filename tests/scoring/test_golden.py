"""Cases worked out by hand, one YAML file per subject; tests/golden/README.md says how to add one."""

from pathlib import Path
from typing import Any

import pytest

from prongsai.scoring.as_json import sheet_json
from prongsai.scoring.results import from_yaml
from prongsai.scoring.score import score
from prongsai.yaml_file import YamlFile, read
from result_sample import NAME

FOLDER = Path(__file__).parent.parent / "golden"
NAMED = {"name", "fiscal_year", "framework", "given", "expect", "assume"}
COMPARED = {"overall", "components", "instruments", "indicators", "sub_indicators", "items"}


def cases() -> list[Any]:
    return [
        pytest.param(case, id=f"{path.stem}-{number}")
        for path in sorted(FOLDER.glob("*.yaml"))
        for number, case in enumerate(read(path).data, start=1)
    ]


@pytest.mark.parametrize("case", cases())
def test_golden(case: dict[str, Any]) -> None:
    assert set(case) <= NAMED
    year = {key: case[key] for key in ("fiscal_year", "framework") if key in case}
    data = {"agency": {"name": NAME}, **year, **case["given"]}
    found = sheet_json(score(from_yaml(YamlFile(case["name"], data)), case.get("assume", ())))
    expected = dict(case["expect"])
    disagreements = expected.pop("disagreements", [])
    assert sorted(entry["node"] for entry in found["disagreements"]) == sorted(map(str, disagreements))
    unknown = {entry["node"] for entry in found["unknown"]}
    assert set(map(str, expected.pop("unknown", []))) <= unknown
    assert set(expected) <= COMPARED
    compare(found, expected, case["name"])


def compare(found: Any, expected: Any, place: str) -> None:
    """Every value that is expected stands in what was found; a score is exact and an interval is one."""
    if not isinstance(expected, dict):
        assert found == expected, place
        return
    assert isinstance(found, dict), place
    for key, value in expected.items():
        assert key in found, f"{place}: no {key} in {sorted(found)}"
        compare(found[key], value, f"{place}: {key}")


def test_there_are_cases_for_every_subject() -> None:
    names = [case.id or "" for case in cases()]
    assert len(names) >= 40
    assert len({name.rpartition("-")[0] for name in names}) >= 8


def test_a_wrong_expectation_fails() -> None:
    sound = {"overall": {"score": "85.00", "level": "A"}}
    compare(sound, {"overall": {"score": "85.00"}}, "x")
    for wrong in ({"overall": {"score": "85.01"}}, {"overall": {"levels": ["A"]}}, {"items": {"i1": {}}}):
        with pytest.raises(AssertionError):
            compare(sound, wrong, "x")
