"""Addresses of public pages: a reader who asked for a language in the address keeps it from page to page."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import escape
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
LANGUAGES = ("th", "en")


def _asked(request: HttpRequest | None) -> str:
    """The language that stands in the address, if any does."""
    asked = request.GET.get("language", "") if request else ""
    return asked if asked in LANGUAGES else ""


@register.simple_tag(takes_context=True)
def to(context: template.Context, name: str, *args: Any, **query: Any) -> SafeString:
    """``{% to "portal_agency" code %}``: the address of a public page in the reader's language, with a query."""
    language = _asked(context.get("request"))
    asked = {key: value for key, value in query.items() if value not in (None, "")}
    asked |= {"language": language} if language else {}
    return mark_safe(escape(reverse(name, args=args) + (f"?{urlencode(asked, doseq=True)}" if asked else "")))  # noqa: S308 - escaped


@register.simple_tag(takes_context=True)
def in_language(context: template.Context, language: str) -> SafeString:
    """The address of this very page in a language."""
    request: HttpRequest = context["request"]
    asked = request.GET.copy()
    asked["language"] = language
    return mark_safe(escape(f"{request.path}?{asked.urlencode()}"))  # noqa: S308 - escaped


@register.simple_tag(takes_context=True)
def keep_language(context: template.Context) -> SafeString:
    """A hidden field that carries the language through a form."""
    language = _asked(context.get("request"))
    return mark_safe(f'<input type="hidden" name="language" value="{language}">' if language else "")  # noqa: S308 - escaped


@register.simple_tag
def whole(path: str, language: str = "") -> SafeString:
    """A path as a whole address of this site, for machines that read the page elsewhere."""
    end = f"{'&' if '?' in path else '?'}{urlencode({'language': language})}" if language else ""
    return mark_safe(escape(f"{settings.SITE_ADDRESS}{path}{end}"))  # noqa: S308 - escaped
