"""The progress of the measures: ticked columns, result columns, told results, and the list of proof."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Literal

from prongsai.improvement.model import MeasureProgress, Progress, Proof
from prongsai.reading.measures.periods import spans
from prongsai.reading.measures.proof_list import proof_list
from prongsai.reading.measures.read import measure_id, read_points
from prongsai.reading.measures.reports import told
from prongsai.reading.model import Reading
from prongsai.reading.source import Line
from prongsai.thai.digits import to_arabic
from prongsai.thai.text import squeeze

ORDER = 70

_HALF_YEAR = re.compile(r"รอบ6เดือน")
_AS_OF = re.compile(r"(?:ข้อมูล)?\s*ณ\s*วันที่\s*")
_TITLE_LENGTH = 130


def collect(reading: Reading) -> None:
    """Fill ``progress`` where the report says anything of what was done."""
    if reading.plan is None:
        return
    drafts = read_points(reading)
    if not any(measure.report.says_something for draft in drafts for measure in draft.measures):
        return
    numbered = {listed.number: listed.proof for listed in proof_list(reading.source)}
    entries = []
    for number, draft in enumerate(drafts, start=1):
        for place, measure in enumerate(draft.measures, start=1):
            found = told(measure.report)
            proof = [numbered[n] for n in found.proof_numbers if n in numbered]
            entries.append(
                MeasureProgress(
                    measure=measure_id(number, place),
                    status=found.status or "not_started",
                    done=found.done,
                    proof=_each_once([*found.proof, *proof]),
                    obstacles=found.obstacles,
                    result=found.result,
                )
            )
    if any(draft.measures and measure_told(entry) for draft in drafts for entry in entries):
        reading.progress = Progress(plan=reading.plan, months=_months(reading), as_of=_as_of(reading), measures=entries)


def measure_told(entry: MeasureProgress) -> bool:
    """Whether an entry says more than that nothing is known."""
    return entry.status != "not_started" or bool(entry.done or entry.proof or entry.obstacles or entry.result)


def _each_once(proofs: list[Proof]) -> list[Proof]:
    return [proof for at, proof in enumerate(proofs) if proof not in proofs[:at]]


def _titles(reading: Reading) -> Iterator[str]:
    for block in reading.source.blocks:
        if isinstance(block, Line) and len(block.text) <= _TITLE_LENGTH:
            yield to_arabic(block.text)


def _months(reading: Reading) -> Literal[6, 12]:
    """Six where a title says so: a line of its own, or a title of a report."""
    for text in _titles(reading):
        plain = squeeze(text)
        if _HALF_YEAR.search(plain) and "12เดือน" not in plain and (len(plain) < 24 or plain.startswith("รายงาน")):
            return 6
    return 12


def _as_of(reading: Reading) -> dt.date | None:
    for block in reading.source.blocks:
        if not isinstance(block, Line):
            continue
        for match in _AS_OF.finditer(block.text):
            near = [span for span in spans(block.text) if match.start() <= span.begin <= match.end() + 2]
            if near and near[0].one_day:
                return near[0].start
    return None
