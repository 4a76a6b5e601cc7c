"""Forms of surveys: doors and numbers, lists, wordings, windows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from prongsai.errors import InputError, Problem
from prongsai.framework import Framework
from prongsai.scoring.template.guard import checked
from prongsai.site.agencies.models import Agency, Unit
from prongsai.site.base.fields import ThaiDateField, ThaiIntegerField
from prongsai.site.base.forms import Form
from prongsai.site.base.text import T, pick
from prongsai.site.files.keep import Received, receive
from prongsai.site.rounds.models import Round
from prongsai.site.surveys.models import Survey
from prongsai.site.surveys.numbers import number_for, sampling_of
from prongsai.survey.questionnaire import containers
from prongsai.survey.sample import Required, entered

DOOR_CHOICES = (
    ("by_codes", T("รหัสครั้งเดียว: หนึ่งรหัสตอบได้หนึ่งครั้ง", "One-time codes: each code answers once")),
    (
        "by_link",
        T(
            "ลิงก์เปิดและ QR: ใครก็ตอบได้ และตอบซ้ำได้ ระบบห้ามไม่ได้เพราะไม่เก็บว่าใครตอบ",
            "Open link and QR: anybody can answer, more than once; preventing it would mean knowing who answers",
        ),
    ),
    (
        "by_places",
        T(
            "จุดบริการ: QR ประจำช่อง รู้ว่าตอบจากช่องใดแต่ไม่รู้ว่าใคร และตอบซ้ำได้",
            "Service points: a QR code at each counter; which counter is known, who is not, and one can answer again",
        ),
    ),
    ("by_interview", T("การสัมภาษณ์โดยผู้สำรวจ", "Interviews by surveyors")),
)
_MOST_ROWS, _MOST_COLUMNS = 50_000, 40  # of a list in a worksheet
_LIST_KINDS = frozenset({"csv", "txt", "xlsx"})
_WORDING_KINDS = frozenset({"yaml", "txt"})


class SettingForm(Form):
    """Doors, head count, and where the required number comes from. ``needed`` gives it after ``is_valid``."""

    doors = forms.MultipleChoiceField(
        label=T("ผู้ตอบเข้าตอบทางใดได้บ้าง", "How people answer"),
        choices=DOOR_CHOICES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    heads = ThaiIntegerField(
        label=T("จำนวนผู้ที่ตอบได้ทั้งหมด (คน)", "How many people could answer"),
        required=False,
        min_value=1,
        max_value=2_000_000,
        help_text=T("เช่น จำนวนบุคลากรที่ปฏิบัติงานมาแล้วไม่น้อยกว่าหนึ่งปี", "For instance staff with a year of service."),
        widget=forms.TextInput({"inputmode": "numeric", "size": 8}),
    )
    basis = forms.ChoiceField(
        label=T("จำนวนผู้ตอบขั้นต่ำ", "Required number"),
        widget=forms.RadioSelect,
        choices=(
            ("rule", T("คำนวณตามกรอบการประเมิน", "By the framework's rule")),
            ("entered", T("กรอกเอง พร้อมระบุที่มา", "Entered, with its source")),
            ("none", T("ยังไม่กำหนด", "Not set yet")),
        ),
    )
    row = forms.ChoiceField(
        label=T("กลุ่มและขนาดของหน่วยงานตามตารางของกรอบ", "Group and size in the framework's table"), required=False
    )
    required = ThaiIntegerField(
        label=T("จำนวนที่กรอกเอง (คน)", "Number entered"),
        required=False,
        min_value=1,
        max_value=2_000_000,
        widget=forms.TextInput({"inputmode": "numeric", "size": 8}),
    )
    source = forms.CharField(
        label=T("ที่มาของจำนวน", "Where the number comes from"),
        max_length=200,
        required=False,
        help_text=T("เช่น ชื่อหนังสือหรือคู่มือ หน้า วันที่", "For instance a letter or manual, page, date."),
    )

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any) -> None:
        kwargs.setdefault("initial", _initial(survey))
        super().__init__(*args, **kwargs)
        self.framework: Framework = survey.assessment.round.framework
        self.container = survey.container
        self.needed: Required | None = None
        found = sampling_of(self.framework, self.container)
        self.table = found.table if found else ()
        if not self.table:
            del self.fields["row"]
        else:
            rows = [(str(n), f"{one.group} {one.size or ''}: {one.respondents}") for n, one in enumerate(self.table)]
            self.fields["row"].choices = [("", "–"), *rows]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The number follows from what is given, and is not larger than there are heads."""
        data = super().clean() or {}
        if self.errors:
            return data
        basis, heads = data["basis"], data.get("heads")
        if basis == "rule":
            row = self.table[int(data["row"])] if data.get("row") else None
            self.needed = number_for(self.framework, self.container, heads, row)
            if self.needed is None:
                self.add_error("basis", _no_rule(self.framework, self.container))
        elif basis == "entered":
            if not data.get("required"):
                self.add_error("required", pick("โปรดกรอกจำนวน", "Please give the number."))
            elif not data.get("source", "").strip():
                self.add_error("source", pick("โปรดระบุที่มาของจำนวนนี้", "Please say where the number comes from."))
            else:
                self.needed = entered(data["required"], data["source"].strip())
        if self.needed and heads and self.needed.respondents > heads:
            self.add_error(
                "basis",
                pick(
                    f"จำนวนผู้ตอบขั้นต่ำ {self.needed.respondents} คน มากกว่าผู้ที่ตอบได้ทั้งหมด {heads} คน",
                    f"{self.needed.respondents} are required, but only {heads} could answer.",
                ),
            )
        return data


