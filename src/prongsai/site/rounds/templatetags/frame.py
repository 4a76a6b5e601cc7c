"""Tabs of an agency's year: the pages of each room, for those who may see them."""

from __future__ import annotations

from typing import Any, NamedTuple

from django import template
from django.urls import NoReverseMatch, reverse

from prongsai.site.base.text import T
from prongsai.site.people.access import may
from prongsai.site.people.permissions import May
from prongsai.site.rounds.models import Assessment, StageKind

register = template.Library()


class Tab(NamedTuple):
    """One tab: the name of its address, its words, and what one must be allowed to do to see it."""

    url_name: str
    text: Any
    needs: May
    or_needs: May | None = None  # the system's administrator keeps people and units without seeing drafts
    also: str = ""  # another page of the same room, at an address of its own
    step: StageKind | None = None  # only where the round's calendar has this step
    assessed: bool = False  # not of a round that an agency runs for itself: nothing official follows from that


YEAR_TABS = (
    Tab("year", T("ภาพรวม", "Overview"), May.SEE),
    Tab("evidence", T("หลักฐาน OIT", "OIT evidence"), May.SEE, step=StageKind.EVIDENCE),
    Tab("surveys", T("แบบสำรวจ", "Surveys"), May.SEE, step=StageKind.SURVEY),
    Tab("results", T("ผลการประเมิน", "Results"), May.SEE, also="import"),
    Tab("plan", T("มาตรการ", "Measures"), May.SEE, assessed=True),
    Tab("progress", T("ติดตามผล", "Progress"), May.SEE, assessed=True),
    Tab("approval", T("เสนออนุมัติ", "Approval"), May.SEE_DRAFTS, also="published", assessed=True),
    Tab("documents", T("เอกสาร", "Documents"), May.SEE, assessed=True),
)
AGENCY_TABS = (
    Tab("agency", T("ปีการประเมิน", "Years"), May.SEE),
    Tab("units", T("ส่วนราชการ", "Units"), May.SEE_DRAFTS, May.MANAGE_AGENCY),
    Tab("people", T("บุคลากรและบทบาท", "People and roles"), May.SEE_DRAFTS, May.MANAGE_AGENCY),
    Tab("chain", T("สายการพิจารณา", "Approval chain"), May.SEE_DRAFTS),
    Tab("templates", T("แม่แบบเอกสาร", "Templates"), May.SEE_DRAFTS),
    Tab("own_surveys", T("ซ้อมและความพึงพอใจ", "Rehearsals and satisfaction"), May.SEE_DRAFTS, May.COACH),
    Tab("history", T("ประวัติ", "History"), May.SEE_DRAFTS),
    Tab("exchange", T("ส่งออกและนำเข้า", "Export and import"), May.MANAGE_AGENCY),
    Tab("tokens", T("API และ webhook", "API and webhooks"), May.MANAGE_AGENCY, also="webhooks"),
)


@register.simple_tag(takes_context=True)
def tabs(context: template.Context) -> list[dict[str, Any]]:
    """The tabs of the page's ``assessment``, or of its ``agency`` alone; the current one is marked by the address."""
    request, assessment = context["request"], context.get("assessment")
    agency = assessment.agency if assessment else context["agency"]
    found = []
    steps = set(assessment.round.stages.values_list("kind", flat=True)) if assessment else set()
    for tab in YEAR_TABS if assessment else AGENCY_TABS:
        if not any(may(request.user, need, agency) for need in (tab.needs, tab.or_needs) if need):
            continue
        if (tab.step and tab.step not in steps) or (tab.assessed and assessment and assessment.round.own_id):
            continue
        address = _address(tab.url_name, agency.code, assessment)
        if address:
            pages = (address, _address(tab.also, agency.code, assessment))
            matched = max((len(page) for page in pages if page and request.path.startswith(page)), default=0)
            found.append({"text": tab.text, "address": address, "matched": matched})
    longest = max((tab["matched"] for tab in found), default=0)
    return [{**tab, "current": longest > 0 and tab["matched"] == longest} for tab in found]


def _address(url_name: str, code: str, assessment: Assessment | None) -> str:
    """Where a page is; empty if no room has it."""
    try:
        return reverse(url_name, args=[code, assessment.round.slug] if assessment else [code]) if url_name else ""
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def allowed(context: template.Context, what: str) -> bool:
    """Whether the reader may do something to the page's agency: ``{% allowed "plan" as may_plan %}``."""
    assessment = context.get("assessment")
    return may(context["request"].user, May(what), assessment.agency if assessment else context["agency"])
