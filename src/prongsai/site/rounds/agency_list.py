"""The agencies of a round as a list: filtered, sorted, and each with its steps; for the page and for its XLSX."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.http import QueryDict

from prongsai.scoring.agency_kinds import AGENCY_KINDS
from prongsai.site.agencies.models import Agency
from prongsai.site.base.text import T, pick
from prongsai.site.people.access import agencies_for
from prongsai.site.people.models import Person
from prongsai.site.rounds.actions import installed
from prongsai.site.rounds.deadlines import Calendar, Deadline, State
from prongsai.site.rounds.models import DONE_AT, Assessment, Round, StageKind
from prongsai.site.rounds.names import matching, short_kind
from prongsai.site.rounds.progress import in_state

SCORES = ("overall", "iit", "eit", "oit")
SORTS = ("name", "kind", "province", "overall", "level", "iit", "eit", "oit")
STATES = {State.DONE: T("ทำแล้ว", "Done"), State.LATE: T("ล่าช้า", "Late"), State.OPEN: T("ยังไม่ครบกำหนด", "Not due yet")}


@dataclass
class Row:
    """One agency's year in the list. ``steps`` are in the order of the calendar."""

    assessment: Assessment
    steps: list[Deadline]

    @property
    def kind(self) -> str:
        """The agency's kind, short."""
        return short_kind(self.assessment.agency)


@dataclass
class Listed:
    """What was asked for, and what there is. Anything unknown in the address is ignored."""

    person: Person
    asked: QueryDict
    rounds: list[Round] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.visible: QuerySet[Agency] = agencies_for(self.person)
        self.rounds = list(Round.objects.filter(own=None))
        wanted = self.asked.get("round", "")
        of = next((one for one in self.rounds if one.slug == wanted), None)
        self.round = of or next((one for one in self.rounds if one.open), None) or next(iter(self.rounds), None)
        self.calendar = Calendar(self.round) if self.round else None
        framework = installed(self.round) if self.round else None
        self.levels = [band.name for band in framework.levels.bands] if framework else []
        self.q = self.asked.get("q", "")[:100]
        self.kind = self._one_of("kind", AGENCY_KINDS)
        self.level = self._one_of("level", self.levels)
        self.step = self._one_of("step", StageKind.values)
        self.state = self._one_of("state", [*State])
        self.province = self.asked.get("province", "")[:100]
        sort = self.asked.get("sort", "")
        self.sort = sort if sort.removeprefix("-") in SORTS else "name"

    def _one_of(self, key: str, known: Iterable[str]) -> str:
        value = self.asked.get(key, "")
        return value if value in known else ""

    @property
    def filtered(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.q or self.kind or self.level or self.step or self.state or self.province)

    @property
    def provinces(self) -> list[str]:
        """Provinces to choose from."""
        found = self.visible.exclude(province="").order_by("province").values_list("province", flat=True)
        return list(found.distinct())

    def found(self) -> QuerySet[Assessment]:
        """The assessments asked for, in order; one query when read."""
        if self.round is None or self.calendar is None:
            return Assessment.objects.none()
        rows = Assessment.objects.filter(round=self.round)
        if self.visible.query.where:  # all agencies: nothing to narrow
            rows = rows.filter(agency__in=self.visible)
        if self.q.strip():
            rows = rows.filter(matching(self.q))
        for column, value in (("agency__kind", self.kind), ("agency__province", self.province), ("level", self.level)):
            if value:
                rows = rows.filter(**{column: value})
        rows = rows.filter(self._steps(self.calendar))
        return rows.order_by(*self._order()).select_related("agency")

    def _steps(self, calendar: Calendar) -> Q:
        if not self.step and not self.state:
            return Q()
        kinds = [StageKind(self.step)] if self.step else [StageKind(stage.kind) for stage in calendar.stages]
        if not self.state:  # a step alone: those who have not done it
            return Q(**{f"{DONE_AT[kinds[0]]}__isnull": True})
        found = Q(pk__in=())
        for kind in kinds:
            found |= in_state(calendar, kind, State(self.state))
        return found

    def _order(self) -> list[Any]:
        """Scores and levels that are missing come last either way."""
        name, down = self.sort.removeprefix("-"), self.sort.startswith("-")
        if name == "level":
            best_first: Any = Case(
                *(When(level=band, then=Value(place)) for place, band in enumerate(self.levels)),
                default=Value(None),
                output_field=IntegerField(),
            )
            key = best_first.desc(nulls_last=True) if down else best_first.asc(nulls_last=True)
        elif name in SCORES:
            key = F(name).desc(nulls_last=True) if down else F(name).asc(nulls_last=True)
        else:
            column = F(f"agency__{name}")
            key = column.desc() if down else column.asc()
        return [key, "agency__name", "pk"]

    def rows(self, assessments: Iterable[Assessment]) -> Iterator[Row]:
        """Assessments with their steps; no query."""
        assert self.calendar is not None
        for assessment in assessments:
            yield Row(assessment, self.calendar.deadlines(assessment))

    @property
    def step_heads(self) -> list[tuple[StageKind, str]]:
        """The steps of the calendar with a short name for the head of a column."""
        stages = self.calendar.stages if self.calendar else []
        return [(StageKind(stage.kind), str(_SHORT_STEPS[StageKind(stage.kind)])) for stage in stages]

    @property
    def columns(self) -> list[dict[str, Any]]:
        """The sortable columns: words, which way the next click sorts, and how it is sorted now."""
        found = []
        for name, words, number in _COLUMNS:
            now = {name: "ascending", f"-{name}": "descending"}.get(self.sort, "")
            first = f"-{name}" if number else name
            turned = name if self.sort == f"-{name}" else f"-{name}"
            found.append({"text": words, "sort": turned if now else first, "now": now, "number": number})
        return found


