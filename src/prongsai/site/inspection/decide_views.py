"""One decision: the rule, the copies, the links, last year, precedents; on an item, or on a clarification of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from prongsai.evidence.preserve.store import Damaged
from prongsai.site.base.text import pick
from prongsai.site.base.views import signed_in
from prongsai.site.history.action import Action, Refused
from prongsai.site.inspection.actions.clarify import DecideClarification
from prongsai.site.inspection.actions.mark import MarkItem, UndoMark
from prongsai.site.inspection.checklist import Checklist, Line, required
from prongsai.site.inspection.copies import copies
from prongsai.site.inspection.judge_access import clarified_for, copy_for, judged_for, marked_for
from prongsai.site.inspection.judge_forms import OTHER, VerdictForm
from prongsai.site.inspection.judging import label_of
from prongsai.site.inspection.models import Evidence, Link, Mark, Preserved, State
from prongsai.site.inspection.pairs import precedents
from prongsai.site.inspection.shown import newest, shown
from prongsai.site.inspection.walk import walk

_PRECEDENTS = 5
_KINDS = {"picture": "image/png", "text": "text/plain; charset=utf-8", "file": "application/warc"}


@signed_in
def inspect_item(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one item; then the next of the same item (or agency)."""
    way = walk(request.user, request.GET.get("by", ""))  # type: ignore[arg-type]
    evidence = judged_for(request, way, pk)
    page = _Page(request, evidence)
    if request.method == "POST" and page.form.is_valid():
        following = way.next(evidence)
        data = page.form.cleaned_data
        action = MarkItem(
            by=request.user,  # type: ignore[arg-type]
            evidence=evidence,
            verdict=data["verdict"],
            missing=_missing(data),
            sentence=data["sentence"],
            copies=page.kept,
            live=data["live"],
        )
        if page.done(action):
            name, label = f"{evidence.item} {evidence.assessment.agency.name}", label_of(evidence, data["verdict"])
            messages.success(request, pick(f"บันทึกแล้ว: {name} · {label}", f"Kept: {name} · {label}"), "undoable")
            return redirect(way.address(following))
    previous = way.previous(evidence)
    own = Mark.objects.filter(inspector=request.user, evidence__state__in=(State.LOCKED, State.MARKED))  # type: ignore[misc]
    mine = own.order_by("-at", "-pk").first()
    return page.render(
        {
            "way": way,
            "left": way.left(evidence),
            "next": way.address(way.next(evidence)),
            "previous": previous,
            "previous_address": way.address(previous),
            "last": mine,
            # Who decides between two must know what they said; a second marker must not.
            "marks": evidence.marks.order_by("order") if evidence.again == "disagreement" else (),
        }
    )


@signed_in
def inspect_clarification(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide a clarification or appeal: what was said of the item, what the agency answers, the same copies."""
    clarification = clarified_for(request, pk)
    evidence = clarification.evidence
    page = _Page(request, evidence, needs_sentence=True)
    if request.method == "POST" and page.form.is_valid():
        data = page.form.cleaned_data
        action = DecideClarification(
            by=request.user,  # type: ignore[arg-type]
            evidence=evidence,
            clarification=clarification,
            verdict=data["verdict"],
            missing=_missing(data),
            sentence=data["sentence"],
            copies=page.kept,
        )
        if page.done(action):
            messages.success(request, pick(f"บันทึกคำวินิจฉัยข้อ {evidence.item} แล้ว", f"{evidence.item} is decided."))
            return redirect("inspect_queue")
    earlier = evidence.clarifications.exclude(pk=clarification.pk).prefetch_related("decisions")
    return page.render({"clarification": clarification, "earlier": earlier, "marks": evidence.marks.order_by("order")})


def _missing(data: dict[str, Any]) -> str:
    return pick("อื่น ๆ", "other") if data["missing"] == OTHER else str(data["missing"])


class _Page:
    """What both decisions show, and the form."""

    def __init__(self, request: HttpRequest, evidence: Evidence, *, needs_sentence: bool = False) -> None:
        self.request, self.evidence = request, evidence
        self.line: Line = Checklist(evidence.assessment).line(evidence.item)
        self.rules = required(self.line.item, self.line.links)
        self.kept: list[Preserved] = newest(evidence)
        self.form = VerdictForm(request.POST or None, evidence=evidence, rules=self.rules)
        self.form.fields["sentence"].required = needs_sentence
        self.refused: Any = None

    def done(self, action: Action) -> bool:
        """Whether it worked; otherwise the page says why not."""
        try:
            action.execute()
        except Refused as error:
            self.refused = error.problems
            return False
        return True

    def render(self, more: dict[str, Any]) -> HttpResponse:
        """The page."""
        evidence, of = self.evidence, self.evidence.assessment.round
        same_round = Evidence.objects.filter(assessment__round=of).exclude(pk=evidence.pk)
        others = Link.objects.filter(evidence__assessment=evidence.assessment).exclude(evidence=evidence)
        before = precedents(evidence.item, same_round).select_related("evidence")[: 4 * _PRECEDENTS]
        unlike = list({(one.verdict, one.missing, one.sentence): one for one in before}.values())[:_PRECEDENTS]
        context = {
            "line": self.line,
            "evidence": evidence,
            "agency": evidence.assessment.agency,
            "round": of,
            "form": self.form,
            "rules": self.rules,
            "refused": self.refused,
            "shown": shown(self.kept, [link.pk for link in self.line.links]),
            "others": others.select_related("evidence").order_by("evidence_id", "order"),
            "precedents": [(one, label_of(evidence, one.verdict)) for one in unlike],
            **more,
        }
        if "marks" in context:
            context["marks"] = [(one, label_of(evidence, one.verdict)) for one in context["marks"]]
        failed = self.form.is_bound and (self.form.errors or self.refused)
        return render(self.request, "inspection/decide.html", context, status=409 if failed else 200)


@require_POST
@signed_in
def inspect_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the own mark back, and look at the item again."""
    evidence = marked_for(request, pk)
    UndoMark(by=request.user, evidence=evidence).execute()  # type: ignore[arg-type]
    messages.info(request, pick(f"ถอนผลข้อ {evidence.item} แล้ว โปรดตรวจอีกครั้ง", f"{evidence.item} is open again."))
    return redirect(walk(request.user, request.GET.get("by", "")).address(evidence))  # type: ignore[arg-type]


@signed_in
def inspect_copy(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """A preserved copy as picture, text or WARC file: never as a page, and in a sandbox of its own."""
    copy = copy_for(request, pk)
    if part not in _KINDS or not copy.name:
        raise Http404
    store = copies()
    try:
        manifest = store.manifest(copy.name)
        read = {"picture": store.picture, "text": lambda one: store.text(one).encode(), "file": store.file}
        content = read[part](manifest)
    except Damaged:
        return _alone(
            "สำเนานี้ไม่ตรงกับค่าแฮชที่บันทึกไว้ขณะจัดเก็บ จึงไม่แสดง โปรดแจ้งผู้ดูแลระบบ\n"
            "This copy does not match the hash kept with it and is not shown. Please tell the administrator.".encode(),
            _KINDS["text"],
            410,
        )
    if not content:
        raise Http404
    answer = _alone(content, _KINDS[part], 200)
    if part == "file":
        answer["Content-Disposition"] = f'attachment; filename="{copy.sha256[:16] or copy.pk}.warc.gz"'
    return answer


def _alone(content: bytes, kind: str, status: int) -> HttpResponse:
    """Bytes from somewhere else: no script, no frame, no request, whatever they say of themselves."""
    answer = HttpResponse(content, content_type=kind, status=status)
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
