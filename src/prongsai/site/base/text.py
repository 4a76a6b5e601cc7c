"""Thai and English side by side, where they are used: ``T("แผน", "Plan")`` shows the language of the reader.

Both stand at the place of use, so neither can be forgotten or go stale (docs/decisions/008).
"""

from __future__ import annotations

from typing import Any

from django.utils.functional import lazy
from django.utils.translation import get_language


def pick(th: str, en: str) -> str:
    """The text in the language of the request; Thai unless English was asked for."""
    return en if get_language() == "en" else th


# Lazy, so that labels of forms and choices, made at import, follow the reader.
T: Any = lazy(pick, str)
