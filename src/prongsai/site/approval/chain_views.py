"""The chain of ranks of an agency."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from prongsai.site.approval.actions.chain import RankData, SetChain
from prongsai.site.approval.chain import approvers, ranks_of
from prongsai.site.approval.forms import RankForm, rank_forms
from prongsai.site.base.text import pick
from prongsai.site.base.views import signed_in
from prongsai.site.history.action import Refused
from prongsai.site.people.access import agency_for, may
from prongsai.site.people.models import Person
from prongsai.site.people.permissions import May


@signed_in
def chain(request: HttpRequest, code: str) -> HttpResponse:
    """Who considers, in which order; whoever manages the agency changes it."""
    seen = () if request.method == "POST" else (May.SEE_DRAFTS,)
    agency = agency_for(request, code, May.MANAGE_AGENCY, *seen)
    assert isinstance(request.user, Person)
    context: dict[str, Any] = {"agency": agency, "may_change": may(request.user, May.MANAGE_AGENCY, agency)}
    rows = rank_forms(agency, request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 400
        valid = [row.is_valid() for row in rows]  # all of them, so that every row says what is wrong with it
        if all(valid):
            try:
                SetChain(by=request.user, to=agency, ranks=_typed(rows, agency)).execute()
            except Refused as refusal:
                context["problems"] = refusal.problems
            else:
                messages.success(request, pick("บันทึกสายการพิจารณาแล้ว", "The chain is kept."))
                return redirect("chain", code)
    context["rows"] = rows
    context["ranks"] = ranks_of(agency)
    return render(request, "approval/chain.html", context, status=status)


def _typed(rows: list[RankForm], agency: Any) -> list[RankData]:
    """The ranks in the order of their numbers; a row without a number stands where it was typed."""
    roles = {str(role.pk): role for role in approvers(agency)}
    used = [row.cleaned_data for row in rows if row.used]
    used = [d for _, d in sorted(enumerate(used, 1), key=lambda pair: (pair[1].get("order") or 100, pair[0]))]
    return [RankData(d["position"].strip(), d["act"], roles.get(d["role"]), d["may_be_author"]) for d in used]
