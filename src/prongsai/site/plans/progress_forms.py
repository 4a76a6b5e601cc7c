"""The form in which a unit reports on a measure; made for a phone, complete without JavaScript.

Rows (deeds, proof) are listed by number in the data itself (``deed=0&deed=1``), so that a row can be added or left
out anywhere, and a form that is sent again after the session ended is whole. Pictures that came with a form that could
not be saved yet are kept and named by a signed word, so that nobody has to choose them twice.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from prongsai.errors import InputError, Problem
from prongsai.site.base.fields import ThaiDateField
from prongsai.site.base.forms import Form
from prongsai.site.base.text import T, pick
from prongsai.site.files.keep import DOCUMENTS, PICTURES, keep, receive
from prongsai.site.files.models import Stored
from prongsai.site.people.models import Person
from prongsai.site.plans.models import Deed, Measure, Proof, Report
from prongsai.thai.fiscal_year import BE_OFFSET

PAPERS = tuple((kind, label) for kind, label in Proof.KINDS if kind != "picture")
_SALT = "prongsai.proof"
_MOST = 100  # rows of one kind


class ReportForm(Form):
    """Status and words. ``version`` is the saved report that the person saw; 0 when there was none."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    status = forms.ChoiceField(label=T("สถานะการดำเนินการ", "Status"), choices=Report.STATUSES, widget=forms.RadioSelect)
    result = forms.CharField(
        label=T("ผลที่ได้รับ", "Result"),
        required=False,
        max_length=8000,
        widget=forms.Textarea({"rows": 3}),
        help_text=T(
            "เช่น จำนวนผู้เข้าร่วม ระยะเวลาที่ลดลง ข้อร้องเรียนที่ลดลง", "For example how many took part, what became faster"
        ),
    )
    obstacles = forms.CharField(
        label=T("ปัญหาอุปสรรค", "Obstacles"),
        required=False,
        max_length=8000,
        widget=forms.Textarea({"rows": 3}),
        help_text=T("หากยังไม่เริ่มดำเนินการ โปรดระบุเหตุผล", "If nothing has begun yet, say why"),
    )


