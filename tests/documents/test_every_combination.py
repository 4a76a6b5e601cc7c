"""Every framework in every layout and kind that fits it: built, written, and the PDF read back exactly."""

from __future__ import annotations

import os

import pytest

from prongsai.analysis.findings import findings
from prongsai.documents.build import build
from prongsai.documents.registry import names
from prongsai.documents.request import Request
from prongsai.documents.writers import write
from prongsai.framework import by_id, catalog
from prongsai.improvement.draft import DraftOptions, draft_plan
from prongsai.scoring.score import score
from prongsai.simulation import Spec, simulate

FULL = bool(os.environ.get("PRONGSAI_FULL"))
SIZES = (8, 40) if FULL else (40,)
LAYOUT_KINDS = ("analysis", "measures")
SHORT_KINDS = ("memo", "brief", "order", "announcement")


def requests(name: str, respondents: int) -> list[Request]:
    framework = by_id(name)
    sheet = score(simulate(Spec(framework, respondents=respondents)).results)
    year = None if framework.fiscal_year else 2570
    plan = draft_plan(sheet, findings(sheet), DraftOptions(action_year=year))
    layouts = [layout for layout in names("layouts") if layout != "aspects" or framework.aspects]
    long = [Request(kind=kind, sheet=sheet, plan=plan, layout=layout) for kind in LAYOUT_KINDS for layout in layouts]
    return long + [Request(kind=kind, sheet=sheet, plan=plan) for kind in SHORT_KINDS]


@pytest.mark.parametrize("respondents", SIZES)
@pytest.mark.parametrize("name", [entry.id for entry in catalog()])
def test_written_in_every_format(name: str, respondents: int) -> None:
    formats = ("docx", "html", "pdf", "xlsx") if FULL else ("html", "pdf")
    for request in requests(name, respondents):
        document = build(request)
        for format_name in formats:
            assert len(write(document, format_name)) > 1000, (request.kind, request.layout, format_name)
