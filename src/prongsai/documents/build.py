"""Builds a document: the kind says what is in it, the layout how, the digits last of all."""

from __future__ import annotations

from dataclasses import replace

from prongsai.documents.digits import with_thai_digits
from prongsai.documents.parts_plan import results_line
from prongsai.documents.registry import module
from prongsai.documents.request import Request
from prongsai.documents.tree import Document
from prongsai.framework import Framework, for_year


def build(request: Request) -> Document:
    """The document tree of a request.

    A kind module has ``build(request) -> Document``. Raises ``InputError`` for an unknown kind or layout,
    and where the kind lacks what it needs (a progress report without progress).
    """
    if request.layout is None:
        request = replace(request, layout=default_layout(request))
    document: Document = module("kinds", request.kind).build(request)
    lead = tuple(text for text in (*document.lead, results_line(request)) if text)
    document = replace(document, agency=request.agency, kind=request.kind, digits=request.digits, lead=lead)
    return with_thai_digits(document) if request.digits == "thai" else document


def default_layout(request: Request) -> str:
    """The layout that follows from what the document is filed as; ``indicators`` where nothing is known."""
    framework = filing_framework(request)
    if framework:
        for filing in framework.filings:
            if filing.document == "measures" and filing.layout:
                # Aspects need the framework's own grouping; without it the table by indicator says the same.
                return filing.layout if filing.layout != "aspects" or request.framework.aspects else "indicators"
    return "indicators"


def filing_framework(request: Request) -> Framework | None:
    """The framework of the year in which the document is filed, where that year has one."""
    year = request.plan.filed_as.fiscal_year if request.plan and request.plan.filed_as else request.action_year
    if year is None:
        return None
    from prongsai.errors import InputError

    try:
        return for_year(year)
    except InputError:
        return None
