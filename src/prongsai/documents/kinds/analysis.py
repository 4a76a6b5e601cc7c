"""The report on the results only (รายงานการวิเคราะห์ผลการประเมิน)."""

from __future__ import annotations

from prongsai.documents.kinds._layout import sections
from prongsai.documents.parts import fiscal_year_text
from prongsai.documents.parts_plan import analysis_title
from prongsai.documents.request import Request
from prongsai.documents.tree import Document


def build(request: Request) -> Document:
    """The analysis in the request's layout. Raises ``InputError`` for a layout without an analysis."""
    year = f" {fiscal_year_text(request.result_year)}" if request.result_year else ""
    return Document(
        title=analysis_title(request),
        sections=sections(request, "analysis"),
        agency=request.agency,
        kind="analysis",
        header=f"รายงานการวิเคราะห์ผลการประเมิน{year}",
        footer=request.agency,
        slots={"place": request.place, "result_year": str(request.result_year or "")},
    )
