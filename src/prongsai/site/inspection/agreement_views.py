"""How well inspectors agree, and how each item was decided before."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from prongsai.evidence import agreement
from prongsai.evidence.links import checklist_items
from prongsai.site.base.views import signed_in
from prongsai.site.inspection.judging import label_of
from prongsai.site.inspection.models import Evidence
from prongsai.site.inspection.pairs import counted, disputes, missing_most, precedents
from prongsai.site.inspection.waiting import inspected_rounds
from prongsai.site.people.access import agencies_for, may, need
from prongsai.site.people.models import Person
from prongsai.site.people.permissions import May
from prongsai.site.rounds.models import Round

_PAGE = 30
_DISPUTES = 10


@signed_in
def inspect_agreement(request: HttpRequest) -> HttpResponse:
    """Cohen's kappa per item and per inspector; items whose rule should be clearer come first."""
    person, assesses = _who(request)
    of = _round(request)
    found = counted(_rows(person, of)) if of else None
    people = Person.objects.in_bulk(found.inspectors) if found and assesses else {}
    by_person = found.inspectors if found else {}
    inspectors = [(people.get(who), one) for who, one in by_person.items() if assesses or who == person.pk]
    items = checklist_items(of.framework) if of else {}
    context = {
        "round": of,
        "rounds": _rounds(),
        "items": [(items.get(code), code, one) for code, one in (found.items if found else {}).items()],
        "flagged": sum(one.low for one in found.items.values()) if found else 0,
        "inspectors": sorted(inspectors, key=lambda pair: (pair[1].kappa is None, pair[1].kappa)),
        "assesses": assesses,
        "cut": f"{float(agreement.CUT):.2f}",
        "source": agreement.CUT_SOURCE,
        "enough": agreement.ENOUGH,
    }
    return render(request, "inspection/agreement.html", context)


@signed_in
def inspect_precedents(request: HttpRequest, slug: str, item: str) -> HttpResponse:
    """How one item was decided in a round: what is missing most, where two disagreed, every reason given."""
    person, _ = _who(request)
    of = Round.objects.filter(slug=slug).first()
    if of is None or item not in checklist_items(of.framework):
        raise Http404
    rows = _rows(person, of)
    open_disputes = disputes(rows.filter(item=item).exclude(state="locked"))
    marks = precedents(item, rows).select_related("evidence__assessment__round")
    page = Paginator(marks, _PAGE).get_page(request.GET.get("page"))
    context = {
        "round": of,
        "code": item,
        "item": checklist_items(of.framework)[item],
        "missing": missing_most(item, rows),
        "page": page,
        "marks": [(one, label_of(one.evidence, one.verdict)) for one in page],
        "disputes": [
            (row, [(mark, label_of(row, mark.verdict)) for mark in row.marks.all()])
            for row in open_disputes.select_related("assessment__round")[:_DISPUTES]
        ],
    }
    return render(request, "inspection/precedents.html", context)


def _who(request: HttpRequest) -> tuple[Any, bool]:
    """The person, and whether they see all inspectors. Raises ``Http404`` for who neither assesses nor inspects."""
    person: Any = request.user
    assesses = may(person, May.ASSESS)
    if not assesses:
        need(request, May.INSPECT)
    return person, assesses


def _rows(person: Person, of: Round) -> QuerySet[Evidence]:
    what = May.ASSESS if may(person, May.ASSESS) else May.INSPECT
    reach, rows = agencies_for(person, what), Evidence.objects.filter(assessment__round=of)
    return rows.filter(assessment__agency__in=reach) if reach.query.where else rows


def _rounds() -> list[Round]:
    return list(inspected_rounds())


def _round(request: HttpRequest) -> Round | None:
    """The round that is asked for, or the newest."""
    rounds = _rounds()
    slug = request.GET.get("round", "")
    if slug:
        found = Round.objects.filter(slug=slug).first()
        if found is None:
            raise Http404
        return found
    return rounds[0] if rounds else None
