"""Rows of tables of measures put together to points, measures and steps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from prongsai.improvement.model import Period
from prongsai.reading.measures import cells
from prongsai.reading.measures.align import distribute, give
from prongsai.reading.measures.columns import Column
from prongsai.reading.measures.draft import MeasureDraft, PointDraft, Report, StepDraft
from prongsai.reading.measures.lists import Listing, is_marked, listing, plain
from prongsai.reading.measures.names import Names
from prongsai.reading.measures.periods import When, periods
from prongsai.reading.measures.point_cell import read_point
from prongsai.reading.measures.rows import Row, rows
from prongsai.reading.measures.units import by_step, unit_groups
from prongsai.reading.source import Source

_INHERITED = (Column.UNIT, Column.PERIOD)
_TICKS = {Column.DONE: "done", Column.NOT_DONE: "not_started", Column.UNDER_WAY: "in_progress"}
_LEADS_ON = re.compile(r"(?:ดังนี้|ได้แก่|โดย|คือ|:)\s*$")


def from_tables(source: Source, names: Names) -> list[PointDraft]:
    """All points of all tables of measures, in reading order."""
    points: list[PointDraft] = []
    above: PointDraft | None = None  # the last point with a first cell of its own
    for group in _points(_whole_rows(rows(source))):
        point = _Maker(names, group).made()
        if point is None:
            continue
        if group[0].text(Column.TOPIC):
            above = point
        elif above is not None and Column.TOPIC in group[0].columns and above.under == point.under:
            point.topic = point.topic or above.named
            point.indicators = point.indicators or list(above.indicators)
        points.append(point)
    return points


def _whole_rows(found: Iterable[Row]) -> Iterator[Row]:
    """Rows with what a page break cut off put back to the row it belongs to."""
    last: Row | None = None
    for row in found:
        if last is not None and _is_rest(row, last):
            for column, text in row.texts.items():
                last.texts[column] = f"{last.texts[column]} {text}" if column in last.texts else text
            continue
        if last is not None:
            yield last
        last = row
    if last is not None:
        yield last


def _is_rest(row: Row, last: Row) -> bool:
    """A row at the top of a page that begins nothing: no topic, unit, period or number of its own."""
    if not row.piece or row.banner or last.banner or row.under.number != last.under.number:
        return False
    begins = {Column.UNIT, Column.PERIOD, Column.TOPIC, Column.WATCH, *_TICKS, Column.RESULT} & set(row.texts)
    if begins or not row.texts or not set(row.texts) <= {*row.columns} or row.columns != last.columns:
        return False
    had = [column for column in _INHERITED if column in row.columns]
    if had and not any(last.text(column) or column in last.covered for column in had):
        return False
    return not any(is_marked(text) for text in row.texts.values())


def _points(found: Iterable[Row]) -> Iterator[list[Row]]:
    """The rows of each point."""
    group: list[Row] = []
    for row in found:
        if row.banner:
            if group:
                yield group
            group = []
            continue
        if group and _begins(row, group[-1]):
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def _begins(row: Row, last: Row) -> bool:
    """Whether a row begins another point than the row before."""
    if row.under.number != last.under.number or row.columns != last.columns:
        return True
    continued = row.piece and listing(row.text(Column.STEP)).continued
    if row.text(Column.TOPIC):
        bare = not row.text(Column.MEASURE) and not row.text(Column.STEP)
        return not (continued or (row.piece and bare))
    return bool(row.text(Column.FINDING) and row.text(Column.MEASURE)) and not continued


class _Maker:
    """Makes one point of its rows."""

    def __init__(self, names: Names, group: list[Row]) -> None:
        self.names = names
        self.group = group
        self.point = PointDraft(group[0].place(Column.TOPIC))
        self.point.aspect, self.point.under = group[0].under.aspect, group[0].under.number
        self.point.ticks = bool(set(_TICKS) & group[0].columns)
        self.current: list[MeasureDraft] = []
        self.loose: list[StepDraft] = []  # steps of cells with several measures
        self.units: list[list[str]] = []
        self.when: list[When] = []
        self.watch: str | None = None
        self.several = any(len(cells.titles(row.text(Column.MEASURE), _raw(row))) > 1 for row in group)

    def made(self) -> PointDraft | None:
        """The point; None where its rows only say that there is no measure for a reason."""
        read_point(self.point, self.group, self.names)
        alone = [row.text(Column.MEASURE) or row.text(Column.STEP) for row in self.group]
        alone = [text for text in alone if text]
        if len(alone) == 1 and cells.says_no_measure(alone[0]) and len(self.group) == 1:
            if Column.STEP not in self.group[0].columns and not cells.is_nothing(self.group[0].text(Column.GUIDELINE)):
                self._guide(plain(self.group[0].text(Column.GUIDELINE)))
            return self.point if cells.is_nothing(alone[0]) else None
        for row in self.group:
            self._row(row)
        if self.several:
            distribute(self.point.measures, self.loose)
        return self.point if self.point.measures or self.point.topic or self.point.finding else None

    def _row(self, row: Row) -> None:
        begun = self._measures(row)
        if begun:
            self.current = begun
            self.point.measures += begun
        steps = self._steps(row)
        if steps and not self.current:
            self.current = [MeasureDraft(self.point.topic or row.under.title, row.where)]
            self.point.measures += self.current
        if self.several:
            self.loose += steps
        elif steps:
            self.current[-1].steps += steps
        self._reports(row, begun or self.current)

    def _measures(self, row: Row) -> list[MeasureDraft]:
        text = row.text(Column.MEASURE)
        if cells.is_nothing(text):
            return []
        said = cells.labelled(text)
        found = [MeasureDraft(title, row.place(Column.MEASURE)) for title in cells.titles(said.text, _raw(row))]
        watch = self._watch(row)
        for measure in found:
            measure.monitoring = said.get("การกำกับติดตาม", "การติดตาม", "การรายงานผล") or (watch.text or None)
            measure.success = said.get("ตัวชี้วัดความสำเร็จ", "ตัวชี้วัดผล") or watch.get("ตัวชี้วัดความสำเร็จ")
            measure.budget = said.budget
            if measure.success is None and not cells.is_nothing(row.text(Column.SUCCESS)):
                measure.success = plain(row.text(Column.SUCCESS)) or None
        return found

    def _watch(self, row: Row) -> cells.Labelled:
        """The monitoring column; a cell left empty where merging is not known says what the one above said."""
        text = row.text(Column.WATCH)
        if self.point.ticks or cells.tick(text, "done"):
            return cells.Labelled()
        if text:
            self.watch = text
        elif row.merges and Column.WATCH not in row.covered:
            self.watch = None
        said = cells.labelled(self.watch or "")
        said.lines = [] if cells.is_nothing(said.text) else [plain(said.text)]
        return said

    def _steps(self, row: Row) -> list[StepDraft]:
        column = Column.STEP if Column.STEP in row.columns else Column.GUIDELINE
        text = row.text(column)
        groups, when = self._units(row), self._when(row)
        said = cells.labelled(text)
        found = cells.steps(said.text, row.raws.get(column, ""), row.by_line)
        texts = self._without_lead(found, row, column)
        place = row.place(column)
        if cells.is_nothing(" ".join(texts)):
            texts = [] if text.strip() or not self._owned(row) else self._title_as_step(row)
        drafts = [StepDraft(step, place) for step in texts if not cells.is_nothing(step)]
        after = said.get("ระยะเวลา")
        if after is not None:
            labelled = cells.periods_of(after)
            when = labelled if len(labelled) in (0, 1, len(drafts)) else []
        give(drafts, groups, when)
        for draft, own in zip(drafts, by_step(row.text(Column.UNIT), len(drafts)) or [], strict=False):
            draft.units = own
        for draft in drafts:
            draft.when_at = row.place(Column.PERIOD)
        if Column.PERIOD not in row.columns and after is None:
            parted = cells.trailing_periods([draft.text for draft in drafts])
            for draft, split in zip(drafts, parted, strict=True):
                if split is not None:
                    draft.text, behind = split
                    empty = behind.period == Period()
                    draft.period, draft.when = None if empty else behind.period, behind.text
        return drafts

    def _owned(self, row: Row) -> bool:
        return bool(row.text(Column.MEASURE)) and bool(row.text(Column.UNIT) or row.text(Column.PERIOD))

    def _title_as_step(self, row: Row) -> list[str]:
        """Where a measure has units or a period but no steps, it is its own one step."""
        named = cells.titles(cells.labelled(row.text(Column.MEASURE)).text, _raw(row))
        known = any(not cells.is_nothing(row.text(column)) for column in _INHERITED)
        return named if known and Column.STEP not in row.columns else []

    def _without_lead(self, found: Listing, row: Row, column: Column) -> list[str]:
        """The steps; text before a list goes to the step before, the guideline, or the first step."""
        texts = list(found.items)
        if column is Column.GUIDELINE and not found.marked and len(texts) > 1:
            self._guide(" ".join(texts[:-1]))
            return texts[-1:]
        if not found.lead:
            return texts
        before = self.loose if self.several else (self.current[-1].steps if self.current else [])
        if found.continued and before and row.piece:
            before[-1].text = f"{before[-1].text} {found.lead}"
        elif column is Column.GUIDELINE:
            self._guide(found.lead)
        elif texts:
            texts[0] = f"{found.lead} {texts[0]}"
        return texts

    def _guide(self, text: str) -> None:
        self.point.guideline = f"{self.point.guideline} {text}".strip()

    def _units(self, row: Row) -> list[list[str]]:
        text = row.text(Column.UNIT)
        if text:
            self.units = unit_groups(text)
        elif row.merges and Column.UNIT not in row.covered:
            self.units = []
        elif Column.UNIT in row.covered or row.text(Column.MEASURE) or row.text(Column.STEP):
            flat = list(dict.fromkeys(unit for group in self.units for unit in group))
            self.units = [flat] if flat else []
        return self.units

    def _when(self, row: Row) -> list[When]:
        text = row.text(Column.PERIOD)
        if text:
            self.when = periods(text)
        elif row.merges and Column.PERIOD not in row.covered:
            self.when = []
        elif len(self.when) > 1:
            self.when = self.when[-1:]
        return self.when

    def _reports(self, row: Row, measures: list[MeasureDraft]) -> None:
        """Ticks, results, obstacles and proof go to the measures of the row."""
        ticked = next((found for c, said in _TICKS.items() if (found := cells.tick(row.text(c), said))), None)
        ticked = ticked or cells.tick(row.text(Column.WATCH), "done")
        for measure in measures:
            report = measure.report
            report.ticked = report.ticked or ticked
            _add(report, row)


def _add(report: Report, row: Row) -> None:
    report.where = report.where or row.place(Column.RESULT)
    report.result = f"{report.result}\n{row.text(Column.RESULT)}".strip()
    report.status = f"{report.status}\n{row.text(Column.STATUS)}".strip()
    report.obstacles = f"{report.obstacles}\n{row.text(Column.OBSTACLE)}".strip()
    report.proof = f"{report.proof}\n{row.text(Column.PROOF)}".strip()


def _raw(row: Row) -> str:
    return row.raws.get(Column.MEASURE, "")
