"""A template is tried before it is kept: checked as a stranger's file, then filled once with a rehearsal agency."""

from __future__ import annotations

from dataclasses import replace

from prongsai.analysis.findings import findings
from prongsai.documents.build import build
from prongsai.documents.request import Request
from prongsai.documents.template_docx import check_template
from prongsai.documents.tree import Document, Paragraph, Section
from prongsai.documents.writers import WriteOptions, write
from prongsai.framework import Framework
from prongsai.improvement.draft import draft_plan
from prongsai.improvement.model import MeasureProgress, Progress
from prongsai.scoring.score import score
from prongsai.simulation import Spec, simulate
from prongsai.site.papers.catalog import kind_of


def try_template(data: bytes, name: str, kind: str, framework: Framework) -> None:
    """Raise ``InputError`` (with the part and the reason) for a template that is unsafe or cannot be filled."""
    check_template(data, name)
    document = _document(kind, framework)
    short = replace(document, sections=(Section((Paragraph("…"),)),))  # slots are what is tried, not the report
    write(short, "docx", WriteOptions(template=data, template_name=name))


def slots(kind: str, framework: Framework) -> list[str]:
    """The names that a template of this kind may use, ``body`` apart."""
    return sorted({"agency", "title", "kind", *_document(kind, framework).slots})


def _document(kind: str, framework: Framework) -> Document:
    """What the kind gives; for a template of all kinds only what all of them have."""
    found = kind_of(kind)
    if found is None:
        return Document(title="…", sections=())
    sheet = score(simulate(Spec(framework, seed=1)).results)
    plan = draft_plan(sheet, findings(sheet))
    entries = [MeasureProgress(measure=m.id, status="not_started") for p in plan.points for m in p.measures]
    progress = Progress(plan=plan, measures=entries)
    return build(Request(kind, sheet, plan=plan, progress=progress if "progress" in found.needs else None))
