"""What every answer tells the browser to refuse, whichever way it was made: pages, errors, files, API, respondents.

First in ``MIDDLEWARE``, so that nothing leaves without it. What a view or another layer says itself stands: the frame
to embed may be framed, open data may be read by other sites.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_OFF = ("accelerometer", "browsing-topics", "camera", "clipboard-read", "display-capture", "geolocation", "gyroscope",
        "magnetometer", "microphone", "midi", "payment", "publickey-credentials-get", "usb")  # fmt: skip
PERMISSIONS = ", ".join(f"{name}=()" for name in _OFF)
HEADERS = MappingProxyType(
    {
        # For what is no page; pages bring their own, wider one. Files that a browser shows can then do nothing.
        "Content-Security-Policy": (
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
        ),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": PERMISSIONS,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
)


class HeadersMiddleware:
    """Adds what is missing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer with all of them."""
        response = self.get_response(request)
        framed = "frame-ancestors *" in response.headers.get("Content-Security-Policy", "")
        for name, value in HEADERS.items():
            if not (framed and name == "X-Frame-Options"):  # older browsers would obey it before the policy
                response.headers.setdefault(name, value)
        if "public" in response.headers.get("Cache-Control", ""):  # badges, frames, open data: for pages of others
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        if settings.SECURE_HSTS_SECONDS:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}")
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response
