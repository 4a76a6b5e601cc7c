"""Pages of webhooks: the list (of an agency, or of those told about all), one with its log, and what can be done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from prongsai.site.agencies.models import Agency
from prongsai.site.api.models import Webhook
from prongsai.site.api.webhooks import MAX_URL
from prongsai.site.api.webhooks_access import delivery_for, webhook_for
from prongsai.site.api.webhooks_actions import (
    AddWebhook,
    RemoveWebhook,
    RenewSecret,
    ResendDelivery,
    StartWebhook,
    StopWebhook,
    TestWebhook,
)
from prongsai.site.api.webhooks_jobs import TRIES, WAITS
from prongsai.site.base.forms import Form
from prongsai.site.base.text import T, pick
from prongsai.site.base.views import signed_in
from prongsai.site.people.access import agency_for, need
from prongsai.site.people.permissions import May
from prongsai.site.people.staff_views import me_of, tried

_PAGE = 50
_DAYS = sum(wait.total_seconds() for wait in WAITS) / 86_400


class WebhookForm(Form):
    """Name and address."""

    name = forms.CharField(
        max_length=80, label=T("ชื่อ", "Name"), help_text=T("เช่น เว็บไซต์ของหน่วยงาน", "Such as: our website")
    )
    url = forms.CharField(
        max_length=MAX_URL,
        label=T("ที่อยู่ที่จะรับข้อความ", "Address that receives"),
        help_text=T(
            "ขึ้นต้นด้วย https:// และเปิดจากอินเทอร์เน็ตได้", "Begins with https:// and can be reached from the internet"
        ),
        widget=forms.URLInput(
            {"inputmode": "url", "placeholder": "https://", "autocomplete": "off", "spellcheck": "false"}
        ),
    )


def _scope(request: HttpRequest, code: str | None) -> Agency | None:
    """Whose webhooks: the agency's, or those of whoever runs rounds. Raises ``Http404``."""
    if code:
        return agency_for(request, code, May.MANAGE_AGENCY)
    need(request, May.MANAGE_ROUNDS)
    return None


def _page(
    request: HttpRequest, template: str, agency: Agency | None, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    frame = "rounds/frame.html" if agency else "base/page.html"
    own = {"agency": agency, "frame": frame, "tries": TRIES, "days": round(_DAYS)}
    return render(request, f"api/{template}.html", {**own, **context}, status=status)


@signed_in
def webhooks(request: HttpRequest, code: str | None = None) -> HttpResponse:
    """All of them, and whether they get through."""
    agency = _scope(request, code)
    found = Webhook.objects.filter(agency=agency).select_related("by").annotate(last=Max("deliveries__tried_at"))
    return _page(request, "webhooks", agency, {"hooks": list(found)})


@signed_in
@never_cache
def webhook_add(request: HttpRequest, code: str | None = None) -> HttpResponse:
    """A new one; its secret is shown once, and only to who has just given a password or code."""
    response: HttpResponse = _webhook_add(request, _scope(request, code))
    return response


@reauthentication_required  # type: ignore[untyped-decorator]
def _webhook_add(request: HttpRequest, agency: Agency | None) -> HttpResponse:
    form = WebhookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        fine, made = tried(form, AddWebhook(by=me_of(request), of=agency, name=values["name"], url=values["url"]))
        if fine:
            return _page(request, "webhook_secret", agency, {"hook": made[0], "secret": made[1], "new": True})
    return _page(request, "webhook_add", agency, {"form": form}, 422 if form.errors else 200)


@signed_in
def webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """One with its log, newest first."""
    hook = webhook_for(request, pk)
    page = Paginator(hook.deliveries.all(), _PAGE).get_page(request.GET.get("page"))
    return _page(request, "webhook", hook.agency, {"hook": hook, "page": page})


@signed_in
@require_POST
def webhook_act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Stop, start, or test."""
    hook, person = webhook_for(request, pk), me_of(request)
    verbs: dict[str, tuple[Callable[..., Any], tuple[str, str]]] = {
        "stop": (StopWebhook, ("หยุดส่งแล้ว", "Stopped.")),
        "start": (StartWebhook, ("เปิดใช้แล้ว", "Started.")),
        "test": (TestWebhook, ("ส่งข้อความทดสอบแล้ว ดูผลได้ในบันทึกการส่ง", "A test is on its way: see the log.")),
    }
    if verb not in verbs:
        raise Http404
    action, said = verbs[verb]
    action(by=person, webhook=hook).execute()
    messages.success(request, pick(*said))
    return redirect("webhook", pk)


@signed_in
@never_cache
def webhook_secret(request: HttpRequest, pk: int) -> HttpResponse:
    """Another secret: asks first, then shows it once, to who has just given a password or code."""
    response: HttpResponse = _webhook_secret(request, webhook_for(request, pk))
    return response


@reauthentication_required  # type: ignore[untyped-decorator]
def _webhook_secret(request: HttpRequest, hook: Webhook) -> HttpResponse:
    if request.method != "POST":
        return _page(request, "webhook_secret", hook.agency, {"hook": hook})
    secret = RenewSecret(by=me_of(request), webhook=hook).execute()
    return _page(request, "webhook_secret", hook.agency, {"hook": hook, "secret": secret})


@signed_in
def webhook_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first; then it is gone with its log."""
    hook = webhook_for(request, pk)
    if request.method != "POST":
        return _page(request, "webhook_remove", hook.agency, {"hook": hook})
    RemoveWebhook(by=me_of(request), webhook=hook).execute()
    messages.success(request, pick("ลบ webhook แล้ว", "The webhook is removed."))
    return redirect("webhooks", hook.agency.code) if hook.agency else redirect("all_webhooks")


@signed_in
@require_POST
def delivery_resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Send an event once more."""
    delivery = delivery_for(request, pk)
    ResendDelivery(by=me_of(request), delivery=delivery).execute()
    messages.success(request, pick("ส่งอีกครั้งแล้ว ดูผลได้ในบันทึกการส่ง", "On its way again: see the log."))
    return redirect("webhook", delivery.webhook_id)