class _Row(Form):
    """A row that may stay empty, or be marked for removal whatever stands in it."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    remove = forms.BooleanField(required=False, label=T("ลบรายการนี้", "Remove this"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, empty_permitted=True, **kwargs)

    def full_clean(self) -> None:
        """Nothing is checked in a row that goes."""
        super().full_clean()
        if self.is_bound and getattr(self, "cleaned_data", {}).get("remove"):
            self._errors = forms.utils.ErrorDict()

    @property
    def kept(self) -> bool:
        """Whether the row says something and stays."""
        return bool(self.cleaned_data) and not self.cleaned_data.get("remove")


class DeedForm(_Row):
    """Something that was done, and when."""

    text = forms.CharField(label=T("สิ่งที่ดำเนินการ", "What was done"), max_length=4000, widget=forms.Textarea({"rows": 2}))
    date = ThaiDateField(label=T("วันที่ดำเนินการ", "Day"), required=False)
    end = ThaiDateField(label=T("ถึงวันที่", "Until"), required=False)

    def clean(self) -> dict[str, Any]:
        """Days in order, and not in the future."""
        data = super().clean() or {}
        start, end = data.get("date"), data.get("end")
        if start and start > timezone.localdate():
            self.add_error("date", pick("วันที่นี้ยังมาไม่ถึง", "This day has not come yet."))
        if start and end and end < start:
            self.add_error("end", pick("วันสิ้นสุดอยู่ก่อนวันเริ่มต้น", "The end comes before the start."))
        return data


class ProofForm(_Row):
    """A picture, or an order, letter, minutes, link … ``held`` names a file that came with this form before."""

    held = forms.CharField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=T("ประเภท", "Kind"), choices=[("", T("เลือกประเภท", "Choose")), *Proof.KINDS])
    title = forms.CharField(label=T("คำอธิบาย", "Description"), required=False, max_length=300)
    number = forms.CharField(label=T("เลขที่", "Number"), required=False, max_length=100)
    date = ThaiDateField(label=T("ลงวันที่", "Date"), required=False)
    subject = forms.CharField(label=T("เรื่อง", "Subject"), required=False, max_length=300)
    url = forms.URLField(
        label=T("ลิงก์", "Link"), required=False, max_length=500, assume_scheme="https",
        widget=forms.URLInput({"inputmode": "url", "placeholder": "https://"}),
    )  # fmt: skip

    saved: Proof | None = None  # the row as it is in the database
    picture: Stored | None = None  # what to show of it
    file: Stored | None = None

    def clean_url(self) -> str:
        """Only what a browser opens."""
        url = str(self.cleaned_data["url"])
        if url and not url.startswith(("https://", "http://")):
            raise ValidationError(pick("ลิงก์ต้องขึ้นต้นด้วย https:// หรือ http://", "A link begins with https:// or http://."))
        return url

    def clean(self) -> dict[str, Any]:
        """Something that can be found again."""
        data = super().clean() or {}
        if data.get("kind") == "link" and not data.get("url") and "url" not in self.errors:
            self.add_error("url", pick("โปรดใส่ลิงก์", "Please give the link."))
        has_file = bool(self.file)
        if data.get("kind") == "picture" and not has_file:
            self.add_error("kind", pick("ไม่พบไฟล์ภาพ โปรดเลือกใหม่", "The picture is gone; please choose it again."))
        elif not (has_file or any(data.get(name) for name in ("title", "number", "subject", "url"))):
            self.add_error("subject", pick("โปรดระบุเลขที่ เรื่อง หรือแนบไฟล์", "Give a number, a subject, or a file."))
        return data

    @property
    def is_picture(self) -> bool:
        """Whether the row shows a picture."""
        return (self["kind"].value() or "") == "picture"


class Sheet:
    """The whole form: main part, deeds, proof. ``data`` None: as it is saved (or begun from last period's report)."""

    def __init__(self, measure: Measure, person: Person, report: Report | None, data: QueryDict | None) -> None:
        self.measure, self.person, self.report, self.data = measure, person, report, data
        self.main: ReportForm
        self.deeds: list[DeedForm]
        self.proofs: list[ProofForm]

    @classmethod
    def of_saved(cls, measure: Measure, person: Person, report: Report | None, earlier: Report | None = None) -> Sheet:
        """As saved; a first report begins with what ``earlier`` (the period before) said."""
        sheet = cls(measure, person, report, None)
        begun = report or earlier
        start: dict[str, Any] = {"version": report.version if report else 0}
        if begun:
            start |= {"status": begun.status, "result": begun.result, "obstacles": begun.obstacles}
        sheet.main = ReportForm(initial=start)
        deeds = [_deed_initial(deed, bool(report)) for deed in begun.deeds.all()] if begun else []
        sheet.deeds = [DeedForm(initial=row, prefix=f"deed-{n}") for n, row in enumerate(deeds or [{}])]
        sheet.proofs = []
        for n, proof in enumerate(begun.proofs.all() if begun else ()):
            row = _proof_initial(proof, bool(report))
            if proof.file_id:  # also of saved rows: one that somebody else removes meanwhile still has its file
                row["held"] = sheet.word_for(proof.file_id)
            sheet.proofs.append(ProofForm(initial=row, prefix=f"proof-{n}"))
        sheet._find_files()
        return sheet

    @classmethod
    def of_data(cls, measure: Measure, person: Person, report: Report | None, data: QueryDict) -> Sheet:
        """As it was sent."""
        sheet = cls(measure, person, report, data)
        sheet.main = ReportForm(data)
        sheet.deeds = [DeedForm(data, prefix=f"deed-{n}") for n in numbers(data, "deed")]
        sheet.proofs = [ProofForm(data, prefix=f"proof-{n}") for n in numbers(data, "proof")]
        sheet._find_files()
        return sheet

    def word_for(self, file_id: int) -> str:
        """The signed word by which a kept file comes back: good for this person and measure alone."""
        return signing.dumps([file_id, self.person.pk, self.measure.pk], salt=_SALT, compress=True)

    def _file_of(self, word: str) -> int | None:
        try:
            file_id, person, measure = signing.loads(word, salt=_SALT)
        except signing.BadSignature:
            return None
        return int(file_id) if (person, measure) == (self.person.pk, self.measure.pk) else None

    def _find_files(self) -> None:
        """Give each proof row its file: the saved one, or the one that came with the form."""
        saved = {proof.pk: proof for proof in self.report.proofs.all()} if self.report else {}
        words = {form: self._file_of(word) for form in self.proofs if (word := str(form["held"].value() or ""))}
        kept = Stored.objects.in_bulk([pk for pk in words.values() if pk])
        for form in self.proofs:
            pk = str(form["pk"].value() or "")
            form.saved = saved.get(int(pk)) if pk.isdigit() else None
            if form in words:
                form.file = kept.get(words[form] or 0)
            elif form.saved:
                form.file = form.saved.file
            form.picture = form.file if form.file and form.file.kind in PICTURES else None

    def valid(self) -> bool:
        """Whether every part can be saved; all are checked."""
        checked = [self.main.is_valid(), *(form.is_valid() for form in (*self.deeds, *self.proofs))]
        return all(checked)

    def quiet(self) -> Sheet:
        """Show what was typed without reproaches: the person only asked for another row."""
        for form in (self.main, *self.deeds, *self.proofs):
            setattr(form, "_errors", forms.utils.ErrorDict())  # noqa: B010 - typed as if it were not there
        return self

    @property
    def faults(self) -> int:
        """How many parts have an error."""
        return sum(bool(form.errors) for form in (self.main, *self.deeds, *self.proofs))


def numbers(data: QueryDict, name: str) -> list[int]:
    """The row numbers of one kind in their order."""
    found = [int(n) for n in data.getlist(name) if n.isascii() and n.isdigit() and len(n) <= 6]
    return list(dict.fromkeys(found))[:_MOST]


def add_row(data: QueryDict, name: str, values: dict[str, Any] | None = None) -> None:
    """One more row, empty or with values (days are taken apart as their field sends them)."""
    number = max(numbers(data, name), default=-1) + 1
    data.appendlist(name, str(number))
    for key, value in (values or {}).items():
        start = f"{name}-{number}-{key}"
        if key in ("date", "end"):
            parts = (value.day, value.month, value.year + BE_OFFSET) if value else ("", "", "")
            for part, text in zip(("day", "month", "year"), parts, strict=True):
                data[f"{start}_{part}"] = str(text)
        else:
            data[start] = "" if value is None else str(value)


def take_files(request: HttpRequest, sheet: Sheet, data: QueryDict) -> list[Problem]:
    """Keep every file that came with the form and name it in its row; what could not be taken is told, not lost."""
    problems: list[Problem] = []
    for upload in request.FILES.getlist("pictures"):
        word = _keep(upload, PICTURES, sheet, problems)
        if word:
            add_row(data, "proof", {"kind": "picture", "held": word})
    for number in numbers(data, "proof"):
        one = request.FILES.get(f"proof-{number}-file")
        if isinstance(one, UploadedFile):
            kind = data.get(f"proof-{number}-kind")
            data[f"proof-{number}-held"] = _keep(
                one, PICTURES if kind == "picture" else PICTURES | DOCUMENTS, sheet, problems
            )
    return problems


def _keep(upload: UploadedFile[bytes], accept: frozenset[str], sheet: Sheet, problems: list[Problem]) -> str:
    try:
        received = receive(upload, accept)
    except InputError as error:
        problems += error.problems
        return ""
    agency = sheet.measure.point.plan.assessment.agency
    return sheet.word_for(keep(received, agency, sheet.person).pk)


def limit_mb() -> int:
    """Largest file in MB, as said beside the file fields."""
    return int(settings.UPLOAD_LIMIT // (1024 * 1024))


def _deed_initial(deed: Deed, saved: bool) -> dict[str, Any]:
    return {"pk": deed.pk if saved else None, "text": deed.text, "date": deed.date, "end": deed.end}


def _proof_initial(proof: Proof, saved: bool) -> dict[str, Any]:
    names = ("kind", "title", "number", "date", "subject", "url")
    return {"pk": proof.pk if saved else None, **{name: getattr(proof, name) for name in names}}
