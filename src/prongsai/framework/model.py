"""What a framework file may say: the typed shape of one assessment, read from YAML.

Every node carries where it comes from (``source``: keys of the file's ``sources``) and how sure it is
(``confidence``). They cover all values of the node; ``marks`` names a field that is less (or more) sure
than its node. Unknown keys are refused. Points and weights are exact decimals.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


class Confidence(StrEnum):
    """How sure a value is, best first."""

    CONFIRMED = "confirmed"
    INFERRED = "inferred"
    RECALLED = "recalled"
    UNKNOWN = "unknown"


def _exact(value: Any) -> Any:
    # YAML reads 13.5 as a float; its shortest text is what the author wrote.
    return Decimal(repr(value)) if isinstance(value, float) else value


Number = Annotated[Decimal, BeforeValidator(_exact)]


class Strict(BaseModel):
    """Refuses unknown keys and later changes."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Mark(Strict):
    """Source and confidence of one field that differs from its node's."""

    source: tuple[str, ...] = ()
    confidence: Confidence
    note: str | None = None


class Sourced(Strict):
    """A node with its source, its confidence and, where fields differ, their own marks."""

    source: tuple[str, ...] = ()
    confidence: Confidence
    note: str | None = None
    marks: dict[str, Mark] = {}

    def confidence_of(self, field: str) -> Confidence:
        """Confidence of one field: its own mark, or else the node's."""
        mark = self.marks.get(field)
        return mark.confidence if mark else self.confidence


class Text(Sourced):
    """A single text fact, such as who is eligible to answer."""

    value: str | None


class Title(Strict):
    """A name in Thai, and in English where one is in use."""

    th: str
    en: str | None = None


class Option(Strict):
    """One answer choice. ``key`` is what sheets and tallies use; ``label`` is None where not published."""

    key: str
    label: str | None = None
    points: Number = Field(ge=0, le=100)


class Scale(Sourced):
    """The answer choices of an item and the points each earns, as answered by a positive item.

    A negative item earns ``100 - points``.
    """

    options: tuple[Option, ...] = Field(min_length=2)


class Hypothesis(Sourced):
    """A labelled guess that ``--assume NAME`` turns on; never used unless asked for.

    ``weights`` by child code, or ``pooled`` (by respondents), or neither: the plain mean.
    """

    name: str = Field(pattern=r"^[a-z0-9-]+$")
    title: Title
    weights: dict[str, Number] | None = None
    pooled: bool = False


class Share(Sourced):
    """What is known of an unknown weighting: these children together weigh ``percent`` of their parent."""

    of: tuple[str, ...] = Field(min_length=1)
    percent: Number = Field(ge=0, le=100)


class Rule(Sourced):
    """How a node's score follows from its children.

    ``mean``: plain mean of the children that have a score. ``weights``: weighted by percent.
    ``unknown``: the children decide the score, but their weights are not published; ``shares`` is what
    is known of them. ``over`` says which children an indicator rests on.
    """

    kind: Literal["mean", "weights", "unknown"]
    over: Literal["sub_indicators", "items"] = "items"
    weights: dict[str, Number] = {}
    shares: tuple[Share, ...] = ()
    hypotheses: tuple[Hypothesis, ...] = ()


class Rules(Strict):
    """The rules of one instrument, level by level. ``parts``: how its parts combine."""

    instrument: Rule
    indicator: Rule
    sub_indicator: Rule | None = None
    rows: Rule | None = None
    parts: Rule | None = None


Polarity = Literal["positive", "negative", "unknown"]


class Row(Sourced):
    """One line of an item that asks about several things; has a scale and polarity of its own."""

    number: int = Field(ge=1)
    text: str | None
    scale: str | None
    polarity: Polarity


class Previous(Sourced):
    """Which item(s) of the framework before this one correspond, and whether scores may be compared."""

    items: tuple[str, ...]
    comparable: Literal["yes", "no"]
    reason: str


class Element(Sourced):
    """One thing that an OIT item requires to be shown."""

    text: str


class Elements(Sourced):
    """The required elements of an OIT item as far as known. ``complete`` is False where some may be missing."""

    complete: bool
    known: tuple[Element, ...] = ()


class Item(Sourced):
    """One question or one thing to disclose. ``theme`` leads to causes, advice and proposals (our words)."""

    code: str = Field(pattern=r"^[a-z]+[0-9]+$")
    text: str | None
    short: str | None = None
    theme: str | None = None
    polarity: Polarity = "positive"
    scale: str | None
    rows: tuple[Row, ...] = ()
    previous: Previous | None = None
    elements: Elements | None = None


class SubIndicator(Sourced):
    """A group of items below an indicator, such as 9.1."""

    number: str = Field(pattern=r"^[0-9]+\.[0-9]+$")
    name: Title
    items: tuple[str, ...] = Field(min_length=1)


