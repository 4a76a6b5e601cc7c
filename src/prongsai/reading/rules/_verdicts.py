"""Which checklist items passed and which failed, from printed scores and from stated strengths and weaknesses."""

from __future__ import annotations

from dataclasses import dataclass, field

from prongsai.reading.model import Reading
from prongsai.reading.source import Where


@dataclass(frozen=True)
class Verdicts:
    """Checklist items by what became of them, each with the place that says so."""

    passed: dict[str, Where] = field(default_factory=dict)
    failed: dict[str, Where] = field(default_factory=dict)


def checklist_items(reading: Reading) -> dict[str, str]:
    """The codes of all checklist items with the number of their indicator."""
    return {
        item.code: indicator.number
        for instrument in (reading.framework.instruments if reading.framework else ())
        if instrument.kind == "checklist"
        for indicator in instrument.indicators
        for item in indicator.items
    }


def verdicts(reading: Reading) -> Verdicts:
    """A printed 0 or 100 decides; an item named as a weakness without any score failed, as a strength passed."""
    items = checklist_items(reading)
    found = Verdicts()
    for value in reading.values:
        if value.node in items and value.value in (0, value.of or 100):
            (found.failed if value.value == 0 else found.passed).setdefault(value.node, value.where)
    scored = {value.node for value in reading.values}
    for statement in reading.statements:
        target = found.failed if statement.kind == "weakness" else found.passed
        for code in statement.items:
            if code in items and code not in scored:
                target.setdefault(code, statement.where)
    for code in [code for code in found.passed if code in found.failed and code in scored]:
        found.passed.pop(code)
    return found
