"""One agency in one round as the public pages say it: only what its published line holds, in the reader's words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from prongsai.framework import Framework, by_id
from prongsai.framework.model import Band, Indicator, Instrument, Item
from prongsai.publishing.lines import Line
from prongsai.publishing.standing import Condition, band_of, better_than, conditions, lacking
from prongsai.scoring.agency_kinds import AGENCY_KINDS
from prongsai.scoring.structure import Structure, structure
from prongsai.site.base.text import T, pick
from prongsai.site.nation.agency import STATE_TEXT
from prongsai.site.opendata.models import PublishedAgency, Release
from prongsai.site.results.show import name_of, title_of

_HALF = Decimal("0.005")  # a score as shown stands for all that round to it
KINDS_EN = {
    "provincial_organization": "Provincial administrative organization",
    "city_municipality": "City municipality",
    "town_municipality": "Town municipality",
    "subdistrict_municipality": "Subdistrict municipality",
    "subdistrict_organization": "Subdistrict administrative organization",
    "special_local_government": "Special local government",
    "province": "Province",
    "department": "Department or equivalent",
    "state_enterprise": "State enterprise",
    "public_organization": "Public organization",
    "higher_education": "Higher education institution",
    "fund": "Fund",
    "independent_body": "Independent body",
    "constitutional_body": "Body of the courts, prosecution or parliament",
    "other_state_agency": "Other state agency",
}
ORIGINS = {
    "counted": T("นับจากคำตอบหรือผลการตรวจ", "Counted from answers or verdicts"),
    "given": T("ตามผลที่ประกาศ", "As announced"),
    "computed": T("คำนวณจากคะแนนที่ทราบ", "Computed from known scores"),
}


def kind_name(kind: str) -> str:
    """A kind of agency in the reader's language."""
    return pick(AGENCY_KINDS.get(kind, kind), KINDS_EN.get(kind, kind))


@dataclass(frozen=True)
class Figure:
    """A score as it was published: exact, a range, or none, and then why (``origin``)."""

    node: str
    low: Decimal | None
    high: Decimal | None
    origin: str

    @property
    def known(self) -> bool:
        """Whether there is any number."""
        return self.low is not None and self.high is not None

    @property
    def exact(self) -> bool:
        """Whether it is one number."""
        return self.known and self.low == self.high

    @property
    def text(self) -> str:
        """``92.89``, ``75.12–96.95``, or why there is none."""
        if not self.known:
            return self.why
        return f"{self.low}" if self.exact else f"{self.low}–{self.high}"

    @property
    def why(self) -> str:
        """Why there is no number; empty where there is one."""
        return "" if self.known else str(STATE_TEXT.get(self.origin, STATE_TEXT["unknown"]))

    @property
    def comes(self) -> str:
        """Where the number comes from, or why there is none."""
        return self.why or str(ORIGINS.get(self.origin, ""))

    def meets(self, framework: Framework, threshold: Decimal) -> bool | None:
        """Whether it reaches a threshold; None where that is open."""
        if self.low is None or self.high is None:
            return None
        # Where the exact score decides, a score that shows the threshold itself may lie just below it.
        doubt = _HALF if framework.levels.decided_on == "exact" else Decimal(0)
        if self.low - doubt >= threshold:
            return True
        return False if self.high + doubt < threshold else None


@dataclass(frozen=True)
class Chance:
    """The 95 % interval of a score by chance alone."""

    error: Decimal
    low: Decimal
    high: Decimal

    @property
    def certain(self) -> bool:
        """Whether everybody answered, so that nothing is left to chance."""
        return self.low == self.high

    @property
    def text(self) -> str:
        """``91.20–94.13``."""
        return pick("ทุกคนตอบ", "everybody answered") if self.certain else f"{self.low}–{self.high}"


def figure_of(node: str, told: tuple[str | None, str | None, str] | list[str | None] | None) -> Figure:
    """A score out of ``Line.scores`` or ``PublishedAgency.heads``."""
    if told is None:
        return Figure(node, None, None, "unknown")
    low, high, origin = told
    return Figure(node, Decimal(low) if low else None, Decimal(high) if high else None, origin or "unknown")