class Indicator(Sourced):
    """One of the framework's indicators (ตัวชี้วัด) with its items."""

    number: str = Field(pattern=r"^[0-9]+$")
    name: Title
    other_names: tuple[str, ...] = ()
    measures: str | None = None
    rule: Rule | None = None
    sub_indicators: tuple[SubIndicator, ...] = ()
    items: tuple[Item, ...] = Field(min_length=1)


class Part(Sourced):
    """One part of an instrument that is collected apart, such as EIT part 1."""

    code: str = Field(pattern=r"^[A-Z]+\.[0-9]+$")
    name: Title
    nickname: str | None = None


class Instrument(Sourced):
    """One instrument (แบบวัด): a survey, or a checklist that inspectors judge."""

    code: str = Field(pattern=r"^[A-Z]+$")
    kind: Literal["survey", "checklist"]
    name: Title
    parts: tuple[Part, ...] = ()
    rules: Rules
    indicators: tuple[Indicator, ...] = Field(min_length=1)


class Band(Sourced):
    """One level: the first band of the list that fits is the result."""

    name: str
    overall_min: Number
    component_min: Number | None = None
    passes: bool


class Levels(Sourced):
    """The level rules. ``components`` are the scores that ``component_min`` is asked of.

    ``decided_on``: whether the score shown (two decimals) or the exact one meets a threshold.
    """

    components: tuple[str, ...] = ()
    decided_on: Literal["shown", "exact"]
    bands: tuple[Band, ...] = Field(min_length=1)


class Target(Sourced):
    """The score an agency is expected to reach."""

    overall_min: Number
    component_min: Number | None = None


class Aspect(Sourced):
    """One of the seven work processes (ประเด็น) that regroup the same items."""

    number: int = Field(ge=1)
    name: str
    items: tuple[str, ...] = Field(min_length=1)


class Filing(Sourced):
    """Which OIT item a produced document fulfils, and how many years before the filing year its results are."""

    document: Literal["measures", "measures_progress", "action_plan", "action_plan_progress"]
    item: str
    result_year_offset: int | None
    layout: Literal["aspects", "indicators", "instruments", "strengths"] | None = None


class Stage(Sourced):
    """One step of the year's calendar. Dates are ISO (a month or a day), None where not found."""

    name: str
    start: str | None = None
    end: str | None = None


class SampleRow(Strict):
    """One line of a sample-size table."""

    group: str
    size: str | None = None
    respondents: int = Field(ge=1)


class SampleRule(Sourced):
    """The sentence ``minimum`` as numbers: ``percent`` of the head count, but ``at_least`` so many people.

    Where there are fewer people than ``at_least``, all of them. Above ``above`` people, ``respondents`` are enough.
    """

    percent: Number = Field(gt=0, le=100)
    at_least: int = Field(default=1, ge=1)
    above: int | None = Field(default=None, ge=1)
    respondents: int | None = Field(default=None, ge=1)


class Sampling(Sourced):
    """Who answers one instrument or part, and how many must. None where not published.

    ``minimum`` is the rule in words, ``rule`` the same in numbers, where it can be computed from a head count.
    """

    of: str
    eligible: str | None = None
    minimum: str | None = None
    rule: SampleRule | None = None
    table: tuple[SampleRow, ...] = ()


class Disclosure(Sourced):
    """The smallest group whose figures may be shown, and what is published below it."""

    k: int = Field(ge=2)
    below_k: str | None = None


class Inspection(Sourced):
    """What may follow a preliminary verdict on an item of a checklist; where it is not published, None stands here.

    ``clarify_on``: whether an agency may point to the links filed before only, or to new ones too. ``silence``: what it
    means when it does not answer. ``appeal``: whether a panel may be asked after that.
    """

    clarify_on: Literal["filed", "new"] = "filed"
    silence: Literal["accepts"] = "accepts"
    appeal: bool = False


class National(Sourced):
    """Published figures of the whole round."""

    agencies: int | None = None
    mean: Number | None = None
    passed: int | None = None
    passed_percent: Number | None = None
    respondents: int | None = None


class Framework(Strict):
    """All definitions of one assessment: what one YAML file below ``framework/data`` holds."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    version: int = Field(ge=1)
    title: Title
    fiscal_year: int | None = Field(default=None, ge=2500, le=2700)
    previous: str | None = None
    sources: dict[str, str]
    scales: dict[str, Scale]
    overall: Rule
    levels: Levels
    target: Target | None = None
    instruments: tuple[Instrument, ...] = Field(min_length=1)
    aspects: tuple[Aspect, ...] = ()
    filings: tuple[Filing, ...] = ()
    sampling: tuple[Sampling, ...] = ()
    calendar: tuple[Stage, ...] = ()
    disclosure: Disclosure
    inspection: Inspection | None = None
    national: National | None = None
