"""What a check says, and what it is given to look at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from prongsai.evidence.content import Content
from prongsai.evidence.fetch import Fetched
from prongsai.evidence.links import Link
from prongsai.framework import Framework, Item

Severity = Literal["fine", "note", "unknown", "warning", "error"]
SEVERITIES: tuple[Severity, ...] = ("fine", "note", "unknown", "warning", "error")


@dataclass(frozen=True)
class Finding:
    """What one check saw: advice, never a verdict. ``unknown``: it could not tell, and a person must look."""

    code: str
    severity: Severity
    th: str
    en: str

    def as_json(self) -> dict[str, str]:
        """The stable shape for programs."""
        return {"code": self.code, "severity": self.severity, "th": self.th, "en": self.en}


@dataclass(frozen=True)
class Seen:
    """One link with what was fetched. ``content`` is None where nothing was.

    ``site``: host of the agency's registered main site, or None; ``previous``: SHA-256 → items of last year's results.
    """

    link: Link
    item: Item
    framework: Framework
    fetched: Fetched
    content: Content | None
    site: str | None
    previous: Mapping[str, tuple[str, ...]] | None
    now: dt.datetime
