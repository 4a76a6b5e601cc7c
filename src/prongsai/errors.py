"""The one shape of every error a person meets: what, where, what was expected, what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in an input.

    ``where`` names file and key, cell or line; ``th`` and ``en`` say what was found and what was expected;
    ``next_th`` and ``next_en`` say what to do; the English one is filled where people read it (the site).
    """

    code: str
    where: str
    th: str
    en: str
    next_th: str = ""
    next_en: str = ""

    def as_json(self) -> dict[str, str]:
        """The stable shape for programs."""
        return {
            "code": self.code,
            "where": self.where,
            "message_th": self.th,
            "message_en": self.en,
            "next_th": self.next_th,
        }

    def __str__(self) -> str:
        return f"{self.where}: {self.th} {self.next_th}".strip()


class ProngsaiError(Exception):
    """Root of all errors raised for people; carries every problem found, never only the first."""

    def __init__(self, problems: Problem | Sequence[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(f"{p.where}: {p.en}" for p in self.problems))


class InputError(ProngsaiError):
    """The input cannot be used (exit status 2). Nothing has been written."""


def unreadable(path: Path, error: OSError) -> InputError:
    """A file that is not there or may not be read."""
    return InputError(
        Problem(
            "file.unreadable",
            str(path),
            "เปิดไฟล์ไม่ได้ หรือไม่พบไฟล์",
            f"cannot read the file: {error.strerror}",
            "โปรดตรวจสอบชื่อไฟล์และตำแหน่งที่เก็บ",
        )
    )
