"""Bringing in answers that were collected elsewhere: looked at first, then all or nothing; the file is kept nowhere."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from prongsai.errors import Problem, ProngsaiError
from prongsai.site.base.forms import Form
from prongsai.site.base.text import T, pick
from prongsai.site.base.views import signed_in
from prongsai.site.files.keep import receive, taken
from prongsai.site.surveys.access import survey_to_set_up
from prongsai.site.surveys.actions.elsewhere import BringInAnswers
from prongsai.site.surveys.asked import form_of
from prongsai.survey.imports.guess import Guess, guess
from prongsai.survey.imports.mapping import Mapping, load_mapping
from prongsai.survey.imports.run import Outcome, dry_run
from prongsai.survey.imports.source import source, sources
from prongsai.survey.imports.table import open_table
from prongsai.survey.questionnaire import Questionnaire
from prongsai.survey.xlsform import xlsform as as_xlsform


class ElsewhereForm(Form):
    """The file, the tool that wrote it, and how its columns are to be read where that cannot be guessed."""

    tool = forms.ChoiceField(label=T("เครื่องมือที่ใช้เก็บคำตอบ", "Collected with"))
    answers = forms.FileField(
        label=T("ไฟล์คำตอบ (CSV)", "Answers (CSV)"),
        help_text=T(
            "คอลัมน์เวลา อีเมล อุปกรณ์ และที่อยู่ จะไม่ถูกอ่าน และระบบไม่เก็บไฟล์นี้",
            "Columns of time, mail, device and address are not read; the file is kept nowhere.",
        ),
    )
    mapping = forms.FileField(
        label=T("ไฟล์จับคู่คอลัมน์ (YAML)", "Mapping of columns (YAML)"),
        required=False,
        help_text=T("ไม่จำเป็นหากระบบจับคู่ถูกต้องแล้ว", "Not needed where the guess below is right."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tool"].choices = [(name, one.title) for name, one in sources().items()]  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Tried:
    """What a file would bring. ``unsure``: what was matched by likeness only."""

    outcome: Outcome
    mapping: Mapping
    unsure: tuple[str, ...]
    sha256: str


@signed_in
@never_cache
def elsewhere(request: HttpRequest, code: str, slug: str, container: str) -> HttpResponse:
    """A dry run with errors by cell; with the same file again and ``bring``, the answers are brought in."""
    survey = survey_to_set_up(request, code, slug, container)
    form = ElsewhereForm(request.POST or None, request.FILES or None)
    tried: Tried | None = None
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            tried = _try(form_of(survey), data["tool"], data["answers"], data["mapping"])
            if request.POST.get("bring") == tried.sha256 and not tried.outcome.problems:
                brought = BringInAnswers(
                    by=request.user,  # type: ignore[arg-type]
                    survey=survey,
                    answers=tried.outcome.answers,
                    sha256=tried.sha256,
                    tool=source(data["tool"]).title,
                ).execute()
                messages.success(request, pick(f"นำเข้า {brought} คำตอบแล้ว", f"{brought} answers were brought in."))
                return redirect("survey_setup", code, slug, container)
        except ProngsaiError as error:
            problems = error.problems
    context = {
        "assessment": survey.assessment,
        "agency": survey.assessment.agency,
        "survey": survey,
        "form": form,
        "tried": tried,
        "problems": problems,
        "other_file": bool(tried and request.POST.get("bring") and request.POST["bring"] != tried.sha256),
    }
    failed = bool(problems or form.errors or (tried and tried.outcome.problems))
    return render(request, "surveys/elsewhere.html", context, status=400 if failed else 200)


def _try(asked: Questionnaire, tool: str, answers: UploadedFile[bytes], mapping: UploadedFile[bytes] | None) -> Tried:
    """Read in a folder that is gone afterwards. Raises ``InputError``."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.csv"
        path.write_bytes(taken(answers)[1])  # its encoding may be any that the reader knows, so the kind is left to it
        table, of = open_table(path), source(tool)
        if mapping:
            given = Path(folder) / "mapping.yaml"
            given.write_bytes(receive(mapping, frozenset({"yaml"})).data)
            used = Guess(load_mapping(given, asked), ())
        else:
            used = guess(table, asked, of)
        outcome = dry_run(table, used.mapping, asked, of)
        return Tried(outcome, used.mapping, used.unsure, hashlib.sha256(path.read_bytes()).hexdigest())


@signed_in
def xlsform(request: HttpRequest, code: str, slug: str, container: str) -> HttpResponse:
    """The questionnaire for ODK and Kobo: an emergency channel with the same version. Raises ``InputError``."""
    survey = survey_to_set_up(request, code, slug, container)
    form = form_of(survey)
    form.require_askable()
    answer = HttpResponse(
        as_xlsform(form), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    answer["Content-Disposition"] = f'attachment; filename="{form.framework}-{form.container}.xlsx"'
    return answer
