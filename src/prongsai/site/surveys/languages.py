"""Languages by name."""

from __future__ import annotations

from prongsai.site.base.text import T

_NAMES = {
    "th": T("ไทย", "Thai"),
    "en": T("อังกฤษ", "English"),
    "ms-Latn": T("มลายู (อักษรรูมี)", "Malay (Rumi)"),
    "ms-Arab": T("มลายู (อักษรยาวี)", "Malay (Jawi)"),
}


def called(language: str) -> str:
    """A language's name, or its tag."""
    return str(_NAMES.get(language, language))
