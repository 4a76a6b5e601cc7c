"""The order of the ITA working group from the owners of OIT items, before there is any result to write it from."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from prongsai.documents.notices.working_group import Member, Owner, WorkingGroup, build
from prongsai.documents.writers import write
from prongsai.site.base.views import signed_in
from prongsai.site.files.keep import MEDIA_TYPES, for_print
from prongsai.site.papers.letters import fields_of, letter_of
from prongsai.site.people.permissions import May
from prongsai.site.rounds.access import assessment_for


@signed_in
@require_GET
def evidence_order(request: HttpRequest, code: str, slug: str, form: str) -> HttpResponse:
    """Members and law as typed for the order; owners and days as assigned; what nobody gave stays a blank."""
    assessment = assessment_for(request, code, slug, May.SEE_DRAFTS)
    if form not in ("docx", "pdf"):
        raise Http404
    agency = assessment.agency
    letter = letter_of(fields_of(assessment, "order"), agency)
    owned = assessment.evidence.filter(unit__isnull=False).select_related("unit")
    group = WorkingGroup(
        agency=agency.name,
        framework=assessment.round.framework,
        members=tuple(Member(position, duty) for position, duty in letter.committee),
        owners=tuple(Owner(one.item, one.unit.name if one.unit else None, due=one.due) for one in owned),
        letter=letter,
        agency_kind=agency.kind or None,
        emblem=for_print(agency.emblem.read()) if agency.emblem else None,
        digits="arabic" if request.GET.get("digits") == "arabic" else "thai",
    )
    response = HttpResponse(write(build(group), form), content_type=MEDIA_TYPES[form])
    name = f"คำสั่งแต่งตั้งคณะทำงาน-{slug}-{code}.{form}"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response
