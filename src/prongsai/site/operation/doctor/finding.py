"""What the doctor says of one thing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from prongsai.errors import Problem

# ``ok``: as it should be; ``note``: can be better or could not be looked at; ``bad``: mend it before people rely on it;
# ``broken``: the site cannot run like this.
State = Literal["ok", "note", "bad", "broken"]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: ``problem`` says where, what was found and expected, and how to mend it."""

    state: State
    problem: Problem

    def as_json(self) -> dict[str, Any]:
        """The stable shape for programs."""
        return {"state": self.state, **self.problem.as_json(), "next_en": self.problem.next_en}


Check = Callable[[], Iterator[Finding]]


def ok(code: str, where: str, th: str, en: str) -> Finding:
    """As it should be."""
    return Finding("ok", Problem(code, where, th, en))


def found(state: State, code: str, where: str, said: tuple[str, str], mend: tuple[str, str]) -> Finding:
    """Something to mend: what was found and expected, and what to do, each in Thai and English."""
    return Finding(state, Problem(code, where, *said, *mend))
