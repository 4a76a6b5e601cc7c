"""What was read from a published report: every number, claim and measure with the place where it was printed.

Nothing is corrected here. Two values printed for one node are both kept; the audit says what follows.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from prongsai.framework import Framework
from prongsai.improvement.model import Plan, Progress
from prongsai.reading.source import Source, Where


@dataclass(frozen=True)
class Printed:
    """A number as printed. ``value`` is exact; ``of`` is the full mark where it is not 100 (25.04 of 30).

    ``context``: the sentence or row it stood in, repaired. ``role``: ``table``, ``text`` (running text),
    ``ranking`` (a list said to be in order), ``chart``, ``title``.
    """

    node: str
    value: Decimal
    text: str
    where: Where
    context: str = ""
    role: Literal["table", "text", "ranking", "chart", "title"] = "text"
    of: Decimal | None = None


@dataclass(frozen=True)
class Word:
    """A word as printed: a level, an agency's name, a wording."""

    text: str
    where: Where
    context: str = ""


@dataclass(frozen=True)
class Wording:
    """An item code printed with a wording, so that code and words can be compared. ``code`` as understood."""

    code: str
    printed: str
    text: str
    where: Where


ClaimKind = Literal[
    "highest",  # nodes are said to be the highest of their kind
    "lowest",
    "descending",  # a list said to be in order, high to low (nodes in printed order)
    "all_at_least",  # every node of a list is said to reach number
    "all_below",  # every node of a list is said to be below number (a table headed "below 80")
    "target_reached",
    "count",  # so many strengths / weaknesses are said to follow: number
    "attached",  # an annex, a picture, a document is said to be there
]


@dataclass(frozen=True)
class Claim:
    """Something the report says about its own numbers or parts. ``subject``: what is counted or attached."""

    kind: ClaimKind
    where: Where
    text: str
    nodes: tuple[str, ...] = ()
    number: Decimal | None = None
    subject: str | None = None


@dataclass(frozen=True)
class Statement:
    """A strength or weakness as the report states it, under an indicator or aspect, resting on items.

    ``cited``: OIT items named as support (อ้างอิง o8); ``other_items``: survey items named as proof.
    """

    kind: Literal["strength", "weakness"]
    text: str
    where: Where
    indicator: str | None = None
    aspect: int | None = None
    items: tuple[str, ...] = ()
    cited: tuple[str, ...] = ()
    other_items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Year:
    """A fiscal year mentioned: on the cover, in a title, in running text, in an annex, as head of a table."""

    year: int
    role: Literal["cover", "title", "heading", "text", "annex", "table_head", "result", "action"]
    where: Where
    text: str = ""


@dataclass(frozen=True)
class Day:
    """A date or month mentioned; ``end`` where a span. ``owner``: measure id where it is a measure's period.

    ``purpose``: ``period`` of a step, ``report`` when a report falls due, ``letter`` date of order/letter/minutes.
    """

    start: dt.date
    end: dt.date
    text: str
    where: Where
    purpose: Literal["period", "report", "letter", "other"] = "other"
    owner: str | None = None


@dataclass(frozen=True)
class Evidence:
    """A document named as proof: kind, number and date as printed; ``indicator``/``measure`` it stands under.

    Kinds: ``order``, ``letter``, ``announcement``, ``minutes``, ``link``, ``picture``, ``file``,
    ``project_report``; in an annex also ``section`` (a part of the annex for one indicator, also an empty one)
    and ``result`` (what the annex says was done; ``title`` is the measure as it is named there).
    """

    kind: str
    text: str
    where: Where
    number: str | None = None
    date: dt.date | None = None
    indicator: str | None = None
    measure: str | None = None
    in_annex: bool = False
    title: str | None = None


@dataclass(frozen=True)
class Opinion:
    """One rank of a memo's routing: who, which box is ticked, what was written."""

    position: str
    where: Where
    ticked: str | None = None
    text: str | None = None


@dataclass(frozen=True)
class Unread:
    """Text that looks as if it mattered (a number, a code, a table) and was not understood."""

    text: str
    where: Where
    why: str


@dataclass
class Reading:
    """All that one file says of one agency and fiscal year.

    ``places`` gives the place of plan points, measures and steps by id (``p1``, ``p1m2``, ``p1m2s3``);
    ``ticks``: measures ticked in a column of the plan itself (measure id → done / not done).
    ``aspects``: aspect number → item codes listed under it, with the place of each table in ``places`` (``aspect:3``).
    """

    source: Source
    framework: Framework | None = None
    fiscal_year: int | None = None
    action_year: int | None = None
    agency: Word | None = None
    kind: str | None = None
    district: str | None = None
    province: str | None = None
    values: list[Printed] = field(default_factory=list)
    levels: list[Word] = field(default_factory=list)
    node_levels: list[Wording] = field(default_factory=list)  # levels said of an instrument (code) instead
    respondents: list[Printed] = field(default_factory=list)
    wordings: list[Wording] = field(default_factory=list)
    names: list[Wording] = field(default_factory=list)  # indicator numbers printed with a name
    claims: list[Claim] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    aspects: dict[int, list[str]] = field(default_factory=dict)
    aspect_measures: list[int] = field(default_factory=list)  # aspects that have a measure table
    plan: Plan | None = None
    progress: Progress | None = None
    places: dict[str, Where] = field(default_factory=dict)
    ticks: dict[str, bool] = field(default_factory=dict)
    years: list[Year] = field(default_factory=list)
    days: list[Day] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    figures: list[Word] = field(default_factory=list)  # ภาพที่ 1, ภาพที่ 2 …
    routing: list[Opinion] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)

    def printed(self, node: str) -> list[Printed]:
        """All values printed for a node, in reading order."""
        return [value for value in self.values if value.node == node]
