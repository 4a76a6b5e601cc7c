"""How the surveys of a round are answered over many agencies: counted by the database, those at risk first."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, FloatField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from prongsai.cells import harmless
from prongsai.site.base.text import T, pick
from prongsai.site.rounds.deadlines import Calendar
from prongsai.site.rounds.models import StageKind
from prongsai.site.surveys.counts import Forecast, by_day, forecast
from prongsai.site.surveys.listed import ListedSurveys
from prongsai.site.surveys.models import Box, Day, Survey, SurveyState

GROUPS = {
    "assessment__agency__province": T("จังหวัด", "Province"),
    "assessment__agency__kind": T("ประเภทหน่วยงาน", "Kind of agency"),
}


@dataclass(frozen=True)
class Part:
    """Some surveys together. ``required`` counts those whose number is known alone; ``toward`` the answers of these."""

    name: str
    surveys: int
    opened: int
    answered: int
    required: int
    toward: int
    enough: int

    @property
    def share(self) -> float | None:
        """Answers toward what is required, in percent, at most what each agency needs; None where nothing is known."""
        return min(100.0, 100 * self.toward / self.required) if self.required else None


def _answered() -> Any:
    boxes = Box.objects.filter(survey=OuterRef("pk")).order_by().values("survey")
    return Coalesce(Subquery(boxes.annotate(n=Sum("filed")).values("n")), 0)


@dataclass(frozen=True)
class Row:
    """One survey in the list of those at risk."""

    survey: Survey
    answered: int
    closes: dt.date | None
    forecast: Forecast | None

    @property
    def verdict(self) -> str:
        """What is to be expected of the required number."""
        if self.survey.required and self.answered >= self.survey.required:
            return "reached"
        return self.forecast.verdict(self.survey.required) if self.forecast else ""


class Monitor:
    """The surveys that a person watches in a round, narrowed as asked for."""

    def __init__(self, listed: ListedSurveys) -> None:
        self.listed = listed
        self.calendar = Calendar(listed.round)
        self.stage = next((one for one in self.calendar.stages if one.kind == StageKind.SURVEY), None)
        self.today = timezone.localdate()

    def at_risk(self) -> QuerySet[Survey]:
        """Farthest from what is required first; then those whose number is not known, then those that have enough."""
        rows = self.listed.narrowed().annotate(answered=_answered())
        share = Cast(F("answered"), FloatField()) / F("required")
        rows = rows.annotate(share=share).select_related("assessment__agency")
        return rows.order_by(F("share").asc(nulls_last=True), "assessment__agency__name", "container")

    def rows(self, surveys: Iterable[Any]) -> list[Row]:
        """Some of them with their forecast; two queries."""
        found = list(surveys)
        days: dict[int, list[tuple[dt.date, int]]] = defaultdict(list)
        since = self.today - dt.timedelta(days=21)
        for day in Day.objects.filter(survey__in=[one.pk for one in found], day__gte=since):
            days[day.survey_id].append((day.day, day.filed))
        return [self._row(survey, days[survey.pk], since) for survey in found]

    def _row(self, survey: Any, days: list[tuple[dt.date, int]], since: dt.date) -> Row:
        closes = self.closes(survey.assessment.agency_id)
        expected = None
        if survey.state == SurveyState.OPEN and survey.opened_at and closes:
            opened = max(timezone.localdate(survey.opened_at), since)
            daily = by_day(days, opened, self.today)
            expected = forecast(daily, survey.answered, (closes - self.today).days, survey.heads)
        return Row(survey, survey.answered, closes, expected)

    def closes(self, agency_id: int | None = None) -> dt.date | None:
        """The last day for an agency, or for all."""
        if self.stage is None:
            return None
        moved = self.calendar.extension(self.stage, agency_id)
        return moved.closes if moved else self.stage.closes

    def parts(self, by: str) -> tuple[list[Part], list[Part]]:
        """Together by questionnaire, in their order, and by province or kind, farthest behind first; one query."""
        rows = self.listed.narrowed().annotate(answered=_answered()).order_by()
        known = Q(required__isnull=False)
        enough = known & Q(answered__gte=F("required"))
        grouped = rows.values("container", by).annotate(
            surveys=Count("pk"),
            opened=Count("pk", filter=~Q(state=SurveyState.DRAFT)),
            all_answered=Sum("answered"),
            all_required=Sum("required"),
            below=Sum("answered", filter=known & Q(answered__lt=F("required"))),
            met=Sum("required", filter=enough),
            enough=Count("pk", filter=enough),
        )
        parts = [(row["container"], row[by] or "", _part(row)) for row in grouped]
        whole = _together((container, part) for container, _, part in parts)
        groups = _together((name, part) for _, name, part in parts)
        order = self.listed.containers
        whole.sort(key=lambda part: order.index(part.name) if part.name in order else len(order))
        return whole, sorted(groups, key=lambda part: (part.share is None, part.share, part.name))

    def days(self) -> list[tuple[dt.date, int]]:
        """Answers a day, of all together, oldest first; one query."""
        rows = Day.objects.filter(survey__in=self.listed.narrowed().order_by().values("pk"))
        return list(rows.order_by("day").values_list("day").annotate(n=Sum("filed")))

    def forecast(self, days: Sequence[tuple[dt.date, int]], answered: int) -> Forecast | None:
        """Of all together, to the last day of all."""
        closes = self.closes()
        if closes is None or not days or closes < self.today:
            return None
        return forecast(by_day(days, days[0][0], self.today), answered, (closes - self.today).days)


def _part(row: dict[str, Any]) -> Part:
    return Part(
        name="",
        surveys=row["surveys"],
        opened=row["opened"],
        answered=row["all_answered"] or 0,
        required=row["all_required"] or 0,
        toward=(row["below"] or 0) + (row["met"] or 0),
        enough=row["enough"],
    )


def _together(parts: Iterable[tuple[str, Part]]) -> list[Part]:
    """Parts of one name as one."""
    found: dict[str, Part] = {}
    for name, part in parts:
        one = found.get(name, Part(name, 0, 0, 0, 0, 0, 0))
        found[name] = Part(
            name,
            one.surveys + part.surveys,
            one.opened + part.opened,
            one.answered + part.answered,
            one.required + part.required,
            one.toward + part.toward,
            one.enough + part.enough,
        )
    return list(found.values())


def _table(monitor: Monitor) -> tuple[list[str], Iterable[list[Any]]]:
    head = [
        pick("รหัส", "Code"), pick("หน่วยงาน", "Agency"), pick("จังหวัด", "Province"), pick("ประเภท", "Kind"),
        pick("แบบสำรวจ", "Survey"), pick("สถานะ", "State"), pick("ตอบแล้ว", "Answered"), pick("ต้องมี", "Required"),
        pick("คาดถึงวันปิด", "Expected"), pick("ต่ำสุด", "Low"), pick("สูงสุด", "High"), pick("วันปิด", "Closes"),
    ]  # fmt: skip

    def lines() -> Iterable[list[Any]]:
        rows: list[Any] = []
        for survey in monitor.at_risk().iterator(chunk_size=500):
            rows.append(survey)
            if len(rows) == 500:
                yield from map(_line, monitor.rows(rows))
                rows = []
        yield from map(_line, monitor.rows(rows))

    return head, lines()


def _line(row: Row) -> list[Any]:
    agency, seen = row.survey.assessment.agency, row.forecast
    return [
        agency.code, agency.name, agency.province, agency.kind_name, row.survey.container,
        str(SurveyState(row.survey.state).label), row.answered, row.survey.required,
        seen.expected if seen else None, seen.low if seen else None, seen.high if seen else None,
        row.closes.isoformat() if row.closes else "",
    ]  # fmt: skip


def as_csv(monitor: Monitor) -> bytes:
    """The whole list as CSV (UTF-8 with BOM); no cell is a formula."""
    head, lines = _table(monitor)
    target = io.StringIO(newline="")
    out = csv.writer(target)
    out.writerow(head)
    for line in lines:
        out.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in line])
    return target.getvalue().encode("utf-8-sig")


def as_xlsx(monitor: Monitor) -> bytes:
    """The whole list as a workbook: numbers as numbers, text as text."""
    import xlsxwriter

    head, lines = _table(monitor)
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(target, options)
    sheet = book.add_worksheet(pick("ความคืบหน้า", "Progress"))
    bold = book.add_format({"bold": True, "bg_color": "#EAEEED", "bottom": 1})
    for column, words in enumerate(head):
        sheet.write_string(0, column, words, bold)
        sheet.set_column(column, column, 36 if column == 1 else 14)
    sheet.freeze_panes(1, 2)
    for number, line in enumerate(lines, start=1):
        for column, cell in enumerate(line):
            if isinstance(cell, str):
                sheet.write_string(number, column, cell)
            elif cell is not None:
                sheet.write_number(number, column, cell)
    book.close()
    return target.getvalue()
