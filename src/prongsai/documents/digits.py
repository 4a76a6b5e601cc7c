"""Turns the digits of a finished document into Thai ones: all running text, but no address of a web page."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from typing import Any

from prongsai.documents.tree import Document, Run, Table
from prongsai.thai.digits import to_thai

_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\S+")
_KEPT = {"link", "address", "data", "tone", "align", "style", "digits", "kind"}


def with_thai_digits(document: Document) -> Document:
    """The same document with Thai digits in every text a reader sees."""
    return replace(document, title=_text(document.title), sections=_convert(document.sections),
                   header=_convert(document.header), lead=_convert(document.lead), footer=_convert(document.footer),
                   slots={key: _text(value) for key, value in document.slots.items()})  # fmt: skip


def _convert(value: Any) -> Any:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, tuple):
        return tuple(_convert(item) for item in value)
    if isinstance(value, Run) and value.mono:
        return value
    if isinstance(value, Run) and value.link:
        return value if _ADDRESS.search(value.text) else replace(value, text=_text(value.text))
    if is_dataclass(value) and not isinstance(value, type):
        kept = _KEPT | {"name"} if isinstance(value, Table) else _KEPT
        changes = {f.name: _convert(getattr(value, f.name)) for f in fields(value) if f.name not in kept}
        return replace(value, **changes)
    return value


def _text(text: str) -> str:
    """Thai digits outside web and mail addresses."""
    parts, end = [], 0
    for match in _ADDRESS.finditer(text):
        parts += [to_thai(text[end : match.start()]), match.group()]
        end = match.end()
    return "".join([*parts, to_thai(text[end:])])
