"""Signing in through a provider; one that cannot be reached is said, and the local account still works."""

from __future__ import annotations

from collections.abc import Callable

import requests
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect import views
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

_View = Callable[..., HttpResponse]


def _careful(view: _View) -> _View:
    def careful(request: HttpRequest, provider_id: str) -> HttpResponse:
        try:
            return view(request, provider_id)
        except (requests.RequestException, OAuth2Error) as error:
            context = {"auth_error": {"exception": error}, "unreachable": isinstance(error, requests.RequestException)}
            return render(request, "socialaccount/authentication_error.html", context, status=502)

    return careful


login = _careful(views.login)
callback = _careful(views.callback)
