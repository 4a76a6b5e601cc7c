"""How a kind asks a layout for its sections."""

from __future__ import annotations

from prongsai.documents.registry import module, names
from prongsai.documents.request import Request
from prongsai.documents.tree import Section
from prongsai.errors import InputError, Problem


def sections(request: Request, kind: str) -> tuple[Section, ...]:
    """The sections of a kind in the request's layout (``build`` has chosen one where none was asked for).

    Raises ``InputError`` for a layout that does not exist or that has no document of this kind.
    """
    name = request.layout or "indicators"
    make = getattr(module("layouts", name), kind, None)
    if make is None:
        able = [other for other in names("layouts") if hasattr(module("layouts", other), kind)]
        raise InputError(
            Problem(
                "documents.layout",
                name,
                f"รูปแบบ {name} ไม่มีเอกสารชนิด {kind}",
                f"layout {name!r} has no {kind} document",
                f"โปรดเลือกจาก {', '.join(able)}",
            )
        )
    found: tuple[Section, ...] = make(request)
    return found
