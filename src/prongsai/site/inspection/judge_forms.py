"""The verdict and its reasons; a clarification; a conflict."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from prongsai.site.agencies.models import Agency
from prongsai.site.base.forms import Form
from prongsai.site.base.text import T, pick
from prongsai.site.inspection.actions.fill import unfit
from prongsai.site.inspection.checklist import Rule
from prongsai.site.inspection.judging import NOT_APPLICABLE, is_full, options_of
from prongsai.site.inspection.models import Evidence, Link
from prongsai.site.people.models import Person

OTHER = "other"
_LETTERS = "abcdefghijklm"  # keys of missing elements; n, o, p, u mean other things (judge.js)
_NEW = 5  # links with one clarification; ours


class VerdictForm(Form):
    """One verdict; what is missing and a sentence where it is a rejection. ``copies``: the copies judged."""

    verdict = forms.ChoiceField(label=T("ผลการตรวจ", "Verdict"), widget=forms.RadioSelect)
    missing = forms.ChoiceField(label=T("องค์ประกอบที่ขาด", "Missing element"), required=False, widget=forms.RadioSelect)
    sentence = forms.CharField(
        label=T("เหตุผลให้หน่วยงานอ่าน", "Reason for the agency"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text=T(
            "ต้องมีเมื่อผลไม่ผ่าน บอกว่าขาดสิ่งใด อยู่ที่ใด และต้องเพิ่มอะไร",
            "Needed for a rejection: what is missing, where, and what would complete it.",
        ),
    )
    live = forms.BooleanField(label=T("เปิดลิงก์จริงดูด้วยแล้ว", "I opened the live link as well"), required=False)

    def __init__(self, *args: Any, evidence: Evidence, rules: list[Rule], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = options_of(evidence)
        self.full = {key for key in options if is_full(evidence, key)} | {NOT_APPLICABLE}
        # What gives most comes first, so that 1 is always "nothing is missing".
        ranked = sorted(options.items(), key=lambda pair: -pair[1].points)
        choices = [(key, option.label or key) for key, option in ranked]
        if evidence.not_applicable:
            choices.append((NOT_APPLICABLE, pick("ไม่ต้องดำเนินการตามเหตุผลที่แจ้ง", "Not applicable, as the agency says")))
        self.fields["verdict"].choices = choices  # type: ignore[attr-defined]
        elements = [(rule.element.text[:500], rule.element.text) for rule in rules]
        other = (OTHER, pick("อื่น ๆ ตามที่อธิบายในเหตุผล", "Something else, told in the reason"))
        self.fields["missing"].choices = [*elements, other]  # type: ignore[attr-defined]

    def verdicts(self) -> list[tuple[int, str, str, bool, bool]]:
        """Number of the key, value, words, whether nothing is missing then, whether it is chosen."""
        chosen = str(self["verdict"].value() or "")
        choices: Any = self.fields["verdict"].choices  # type: ignore[attr-defined]
        return [
            (number, value, words, value in self.full, value == chosen)
            for number, (value, words) in enumerate(choices, start=1)
        ]

    def elements(self) -> list[tuple[str, str, str, bool]]:
        """Letter of the key, value, words, whether it is chosen; the last is “something else”."""
        chosen = str(self["missing"].value() or "")
        choices: Any = list(self.fields["missing"].choices)  # type: ignore[attr-defined]
        return [
            (_LETTERS[place : place + 1], value, words, value == chosen) for place, (value, words) in enumerate(choices)
        ]


class ClarifyForm(Form):
    """What the agency answers, and on which of its links."""

    text = forms.CharField(
        label=T("คำชี้แจง", "Clarification"),
        max_length=4000,
        widget=forms.Textarea({"rows": 6}),
        help_text=T(
            "บอกว่าข้อมูลขององค์ประกอบที่ถูกระบุว่าขาดอยู่ที่ใดในลิงก์ที่ส่งไว้",
            "Say where in the links filed the element that is called missing can be found.",
        ),
    )
    links = forms.ModelMultipleChoiceField(
        label=T("ลิงก์ที่อ้างถึง", "Links you point to"),
        queryset=Link.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    new = forms.CharField(
        label=T("ลิงก์ที่ยื่นเพิ่ม", "New links"),
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=T("บรรทัดละหนึ่งลิงก์ ไม่เกิน 5 ลิงก์", "One a line, five at most."),
    )

    def __init__(self, *args: Any, evidence: Evidence, new: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["links"].queryset = evidence.links.all()  # type: ignore[attr-defined]
        if not evidence.links.exists():
            del self.fields["links"]
        if not new:
            del self.fields["new"]

    def clean_new(self) -> list[str]:
        """Whole public addresses."""
        lines = [line.strip() for line in self.cleaned_data["new"].splitlines() if line.strip()]
        if len(lines) > _NEW:
            raise forms.ValidationError(pick(f"ยื่นเพิ่มได้ไม่เกิน {_NEW} ลิงก์", f"{_NEW} links at most"))
        for line in lines:
            if problem := unfit(line):
                first = problem.problems[0]
                raise forms.ValidationError(f"{line}: {pick(first.th, first.en)}")
        return lines


class ShareForm(Form):
    """Among whom a round is shared out, and how."""

    way = forms.ChoiceField(
        label=T("แจกอย่างไร", "How"),
        widget=forms.RadioSelect,
        initial="agencies",
        choices=(
            (
                "agencies",
                T("แจกใหม่ตามหน่วยงาน: คนหนึ่งตรวจทุกข้อของหน่วยงาน", "Anew by agency: one person sees all its items"),
            ),
            ("items", T("แจกใหม่ตามข้อ: คนหนึ่งตรวจข้อเดียวกันทุกหน่วยงาน", "Anew by item: one rule is in one hand")),
            ("rest", T("เฉพาะส่วนที่ยังไม่มีผู้ตรวจ ที่แจกแล้วคงเดิม", "Only what nobody has; the rest stays")),
        ),
    )
    inspectors = forms.MultipleChoiceField(
        label=T("ผู้ตรวจที่ร่วมรอบนี้", "Inspectors of this round"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, people: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["inspectors"].choices = [(str(one.pk), one.full_name) for one in people]  # type: ignore[attr-defined]
        self.fields["inspectors"].initial = [str(one.pk) for one in people]


class ConflictForm(Form):
    """An agency that is not to be mine, and why."""

    agency = forms.CharField(label=T("ชื่อหรือรหัสหน่วยงาน", "Name or code of the agency"))
    reason = forms.CharField(label=T("ความเกี่ยวข้อง", "What the conflict is"), max_length=500)

    def __init__(self, *args: Any, offered: QuerySet[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = offered

    def clean_agency(self) -> Agency:
        """The one agency of that name or code."""
        typed = self.cleaned_data["agency"].strip()
        found = list(self.offered.filter(code__iexact=typed)[:1]) or list(self.offered.filter(name=typed)[:2])
        if len(found) != 1:
            raise forms.ValidationError(
                pick(f"ไม่พบหน่วยงาน “{typed}” หรือมีหลายแห่ง โปรดใช้รหัส", f"No single agency “{typed}”; use its code.")
            )
        return found[0]
