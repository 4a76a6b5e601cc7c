"""Who may judge an item, what waits for whom, which mark is asked for next, and which verdicts there are."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from prongsai.evidence.links import checklist_items
from prongsai.framework.model import Framework, Inspection, Option
from prongsai.site.base.text import pick
from prongsai.site.history.action import refuse
from prongsai.site.inspection.given import given
from prongsai.site.inspection.models import Clarification, Decision, Evidence, Mark, State
from prongsai.site.people.access import agencies_for
from prongsai.site.people.models import Person, RoleKind, now_in_force
from prongsai.site.people.permissions import May

NOT_APPLICABLE = "not_applicable"
SAMPLED = Fraction(1, 10)  # of first marks that a second inspector repeats unseen; ours
MARKS = 3  # first, second, and one that decides between them
# Where a framework does not say what may follow a preliminary verdict: cautious, and shown as ours.
DEFAULT = Inspection(source=("prongsai",), confidence="unknown")


def rules_of(framework: Framework) -> Inspection:
    """What the framework allows after a preliminary verdict; ``DEFAULT`` where that is not published."""
    return framework.inspection or DEFAULT


def options_of(evidence: Evidence) -> Mapping[str, Option]:
    """The verdicts that an item's scale knows, by key; partial points only where the framework has such an option."""
    framework = evidence.assessment.round.framework
    scale = framework.scales[str(checklist_items(framework)[evidence.item].scale)]
    return {option.key: option for option in scale.options}


def label_of(evidence: Evidence, verdict: str) -> str:
    """A verdict in the framework's words."""
    option = options_of(evidence).get(verdict)
    if verdict == NOT_APPLICABLE:
        return pick("ไม่ต้องดำเนินการ", "Not applicable")
    return (option.label if option else "") or verdict


def is_full(evidence: Evidence, verdict: str) -> bool:
    """Whether a verdict leaves nothing to ask for: all points, or not applicable."""
    options = options_of(evidence)
    return verdict == NOT_APPLICABLE or options[verdict].points == max(one.points for one in options.values())


def is_sampled(evidence: Evidence) -> bool:
    """Whether a second inspector marks this item too. Steady; to be foreseen only by who has the secret key."""
    seed = f"{evidence.pk}:{evidence.assessment_id}:{evidence.item}"
    drawn = int.from_bytes(salted_hmac("prongsai.inspection.sample", seed, algorithm="sha256").digest()[:8], "big")
    return Fraction(drawn, 2**64) < SAMPLED


def check_verdict(evidence: Evidence, verdict: str, missing: str, sentence: str) -> None:
    """Raise ``Refused`` for a verdict the item does not know, and a rejection that does not say what is missing."""
    known = {*options_of(evidence), *([NOT_APPLICABLE] if evidence.not_applicable else [])}
    if verdict not in known:
        raise refuse("mark.verdict", "โปรดเลือกผลการตรวจจากรายการ", f"{verdict!r} is not one of {sorted(known)}")
    if is_full(evidence, verdict):
        return
    if not missing.strip() or not sentence.strip():
        raise refuse(
            "mark.no_reason",
            "ผลที่ไม่ผ่านต้องระบุองค์ประกอบที่ขาด และเหตุผลหนึ่งประโยค",
            "a rejection names the missing element and gives a sentence",
            "โปรดเลือกองค์ประกอบที่ขาดและพิมพ์เหตุผลให้หน่วยงานเข้าใจ",
            "Choose the missing element and write a sentence that the agency understands.",
        )


def check_judge(person: Person, evidence: Evidence) -> None:
    """Raise ``Refused`` where this person may not judge this item: own agency, conflict, or judged it before."""
    agency = evidence.assessment.agency
    if person.roles.filter(now_in_force(timezone.localdate()), agency=agency).exclude(kind="inspector").exists():
        raise refuse("mark.own_agency", "เป็นหน่วยงานของท่านเอง จึงตรวจไม่ได้", "it is your own agency")
    if person.conflicts.filter(agency=agency, withdrawn_at=None).exists():
        raise refuse("mark.conflict", "ท่านแจ้งความเกี่ยวข้องกับหน่วยงานนี้ไว้", "you declared a conflict with this agency")
    decided = evidence.clarifications.filter(decisions__inspector=person).exists()
    if decided or evidence.marks.filter(inspector=person).exists():
        raise refuse("mark.before", "ท่านตรวจข้อนี้ไปแล้ว ต้องให้ผู้ตรวจคนอื่น", "you judged this item before; another must")


def queue(person: Person) -> QuerySet[Evidence]:
    """Items this person may mark now: locked, within reach, never of the own agency or one in conflict.

    Where the assessor has shared out a round, only what was given to this person, and disagreements: whoever did not
    mark an item may decide one.
    """
    barred = barred_agencies(person)
    return (
        Evidence.objects.filter(
            given(person),
            state=State.LOCKED,
            assessment__agency__in=agencies_for(person, May.INSPECT),
            assessment__round__open=True,
        )
        .exclude(assessment__agency__in=barred)
        .exclude(Exists(Mark.objects.filter(evidence=OuterRef("pk"), inspector=person)))
        .select_related("assessment__agency", "assessment__round")
        .order_by("item", "pk")
    )


def to_decide(person: Person) -> QuerySet[Clarification]:
    """Clarifications and appeals this person may decide: in reach, not barred, and without a hand in it before."""
    return (
        Clarification.objects.filter(
            state="filed",
            evidence__state__in=(State.CLARIFYING, State.APPEALED),
            evidence__assessment__agency__in=agencies_for(person, May.INSPECT),
            evidence__assessment__round__open=True,
        )
        .exclude(evidence__assessment__agency__in=barred_agencies(person))
        .exclude(Exists(Mark.objects.filter(evidence=OuterRef("evidence"), inspector=person)))
        .exclude(Exists(Decision.objects.filter(clarification__evidence=OuterRef("evidence"), inspector=person)))
        .select_related("evidence__assessment__agency", "evidence__assessment__round", "by")
        .order_by("filed_at", "pk")
    )


def barred_agencies(person: Person) -> list[int]:
    """Agencies in which a person holds another post today, or has declared a conflict."""
    inside = person.roles.filter(now_in_force(timezone.localdate()), agency__isnull=False)
    roles = inside.exclude(kind=RoleKind.INSPECTOR)
    conflicts = person.conflicts.filter(withdrawn_at=None)
    return [*roles.values_list("agency", flat=True), *conflicts.values_list("agency", flat=True)]