def _initial(survey: Survey) -> dict[str, Any]:
    doors = [door for door, _ in DOOR_CHOICES if getattr(survey, door)]
    framework = survey.assessment.round.framework
    heads = survey.heads or (survey.assessment.agency.staff if survey.by_codes or not doors else None)
    known = number_for(framework, survey.container, heads or 1)
    source, _, _ = survey.required_source.rpartition(" (")
    own = survey.required is not None and not survey.required_source.startswith(framework.id)
    basis = "entered" if own else "rule" if known or survey.required else "none"
    return {
        "doors": doors,
        "heads": heads,
        "basis": basis,
        "required": survey.required if own else None,
        "source": source if own else "",
    }


def _no_rule(framework: Framework, container: str) -> str:
    found = sampling_of(framework, container)
    if found and found.rule:
        return pick("โปรดกรอกจำนวนผู้ที่ตอบได้ทั้งหมดก่อน", "Please give the head count first.")
    if found and found.table:
        return pick("โปรดเลือกกลุ่มและขนาดของหน่วยงาน", "Please choose the group and size.")
    if found and found.minimum:
        return pick(
            f"กรอบการประเมินมีเกณฑ์เป็นข้อความ “{found.minimum}” โปรดคำนวณแล้วกรอกเอง พร้อมระบุที่มา",
            f"The framework has its rule in words only: {found.minimum}. Work it out and enter it with its source.",
        )
    return pick(
        "เกณฑ์จำนวนผู้ตอบขั้นต่ำไม่มีการเผยแพร่ โปรดกรอกเอง พร้อมระบุที่มา",
        "The rule is not published. Enter the number with its source.",
    )


