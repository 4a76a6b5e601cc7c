"""An agency's own Word templates: bring in, choose a version, go back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from prongsai.errors import InputError
from prongsai.framework import Framework, by_id, catalog
from prongsai.site.agencies.models import Agency
from prongsai.site.base.templatetags.prongsai import problem_text
from prongsai.site.base.text import pick
from prongsai.site.base.views import signed_in
from prongsai.site.files.keep import receive
from prongsai.site.files.serve import attachment
from prongsai.site.papers.access import template_for
from prongsai.site.papers.actions import AddTemplate, UseTemplate
from prongsai.site.papers.catalog import kind_of
from prongsai.site.papers.forms import TemplateForm
from prongsai.site.papers.models import Template
from prongsai.site.papers.trial import try_template
from prongsai.site.people.access import agency_for, may
from prongsai.site.people.models import Person
from prongsai.site.people.permissions import May


@signed_in
def templates(request: HttpRequest, code: str) -> HttpResponse:
    """All versions by kind; whoever manages the agency brings in new ones."""
    seen = () if request.method == "POST" else (May.SEE_DRAFTS,)
    agency = agency_for(request, code, May.MANAGE_AGENCY, *seen)
    form = TemplateForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _taken_in(request, agency, form):
        messages.success(request, pick("รับแม่แบบแล้ว เอกสาร Word จะใช้แม่แบบนี้", "The template is in use from now on."))
        return redirect("templates", code)
    assert isinstance(request.user, Person)
    rows = Template.objects.filter(agency=agency).select_related("file", "by")
    context = {
        "agency": agency,
        "form": form,
        "rows": [(template, kind_of(template.kind)) for template in rows],
        "may_change": may(request.user, May.MANAGE_AGENCY, agency),
    }
    return render(request, "papers/templates.html", context, status=400 if form.errors else 200)


def _taken_in(request: HttpRequest, agency: Agency, form: TemplateForm) -> bool:
    """Receive, try and keep; what is wrong with the file is said beside it."""
    kind = form.cleaned_data["kind"]
    try:
        received = receive(form.cleaned_data["file"], frozenset({"docx"}))
        try_template(received.data, received.name, kind, _framework(agency))
    except InputError as error:
        for problem in error.problems:
            where = f"{problem.where}: " if problem.where else ""
            form.add_error("file", f"{where}{problem_text(problem)} {pick(problem.next_th, problem.next_en)}".strip())
        return False
    AddTemplate(by=request.user, to=agency, kind=kind, received=received).execute()  # type: ignore[arg-type]
    return True


def _framework(agency: Agency) -> Framework:
    """The framework of the agency's newest year, on which a template is tried."""
    newest = agency.assessments.select_related("round").first()
    return newest.round.framework if newest else by_id(catalog()[-1].id)


@signed_in
@require_POST
def use(request: HttpRequest, pk: int) -> HttpResponse:
    """Use this version, or no template of this kind."""
    template = template_for(request, pk, May.MANAGE_AGENCY)
    active = request.POST.get("active") != "no"
    UseTemplate(by=request.user, template=template, active=active).execute()  # type: ignore[arg-type]
    messages.success(request, pick("บันทึกการเลือกแม่แบบแล้ว", "Your choice of template is kept."))
    return redirect("templates", template.agency.code)


@signed_in
@require_GET
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """The template's file as it came in."""
    return attachment(template_for(request, pk, May.MANAGE_AGENCY, May.SEE_DRAFTS).file)
