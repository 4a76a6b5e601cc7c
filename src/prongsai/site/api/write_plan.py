"""The plan of measures by program: the shape of plan files, taken over by the page's own action."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Schema

from prongsai.errors import InputError
from prongsai.improvement import model
from prongsai.site.api.errors import ApiError, problem
from prongsai.site.api.write_once import expect
from prongsai.site.api.write_results import Look, in_body
from prongsai.site.people.models import Person
from prongsai.site.people.permissions import May
from prongsai.site.plans.actions.base import NeedsConfirmation
from prongsai.site.plans.actions.files import ImportPlan
from prongsai.site.plans.actions.whole import DraftPlan
from prongsai.site.plans.convert import as_plan
from prongsai.site.plans.models import Plan
from prongsai.site.plans.plan_files import Preview, preview, read_upload
from prongsai.site.rounds.access import assessment_for
from prongsai.site.rounds.models import Assessment
from prongsai.thai.fiscal_year import be_year

_NAME = "body"


class PlanNow(Schema):
    """The plan with its accepted measures; nulls where none was drawn up yet."""

    state: str | None
    revision: int
    plan: dict[str, Any] | None


class PlanTaken(Schema):
    """What was taken over, or (``dry_run``) would be: titles of measures, names of new units, and what to mend."""

    dry_run: bool
    revision: int
    added: list[str]
    changed: list[str]
    removed: list[str]
    unchanged: int
    new_units: list[str]
    look: list[Look]


def etag_of(plan: Plan | None) -> str:
    """Of the plan's revision."""
    return f'"plan-{plan.revision if plan else 0}"'


def _plan(assessment: Assessment) -> Plan | None:
    found: Plan | None = assessment.plans.first()
    if found is not None:
        found.assessment = assessment
    return found


def plan(request: HttpRequest, code: str, slug: str) -> tuple[dict[str, Any], str]:
    """``PlanNow``. Raises ``Http404``."""
    found = _plan(assessment_for(request, code, slug, May.PLAN))
    told = {
        "state": found.state if found else None,
        "revision": found.revision if found else 0,
        "plan": as_plan(found).model_dump(mode="json", exclude_none=True) if found else None,
    }
    return told, etag_of(found)


def take_plan(
    request: HttpRequest, code: str, slug: str, *, dry_run: bool, confirm: bool
) -> tuple[dict[str, Any], str]:
    """Make the plan what the body says; where there is none it is drawn up first. Raises what the page would show."""
    assessment = assessment_for(request, code, slug, May.PLAN)
    person = request.user
    assert isinstance(person, Person)
    found = _plan(assessment)
    expect(request, etag_of(found))
    if found is None:
        result_year = assessment.round.fiscal_year or be_year(timezone.localdate().year)
        shape = _read(request.body, Plan(assessment=assessment, action_year=result_year + 1))
        drafting = DraftPlan(by=person, assessment=assessment, kind=shape.kind, action_year=shape.action_year)
        found = drafting.execute()
        found.assessment = assessment
    else:
        Plan.objects.select_for_update().get(pk=found.pk)
        shape = _read(request.body, found)
    told = preview(found, shape)
    digest = hashlib.sha256(request.body).hexdigest()
    try:
        ImportPlan(by=person, plan=found, shape=shape, sha256=digest, confirmed=confirm).execute()
    except NeedsConfirmation as error:
        raise _to_confirm(error) from error
    found.refresh_from_db(fields=["revision"])
    return _told(told, dry_run) | {"revision": found.revision}, etag_of(found)


def _read(body: bytes, of: Plan) -> model.Plan:
    """The body as a plan for this one. Raises ``InputError`` with places in the body."""
    try:
        return read_upload(body, _NAME, of)
    except InputError as error:
        raise InputError([in_body(one) for one in error.problems]) from error


def _to_confirm(error: NeedsConfirmation) -> ApiError:
    one = error.problems[0]
    return ApiError(
        409,
        problem(
            one.code,
            "query.confirm",
            (one.th, one.en),
            next=(
                "หากต้องการแก้ไขจริง โปรดส่งอีกครั้งพร้อม ?confirm=true แล้วเสนออนุมัติใหม่",
                "If you mean it, send it again with ?confirm=true, and propose the plan anew.",
            ),
        ),
    )


def _told(found: Preview, dry_run: bool) -> dict[str, Any]:
    return {
        "dry_run": dry_run,
        "added": found.added,
        "changed": found.changed,
        "removed": found.removed,
        "unchanged": found.kept,
        "new_units": found.new_units,
        "look": [{"code": one.code, "where": one.where, "th": one.th, "en": one.en} for one in found.problems],
    }
