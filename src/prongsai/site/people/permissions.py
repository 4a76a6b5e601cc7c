"""Who may do what, in one table: roles to the things they may do to an agency's year."""

from __future__ import annotations

from enum import StrEnum

from prongsai.site.people.models import RoleKind


class May(StrEnum):
    """What someone may do. ``SEE_DRAFTS`` covers unfinished work and internal opinions; ``SEE`` what is finished."""

    SEE = "see"
    SEE_DRAFTS = "see_drafts"
    IMPORT = "import"
    PLAN = "plan"
    REPORT = "report"  # progress on measures of one's own units; officers on all
    SUBMIT = "submit"
    ASK = "ask"  # hand out codes and posters of surveys; run rehearsals of one's own
    DECIDE = "decide"  # when it is one's turn in the chain
    ACKNOWLEDGE = "acknowledge"
    COACH = "coach"  # comment, never mark
    ASSESS = "assess"
    INSPECT = "inspect"
    MANAGE_AGENCY = "manage_agency"  # people, units, chain, templates, export of the agency
    MANAGE_ROUNDS = "manage_rounds"
    MANAGE_SYSTEM = "manage_system"
    INTERVIEW = "interview"
    SUPERVISE_FIELD = "supervise_field"  # quotas of surveyors; accept or return interviews unread


_INSIDE = {May.SEE, May.SEE_DRAFTS, May.ACKNOWLEDGE}
ALLOWED: dict[str, frozenset[May]] = {
    RoleKind.OFFICER: frozenset(_INSIDE | {May.IMPORT, May.PLAN, May.REPORT, May.SUBMIT, May.ASK}),
    RoleKind.UNIT_OWNER: frozenset(_INSIDE | {May.REPORT}),
    RoleKind.APPROVER: frozenset(_INSIDE | {May.DECIDE}),
    RoleKind.AGENCY_ADMIN: frozenset(_INSIDE | {May.MANAGE_AGENCY, May.IMPORT, May.ASK}),
    RoleKind.ASSESSOR: frozenset({May.SEE, May.COACH, May.ASSESS, May.IMPORT, May.MANAGE_ROUNDS, May.SUPERVISE_FIELD}),
    RoleKind.SUPERVISOR: frozenset({May.SEE, May.SEE_DRAFTS, May.COACH}),
    RoleKind.INSPECTOR: frozenset({May.SEE, May.INSPECT}),
    RoleKind.SURVEYOR: frozenset({May.INTERVIEW}),
    RoleKind.SYSTEM_ADMIN: frozenset({May.SEE, May.MANAGE_AGENCY, May.MANAGE_ROUNDS, May.MANAGE_SYSTEM}),
}
