"""What every page knows: the language, the other language, and the version."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import get_language

from prongsai import __version__


def page(request: HttpRequest) -> dict[str, object]:
    """Context of the frame around every page."""
    language = get_language() or "th"
    return {
        "language": language,
        "other_language": "th" if language == "en" else "en",
        "version": __version__,
        "tail": f"?language={language}" if "language" in request.GET else "",  # kept from public page to public page
        "here": request.get_full_path() if request.method == "GET" else "/",
    }
