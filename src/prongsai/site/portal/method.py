"""How the numbers are made: every weight, point and threshold of a framework with its source, from its file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from prongsai.analysis.comparable import Counterpart, counterparts
from prongsai.analysis.explain import CONFIDENCE_TH
from prongsai.framework import Framework, by_id, catalog, previous_of
from prongsai.framework.changes import changes
from prongsai.framework.model import Confidence
from prongsai.publishing.statements import Pair, Statement, statements
from prongsai.scoring.structure import structure
from prongsai.site.base.text import T, pick
from prongsai.site.opendata.models import Release
from prongsai.site.opendata.reading import current
from prongsai.site.portal.caching import public_page
from prongsai.site.results.show import name_of, title_of

SURE = {
    Confidence.CONFIRMED: ("good", "confirmed"),
    Confidence.INFERRED: ("brand", "inferred from evidence"),
    Confidence.RECALLED: ("warn", "recalled, no source found"),
    Confidence.UNKNOWN: ("bad", "unknown"),
}
GROUPS = {
    "overall": T("คะแนนรวม", "The total"),
    "levels": T("ระดับผลการประเมิน", "Levels"),
    "target": T("เป้าหมาย", "Target"),
    "scales": T("มาตราวัดและคะแนนของตัวเลือก", "Scales and points of options"),
    "aspects": T("ประเด็น", "Aspects"),
    "filings": T("เอกสารที่ยื่นภายใต้ข้อ OIT", "Documents filed under OIT items"),
    "sampling": T("ผู้ตอบและจำนวนผู้ตอบ", "Respondents"),
    "calendar": T("ขั้นตอนของปี", "The year"),
    "disclosure": T("สิ่งที่เปิดเผยได้", "What may be shown"),
    "inspection": T("ขั้นตอนหลังผลตรวจเบื้องต้น", "After a preliminary verdict"),
    "national": T("ผลทั้งประเทศที่ประกาศ", "Published national figures"),
}
_ORDER = ("overall", "levels", "target", "instruments", "scales", "disclosure")  # then as in the file
_COMPARED = ("overall", "instrument", "part", "indicator")


@dataclass(frozen=True)
class Sure:
    """How sure something is, as a badge with words."""

    value: Confidence

    @property
    def tone(self) -> str:
        """The badge's colour."""
        return SURE[self.value][0]

    @property
    def text(self) -> str:
        """In words."""
        return pick(CONFIDENCE_TH[self.value], SURE[self.value][1])


@dataclass(frozen=True)
class Row:
    """A statement as a line of a table. ``sub``: it belongs to the line above it."""

    statement: Statement

    @property
    def subject(self) -> str:
        """What it is about."""
        return _said(self.statement.subject)

    @property
    def sub(self) -> bool:
        """Whether it says more of the line above."""
        return {"previous", "elements", "rows", "shares", "hypotheses"} & set(self.statement.path.split(".")) != set()

    @property
    def facts(self) -> list[tuple[str, str, bool, Sure | None, tuple[str, ...], str]]:
        """Label, value, whether it is known, and its own confidence, sources and note where they differ."""
        return [
            (
                _said(fact.label),
                _said(fact.value),
                fact.known,
                Sure(fact.confidence) if fact.marked else None,
                fact.source,
                fact.note,
            )
            for fact in self.statement.facts
        ]

    @property
    def sure(self) -> Sure:
        """How sure it is."""
        return Sure(self.statement.confidence)


@dataclass(frozen=True)
class Group:
    """One section of the page."""

    key: str
    title: str
    rows: tuple[Row, ...]


def _said(pair: Pair) -> str:
    return pick(*pair)


@public_page()
def index(request: HttpRequest) -> HttpResponse:
    """How scores, levels and intervals come about and what is not shown, in plain words; and every framework."""
    releases = {release.round.framework_id: release for release in current()}
    found = [by_id(entry.id) for entry in catalog()]
    found.sort(key=lambda framework: (-(framework.fiscal_year or 0), framework.id))
    listed = [(framework, releases.get(framework.id), _counted(framework)) for framework in found]
    title = pick("วิธีให้คะแนน", "How the numbers are made")
    context = {"frameworks": listed, "heading": title, "crumbs": [(title, "")]}
    return render(request, "portal/method_index.html", context)


@public_page()
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """One framework: all it says, and what changed from the one before. ``slug``: a round's, or a framework's id."""
    framework, release = _asked(slug)
    before = previous_of(framework)
    title = pick(framework.title.th, framework.title.en or framework.title.th)
    context = {
        "framework": framework,
        "release": release,
        "groups": groups(framework),
        "counted": _counted(framework),
        "sources": framework.sources,
        "before": before,
        "changes": changes(before, framework) if before else None,
        "compared": _compared(framework, before) if before else (),
        "heading": title,
        "crumbs": [(pick("วิธีให้คะแนน", "How the numbers are made"), reverse("portal_method")), (title, "")],
        "canonical": reverse("portal_method_of", args=[framework.id]),
    }
    return render(request, "portal/method.html", context)


def _asked(slug: str) -> tuple[Framework, Release | None]:
    """The framework of a published round, or one of this installation."""
    releases = list(current())
    for release in releases:
        if slug in (release.round.slug, release.framework_id):
            return release.round.framework, release
    if slug not in {entry.id for entry in catalog()}:
        raise Http404(slug)
    return by_id(slug), None


def groups(framework: Framework) -> list[Group]:
    """The statements of a framework in sections, what numbers rest on first."""
    found: dict[str, list[Row]] = {}
    for statement in _statements(framework.id, framework.version):
        found.setdefault(statement.group, []).append(Row(statement))

    def place(key: str) -> int:
        head = key.partition(".")[0]
        return _ORDER.index(head) if head in _ORDER else len(_ORDER)

    return [
        Group(f"part-{key.replace('.', '-')}", _title(framework, key), tuple(found[key]))
        for key in sorted(found, key=place)
    ]


@cache
def _statements(framework_id: str, _version: int) -> tuple[Statement, ...]:
    return tuple(statements(by_id(framework_id)))


def _title(framework: Framework, key: str) -> str:
    head, _, code = key.partition(".")
    if head != "instruments":
        return str(GROUPS[head])
    instrument = next(one for one in framework.instruments if one.code == code)
    return f"{code} {pick(instrument.name.th, instrument.name.en or instrument.name.th)}"


def _counted(framework: Framework) -> list[tuple[Sure, int]]:
    """How many statements are how sure."""
    found = [statement.confidence for statement in _statements(framework.id, framework.version)]
    return [(Sure(one), found.count(one)) for one in Confidence]


def _compared(framework: Framework, before: Framework) -> Iterable[tuple[str, str, Counterpart | None]]:
    """The upper scores and indicators: whether this year's may be held against last year's, and why."""
    found = counterparts(framework, before)
    nodes = [node for node in structure(framework).nodes.values() if node.kind in _COMPARED and "@" not in node.id]
    return [
        (name_of(node), "" if node.kind == "overall" else title_of(framework, node), found.get(node.id))
        for node in nodes
    ]
