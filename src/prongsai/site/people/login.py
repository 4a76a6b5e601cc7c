"""Signing in: local accounts that the agency hands out, and identity providers whose people are known beforehand."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest
from django.shortcuts import render

from prongsai.site.people.models import Person


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up by themselves: the agency's administrator makes accounts."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Never."""
        return False


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """A provider's person signs in when an administrator entered ``provider:claim`` for a person here."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002
        """Never."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Join the provider's account to the person who bears its claim; otherwise say whom to ask."""
        if sociallogin.is_existing:
            return
        provider = sociallogin.provider
        claim = (provider.app.settings or {}).get("claim", "preferred_username")
        value = str(sociallogin.account.extra_data.get(claim) or "")
        name = f"{sociallogin.account.provider}:{value}"
        person = Person.objects.filter(external=name, is_active=True).first() if value else None
        if person is None:
            page = render(request, "people/unknown_person.html", {"provider": provider.name, "name": name}, status=403)
            raise ImmediateHttpResponse(page)
        sociallogin.connect(request, person)
