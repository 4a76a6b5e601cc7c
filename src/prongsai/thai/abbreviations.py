"""Abbreviations in names of agencies, written out: ``ทต.บางปลา`` → ``เทศบาลตำบล บางปลา``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from prongsai.thai.text import repair
from prongsai.yaml_file import read


@dataclass(frozen=True)
class Abbreviation:
    """``short`` stands for ``long``; ``kind``: the kind of agency it names; ``bare``: understood without its stop."""

    short: str
    long: str
    kind: str | None = None
    bare: bool = False


@cache
def abbreviations() -> tuple[Abbreviation, ...]:
    """All that are known (``abbreviations.yaml``)."""
    told = read(Path(__file__).with_suffix(".yaml")).data
    return tuple(Abbreviation(**one) for one in told["abbreviations"])


@cache
def _written() -> re.Pattern[str]:
    """Any of them at the beginning of a word, longer ones first; without its stop where that can be nothing else."""
    longest = sorted(abbreviations(), key=lambda one: -len(one.short))
    forms = [r"\.?\s?".join(one.short.rstrip(".")) + (r"\s?\.?" if one.bare else r"\s?\.") for one in longest]
    return re.compile(r"(?<![฀-๿])(?:" + "|".join(f"({form})" for form in forms) + ")")


def written_out(text: str) -> str:
    """Repaired text with every abbreviation written out, words apart by one space."""
    longest = sorted(abbreviations(), key=lambda one: -len(one.short))

    def long(match: re.Match[str]) -> str:
        return f" {longest[(match.lastindex or 1) - 1].long} "

    found = repair(text)
    while (better := _written().sub(long, found)) != found:
        found = better  # one written out may have stood before another: ทต.ม. …
    return " ".join(found.split())
