"""Tabs of an agency's year: the pages of each room, for those who may see them."""

from __future__ import annotations

from typing import Any, NamedTuple

from django import template
from django.urls import NoReverseMatch, reverse

from prongsai.site.base.text import T
from prongsai.site.people.access import may
from prongsai.site.people.permissions import May
from prongsai.site.rounds.models import Assessment

register = template.Library()


class Tab(NamedTuple):
    """One tab: the name of its address, its words, and what one must be allowed to do to see it."""

    url_name: str
    text: Any
    needs: May
    or_needs: May | None = None  # the system's administrator keeps people and units without seeing drafts


YEAR_TABS = (
    Tab("year", T("ภาพรวม", "Overview"), May.SEE),
    Tab("results", T("ผลการประเมิน", "Results"), May.SEE),
    Tab("plan", T("มาตรการ", "Measures"), May.SEE),
    Tab("progress", T("ติดตามผล", "Progress"), May.SEE),
    Tab("approval", T("เสนออนุมัติ", "Approval"), May.SEE_DRAFTS),
    Tab("documents", T("เอกสาร", "Documents"), May.SEE),
)
AGENCY_TABS = (
    Tab("agency", T("ปีการประเมิน", "Years"), May.SEE),
    Tab("units", T("ส่วนราชการ", "Units"), May.SEE_DRAFTS, May.MANAGE_AGENCY),
    Tab("people", T("บุคลากรและบทบาท", "People and roles"), May.SEE_DRAFTS, May.MANAGE_AGENCY),
    Tab("chain", T("สายการพิจารณา", "Approval chain"), May.SEE_DRAFTS),
    Tab("templates", T("แม่แบบเอกสาร", "Templates"), May.SEE_DRAFTS),
    Tab("history", T("ประวัติ", "History"), May.SEE_DRAFTS),
    Tab("exchange", T("ส่งออกและนำเข้า", "Export and import"), May.MANAGE_AGENCY),
)


@register.simple_tag(takes_context=True)
def tabs(context: template.Context) -> list[dict[str, Any]]:
    """The tabs of the page's ``assessment``, or of its ``agency`` alone; the current one is marked by the address."""
    request, assessment = context["request"], context.get("assessment")
    agency = assessment.agency if assessment else context["agency"]
    found = []
    for tab in YEAR_TABS if assessment else AGENCY_TABS:
        if not any(may(request.user, need, agency) for need in (tab.needs, tab.or_needs) if need):
            continue
        try:
            address = reverse(tab.url_name, args=_arguments(agency.code, assessment))
        except NoReverseMatch:
            continue
        found.append({"text": tab.text, "address": address})
    here = max((t["address"] for t in found if request.path.startswith(t["address"])), key=len, default="")
    return [{**t, "current": t["address"] == here} for t in found]


def _arguments(code: str, assessment: Assessment | None) -> list[str]:
    return [code, assessment.round.slug] if assessment else [code]


@register.simple_tag(takes_context=True)
def allowed(context: template.Context, what: str) -> bool:
    """Whether the reader may do something to the page's agency: ``{% allowed "plan" as may_plan %}``."""
    assessment = context.get("assessment")
    return may(context["request"].user, May(what), assessment.agency if assessment else context["agency"])
