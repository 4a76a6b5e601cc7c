"""Pages to take an agency out as an archive, and to bring one in."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from prongsai.errors import InputError
from prongsai.site.base.forms import Form
from prongsai.site.base.text import T, pick
from prongsai.site.base.views import signed_in
from prongsai.site.exchange.actions import ExportAgency, ImportAgency
from prongsai.site.exchange.archive import opened
from prongsai.site.exchange.incoming import held, hold
from prongsai.site.exchange.names import named
from prongsai.site.exchange.parts import BY_LABEL, LEFT_OUT, PERSON
from prongsai.site.exchange.read_in import attempt
from prongsai.site.exchange.write import counts
from prongsai.site.history.models import Entry
from prongsai.site.history.sentences import sentence
from prongsai.site.people.access import agency_for, may, need
from prongsai.site.people.models import Person
from prongsai.site.people.permissions import May

# What the page counts; an export holds much more.
_SHOWN = ("agencies.Unit", "rounds.Assessment", "results.Result", "plans.Plan", "plans.Report", "papers.Download",
          "approval.Bundle", "files.Stored", "history.Entry")  # fmt: skip


class ArchiveForm(Form):
    """Which archive."""

    file = forms.FileField(
        label=T("ไฟล์ส่งออกของหน่วยงาน (ZIP)", "An agency’s export (ZIP)"),
        help_text=T(
            "ไฟล์ที่ได้จากหน้า “ส่งออกและนำเข้า” ของระบบนี้หรือระบบอื่น", "From the page “Export and import” here or elsewhere."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".zip"}),
    )


class CodeForm(Form):
    """Under which code."""

    token = forms.CharField(widget=forms.HiddenInput)
    code = forms.CharField(
        label=T("รหัสหน่วยงานในระบบนี้", "The agency’s code on this site"),
        help_text=T(
            "อยู่ในที่อยู่ของหน้าเว็บ ใช้อักษรอังกฤษ ตัวเลข และขีดกลาง", "Part of its address: letters a–z, digits and hyphens."
        ),
        max_length=40,
        widget=forms.TextInput(attrs={"size": 30, "autocomplete": "off", "spellcheck": "false"}),
    )


@signed_in
def exchange(request: HttpRequest, code: str) -> HttpResponse:
    """What an export holds and leaves out, and the exports and imports so far."""
    agency = agency_for(request, code, May.MANAGE_AGENCY)
    entries = Entry.objects.filter(agency=agency, action__startswith="exchange.").select_related("actor")[:10]
    context = {
        "agency": agency,
        "counts": named(counts(agency, _SHOWN)),
        "left_out": [*dict.fromkeys(LEFT_OUT.values()), BY_LABEL[PERSON].omit["password"]],
        "lines": [(entry, sentence(entry)) for entry in entries],
        "may_import": may(_person(request), May.MANAGE_SYSTEM),
    }
    return render(request, "exchange/exchange.html", context)


@signed_in
@require_POST
def export(request: HttpRequest, code: str) -> HttpResponse:
    """The archive, as a download; the log keeps its hash."""
    agency = agency_for(request, code, May.MANAGE_AGENCY)
    with tempfile.TemporaryDirectory(prefix="prongsai-export-") as folder:
        target = Path(folder) / "agency.zip"
        ExportAgency(by=_person(request), of=agency, target=target).execute()
        file = target.open("rb")  # stays readable after its name is gone
    name = f"{agency.code}-{timezone.localdate():%Y%m%d}.zip"
    return FileResponse(file, as_attachment=True, filename=name)  # type: ignore[return-value]


@signed_in
def bring_in(request: HttpRequest) -> HttpResponse:
    """Choose an archive, see what it would make, and import it: all or nothing."""
    need(request, May.MANAGE_SYSTEM)
    if request.method == "POST" and "token" in request.POST:
        return _tried(request, request.POST["token"], request.POST.get("code", "").strip())
    form = ArchiveForm(request.POST, request.FILES) if request.method == "POST" else ArchiveForm()
    if form.is_valid():
        token = hold(form.cleaned_data["file"], _person(request))
        try:
            return _tried(request, token, None)
        except InputError:
            held(token, _person(request)).unlink()
            raise
    return render(request, "exchange/import.html", {"form": form}, status=400 if form.errors else 200)


def _tried(request: HttpRequest, token: str, code: str | None) -> HttpResponse:
    """The dry run's page; with ``accept`` and nothing in the way, the import itself."""
    path = held(token, _person(request))
    archive = opened(path)
    trial = attempt(archive, code if code is not None else str(archive.manifest["agency"].get("code", "")))
    if "accept" in request.POST and not trial.conflicts:
        made = ImportAgency(by=_person(request), trial=trial).execute()
        path.unlink()
        messages.success(
            request,
            pick(
                f"นำเข้า{made.name}แล้ว บุคคลยังไม่มีบัญชี โปรดเปิดบัญชีให้ที่หน้าบุคลากรและบทบาท",
                f"{made.name} has been imported. Its people have no accounts yet: open them under people and roles.",
            ),
        )
        return redirect("agency", made.code)
    form = CodeForm(initial={"token": token, "code": trial.code})
    context = {"form": form, "trial": trial, "counts": named(trial.counts), "manifest": archive.manifest}
    return render(request, "exchange/trial.html", context, status=409 if "accept" in request.POST else 200)


def _person(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user
