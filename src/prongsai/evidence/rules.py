"""Which words show a required element: data written by us, one file per group below ``rules/``.

An element itself is never ours: every key is the exact text of an element in a framework (a test says so).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import Field

from prongsai.framework.model import Sourced
from prongsai.yaml_file import read

FOLDER = Path(__file__).parent / "rules"


class WordRule(Sourced):
    """``words``: of every group at least one word must be found. ``passes`` and ``fails`` are invented examples."""

    words: tuple[tuple[str, ...], ...] = Field(min_length=1)
    passes: str
    fails: str


@cache
def rules() -> dict[str, WordRule]:
    """All rules by the text of the element."""
    return {
        element: WordRule.model_validate(entry)
        for path in sorted(FOLDER.glob("*.yaml"))
        for element, entry in read(path).data.items()
    }
