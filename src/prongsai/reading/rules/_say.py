"""The words of findings: how a node is called in both languages, numbers as people write them, lists cut short."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from prongsai.framework import Framework
from prongsai.reading.model import Printed
from prongsai.reading.source import Where
from prongsai.scoring.interval import written
from prongsai.scoring.score import label
from prongsai.scoring.structure import structure

_KIND_EN = {"indicator": "indicator ", "sub_indicator": "sub-indicator ", "item": "item ", "row": "row "}
_MOST_PLACES = 12
_LONGEST = 90


def th(framework: Framework | None, node: str) -> str:
    """A node in a Thai sentence: ``คะแนนรวม``, ``ตัวชี้วัดที่ 3``, ``ข้อ i12``."""
    known = structure(framework).nodes.get(node) if framework else None
    return label(known).strip() if known else node


def en(framework: Framework | None, node: str) -> str:
    """A node in an English sentence."""
    known = structure(framework).nodes.get(node) if framework else None
    if known is None or known.kind in ("instrument", "part"):
        return node
    if known.kind == "overall":
        return "the overall score"
    part = f" ({known.part})" if known.part else ""
    return f"{_KIND_EN[known.kind]}{known.code}{part}"


def both(framework: Framework | None, node: str) -> tuple[str, str]:
    """Thai and English name of a node."""
    return th(framework, node), en(framework, node)


def number(value: Printed | Decimal) -> str:
    """A number in Arabic digits with its decimals; with its full mark where that is not 100."""
    if isinstance(value, Decimal):
        return written(value)
    full = f"/{value.of}" if value.of else ""
    return f"{written(value.value)}{full}"


def as_printed(values: Iterable[Printed]) -> tuple[str, ...]:
    """The numbers as they stand in the report, each once."""
    return tuple(dict.fromkeys(value.text or str(value.value) for value in values))


def places(*wheres: Where | None) -> tuple[Where, ...]:
    """Places without repetition, in the order given, not more than a reader can look up."""
    return tuple(dict.fromkeys(where for where in wheres if where is not None))[:_MOST_PLACES]


def listed(names: Sequence[str], most: int = 12) -> str:
    """``i1, i2, i3``; cut after ``most``."""
    return ", ".join(names[:most]) + (" …" if len(names) > most else "")


def quoted(text: str, longest: int = _LONGEST) -> str:
    """A passage on one line, cut at a length that still tells what it is."""
    plain = " ".join(text.split())
    return f"“{plain if len(plain) <= longest else plain[: longest - 1].rstrip() + '…'}”"
