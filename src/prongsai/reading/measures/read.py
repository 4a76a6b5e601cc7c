"""All points of a report, from tables and from labelled paragraphs, each measure once."""

from __future__ import annotations

from prongsai.reading.measures.aspect_tables import analyses, complete
from prongsai.reading.measures.develop_tables import add_developments, developments
from prongsai.reading.measures.draft import MeasureDraft, PointDraft, Report
from prongsai.reading.measures.names import Names
from prongsai.reading.measures.prose import from_lines
from prongsai.reading.measures.rows import with_context
from prongsai.reading.measures.tables import from_tables
from prongsai.reading.model import Reading
from prongsai.reading.source import Table, Where
from prongsai.thai.text import squeeze


def read_points(reading: Reading) -> list[PointDraft]:
    """The points of a report in reading order. Reading twice gives the same points with the same numbers."""
    names = Names(reading.framework)
    points = _once(from_tables(reading.source, names))
    told = from_lines(reading.source, names)
    known = {squeeze(measure.title) for point in points for measure in point.measures}
    points += [point for point in told if not all(squeeze(measure.title) in known for measure in point.measures)]
    if any(point.measures for point in points):
        points = complete(points, analyses(reading.source, names), _mentioned(reading, points), names)
        add_developments(points, developments(reading.source, names), names)
    return points


def point_id(number: int) -> str:
    """``p1``."""
    return f"p{number}"


def measure_id(point: int, number: int) -> str:
    """``p1m2``."""
    return f"p{point}m{number}"


def _mentioned(reading: Reading, points: list[PointDraft]) -> set[int]:
    """Aspects that have a heading from the first measure on."""
    first = min((point.where for point in points), key=_place)
    found: set[int] = set()
    begun = False
    for block, under in with_context(reading.source.blocks):
        begun = begun or (isinstance(block, Table) and _place(block.where) >= _place(first)) or _holds(block, first)
        if begun and under.aspect is not None:
            found.add(under.aspect)
    return found


def _holds(block: object, where: Where) -> bool:
    return isinstance(block, Table) and any(cell.where == where for row in block.rows for cell in row)


def _place(where: Where) -> tuple[int, int, int]:
    return where.page or 0, where.line or 0, where.table or 0


def _once(points: list[PointDraft]) -> list[PointDraft]:
    """Measures that a second table only lists again are not counted again; what it reports is kept.

    Such a table (a sheet to key in, a summary) names neither topic nor steps.
    """
    before: dict[str, list[MeasureDraft]] = {}
    for point in points:
        if _is_full(point):
            for measure in point.measures:
                before.setdefault(squeeze(measure.title), []).append(measure)
    kept = []
    for point in points:
        if not _is_full(point):
            point.measures = [measure for measure in point.measures if not _merged(measure, before)]
        if point.measures or _is_full(point):
            kept.append(point)
    return kept


def _is_full(point: PointDraft) -> bool:
    return bool(point.topic or point.finding or point.items or point.indicators or any(m.steps for m in point.measures))


def _merged(measure: MeasureDraft, before: dict[str, list[MeasureDraft]]) -> bool:
    same = before.get(squeeze(measure.title))
    if not same:
        return False
    first = same.pop(0) if len(same) > 1 else same[0]
    first.budget = first.budget or measure.budget
    _add_report(first.report, measure.report)
    return True


def _add_report(first: Report, second: Report) -> None:
    first.ticked = first.ticked or second.ticked
    first.status = first.status or second.status
    first.result = first.result or second.result
    first.obstacles = first.obstacles or second.obstacles
    first.proof = first.proof or second.proof