class Published:
    """One agency in one round. Everything comes from the published line."""

    def __init__(self, row: PublishedAgency) -> None:
        self.row = row

    @property
    def release(self) -> Release:
        """The revision it stands in."""
        return self.row.release

    @property
    def slug(self) -> str:
        """The round, as addresses write it."""
        return self.release.round.slug

    @property
    def year(self) -> int | None:
        """The fiscal year assessed."""
        return self.release.round.fiscal_year

    @property
    def round_name(self) -> str:
        """The round's name in the reader's language."""
        return pick(self.release.round.name, self.release.round.name_en or self.release.round.name)

    @property
    def short_name(self) -> str:
        """``ITA 2568``, or the round's own name where it has no year."""
        return f"ITA {self.year}" if self.year else self.round_name

    @cached_property
    def line(self) -> Line:
        """Everything that is published of it."""
        return self.row.line

    @cached_property
    def framework(self) -> Framework:
        """The definitions it was assessed by."""
        return by_id(self.release.framework_id)

    @cached_property
    def tree(self) -> Structure:
        """The nodes that there are scores of."""
        return structure(self.framework)

    @property
    def kind_name(self) -> str:
        """Its kind in the reader's language; empty where it is not known."""
        return kind_name(self.row.kind) if self.row.kind else ""

    # --- scores

    def figure(self, node: str) -> Figure:
        """The score of a node."""
        return figure_of(node, self.line.scores.get(node) or self.row.heads.get(node))

    def head(self, node: str) -> Figure:
        """A score of the head (total, instruments, parts), without unpacking the whole line."""
        return figure_of(node, self.row.heads.get(node))

    @property
    def heads(self) -> list[tuple[str, Figure]]:
        """Total and instruments with their names: what stands together wherever one of them stands."""
        nodes = ("overall", *(instrument.code for instrument in self.instruments))
        return [(self.name(node), self.head(node)) for node in nodes]

    def chance(self, node: str) -> Chance | None:
        """The published interval of a score by chance; None where none is published."""
        error, low, high = self.line.errors.get(node, ("", None, None))
        return Chance(Decimal(error), Decimal(low), Decimal(high)) if low is not None and high is not None else None

    def name(self, node: str) -> str:
        """What a node is called: คะแนนรวม, IIT, EIT ส่วนที่ 1, ตัวชี้วัดที่ 3."""
        found = self.tree.nodes.get(node)
        return name_of(found) if found else node

    def title(self, node: str) -> str:
        """What a node is about; empty for the total."""
        found = self.tree.nodes.get(node)
        return title_of(self.framework, found) if found and node != "overall" else ""

    @property
    def instruments(self) -> tuple[Instrument, ...]:
        """The instruments in their order."""
        return self.framework.instruments

    @property
    def indicators(self) -> list[tuple[Instrument, Indicator]]:
        """Every indicator with its instrument."""
        return [(instrument, indicator) for instrument in self.instruments for indicator in instrument.indicators]

    def items(self) -> Iterator[tuple[Instrument, Item]]:
        """Every item with its instrument."""
        for instrument, indicator in self.indicators:
            for item in indicator.items:
                yield instrument, item

    # --- the level

    @property
    def levels(self) -> tuple[str, ...]:
        """The level, or the levels still possible, best first."""
        return (self.row.level,) if self.row.level else self.line.levels

    @property
    def level_text(self) -> str:
        """The level in words; several joined by หรือ."""
        return pick(" หรือ ", " or ").join(self.levels) or pick("ยังไม่ทราบ", "not known")

    @cached_property
    def band(self) -> Band | None:
        """The level's rule, where the level is determined."""
        return band_of(self.framework, self.levels)

    @cached_property
    def better(self) -> Band | None:
        """The next better level's rule."""
        return better_than(self.framework, self.band)

    @property
    def passes(self) -> bool | None:
        """Whether the level is one that passes; None where the levels still possible differ in that."""
        found = {band.passes for band in self.framework.levels.bands if band.name in self.levels}
        return found.pop() if len(found) == 1 else None

    @property
    def asked(self) -> list[Band]:
        """The rules that its level is read from: its own and the next better one, or those still possible."""
        if self.band:
            return [band for band in (self.band, self.better) if band]
        return [band for band in self.framework.levels.bands if band.name in self.levels]

    def conditions(self, band: Band) -> list[Condition[Figure]]:
        """What a level asks, and whether it is reached."""
        return conditions(self.framework, band, self.figure)

    @property
    def lacking(self) -> list[tuple[str, Condition[Figure]]]:
        """What is surely missing for the next better level, each with the name of its score."""
        if self.better is None:
            return []
        return [(self.name(one.node), one) for one in lacking(self.framework, self.better, self.figure)]
