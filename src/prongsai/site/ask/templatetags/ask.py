"""``{% say "closes" day=h.day %}``: a sentence of the surface's words with its values, escaped."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag(takes_context=True)
def say(context: template.Context, key: str, **values: Any) -> SafeString:
    """The sentence in the page's language."""
    text = str(conditional_escape(context["w"][key]))
    return mark_safe(text.format(**{name: conditional_escape(value) for name, value in values.items()}))  # noqa: S308 - sentence and values escaped
