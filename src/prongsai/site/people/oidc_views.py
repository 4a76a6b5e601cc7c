"""Signing in through a provider; one that is away or another is said, and the local account still works."""

from __future__ import annotations

from collections.abc import Callable

import requests
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from prongsai.site.people.issuer import Adapter, WrongIssuer

_View = Callable[..., HttpResponse]


def _careful(view: type[OAuth2LoginView] | type[OAuth2CallbackView]) -> _View:
    def careful(request: HttpRequest, provider_id: str) -> HttpResponse:
        try:
            answer: HttpResponse = view.adapter_view(Adapter(request, provider_id))(request)
            return answer
        except SocialApp.DoesNotExist as error:
            raise Http404 from error
        except (requests.RequestException, OAuth2Error) as error:
            context = {
                "auth_error": {"exception": error},
                "unreachable": isinstance(error, requests.RequestException),
                "another": isinstance(error, WrongIssuer),
            }
            return render(request, "socialaccount/authentication_error.html", context, status=502)

    return careful


login = _careful(OAuth2LoginView)
callback = _careful(OAuth2CallbackView)