class PrepareForm(Form):
    """The doors that new surveys of a round have, for each questionnaire."""

    def __init__(self, *args: Any, of: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.containers = containers(of.framework)
        for container in self.containers:
            self.fields[self.name(container)] = forms.MultipleChoiceField(
                label=container,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                choices=(
                    *DOOR_CHOICES,
                    (
                        "staff",
                        T(
                            "ใช้จำนวนบุคลากรในข้อมูลหน่วยงานเป็นจำนวนผู้ที่ตอบได้",
                            "The agency's number of staff is the head count",
                        ),
                    ),
                ),
            )

    @staticmethod
    def name(container: str) -> str:
        """The field of a questionnaire."""
        return "doors_" + container.replace(".", "_")

    def options(self) -> dict[str, list[str]]:
        """For ``PrepareSurveys``."""
        return {container: self.cleaned_data[self.name(container)] for container in self.containers}


class CountForm(Form):
    """How many codes."""

    count = ThaiIntegerField(
        label=T("จำนวนรหัส", "How many codes"),
        min_value=1,
        max_value=20_000,
        widget=forms.TextInput({"inputmode": "numeric", "size": 8}),
    )


class DrawForm(CountForm):
    """A draw: how many, and the seed that was chosen after the list was fixed."""

    seed = forms.CharField(
        label=T("ค่าเริ่มสุ่ม", "Seed"),
        max_length=30,
        help_text=T(
            "พิมพ์อะไรก็ได้หลังจากหน่วยงานส่งรายชื่อแล้ว ระบบต่อท้ายด้วยค่าที่เดาไม่ได้ เปิดเผยทั้งหมดเมื่อแบบสำรวจปิด",
            "Type anything now that the list is in; something nobody can guess is added. It is public after the close.",
        ),
    )


class ListForm(Form):
    """Who may answer: a file of one column, or pasted lines."""

    file = forms.FileField(label=T("ไฟล์ CSV หรือ XLSX (คอลัมน์แรก)", "CSV or XLSX (first column)"), required=False)
    text = forms.CharField(
        label=T("หรือวางรายการ บรรทัดละหนึ่งราย", "Or paste, one on each line"), required=False, widget=forms.Textarea
    )

    def clean(self) -> dict[str, Any]:
        """Lines from either; both together would leave it open which counts."""
        data = super().clean() or {}
        upload, text = data.get("file"), data.get("text", "").strip()
        if bool(upload) == bool(text):
            self.add_error("text", pick("โปรดเลือกไฟล์หรือวางรายการ อย่างใดอย่างหนึ่ง", "Give either a file or lines."))
            return data
        try:
            data["entries"] = read_list(upload) if upload else _lines(text)
        except InputError as error:
            for problem in error.problems:
                self.add_error("file", f"{pick(problem.th, problem.en)} {pick(problem.next_th, problem.next_en)}")
        return data


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def read_list(upload: Any) -> list[str]:
    """The first column of an upload, without empty cells. Raises ``InputError`` for a file that is no list."""
    received = receive(upload, _LIST_KINDS)
    try:
        rows = _sheet_rows(received) if received.kind == "xlsx" else _text_rows(received)
        return [text for row in rows if row and (text := _cell(row[0]))]
    except (csv.Error, ValueError, LookupError) as error:
        raise InputError(
            Problem(
                "list.broken",
                received.name,
                "อ่านรายการในไฟล์ไม่ได้",
                f"the list cannot be read: {error}"[:200],
                "โปรดบันทึกเป็น CSV (UTF-8) หรือ .xlsx หนึ่งรายการต่อหนึ่งแถว แล้วเลือกไฟล์อีกครั้ง",
                "Save it as CSV (UTF-8) or .xlsx, one entry a row, and choose the file again.",
            )
        ) from error


def _text_rows(received: Received) -> Iterable[Sequence[Any]]:
    return csv.reader(io.StringIO(received.data.decode("utf-8-sig"), newline=""))


def _sheet_rows(received: Received) -> Iterable[Sequence[Any]]:
    """The first worksheet; one value far away would have the reader make room for every cell up to it."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(checked(received.data, received.name, _MOST_ROWS, _MOST_COLUMNS))
        return book.get_sheet_by_index(0).to_python()
    except CalamineError as error:
        raise ValueError(str(error)) from error


def _cell(value: Any) -> str:
    """A position number is written without the decimals that a spreadsheet stores."""
    return str(int(value) if isinstance(value, float) and value.is_integer() else value).strip()


class WordingForm(Form):
    """A wording file, chosen or pasted. What was checked comes back as text, so that it can be mended in place."""

    file = forms.FileField(label=T("ไฟล์ถ้อยคำ (YAML)", "Wording file (YAML)"), required=False)
    text = forms.CharField(
        label=T("เนื้อหาของไฟล์", "What the file says"),
        required=False,
        max_length=400_000,
        widget=forms.Textarea({"rows": 14, "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        """The file's text where there is one."""
        data = super().clean() or {}
        if upload := data.get("file"):
            try:
                data["text"] = receive(upload, _WORDING_KINDS).data.decode("utf-8-sig")
                data["name"] = upload.name
            except InputError as error:
                for problem in error.problems:
                    self.add_error("file", f"{pick(problem.th, problem.en)} {pick(problem.next_th, problem.next_en)}")
        elif not data.get("text", "").strip():
            self.add_error("file", pick("โปรดเลือกไฟล์หรือวางเนื้อหา", "Choose a file or paste what it says."))
        return data


class PlaceForm(Form):
    """A service point."""

    name = forms.CharField(label=T("ชื่อจุดบริการ", "Name of the service point"), max_length=200)
    unit = forms.ModelChoiceField(label=T("ส่วนราชการ", "Unit"), queryset=Unit.objects.none(), required=False)

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = agency.units.filter(active=True)  # type: ignore[attr-defined]


class ReasonForm(Form):
    """Why."""

    reason = forms.CharField(label=T("เหตุผล", "Reason"), max_length=500, widget=forms.Textarea({"rows": 3}))


class WindowForm(Form):
    """The days of an agency's own round."""

    name = forms.CharField(label=T("ชื่อ", "Name"), max_length=150)
    opens = ThaiDateField(label=T("วันเปิด", "First day"))
    closes = ThaiDateField(label=T("วันปิด", "Last day"))


class LaterForm(Form):
    """A later last day, and why."""

    closes = ThaiDateField(label=T("วันปิดใหม่", "New last day"))
    reason = forms.CharField(
        label=T("เหตุผล", "Reason"),
        max_length=500,
        help_text=T("ผู้ที่เปิดดูจะเห็นว่า “ขยายเวลาถึง … เพราะ …”", "Readers will see “extended until … because …”."),
    )
