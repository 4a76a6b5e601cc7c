"""What documents are made of, gathered once; and the digest that tells whether it has changed since."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from prongsai import __version__
from prongsai.improvement import model
from prongsai.ledger.record import canonical
from prongsai.scoring.results_file import Agency as ScoredAgency
from prongsai.scoring.score import ScoreSheet
from prongsai.site.agencies.models import Agency
from prongsai.site.files.keep import for_display
from prongsai.site.papers.catalog import Months
from prongsai.site.papers.letters import Route, all_fields
from prongsai.site.papers.models import Template
from prongsai.site.plans.convert import as_plan, as_progress
from prongsai.site.plans.models import Deed, Plan, Proof, Report
from prongsai.site.results.models import Result
from prongsai.site.results.sheet import current, previous_assessment, sheet_of
from prongsai.site.rounds.models import Assessment


@dataclass
class Sources:
    """Everything live about one assessment's year. Each part is read when it is first asked for."""

    assessment: Assessment
    _progress: dict[int, model.Progress] = field(default_factory=dict)

    @cached_property
    def result(self) -> Result | None:
        """The newest revision of the results."""
        return current(self.assessment)

    @cached_property
    def previous_result(self) -> Result | None:
        """Last year's newest revision."""
        before = previous_assessment(self.assessment)
        return current(before) if before else None

    @cached_property
    def plan(self) -> Plan | None:
        """The plan as people edit it."""
        plan = self.assessment.plans.first()
        if plan:
            plan.assessment = self.assessment
        return plan

    @cached_property
    def shape(self) -> model.Plan | None:
        """The plan as documents take it."""
        return as_plan(self.plan) if self.plan else None

    @cached_property
    def letters(self) -> dict[str, dict[str, str]]:
        """Letter fields by kind."""
        return all_fields(self.assessment)

    @cached_property
    def ranks(self) -> list[list[str]]:
        """The ranks that letters name, with their holders."""
        return [[person.position, person.name or ""] for person in Route.of(self.assessment.agency)]

    @cached_property
    def templates(self) -> dict[str, Template]:
        """The active template of each kind."""
        active = Template.objects.filter(agency_id=self.assessment.agency_id, active=True).select_related("file")
        return {template.kind: template for template in active}

    def template(self, kind: str) -> Template | None:
        """The template that a kind is written with: its own, or the one for all."""
        return self.templates.get(kind) or self.templates.get("")

    def sheet(self) -> ScoreSheet | None:
        """The scores, under the agency's name and place as the site knows them."""
        return _named(sheet_of(self.result), self.assessment.agency) if self.result else None

    def previous(self) -> ScoreSheet | None:
        """Last year's scores."""
        return sheet_of(self.previous_result) if self.previous_result else None

    def progress(self, months: Months) -> tuple[model.Progress, dict[str, bytes]] | None:
        """What was reported at 6 or 12 months, and the pictures by the name under which the proof refers to them."""
        if self.plan is None:
            return None
        return _with_pictures(as_progress(self.plan, months), self._proofs(months))

    def _proofs(self, months: int) -> dict[str, list[Proof]]:
        rows = Proof.objects.filter(report__measure__point__plan=self.plan, report__months=months).order_by("id")
        found: dict[str, list[Proof]] = {}
        for proof in rows.select_related("file", "report__measure"):
            found.setdefault(proof.report.measure.key, []).append(proof)
        return found

    @cached_property
    def reported(self) -> dict[int, str]:
        """A digest of all that was reported, by months; three queries."""
        if self.plan is None:
            return {}
        rows: dict[int, list[str]] = {6: [], 12: []}
        for months, *rest in Report.objects.filter(measure__point__plan=self.plan).values_list(
            "months", "measure_id", "status", "obstacles", "result"
        ):
            rows[months].append(repr(rest))
        for months, *rest in Deed.objects.filter(report__measure__point__plan=self.plan).values_list(
            "report__months", "report_id", "text", "date", "end"
        ):
            rows[months].append(repr(rest))
        names = ("kind", "title", "number", "date", "subject", "url", "file__sha256", "file__name")
        for months, *rest in Proof.objects.filter(report__measure__point__plan=self.plan).values_list(
            "report__months", "report_id", "id", *names
        ):
            rows[months].append(repr(rest))
        return {months: hashlib.sha256("\n".join(sorted(found)).encode()).hexdigest() for months, found in rows.items()}

    def made_from(self, kind: str, needs: frozenset[str], months: int) -> str:
        """Digest of all that a document of this kind depends on; another digest means that something has changed."""
        template, agency = self.template(kind), self.assessment.agency
        facts: dict[str, Any] = {
            "agency": [agency.pk, agency.version, agency.emblem_id],
            "letter": self.letters.get(kind, {}),
            "plan": [self.plan.pk, self.plan.revision] if self.plan and kind != "analysis" else [],
            "previous": self.previous_result.pk if self.previous_result else None,
            "progress": self.reported.get(months, "") if "progress" in needs else "",
            "ranks": self.ranks if kind != "analysis" else [],
            "results": self.result.pk if self.result else None,
            "software": __version__,
            "template": template.pk if template else None,
        }
        return hashlib.sha256(canonical(facts)).hexdigest()


def _named(sheet: ScoreSheet, agency: Agency) -> ScoreSheet:
    """The sheet under the site's own name, kind and place of the agency: a results file often has the name alone."""
    scored = ScoredAgency(
        name=agency.name,
        kind=agency.kind or None,
        district=agency.district or None,
        province=agency.province or None,
        staff=agency.staff,
    )
    return replace(sheet, results=replace(sheet.results, agency=scored))


def _with_pictures(progress: model.Progress, proofs: dict[str, list[Proof]]) -> tuple[model.Progress, dict[str, bytes]]:
    """Proof whose pictures are found by name, although two phones may both have sent an ``IMG_0001.jpg``."""
    pictures: dict[str, bytes] = {}
    names: dict[str, str] = {}  # sha256 -> name in the document
    measures = []
    for entry in progress.measures:
        shown = []
        for proof, row in zip(entry.proof, proofs.get(entry.measure, []), strict=False):
            if row.file is None:
                shown.append(proof)
                continue
            name = names.setdefault(row.file.sha256, _free(row.file.name, set(names.values())))
            if row.kind == "picture" and name not in pictures and row.file.kind in ("png", "jpeg"):
                pictures[name] = for_display(row.file.read())  # drawn anew: where it was taken stays at home
            shown.append(proof.model_copy(update={"path": name}))
        measures.append(entry.model_copy(update={"proof": shown}))
    return progress.model_copy(update={"measures": measures}), pictures


def _free(name: str, taken: set[str]) -> str:
    stem, dot, ending = name.rpartition(".")
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{stem} ({number}){dot}{ending}" if dot else f"{name} ({number})"
    return found
