"""What the audit says: one finding with its place, the numbers printed, the arithmetic, and a repair if any."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from prongsai.framework import Confidence
from prongsai.reading.source import Where


@dataclass(frozen=True)
class Rule:
    """A rule's identity. ``code`` such as ``mean.indicator``; severity of its findings unless they say otherwise."""

    code: str
    severity: Literal["error", "warning", "note"]
    th: str
    en: str


@dataclass(frozen=True)
class Finding:
    """One thing found. ``confidence``: of the framework rule it rests on. ``repair``: node → corrected value."""

    rule: Rule
    th: str
    en: str
    where: tuple[Where, ...]
    printed: tuple[str, ...] = ()
    computed: str | None = None
    confidence: Confidence = Confidence.CONFIRMED
    severity: Literal["error", "warning", "note"] | None = None
    repair: dict[str, Any] | None = None
    nodes: tuple[str, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """The stable shape for programs."""
        return {
            "rule": self.rule.code,
            "severity": self.severity or self.rule.severity,
            "confidence": str(self.confidence),
            "message_th": self.th,
            "message_en": self.en,
            "where": [str(place) for place in self.where],
            "printed": list(self.printed),
            "computed": self.computed,
            "repair": self.repair,
        }