_SHORT_STEPS = {
    StageKind.SURVEY: T("สำรวจ", "Survey"),
    StageKind.EVIDENCE: T("หลักฐาน", "Evidence"),
    StageKind.INSPECTION: T("ตรวจ", "Inspected"),
    StageKind.CLARIFICATION: T("ชี้แจง", "Clarified"),
    StageKind.APPEAL: T("อุทธรณ์", "Appeal"),
    StageKind.RESULTS: T("ผล", "Results"),
    StageKind.PLAN: T("มาตรการ", "Plan"),
    StageKind.APPROVAL: T("อนุมัติ", "Approval"),
    StageKind.PUBLICATION: T("เผยแพร่", "Published"),
    StageKind.REPORT_6: T("6 เดือน", "6 months"),
    StageKind.REPORT_12: T("12 เดือน", "12 months"),
}
_COLUMNS = (
    ("name", T("หน่วยงาน", "Agency"), False),
    ("kind", T("ประเภท", "Kind"), False),
    ("province", T("จังหวัด", "Province"), False),
    ("overall", T("คะแนนรวม", "Overall"), True),
    ("level", T("ระดับ", "Level"), False),
    ("iit", "IIT", True),
    ("eit", "EIT", True),
    ("oit", "OIT", True),
)


def spreadsheet(listed: Listed) -> bytes:
    """The filtered list as XLSX; numbers as numbers, text always as text and never as a formula."""
    import xlsxwriter

    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(target, options)
    head = book.add_format({"bold": True, "bg_color": "#EAEEED", "bottom": 1})
    two = book.add_format({"num_format": "0.00"})
    sheet = book.add_worksheet(pick("หน่วยงาน", "Agencies"))
    sheet.freeze_panes(1, 2)
    titles = [pick("รหัส", "Code"), *(str(words) for _, words, _ in _COLUMNS)]
    stages = [StageKind(stage.kind) for stage in listed.calendar.stages] if listed.calendar else []
    for column, title in enumerate([*titles, *(str(kind.label) for kind in stages)]):
        sheet.write_string(0, column, title, head)
        sheet.set_column(column, column, 40 if column == 1 else 16)
    states = {state: str(words) for state, words in STATES.items()}
    for line, row in enumerate(listed.rows(listed.found().iterator(chunk_size=1000)), start=1):
        one = row.assessment
        texts = {0: one.agency.code, 1: one.agency.name, 2: one.agency.kind_name, 3: one.agency.province, 5: one.level}
        for column, text in texts.items():
            sheet.write_string(line, column, text)
        for column, value in ((4, one.overall), (6, one.iit), (7, one.eit), (8, one.oit)):
            if value is not None:
                sheet.write_number(line, column, float(value), two)
        for column, step in enumerate(row.steps, start=len(titles)):
            sheet.write_string(line, column, states[step.state])
    sheet.autofilter(0, 0, max(1, sheet.dim_rowmax or 1), len(titles) + len(stages) - 1)
    book.close()
    return target.getvalue()
