"""Results pages: the overview, indicators, items, aspects, the trace of any number, and the table to take away."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header

from prongsai.site.base.views import signed_in
from prongsai.site.files.keep import MEDIA_TYPES
from prongsai.site.people.permissions import May
from prongsai.site.results import show_rows, show_words
from prongsai.site.results.show import YearResult, year_result, years_of
from prongsai.site.results.show_trace import level_walk, trace
from prongsai.site.results.show_workbook import workbook
from prongsai.site.rounds.access import assessment_for
from prongsai.site.rounds.deadlines import deadline
from prongsai.site.rounds.models import Assessment, StageKind


def _page(request: HttpRequest, template: str, assessment: Assessment, context: dict[str, Any]) -> HttpResponse:
    own = {"assessment": assessment, "agency": assessment.agency}
    return render(request, f"results/{template}.html", {**own, **context})


def _year(request: HttpRequest, code: str, slug: str) -> tuple[Assessment, YearResult | None]:
    assessment = assessment_for(request, code, slug, May.SEE)
    return assessment, year_result(assessment)


def _none(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    context = {"deadline": deadline(assessment, StageKind.RESULTS)}
    return _page(request, "none", assessment, context)


@signed_in
def overview(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """The overall score, what it rests on, what kept it from the next level, and what to be careful about."""
    assessment, year = _year(request, code, slug)
    if year is None:
        return _none(request, assessment)
    sure, not_sure = show_words.uncertainty_of(year)
    context = {
        "year": year,
        "parts": show_rows.component_rows(year),
        "rests_on_components": bool(year.sheet.framework.levels.components),
        "ahead": show_words.ahead_of(year),
        "target": show_words.target_sentence(year),
        "levels": show_words.level_text(year.sheet.level.names),
        "passes": show_words.passes(year),
        "indicators": show_rows.indicator_rows(year),
        "years": years_of(assessment),
        "weak": [(found, show_rows.mark_of(found)) for found in year.weak],
        "strong": year.strong,
        "disagreements": [(found, show_words.disagreement_text(year, found)) for found in year.disagreements],
        "unknown": [(found, show_words.unknown_text(year, found)) for found in year.unknown],
        "audit": show_words.audit_lines(year),
        "severities": show_words.SEVERITIES,
        "sure": sure,
        "not_sure": not_sure,
        "threshold": show_rows.THRESHOLDS,
    }
    return _page(request, "overview", assessment, context)


@signed_in
def indicators(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """All indicators with bar, last year and marks."""
    assessment, year = _year(request, code, slug)
    if year is None:
        return _none(request, assessment)
    rows = show_rows.arranged(show_rows.indicator_rows(year), request.GET)
    return _page(request, "indicators", assessment, {"year": year, "rows": rows, **_asked(request, year)})


@signed_in
def items(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """All items, by instrument or indicator, sorted as asked."""
    assessment, year = _year(request, code, slug)
    if year is None:
        return _none(request, assessment)
    rows = show_rows.arranged(show_rows.item_rows(year), request.GET)
    return _page(request, "items", assessment, {"year": year, "rows": rows, **_asked(request, year)})


def _asked(request: HttpRequest, year: YearResult) -> dict[str, Any]:
    instruments = [inst.code for inst in year.sheet.framework.instruments]
    return {"instruments": instruments, "asked": request.GET, "threshold": show_rows.THRESHOLDS}


@signed_in
def aspects(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """The aspects: the same items regrouped by work process."""
    assessment, year = _year(request, code, slug)
    if year is None:
        return _none(request, assessment)
    return _page(request, "aspects", assessment, {"year": year, "aspects": show_rows.aspect_rows(year)})


@signed_in
def trace_page(request: HttpRequest, code: str, slug: str, node: str) -> HttpResponse:
    """How one number came about, down to its source."""
    assessment, year = _year(request, code, slug)
    if year is None:
        raise Http404
    if node == "level":
        bands, rule = level_walk(year)
        parts, doubts = show_rows.component_rows(year), show_words.doubts(year, node)
        context = {"year": year, "bands": bands, "rule": rule, "parts": parts, "doubts": doubts}
        return _page(request, "level", assessment, context)
    found = trace(year, node)
    if found is None:
        raise Http404
    context = {"year": year, "trace": found, "doubts": show_words.doubts(year, node)}
    return _page(request, "trace", assessment, context)


@signed_in
def table(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """The full score table as a workbook."""
    assessment, year = _year(request, code, slug)
    if year is None:
        raise Http404
    response = HttpResponse(workbook(year), content_type=MEDIA_TYPES["xlsx"])
    name = f"results-{assessment.agency.code}-{assessment.round.slug}.xlsx"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
