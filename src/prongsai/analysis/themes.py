"""Causes and advice for every theme of the items: data written by us, one file per group below ``themes/``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from prongsai.yaml_file import read

FOLDER = Path(__file__).parent / "themes"


class Theme(BaseModel):
    """What a theme is about, what low and high scores say, possible causes, advice, and the OIT themes it rests on.

    Causes are possibilities to be verified by the agency, never statements of fact about it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    low: str
    high: str
    causes: tuple[str, ...] = Field(min_length=1)
    advice: tuple[str, ...] = Field(min_length=1)
    oit: tuple[str, ...] = ()


@cache
def themes() -> dict[str, Theme]:
    """All themes by key, such as ``duty.procedure`` or ``oit.risk_report``."""
    found: dict[str, Theme] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        for key, entry in read(path).data.items():
            found[key] = Theme.model_validate(entry)
    return found
