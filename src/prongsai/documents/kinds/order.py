"""The order (คำสั่ง) that appoints the ITA working group, from results: who owns which item comes from the letter."""

from __future__ import annotations

from prongsai.documents.build import filing_framework
from prongsai.documents.notices.working_group import Member, Owner, WorkingGroup, draft
from prongsai.documents.request import Request
from prongsai.documents.tree import Document


def build(request: Request) -> Document:
    """The order. The committee and the owners come from the request's letter; what is missing stays blank."""
    framework = filing_framework(request) or request.framework
    known = {item.code for inst in framework.instruments for ind in inst.indicators for item in ind.items}
    letter = request.letter
    return draft(
        WorkingGroup(
            agency=request.agency,
            framework=framework,
            members=tuple(Member(position, duty) for position, duty in letter.committee),
            owners=tuple(Owner(item, unit) for item, unit in letter.owners.items() if item in known),
            letter=letter,
            agency_kind=request.agency_kind,
            result_year=request.result_year,
            emblem=request.emblem,
        )
    )
