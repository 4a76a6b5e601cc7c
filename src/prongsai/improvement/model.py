"""The plan of measures and its progress: what an agency will do, and what it did.

One plan answers the results of one year (``result_year``), runs in another (``action_year``) and is filed
as an OIT item of a third (``filed_as``). A point to raise covers any number of items, has any number of
measures, and each measure any number of steps with their own units and period.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from prongsai.thai.codes import read_code
from prongsai.thai.dates import read_date
from prongsai.thai.digits import to_arabic
from prongsai.thai.fiscal_year import FiscalYear

Day = Annotated[dt.date, BeforeValidator(read_date)]
Year = Annotated[int, BeforeValidator(lambda value: FiscalYear.read(value).be)]
Code = Annotated[str, BeforeValidator(read_code)]
Number = Annotated[str, BeforeValidator(lambda value: to_arabic(str(value)).strip())]


class Record(BaseModel):
    """Refuses unknown keys, so that a typing slip in a plan is found and not lost."""

    model_config = ConfigDict(extra="forbid")


class AgencyRef(Record):
    """The agency a plan belongs to; ``kind`` as in results files."""

    name: str
    kind: str | None = None
    district: str | None = None
    province: str | None = None


class FiledAs(Record):
    """The OIT item under which the document is disclosed, and the fiscal year of that framework."""

    fiscal_year: Year
    item: Code


class Period(Record):
    """When a step runs: two dates, or a text such as ตลอดปีงบประมาณ."""

    start: Day | None = None
    end: Day | None = None
    text: str | None = None


class Step(Record):
    """One step (ขั้นตอนหรือวิธีปฏิบัติ) with the units that do it."""

    text: str
    units: list[str] = []
    period: Period | None = None


class Budget(Record):
    """Money for a measure in baht; ``source`` e.g. ข้อบัญญัติงบประมาณ."""

    amount: Decimal = Field(ge=0)
    source: str | None = None


class Measure(Record):
    """One measure, project or activity (มาตรการ/โครงการ/กิจกรรม)."""

    id: str
    title: str
    steps: list[Step] = []
    monitoring: str | None = None
    budget: Budget | None = None
    success_indicator: str | None = None
    proposal: str | None = None


class Point(Record):
    """A point to raise: the items it covers, what the analysis found, the guideline, and the measures."""

    id: str
    items: list[Code] = []
    indicators: list[Number] = []
    topic: str | None = None
    finding: str | None = None
    guideline: str | None = None
    measures: list[Measure] = []


class Plan(Record):
    """The plan of one agency: ``measures`` is reported at year's end, ``action_plan`` at 6 and 12 months."""

    kind: Literal["measures", "action_plan"]
    agency: AgencyRef
    framework: str
    result_year: Year
    action_year: Year
    filed_as: FiledAs | None = None
    points: list[Point] = []


Status = Literal["done", "in_progress", "not_started"]
ProofKind = Literal["link", "file", "picture", "order", "letter", "minutes", "project_report"]


class Proof(Record):
    """Evidence that something was done. Number, date and subject for orders, letters and minutes."""

    kind: ProofKind
    title: str | None = None
    number: str | None = None
    date: Day | None = None
    subject: str | None = None
    url: str | None = None
    path: str | None = None


class Deed(Record):
    """Something that was done, and when."""

    text: str
    date: Day | None = None
    end: Day | None = None


class MeasureProgress(Record):
    """What became of one measure."""

    measure: str
    status: Status
    done: list[Deed] = []
    proof: list[Proof] = []
    obstacles: str | None = None
    result: str | None = None


class Progress(Record):
    """The progress of one plan at a point of its year; ``months`` is 6 or 12 (year's end)."""

    plan: Plan
    months: Literal[6, 12] = 12
    as_of: Day | None = None
    measures: list[MeasureProgress] = []
