"""A provider's metadata must name the issuer that was configured, or they are somebody else's (OIDC Discovery 4.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter

_METADATA = "/.well-known/"


class WrongIssuer(OAuth2Error):  # type: ignore[misc]
    """The metadata at the configured address are those of another issuer, or of none."""

    def __init__(self, named: object, expected: str) -> None:
        super().__init__(
            f"the provider's metadata name the issuer {named!r}, expected {expected!r}: "
            "set server_url or issuer of this provider in PRONGSAI_OIDC"
        )
        self.named, self.expected = named, expected


def expected_issuer(server_url: str, issuer: str = "") -> str:
    """The name that a provider has to bear: the configured ``issuer``, else the address without its metadata path."""
    return issuer or server_url.partition(_METADATA)[0]


def metadata_address(server_url: str) -> str:
    """Where the provider's metadata are, as the login library has it."""
    return server_url if _METADATA in server_url else f"{server_url}{_METADATA}openid-configuration"


def check_issuer(metadata: object, expected: str) -> None:
    """Raise ``WrongIssuer`` unless the metadata name it; a slash at the end makes no other."""
    named = metadata.get("issuer") if isinstance(metadata, Mapping) else None
    if not isinstance(named, str) or named.rstrip("/") != expected.rstrip("/"):
        raise WrongIssuer(named, expected)


class Adapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """The login library's, which goes nowhere that another issuer's metadata say."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """The metadata. Raises ``WrongIssuer``."""
        found: dict[str, Any] = super().openid_config
        settings = self.get_provider().app.settings
        check_issuer(found, expected_issuer(settings["server_url"], settings.get("issuer", "")))
        return found
