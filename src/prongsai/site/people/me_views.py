"""One's own account."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from prongsai.site.base.text import pick
from prongsai.site.base.views import signed_in
from prongsai.site.people.access import may
from prongsai.site.people.actions import AnswerInvitation, ChangePerson
from prongsai.site.people.actions.delegations import LENDABLE
from prongsai.site.people.forms import PersonForm, values_of
from prongsai.site.people.models import Delegation, Role
from prongsai.site.people.permissions import May
from prongsai.site.people.staff_views import me_of, tried


@signed_in
def me(request: HttpRequest) -> HttpResponse:
    """Who I am here, my roles, invitations, sign-in, and who acts for whom."""
    person, today = me_of(request), timezone.localdate()
    roles = person.roles.filter(Q(end__isnull=True) | Q(end__gte=today)).select_related("agency", "unit", "parent")
    lent = Delegation.objects.filter(revoked=False, end__gte=today)
    lent = lent.select_related("role__person", "role__agency", "role__unit", "to")
    context = {
        "roles": [role for role in roles if role.accepted],
        "invitations": [role for role in roles if not role.accepted],
        "lendable": LENDABLE,
        "given": lent.filter(role__person=person),
        "received": lent.filter(to=person),
        "second_factor": Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists(),
        "demanded": settings.SECOND_FACTOR,
        "sessions": person.sessions.filter(expire_date__gt=timezone.now()),
        "idle": int(settings.SESSION_IDLE.total_seconds() // 60),
        "hours": settings.SESSION_COOKIE_AGE // 3600,
        "manages_system": may(person, May.MANAGE_SYSTEM),
        "today": today,
    }
    return render(request, "people/me.html", context)


@signed_in
def me_data(request: HttpRequest) -> HttpResponse:
    """Change one's own name, position and contact."""
    person = me_of(request)
    form = PersonForm(request.POST or None, initial=values_of(person))
    valid = request.method == "POST" and form.is_valid()
    if valid and tried(form, ChangePerson(by=person, person=person, values=form.own_values()))[0]:
        messages.success(request, pick("บันทึกข้อมูลของท่านแล้ว", "Saved."))
        return redirect("me")
    context = {
        "form": form, "frame": "base/page.html", "back": "/me/", "heading": pick("แก้ไขข้อมูลของฉัน", "Change my data")
    }  # fmt: skip
    return render(request, "people/fill.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept or decline a role that an agency offers."""
    role = Role.objects.select_related("agency", "unit", "person").filter(pk=pk, person=me_of(request)).first()
    if role is None:
        raise Http404
    yes = request.POST.get("answer") == "yes"
    AnswerInvitation(by=me_of(request), role=role, yes=yes).execute()
    messages.success(request, pick("รับบทบาทแล้ว", "Accepted.") if yes else pick("ไม่รับบทบาทแล้ว", "Declined."))
    return redirect("me")
