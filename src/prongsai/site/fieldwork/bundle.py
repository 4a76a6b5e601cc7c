"""What a device takes along: who it belongs to, the quotas, the questionnaires, and the keys to seal to."""

from __future__ import annotations

import base64
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from prongsai.site.fieldwork.access import own_assignments
from prongsai.site.fieldwork.forwarding import field_keys
from prongsai.site.fieldwork.models import COUNTING, Assignment, InterviewState
from prongsai.site.people.access import may
from prongsai.site.people.models import Person
from prongsai.site.people.permissions import May
from prongsai.site.rounds.deadlines import Calendar
from prongsai.site.rounds.models import StageKind
from prongsai.site.surveys.models import SurveyState
from prongsai.survey.frozen import to_data

_SHOWN = 20  # returned interviews of an assignment


def bundle(person: Person) -> dict[str, Any]:
    """Everything a device of this surveyor needs to work without signal. Small: no interview is in it."""
    counted = own_assignments(person).annotate(
        brought=Count("interviews", Q(interviews__state__in=COUNTING)),
        back=Count("interviews", Q(interviews__state=InterviewState.RETURNED)),
    )
    forms: dict[str, Any] = {}
    calendars: dict[int, Calendar] = {}
    listed = []
    for one in counted:
        form = one.survey.form
        if form and form.pk not in forms:
            asked = form.asked
            forms[form.pk] = {**to_data(asked), "languages": list(asked.languages)}
        listed.append(_assignment(one, person, calendars))
    return {
        "me": str(person.pk),
        "name": person.full_name,
        "now": round(timezone.now().timestamp() * 1000),
        "assignments": listed,
        "forms": forms,
    }


def _assignment(one: Assignment, person: Person, calendars: dict[int, Calendar]) -> dict[str, Any]:
    survey, assessment = one.survey, one.survey.assessment
    calendar = calendars.setdefault(assessment.round_id, Calendar(assessment.round))
    closes = next((d.closes for d in calendar.deadlines(assessment) if d.kind == StageKind.SURVEY), None)
    seal = getattr(survey, "seal", None)
    public = field_keys().public(seal.key) if seal and not seal.over else None
    works = survey.state == SurveyState.OPEN and one.quota > 0 and may(person, May.INTERVIEW, assessment.agency)
    returned = one.interviews.filter(state=InterviewState.RETURNED)[:_SHOWN] if one.back else ()  # type: ignore[attr-defined]
    return {
        "id": one.pk,
        "agency": {"th": assessment.agency.name, "en": assessment.agency.name_en or assessment.agency.name},
        "round": {"th": assessment.round.name, "en": assessment.round.name_en or assessment.round.name},
        "container": survey.container,
        "form": survey.form_id,
        "quota": one.quota,
        "brought": one.brought,  # type: ignore[attr-defined]
        "note": one.note,
        "contact": assessment.contact,
        "closes": closes.isoformat() if closes else None,
        "key": {"id": seal.key, "public": base64.b64encode(public).decode()} if works and seal and public else None,
        "returned": [
            {"id": back.pk, "began": back.began and round(back.began.timestamp() * 1000), "reason": back.reason}
            for back in returned
        ],
    }
