"""The document that is filed: the analysis, the measures, and what it is filed as."""

from __future__ import annotations

from dataclasses import replace

from prongsai.documents.kinds._layout import sections
from prongsai.documents.parts_plan import filed_sentence, filed_short, measures_title, plan_of
from prongsai.documents.request import Request
from prongsai.documents.tree import Document, Paragraph, Section


def build(request: Request) -> Document:
    """The measures in the request's layout, with a last paragraph on what they are filed as.

    Raises ``InputError`` without a plan, for a plan of another year, and for a layout without measures.
    """
    plan = plan_of(request)
    *first, last = sections(request, "measures")
    filed = Paragraph(f"หมายเหตุ: {filed_sentence(plan)}", style="small")
    short = filed_short(plan)
    return Document(
        title=measures_title(request),
        sections=(*first, _with(last, filed)),
        agency=request.agency,
        kind="measures",
        header=measures_title(request),
        footer=f"{request.agency} – {short}" if short else request.agency,
        slots={
            "place": request.place,
            "result_year": str(plan.result_year),
            "action_year": str(plan.action_year),
            "filed_as": short,
        },
    )


def _with(section: Section, paragraph: Paragraph) -> Section:
    return replace(section, blocks=(*section.blocks, paragraph))
