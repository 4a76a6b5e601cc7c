"""The agency's answer to a preliminary verdict, the decision on it, and the confirmed score."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from prongsai.site.history.action import refuse
from prongsai.site.inspection.actions.base import OfAgency
from prongsai.site.inspection.actions.check import start_look
from prongsai.site.inspection.actions.mark import OnEvidence
from prongsai.site.inspection.judging import check_judge, check_verdict, is_full, rules_of
from prongsai.site.inspection.models import Clarification, Decision, Evidence, Link, Preserved, State
from prongsai.site.inspection.states import move
from prongsai.site.rounds.deadlines import deadline
from prongsai.site.rounds.models import StageKind

CLARIFICATION, APPEAL = "clarification", "appeal"
_STAGE = {CLARIFICATION: StageKind.CLARIFICATION, APPEAL: StageKind.APPEAL}
# From which state each is filed, to which it leads, and to which its decision leads.
_FROM = {CLARIFICATION: State.PRELIMINARY, APPEAL: State.DECIDED}
_TO = {CLARIFICATION: State.CLARIFYING, APPEAL: State.APPEALED}
_DECIDED = {CLARIFICATION: State.DECIDED, APPEAL: State.FINAL}


def _words(kind: str) -> dict[str, str]:
    appeal = kind == APPEAL
    return {"kind_th": "อุทธรณ์" if appeal else "คำชี้แจงเพิ่มเติม", "kind_en": "appeal" if appeal else "clarification"}


@dataclass(kw_only=True)
class FileClarification(OnEvidence):
    """Answer a preliminary verdict on one item, on the links filed; or appeal, where the framework has it."""

    text: str
    links: list[Link] = field(default_factory=list)
    new: list[str] = field(default_factory=list)  # addresses not filed before; only where the framework lets them in
    kind: str = CLARIFICATION

    code = "inspection.clarify"
    th = "{actor} ยื่น{kind_th}ข้อ {item} {round}"
    en = "{actor} filed the {kind_en} on item {item}, {round}"

    def check(self) -> None:
        """In its window, on a verdict that left something to ask for, once, with a text."""
        self.hold(_FROM[self.kind])
        assessment = self.evidence.assessment
        if self.kind == APPEAL and not rules_of(assessment.round.framework).appeal:
            raise refuse("appeal.off", "กรอบการประเมินนี้ไม่มีขั้นตอนอุทธรณ์", "this framework knows no appeal")
        window = deadline(assessment, _STAGE[self.kind])
        if window is None or not window.open:
            raise refuse(
                "clarify.window",
                "ไม่อยู่ในช่วงเวลาชี้แจงเพิ่มเติม",
                "the window for this is not open",
                "ดูกำหนดเวลาและผู้ที่สอบถามได้ในหน้านี้",
                "This page shows the window and whom to ask.",
            )
        if is_full(self.evidence, self.evidence.verdict):
            raise refuse("clarify.full", "ข้อนี้ได้คะแนนเต็มแล้ว", "this item has all its points")
        if not self.text.strip():
            raise refuse("clarify.empty", "โปรดพิมพ์คำชี้แจง", "write the clarification")
        if self.new and rules_of(assessment.round.framework).clarify_on != "new":
            raise refuse(
                "clarify.new",
                "กรอบการประเมินนี้ให้ชี้แจงบนลิงก์ที่ส่งไว้แล้วเท่านั้น",
                "this framework takes clarifications on links filed before only",
            )
        if any(link.evidence_id != self.evidence.pk for link in self.links):
            raise refuse("clarify.link", "ชี้แจงได้เฉพาะลิงก์ที่ส่งไว้ในข้อนี้", "only links filed for this item")

    def do(self) -> Clarification:
        """Filed."""
        made, _ = Clarification.objects.update_or_create(
            evidence=self.evidence,
            kind=self.kind,
            defaults={"text": self.text.strip(), "state": "filed", "by": self.by, "filed_at": timezone.now()},
        )
        last = self.evidence.links.count()
        label = "ยื่นเพิ่มพร้อมคำชี้แจง"
        added = [
            Link.objects.create(evidence=self.evidence, url=url, label=label, order=last + place)
            for place, url in enumerate(self.new)
        ]
        made.links.set([*self.links, *added])
        if added:
            start_look(self.evidence.assessment, self.evidence, "inspection", self.by)
        move(self.evidence, _TO[self.kind])
        self.evidence.save(update_fields=["state"])
        return made

    def facts(self) -> dict[str, Any]:
        """What was filed."""
        return {**super().facts(), **_words(self.kind)}

    def personal(self) -> dict[str, Any]:
        """The text."""
        return {"text": self.text.strip()}


@dataclass(kw_only=True)
class WithdrawClarification(OnEvidence):
    """The agency takes back what it filed, to mend it or to accept the verdict; while its window is open."""

    clarification: Clarification

    code = "inspection.clarify_back"
    th = "{actor} ถอน{kind_th}ข้อ {item} {round}"
    en = "{actor} took back the {kind_en} on item {item}, {round}"

    def check(self) -> None:
        """Filed, not decided, and its window open."""
        self.hold(_TO[self.clarification.kind])
        window = deadline(self.evidence.assessment, _STAGE[self.clarification.kind])
        if window is None or not window.open:
            raise refuse("clarify.window", "พ้นกำหนดแล้ว จึงถอนไม่ได้", "the window for this is not open")

    def do(self) -> None:
        """As it was before; the text is kept and can be filed again."""
        self.clarification.state = "withdrawn"
        self.clarification.save(update_fields=["state"])
        move(self.evidence, _FROM[self.clarification.kind])
        self.evidence.save(update_fields=["state"])

    def facts(self) -> dict[str, Any]:
        """What was taken back."""
        return {**super().facts(), **_words(self.clarification.kind)}


@dataclass(kw_only=True)
class DecideClarification(OnEvidence):
    """The verdict on a clarification or appeal, by an inspector who did not judge the item before."""

    clarification: Clarification
    verdict: str
    sentence: str
    missing: str = ""
    copies: list[Preserved] = field(default_factory=list)

    code = "inspection.decide"
    told = False  # the agency reads the verdict and its reason on its page of results, never by whom
    th = "วินิจฉัย{kind_th}ข้อ {item}: {before} → {label} เพราะ{sentence}"
    en = "The {kind_en} on item {item} was decided: {before} → {label}. {sentence}"

    def check(self) -> None:
        """Filed and not decided, by somebody else, with a sentence either way."""
        self.hold(_TO[self.clarification.kind])
        assert self.by is not None
        check_judge(self.by, self.evidence)
        check_verdict(self.evidence, self.verdict, self.missing, self.sentence)
        if not self.sentence.strip():
            raise refuse("decide.no_reason", "โปรดพิมพ์เหตุผลของคำวินิจฉัย", "give the reason of the decision")
        self.before = self.evidence.verdict

    def do(self) -> Decision:
        """Decided."""
        made = Decision.objects.create(
            clarification=self.clarification,
            inspector=self.by,
            verdict=self.verdict,
            missing=self.missing.strip(),
            sentence=self.sentence.strip(),
        )
        made.copies.set(self.copies)
        self.clarification.state = "decided"
        self.clarification.save(update_fields=["state"])
        one = self.evidence
        one.verdict = self.verdict
        move(one, _DECIDED[self.clarification.kind])
        if one.state == State.FINAL:
            one.final_at = timezone.now()
        one.save(update_fields=["verdict", "state", "final_at"])
        return made

    def facts(self) -> dict[str, Any]:
        """From which verdict to which."""
        kind = _words(self.clarification.kind)
        return {**super().facts(), **kind, "before": self.label(self.before), "label": self.label(self.verdict)}

    def personal(self) -> dict[str, Any]:
        """The reason."""
        return {"sentence": self.sentence.strip()}


@dataclass(kw_only=True)
class ConfirmScores(OfAgency):
    """ยืนยันผลคะแนน: all verdicts of an agency become final. Silence has accepted what was not clarified."""

    code = "inspection.final"
    th = "{actor} ยืนยันผลคะแนน OIT {round}: {items} ข้อ"
    en = "{actor} confirmed the OIT verdicts of {round}: {items} items"

    def check(self) -> None:
        """The windows are over (or nothing is left to clarify), and nothing waits for a decision."""
        self.rows = list(self.assessment.evidence.select_for_update(of=("self",)))
        for row in self.rows:
            row.assessment = self.assessment
        waiting = [row.item for row in self.rows if row.state not in (State.PRELIMINARY, State.DECIDED, State.FINAL)]
        if waiting or not self.rows:
            raise refuse(
                "final.waiting",
                f"ยังมีข้อที่รอการพิจารณา {len(waiting)} ข้อ: {', '.join(waiting[:8])}",
                f"{len(waiting)} items wait: {', '.join(waiting[:8])}",
            )
        if self.assessment.clarified_at:
            raise refuse("final.done", "ยืนยันผลคะแนนแล้ว", "confirmed already")
        lost = [row for row in self.rows if not is_full(row, row.verdict)]
        self._wait([row for row in lost if row.state == State.PRELIMINARY], StageKind.CLARIFICATION)
        if rules_of(self.assessment.round.framework).appeal:
            self._wait([row for row in lost if row.state == State.DECIDED], StageKind.APPEAL)

    def _wait(self, may_answer: list[Evidence], kind: StageKind) -> None:
        """Raise ``Refused`` while the agency can still answer; without a window it never could."""
        window = deadline(self.assessment, kind)
        if not may_answer or (window is not None and window.over):
            return
        if window is None:
            raise refuse(
                "final.no_window",
                f"ปฏิทินยังไม่มีช่วง “{kind.label}” หน่วยงานจึงยังไม่มีโอกาสตอบ ยืนยันผลไม่ได้",
                f"the calendar has no {kind} step, so the agency had no chance to answer",
                "โปรดกำหนดช่วงเวลาในปฏิทินของการประเมินก่อน",
                "Set its days in the round's calendar first.",
            )
        raise refuse(
            "final.window",
            f"หน่วยงานยังดำเนินการขั้น “{kind.label}” ได้ จึงยังยืนยันไม่ได้",
            "the agency can still clarify" if kind == StageKind.CLARIFICATION else "the agency can still appeal",
            "โปรดรอจนพ้นกำหนด",
            "Wait until the window is over.",
        )

    def do(self) -> None:
        """Final."""
        now = timezone.now()
        for row in self.rows:
            if row.state != State.FINAL:
                move(row, State.FINAL)
                row.final_at = now
        Evidence.objects.bulk_update(self.rows, ("state", "final_at"))
        self.assessment.clarified_at = now
        if self.assessment.evidence.filter(clarifications__kind=APPEAL, clarifications__state="decided").exists():
            self.assessment.appealed_at = now
        self.assessment.save(update_fields=["clarified_at", "appealed_at"])

    def facts(self) -> dict[str, Any]:
        """How many."""
        return {**super().facts(), "items": len(self.rows)}
