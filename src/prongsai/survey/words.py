"""The words of the respondent's own pages, one file per language in ``words/``.

A questionnaire brings its own texts; these are the buttons, notices and kind sentences around them. A new language is
a new file with the same keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from prongsai.survey.questionnaire import THAI
from prongsai.yaml_file import read

FOLDER = Path(__file__).parent / "words"


@dataclass(frozen=True)
class Words:
    """All words of one language. ``direction`` is ``ltr`` or ``rtl``; a ``draft`` is marked wherever it is offered."""

    language: str
    name: str
    direction: str
    draft: bool
    texts: Mapping[str, str]

    def say(self, key: str, **values: object) -> str:
        """A sentence with its values."""
        return self.texts[key].format(**values)


@cache
def languages() -> tuple[str, ...]:
    """Languages (BCP 47) that have words, Thai first."""
    return tuple(sorted((path.stem for path in FOLDER.glob("*.yaml")), key=lambda name: (name != THAI, name)))


@cache
def words(language: str = THAI) -> Words:
    """The words of a language; in Thai where there are none in it."""
    if language not in languages():
        return words(THAI)
    data = read(FOLDER / f"{language}.yaml").data
    texts = MappingProxyType({key: str(text) for key, text in data["words"].items()})
    return Words(data["language"], data["name"], data["direction"], data["status"] == "draft", texts)
