"""Consistent documents of invented agencies: the audit says nothing of them that is not so."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
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
from prongsai.reading.formats.open import open_source
from prongsai.reading.read import read_file
from prongsai.reading.source import Line, Table
from prongsai.scoring.score import hypotheses, score
from prongsai.simulation import Spec, simulate

FULL = bool(os.environ.get("PRONGSAI_FULL"))
YEARS = [entry.id for entry in catalog() if entry.fiscal_year]
FORMATS = ("html", "docx", "pdf", "xlsx", "txt")
AGENCIES = 32


def requests(name: str, seed: int, respondents: int, quality: float, assumed: bool) -> list[Request]:
    """Every kind and layout for one agency; assumed: all its scores are known."""
    framework = by_id(name)
    first = {rule.split("-")[0]: rule for rule in reversed(list(hypotheses(framework)))} if assumed else {}
    results = simulate(Spec(framework, seed=seed, respondents=respondents, quality=quality)).results
    sheet = score(results, assume=first.values())
    plan = draft_plan(sheet, findings(sheet))
    layouts = [layout for layout in names("layouts") if layout != "aspects" or framework.aspects]
    long = [Request(kind=k, sheet=sheet, plan=plan, layout=one) for k in ("analysis", "measures") for one in layouts]
    short = [Request(kind=kind, sheet=sheet, plan=plan) for kind in ("memo", "brief", "order", "announcement")]
    told = replace(short[0], kind="progress", progress=draft_progress(plan), layout="indicators")
    return [*long, *short, told]


def written(request: Request, form: str, folder: Path) -> Path:
    """A document in a format; ``txt``: as copied out of Word, a merged cell where it begins."""
    path = folder / f"{request.kind}-{request.layout}.{form}"
    if form != "txt":
        path.write_bytes(write(build(request), form))
        return path
    blocks = open_source(written(request, "docx", folder)).blocks
    path.write_text("\n".join(line for block in blocks for line in _lines(block)), encoding="utf-8")
    return path


def _lines(block: object) -> Iterator[str]:
    if isinstance(block, Line):
        yield block.text
    elif isinstance(block, Table):
        before: set[int] = set()
        for row in block.grid():
            yield "\t".join(" ".join(cell.text.split()) if cell and id(cell) not in before else "" for cell in row)
            before |= {id(cell) for cell in row if cell}


def true(finding: Finding, plan: Plan | None) -> bool:
    """What is so and may be said: a drafted plan has points without a measure where no proposal fits, a progress
    report prints scores of items without totals, and items that failed may weigh more than others.
    """
    if finding.rule.code in ("totals.missing", "oit.not_plain_mean"):
        return finding.rule.severity == "note"
    if finding.rule.code not in ("weakness.unanswered", "failed.unanswered") or plan is None:
        return False
    return not any(point.measures for point in plan.points if finding.nodes[0] in point.items)


def false(request: Request, form: str, folder: Path) -> list[str]:
    """What the audit says of a document and is not so."""
    readings = read_file(written(request, form, folder))
    return [said.th for one in readings for said in audit(one) if not true(said, request.plan)]


@pytest.mark.parametrize("name", YEARS[2::3])
def test_nothing_false_is_said_of_a_consistent_document(name: str, tmp_path: Path) -> None:
    asked = [one for one in requests(name, 31, 31, 0.75, assumed=False) if one.layout not in names("layouts")[:-2]]
    for number, plain in enumerate(asked):
        request = replace(plain, digits="thai" if number % 2 else "arabic")
        assert false(request, "html", tmp_path) == [], (request.kind, request.layout)


@pytest.mark.skipif(not FULL, reason="the wide set runs with PRONGSAI_FULL=1")
@pytest.mark.parametrize("seed", range(1, AGENCIES + 1))
def test_nothing_false_is_said_widely(seed: int, tmp_path: Path) -> None:
    """Agencies small and large, good and bad, of every year, with scores all known or some as intervals."""
    dice = random.Random(seed)
    respondents, quality = dice.choice((6, 8, 12, 15, 22, 31, 57, 120, 400, 900)), dice.choice((0.35, 0.5, 0.75, 0.95))
    for number, plain in enumerate(requests(YEARS[seed % len(YEARS)], seed, respondents, quality, bool(seed % 2))):
        request = replace(plain, digits="thai" if (number + seed) % 2 else "arabic")
        for form in dice.sample(FORMATS, 2):
            assert false(request, form, tmp_path) == [], (request.kind, request.layout, form)
