"""How roles and days are written in log sentences, in both languages whatever the reader of the moment speaks."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import translation

from prongsai.site.people.models import Acting, Role, RoleKind
from prongsai.thai.dates import long_date


def role_words(role: Role) -> dict[str, Any]:
    """``role`` and ``role_en``: kind, form, position and unit."""
    found = {}
    for key, language in (("role", "th"), ("role_en", "en")):
        with translation.override(language):
            acting = str(Acting(role.acting).label) if role.acting else ""
            about = " ".join(part for part in (acting, role.position, str(role.unit or "")) if part)
            found[key] = f"{RoleKind(role.kind).label}" + (f" ({about})" if about else "")
    return found


def day_words(key: str, day: dt.date | None) -> dict[str, Any]:
    """A day for Thai readers (``key``) and in ISO for the others (``key_en``)."""
    return {key: long_date(day) if day else "–", f"{key}_en": day.isoformat() if day else "–"}
