"""JSON from outside: every fault is a ``ValueError``, and every reader of a file says it in words."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from prongsai.errors import InputError
from prongsai.evidence.results import Kept, previous_hashes
from prongsai.json_text import read_json

DEEP = "[" * 100_000


def test_it_says_what_the_text_says() -> None:
    assert read_json('{"ก": [1, 1.5, null]}') == {"ก": [1, 1.5, None]}
    assert math.isnan(read_json("NaN"))
    assert read_json("NaN", parse_constant=str) == "NaN"


@pytest.mark.parametrize("text", ["", "{", "[1,]", '{"a":' * 100_000, DEEP, DEEP.encode(), b"\xff"])
def test_what_cannot_be_read_is_an_ordinary_fault(text: str | bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the kind is what matters
        read_json(text)


def test_files_that_nest_too_deep_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "found.json"
    path.write_text(DEEP + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="deep"):
        previous_hashes(path)
    with pytest.raises(InputError, match="too deep"):
        Kept(path, {})
