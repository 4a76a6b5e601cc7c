"""May this person have this bundle or one of its files? The object or 404."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from prongsai.site.approval.freeze import PUBLIC
from prongsai.site.approval.models import Bundle, BundleFile, Circular
from prongsai.site.people.access import may
from prongsai.site.people.models import Person
from prongsai.site.people.permissions import May
from prongsai.site.plans.models import PlanState


def bundle_for(request: HttpRequest, pk: int, what: May = May.SEE_DRAFTS) -> Bundle:
    """A bundle of an agency to whose year this person may do that. Raises ``Http404``."""
    found = _bundles().filter(pk=pk).first()
    assert isinstance(request.user, Person)
    if found is None or not may(request.user, what, found.plan.assessment.agency):
        raise Http404
    return found


def _bundles() -> QuerySet[Bundle]:
    related = ("plan__assessment__agency__parent", "plan__assessment__round", "by")
    return Bundle.objects.select_related(*related).prefetch_related("turns__role", "files__file")


def file_for(request: HttpRequest, pk: int) -> BundleFile:
    """A frozen file: inside the agency any, outside the public ones of what is published. Raises ``Http404``."""
    found = BundleFile.objects.select_related("bundle__plan__assessment__agency", "file").filter(pk=pk).first()
    assert isinstance(request.user, Person)
    if found is None:
        raise Http404
    agency = found.bundle.plan.assessment.agency
    if may(request.user, May.SEE_DRAFTS, agency):
        return found
    if found.kind in PUBLIC and may(request.user, May.SEE, agency) and is_public(found.bundle):
        return found
    raise Http404


def is_public(bundle: Bundle) -> bool:
    """Whether an approved bundle may be read by everyone who sees the agency."""
    return bundle.state == "approved" and bundle.plan.state == PlanState.PUBLISHED


def circular_for(request: HttpRequest, pk: int, what: May) -> Circular:
    """A circular of an agency to which this person may do that. Raises ``Http404``."""
    found = Circular.objects.select_related("bundle__plan__assessment__agency").filter(pk=pk).first()
    assert isinstance(request.user, Person)
    if found is None or not may(request.user, what, found.bundle.plan.assessment.agency):
        raise Http404
    return found
