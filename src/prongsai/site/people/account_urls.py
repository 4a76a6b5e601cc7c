"""Signing in and the second factor: the parts of allauth that we use, and no more."""

from __future__ import annotations

from allauth.account import views as account
from django.urls import include, path

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("2fa/", include("allauth.mfa.urls")),
    path("oidc/", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("provider/", include("allauth.socialaccount.urls")),
]
