"""The frozen one-page brief inside the bundle's page: the very bytes that are decided on, in the page's own look."""

from __future__ import annotations

import importlib
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe

# What a brief consists of. Everything else, and every attribute not named here, is left out.
_KEPT: dict[str, tuple[str, ...]] = {
    "p": (), "ul": (), "ol": (), "li": (), "strong": (), "em": (), "br": (), "table": (), "thead": (), "tbody": (),
    "tr": (), "th": ("scope", "colspan", "rowspan"), "td": ("colspan", "rowspan"), "caption": (),
    "h2": (), "h3": (), "h4": (), "h5": (),
}  # fmt: skip
_LOWER = {"h1": "h2", "h2": "h3", "h3": "h4", "h4": "h5"}  # the page has a first-level heading of its own


def as_part(html: bytes) -> SafeString:
    """The content of a document that our HTML writer wrote, fit to stand inside a page."""
    lxml: Any = importlib.import_module("lxml.html")
    tree = lxml.document_fromstring(html.decode("utf-8"))
    main = tree.find(".//main")
    return mark_safe("".join(_shown(child) + escape(child.tail or "") for child in main) if main is not None else "")  # noqa: S308 - elements and attributes of a list of ours, every text escaped


def _shown(element: Any) -> str:
    if not isinstance(element.tag, str) or element.tag in ("script", "style", "nav"):
        return ""
    inside = escape(element.text or "") + "".join(_shown(child) + escape(child.tail or "") for child in element)
    if "scroll" in (element.get("class") or "").split():
        name = escape(element.get("aria-label") or "")
        return f'<div class="scroll" tabindex="0" role="region" aria-label="{name}">{inside}</div>'
    name = _LOWER.get(element.tag, element.tag)
    if name not in _KEPT:
        return inside
    kept = "".join(f' {key}="{escape(element.get(key))}"' for key in _KEPT[name] if element.get(key))
    return f"<{name}{kept}>" if name == "br" else f"<{name}{kept}>{inside}</{name}>"
