"""Consistent documents of invented agencies: the audit says nothing of them that is not so."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from prongsai.analysis.findings import findings
from prongsai.documents.build import build
from prongsai.documents.registry import names
from prongsai.documents.request import Request
from prongsai.documents.writers import write
from prongsai.framework import by_id, catalog
from prongsai.improvement.draft import draft_plan
from prongsai.improvement.follow_up import draft_progress
from prongsai.improvement.model import Plan
from prongsai.reading.audit import audit
from prongsai.reading.finding import Finding
from prongsai.reading.read import read_file
from prongsai.scoring.score import score
from prongsai.simulation import Spec, simulate

FULL = bool(os.environ.get("PRONGSAI_FULL"))
YEARS = [entry.id for entry in catalog() if entry.fiscal_year]
FORMATS = ("html", "docx", "pdf", "xlsx") if FULL else ("html",)
SIZES = (8, 15, 31, 120, 400) if FULL else (31,)


def requests(name: str, respondents: int) -> list[Request]:
    framework = by_id(name)
    sheet = score(simulate(Spec(framework, seed=respondents, respondents=respondents, quality=0.75)).results)
    plan = draft_plan(sheet, findings(sheet))
    layouts = [layout for layout in names("layouts") if layout != "aspects" or framework.aspects]
    long = [
        Request(kind=kind, sheet=sheet, plan=plan, layout=layout)
        for kind in ("analysis", "measures")
        for layout in (layouts if FULL else layouts[-2:])
    ]
    short = [Request(kind=kind, sheet=sheet, plan=plan) for kind in ("memo", "brief")]
    told = replace(short[0], kind="progress", progress=draft_progress(plan), layout="indicators")
    return [*long, *short, told]


def true(finding: Finding, plan: Plan | None) -> bool:
    """What is so and may be said: a drafted plan has points without a measure where no proposal fits, and a
    progress report prints scores of items without totals.
    """
    if finding.rule.code == "totals.missing":
        return finding.rule.severity == "note"
    if finding.rule.code not in ("weakness.unanswered", "failed.unanswered") or plan is None:
        return False
    return not any(point.measures for point in plan.points if finding.nodes[0] in point.items)


@pytest.mark.parametrize("respondents", SIZES)
@pytest.mark.parametrize("name", YEARS if FULL else YEARS[2::3])
def test_nothing_false_is_said_of_a_consistent_document(name: str, respondents: int, tmp_path: Path) -> None:
    for number, request in enumerate(requests(name, respondents)):
        document = build(replace(request, digits="thai" if number % 2 else "arabic"))
        for form in FORMATS:
            path = tmp_path / f"{number}.{form}"
            path.write_bytes(write(document, form))
            said = [finding for reading in read_file(path) for finding in audit(reading)]
            false = [finding.th for finding in said if not true(finding, request.plan)]
            assert false == [], (request.kind, request.layout, form)
