"""The results file: what one agency holds of one year, as its officer writes it down. Give what you have.

The shape is published as JSON Schema. Thai digits, B.E. or C.E. years, ``I1`` / ``ข้อ i๑`` / ``๐11`` and a
misplaced instrument are understood; anything else is refused with file, key, and what was expected.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from prongsai.thai.digits import number, to_arabic


def _number(value: Any) -> Any:
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, str):
        read = number(value)
        if read is None:
            raise PydanticCustomError("not_a_number", "expected a number, found {found}", {"found": repr(value)})
        return read
    return value


def _count(value: Any) -> Any:
    read = _number(value)
    return int(read) if isinstance(read, Decimal) and read == read.to_integral_value() else read


# What the published schema says of a number: as such, or as text in either digits.
_DIGITS = {"type": "string", "pattern": r"^\s*[-+]?[0-9๐-๙]+(,[0-9๐-๙]{3})*(\.[0-9๐-๙]+)?\s*$"}
_SCORE_SCHEMA = {"anyOf": [{"type": "number", "minimum": 0, "maximum": 100}, _DIGITS]}
_COUNT_SCHEMA = {"anyOf": [{"type": "integer", "minimum": 0}, _DIGITS]}

Score = Annotated[Decimal, BeforeValidator(_number), Field(ge=0, le=100), WithJsonSchema(_SCORE_SCHEMA)]
Count = Annotated[int, BeforeValidator(_count), Field(ge=0), WithJsonSchema(_COUNT_SCHEMA)]
ScoreOrParts = Score | dict[str, Score]
# option -> respondents; or row number or part -> the same; or part -> row number -> the same
TallyTree = dict[str, Count | dict[str, Count | dict[str, Count]]]
Text = Annotated[str, BeforeValidator(lambda value: to_arabic(str(value)) if isinstance(value, int) else value)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Agency(_Shape):
    """The agency assessed. ``kind`` is a code such as ``town_municipality``; ``staff`` a head count."""

    name: Text
    kind: str | None = None
    district: str | None = None
    province: str | None = None
    staff: Count | None = None


class Scores(_Shape):
    """Scores as the official result gives them, at any level, two decimals or more."""

    overall: Score | None = None
    level: str | None = None
    components: dict[str, Score] = {}
    instruments: dict[str, Score] = {}
    indicators: dict[str, Score] = {}
    sub_indicators: dict[str, Score] = {}
    items: dict[str, ScoreOrParts | dict[str, ScoreOrParts]] = {}


class ResultsFile(_Shape):
    """One agency's results of one fiscal year (``*.yaml`` or the XLSX template)."""

    agency: Agency
    fiscal_year: int | str | None = Field(default=None, description="The fiscal year assessed, B.E. or C.E.")
    framework: str | None = Field(default=None, description="Id of the framework; needed where the year is not enough.")
    scores: Scores = Scores()
    tallies: dict[str, TallyTree] = Field(
        default={}, description="Item -> option -> respondents; rows and parts (EIT.1) nest between item and option."
    )
    verdicts: dict[str, str] = Field(
        default={}, description="OIT item -> option of its scale, or not_applicable or not_assessed."
    )
    sheets: dict[str, str] = Field(
        default={}, description="Instrument or part -> CSV or Parquet file of single answer sheets, beside this file."
    )
    respondents: dict[str, Count] = Field(default={}, description="Instrument or part -> people who answered.")
    population: dict[str, Count] = Field(
        default={}, description="Instrument or part -> people who could have answered."
    )
    printed: dict[str, list[Score]] = Field(
        default={}, description="Node -> values as a report printed them, several where it printed several."
    )
    source: str | None = Field(default=None, description="The document the numbers were taken from.")
    notes: list[str] = []
